/*
 * How a turn becomes an answer: what it draws on, and where it is posted.
 *
 * There are three steps, and only the last one writes. answer_prepare() finds the cause, the twin
 * and its sources. An engine makes the text: answer_recall(), or a model, which is not of this
 * library. answer_post() (posting.h) looks at every right and every cited source again, and posts
 * in one transaction with the end of the turn.
 */
#ifndef REALM_ANSWERS_H
#define REALM_ANSWERS_H

#include "realm/leaving.h"
#include "realm/sources.h"
#include "realm/turns.h"

struct said;

#define ANSWER_MAX 2000  /* code points of an answer */
#define ANSWER_SOURCES 8 /* for one answer */
#define ANSWER_TWINS 16  /* of a room that are looked at for one message */

struct answer {
	struct turn turn; /* the twin is chosen */
	const char *question;
	const struct query_vector *vector; /* of the question, or NULL; while it is prepared */
	struct audience audience;
	struct source *sources;
	size_t source_count;
	bool is_searched;
	enum leaving searched; /* the sources are those that a provider with this may get */

	/* The engine sets the rest. A model leaves only those sources that it has read. */
	const struct said
		*thread; /* what else it has read, the cause too; the recall engine: none */
	size_t thread_count;
	const char *text, *engine, *model;
	bool cited[ANSWER_SOURCES]; /* of the same index as the source */
	int64_t prompt_tokens, reply_tokens;
};

/*
 * What a claimed turn asks, in the arena, and what a provider must be allowed to get it, such as an
 * embedder: 1, 0 when the cause is gone, or -1.
 */
int answer_question(struct arena *arena, struct store *store, const struct turn *turn,
		    const char **question_r, enum leaving *leaving_r, struct problem *why);

/*
 * Prepares the answer of a claimed turn, in the arena: 1, or 0 when there is none to make, since
 * the turn has been ended or put back, or -1. `vector` is that of the question, or NULL. The
 * sources are those that the engine may get; LEAVE_NEVER: the recall engine. A twin of a room is
 * chosen by all of its sources.
 */
int answer_prepare(struct arena *arena, struct store *store, const struct turn *turn,
		   const struct query_vector *vector, enum leaving leaving, struct answer *answer_r,
		   struct problem *why);

/* Finds the sources of a prepared answer for another engine, if that may get others. What it may
 * not get takes no other source's place. */
int answer_find_sources(struct arena *arena, struct store *store, enum leaving leaving,
			struct answer *answer, struct problem *why);

/* The engine without a model: 1, or 0 when a twin has nothing new for a twin and the turn has been
 * ended, or -1. */
int answer_recall(struct arena *arena, struct store *store, struct answer *answer,
		  struct problem *why);

#endif
