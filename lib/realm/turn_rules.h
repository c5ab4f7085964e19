/*
 * Whether a twin may answer a cause now: what its owner has set, what has happened between the two
 * users, and how often it has answered. It is asked when a turn is run, and again in the
 * transaction in which the answer is posted.
 */
#ifndef REALM_TURN_RULES_H
#define REALM_TURN_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/problem.h"

struct arena;
struct store;
struct turn;

struct turn_permission {
	const char *reason; /* why it may not; NULL: it may */
	int64_t until;      /* when the reason ends; 0: unknown */
	bool draft;         /* the answer waits for the owner's approval */
	int64_t not_before; /* 0, or when the twin may post in a room again */
};

/* Whether the twin turn->twin_id may answer now. The reason is a constant. */
int turn_check(struct arena *arena, struct store *store, const struct turn *turn,
	       struct turn_permission *permission_r, struct problem *why);

/*
 * When the quiet hours end that hold at `now`; 0 when none do. from and to are minutes since
 * midnight, in a zone `offset` minutes east of UTC; equal ones are no quiet hours.
 */
int64_t quiet_until(int64_t now, int64_t from, int64_t to, int64_t offset);

#endif
