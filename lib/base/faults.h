/*
 * Faults: the wrong fields of an input, in the words of Pydantic v2.
 *
 * They are collected as a JSON array, in a buffer that starts empty: {"type", "loc", "msg",
 * "input", "ctx"?} for each fault. The input that a fault echoes is cut, so that an answer is never
 * longer than its request.
 */
#ifndef BASE_FAULTS_H
#define BASE_FAULTS_H

#include <stddef.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/problem.h"

struct arena;

struct fault {
	const char *type, *message;
	const char *where, *name; /* "body", "query", "path" or "header"; NULL name: the whole */
	const json_t *json;       /* the input, as JSON */
	const char *text;         /* or as text; with neither the input is null */
	size_t bytes;             /* of text */
	const char *context;      /* a JSON object for "ctx", or NULL */
};

void fault_add(struct buf *faults, const struct fault *fault);

/* Adds a value_error without an input, for a rule that no table can express. */
void fault_value(struct buf *faults, const char *where, const char *name, const char *message);

/* Adds a fault of a body that is not JSON, found at this offset. `reason` is jansson's. */
void fault_json(struct buf *faults, int offset, const char *reason);

/* Adds a fault of a body that is JSON but not an object. It may be a secret, so it is not echoed.
 */
void fault_not_object(struct buf *faults);

/* Returns 0 without faults; else sets PROBLEM_INVALID. Its errors live as long as the buffer. */
int faults_raise(struct buf *faults, struct problem *why);

/* For a rule that needs the database: sets PROBLEM_INVALID with one value_error. Returns -1. */
int problem_field(struct arena *arena, struct problem *why, const char *where, const char *name,
		  const char *message);

#endif
