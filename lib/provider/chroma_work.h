/*
 * Used only in chroma*.c: an operation, which is a list of steps.
 *
 * A step is a request and a function that reads its answer, which may add steps. The paths of rows
 * have the id of their collection, which is read by its name.
 */
#ifndef PROVIDER_CHROMA_WORK_H
#define PROVIDER_CHROMA_WORK_H

#include <stdbool.h>
#include <sys/queue.h>

#include <jansson.h>

#include "base/buf.h"
#include "provider/chroma.h"

#define CHROMA_ID 64 /* bytes of the id of a collection */

struct chroma {
	struct provider *provider;
	char names[CHROMA_PART__COUNT][CHROMA_NAME];
	char ids[CHROMA_PART__COUNT][CHROMA_ID]; /* "": not known */
};

struct chroma_step {
	STAILQ_ENTRY(chroma_step) entry;
	const char *method;
	struct buf path, body;
	enum chroma_part part;
	void (*read)(struct chroma_work *work, const json_t *answer); /* NULL answer: 404 */
	bool may_be_absent;
};

struct chroma_work {
	struct chroma *chroma;
	STAILQ_HEAD(, chroma_step) steps;
	struct json_call *call;
	chroma_done *done;
	void *context;
	struct chroma_answer answer;
	char marker[400];
	int64_t since;
	int marked; /* collections */
};

/* The operation begins with chroma_work_start(), when its first steps have been added. */
struct chroma_work *chroma_work_new(struct chroma *chroma, chroma_done *done, void *context);
void chroma_work_start(struct chroma_work *work);

/* `path` follows that of all collections; '*' in it is the id of the collection. The caller writes
 * the body. */
struct chroma_step *chroma_step_add(struct chroma_work *work, const char *method, const char *path,
				    enum chroma_part part,
				    void (*read)(struct chroma_work *, const json_t *));

/* Ends the operation: the answer is not as it must be. */
void chroma_answer_is_bad(struct chroma_work *work);

/* Keeps the id of the collection of the step. Returns whether there is one. */
bool chroma_keep_id(struct chroma_work *work, const json_t *collection);

/* Adds a step that reads the collection. */
struct chroma_step *chroma_add_find(struct chroma_work *work, enum chroma_part part,
				    void (*read)(struct chroma_work *, const json_t *));

/* Adds a step that reads the id of the collection, if it is not known. */
void chroma_need_id(struct chroma_work *work, enum chroma_part part);

struct chroma_marker {
	const char *text; /* NULL: none */
	int64_t upto;
};

struct chroma_marker chroma_marker_of(const json_t *collection);
void chroma_write_marker(struct buf *body, const char *name, const char *marker, int64_t upto);

#endif
