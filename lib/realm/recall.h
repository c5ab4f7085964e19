/*
 * The recall engine: answers without a model. It quotes what its sources say, word for word, with
 * the author's name. The same question with the same sources has the same answer.
 */
#ifndef REALM_RECALL_H
#define REALM_RECALL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"

struct arena;
struct source;
struct store;

#define RECALL_CITES 2 /* quotes in an answer */
#define RECALL_NOTHING "I have nothing on that."

struct reply {
	const char *text;           /* in the arena */
	size_t cited[RECALL_CITES]; /* indices of the sources that the text quotes */
	size_t cited_count;
	int words;    /* of the question, in the best quote */
	bool nothing; /* the text is RECALL_NOTHING */
};

/* `sources` are those of sources_find(), best first. A question is no answer to a question, so it
 * is not quoted. */
int recall_answer(struct arena *arena, struct store *store, const char *question,
		  const struct source *sources, size_t count, struct reply *reply_r,
		  struct problem *why);

#endif
