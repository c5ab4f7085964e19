/*
 * The last step of an answer (answers.h), the only one that writes: it looks at every right and
 * every cited source again, and posts in one transaction with the end of the turn.
 */
#ifndef REALM_POSTING_H
#define REALM_POSTING_H

#include <stdbool.h>

#include "base/problem.h"

struct answer;
struct arena;
struct store;
struct turn;

/*
 * Posts the answer, or keeps it as a draft where the owner wants that. It does not wait for the
 * disk: a power cut takes the end of the turn back together with its answer, and the turn is run
 * again. 1, or 0 when it was not posted: the turn has ended otherwise meanwhile, a right or a
 * source is gone, or the twin must wait. -1 leaves the turn to its lease.
 */
int answer_post(struct arena *arena, struct store *store, const struct answer *answer,
		struct problem *why);

/* Ends the turn with the beginning of an answer, which the owner may read: 0 or -1. The reason is a
 * constant. */
int answer_interrupt(struct arena *arena, struct store *store, const struct answer *answer,
		     const char *reason, struct problem *why);

/* Within store_write(): posts a draft that its owner has approved, and ends its turn. Fails with
 * the problem of the place. */
int draft_post(struct arena *arena, struct store *store, const struct turn *turn,
	       const char *content, struct problem *why);

#endif
