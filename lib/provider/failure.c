/* Failures of providers: see failure.h. */
#include "provider/failure.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_in.h"
#include "base/utf8.h"

#define FAILURE_ROW(constant, name, again, counts, text)                                           \
	[FAILURE_##constant] = {name, again, counts, text},
static const struct failure_info table[FAILURE__COUNT] = {FAILURE_TABLE(FAILURE_ROW)};

const struct failure_info *failure_info(enum failure_code code)
{
	assert(code < FAILURE__COUNT);
	return &table[code];
}

void failure_say(struct failure *failure, enum failure_code code, const char *format, ...)
{
	if (failure->code != FAILURE_NONE)
		return;
	failure->code = code;
	va_list args;
	va_start(args, format);
	vsnprintf(failure->detail, sizeof(failure->detail), format, args);
	va_end(args);
}

void failure_set(struct failure *failure, enum failure_code code)
{
	failure_say(failure, code, "%s", failure_info(code)->text);
}

/* The texts of an error; "" for what is absent. */
struct error_texts {
	const char *message, *type, *code;
};

static const char *text_of(json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));
	return text ? text : "";
}

/* `error` is an object, or the message itself; Neo4j has a list `errors`. Some servers send the error
 * as the whole. */
static struct error_texts read_error(struct arena *arena, const char *body, size_t bytes)
{
	struct error_texts texts = {"", "", ""};
	json_t *json = json_in(arena, body, bytes, buf_in(arena));
	json_t *error = json_object_get(json, "error");
	if (json_is_string(error))
		texts.message = json_string_value(error);
	if (!error)
		error = json_array_get(json_object_get(json, "errors"), 0);
	if (!json_is_object(error))
		error = json;
	if (!texts.message[0])
		texts.message = text_of(error, "message");
	texts.type = text_of(error, "type");
	texts.code = text_of(error, "code");
	return texts;
}

/*
 * What says more than the status. Servers other than OpenAI's say it in the type or message. Neo4j
 * answers a deadlock with 400; the second word of its code says that it can be tried again.
 */
static const struct {
	const char *word;
	int status; /* 0: any below 500 */
	enum failure_code code;
} known_words[] = {
	{"context_length_exceeded", 0, FAILURE_TOO_LONG},
	{"exceed_context_size_error", 0, FAILURE_TOO_LONG},
	{"maximum context length", 0, FAILURE_TOO_LONG},
	{"model", 404, FAILURE_UNKNOWN_MODEL},
	{"insufficient_quota", 0, FAILURE_NO_CREDIT},
	{"invalid_api_key", 0, FAILURE_UNAUTHORIZED},
	{"Neo.TransientError.", 0, FAILURE_SERVER_ERROR},
};

static bool has_word(const struct error_texts *texts, const char *word)
{
	return strstr(texts->code, word) || strstr(texts->type, word) ||
	       strstr(texts->message, word);
}

static enum failure_code code_of_status(int status)
{
	switch (status) {
	case 401:
	case 403:
		return FAILURE_UNAUTHORIZED;
	case 402:
		return FAILURE_NO_CREDIT;
	case 404:
	case 405:
		return FAILURE_WRONG_ADDRESS;
	case 408:
		return FAILURE_SERVER_ERROR;
	case 413:
		return FAILURE_TOO_LONG;
	case 429:
		return FAILURE_RATE_LIMITED;
	case 501: /* llama-server: the model cannot do this */
		return FAILURE_REJECTED;
	}
	if (status < 400) /* a redirect, which is not followed */
		return FAILURE_WRONG_ADDRESS;
	return status >= 500 ? FAILURE_SERVER_ERROR : FAILURE_REJECTED;
}

static enum failure_code code_of(int status, const struct error_texts *texts)
{
	for (size_t i = 0; i < sizeof(known_words) / sizeof(*known_words); i++) {
		int wanted = known_words[i].status;
		if ((wanted ? status == wanted : status < 500) &&
		    has_word(texts, known_words[i].word))
			return known_words[i].code;
	}
	return code_of_status(status);
}

/* Copies the text in one line, without the key, and cut between two letters. */
static void quote_text(struct failure *failure, const char *text, const char *key)
{
	struct buf clean = {0};
	size_t length = strlen(key);
	for (const char *at = text; *at; at++) {
		unsigned char byte = (unsigned char)*at;
		if (length && strncmp(at, key, length) == 0) {
			buf_puts(&clean, "…");
			at += length - 1;
		} else {
			buf_putc(&clean, byte < ' ' || byte == 0x7f ? ' ' : *at);
		}
	}
	size_t bytes = clean.len < FAILURE_QUOTE - 1 ? clean.len : FAILURE_QUOTE - 1;
	while (bytes && bytes < clean.len && ((unsigned char)clean.data[bytes] & 0xc0) == 0x80)
		bytes--;
	snprintf(failure->quote, sizeof(failure->quote), "%.*s", (int)bytes, buf_text(&clean));
	buf_free(&clean);
}

void failure_read(struct failure *failure, int status, const char *body, size_t bytes,
		  const char *key)
{
	struct arena *arena = arena_new();
	struct error_texts texts = read_error(arena, body, bytes);
	enum failure_code code = code_of(status, &texts);
	failure->status = status;
	quote_text(failure, texts.message, key);
	failure_say(failure, code, "%s (HTTP status %d)", failure_info(code)->text, status);
	arena_free(&arena);
}
