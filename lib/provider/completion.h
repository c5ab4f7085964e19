/*
 * Reads the answer of a language model, whole or as a stream, in the shapes of OpenAI's chat
 * completions and of the servers that imitate them.
 *
 * All of it is hostile: a body or stream that is not as it must be is FAILURE_BAD_ANSWER, and
 * numbers that cannot be true are marked.
 */
#ifndef PROVIDER_COMPLETION_H
#define PROVIDER_COMPLETION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "provider/failure.h"
#include "provider/sse.h"

#define COMPLETION_MOST_TEXT 65536       /* bytes of the text */
#define COMPLETION_MOST_BYTES 4194304    /* of an answer; a stream needs 60 bytes for a word */
#define COMPLETION_MOST_TOKENS 100000000 /* a larger number in `usage` is cut to this */
#define COMPLETION_MODEL 200             /* bytes of a model's name */

enum completion_finish {
	FINISH_UNKNOWN, /* the provider said nothing, or something new */
	FINISH_STOP,
	FINISH_LENGTH, /* cut, because it reached the largest number of tokens */
	FINISH_FILTER,
};

struct usage {
	int64_t prompt, completion; /* tokens, from 0 to COMPLETION_MOST_TOKENS */
	/* Both are numbers above 0, and nothing was cut. */
	bool is_plausible;
};

struct arena;

struct completion {
	struct buf text;              /* valid UTF-8 without NUL */
	char model[COMPLETION_MODEL]; /* as the provider names it; "": it does not */
	enum completion_finish finish;
	struct usage usage;
	bool is_finished; /* the whole text has come, but perhaps not the usage */
	bool is_done;     /* the stream said that it ends */

	/* Private. */
	void (*delta)(void *context, const char *text, size_t bytes);
	void *context;
	struct arena *scratch;
	struct sse sse;
	struct buf body;
	enum failure_code failure;
	int type;
	bool is_refused;
};

/* `delta` may be NULL; it gets each new part of the text. */
void completion_init(struct completion *completion,
		     void (*delta)(void *context, const char *text, size_t bytes), void *context);

/*
 * Reads a part of the answer; `bytes` NULL: its end. A code other than FAILURE_NONE is the end of
 * the reading. The content type of the first part says how the answer is read.
 */
enum failure_code completion_receive(struct completion *completion, const char *content_type,
				     const char *bytes, size_t count);

/* Whether a finished text is an answer: FAILURE_REFUSED, FAILURE_EMPTY or FAILURE_NONE. */
enum failure_code completion_check(struct completion *completion);

void completion_free(struct completion *completion);

struct json_t;

/* Reads the `model` of an answer, if it is a name. */
void model_read(char model[COMPLETION_MODEL], const struct json_t *json);

/* Reads an object of `prompt_tokens` and `completion_tokens`; embeddings have no completion. */
void usage_read(struct usage *usage, const struct json_t *json, bool has_completion);

#endif
