/* Votes on knowledge, and how its creator hears of them. */
#ifndef REALM_VOTES_H
#define REALM_VOTES_H

#include <stdint.h>

#include "store/shape.h"
#include "store/store.h"

struct arena;

extern const struct shape vote_shape;  /* the answer to a vote */
extern const struct shape votes_shape; /* knowledge_voted */

struct votes {
	int64_t up, down;
};

/*
 * value is 1 or -1, or 0 to take the vote back. A user has one vote: the same value again changes
 * nothing, another value replaces it. PROBLEM_KNOWLEDGE_NOT_FOUND, PROBLEM_OWN_KNOWLEDGE.
 *
 * A knowledge_voted event tells the creator, unless one was told less than quiet_us microseconds
 * ago. Then votes_tell() does it later, unless the votes are by then as they were told.
 */
int knowledge_vote(struct arena *arena, struct store *store, int64_t viewer, int64_t id, int value,
		   int64_t quiet_us, struct votes *votes_r, struct problem *why);

/* Tells some creators what knowledge_vote() has not told. Returns how many events it appended. */
int votes_tell(struct store *store, int64_t quiet_us, struct problem *why);

#endif
