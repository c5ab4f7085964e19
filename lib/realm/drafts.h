/*
 * Drafts: answers of a twin that wait for its owner.
 */
#ifndef REALM_DRAFTS_H
#define REALM_DRAFTS_H

#include <stdint.h>

#include "base/problem.h"

struct arena;
struct store;

/*
 * The owner posts a draft, as it is or with another text. PROBLEM_NOT_FOUND; PROBLEM_TURN_ENDED
 * when it does not wait any more; or the problem of the place where it is posted, such as
 * PROBLEM_ROOM_CLOSED.
 */
int draft_approve(struct arena *arena, struct store *store, int64_t owner, int64_t turn_id,
		  const char *content, struct problem *why);

/* PROBLEM_NOT_FOUND, PROBLEM_TURN_ENDED. */
int draft_reject(struct arena *arena, struct store *store, int64_t owner, int64_t turn_id,
		 struct problem *why);

#endif
