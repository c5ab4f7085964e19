/*
 * Experts: users who have shared knowledge on a subject that the viewer may see.
 *
 * Of the newest EXPERTS_LOOKED pieces of knowledge with all words, each counts by its votes:
 * (upvotes + 1) / (upvotes + downvotes + 2). A user's score is the sum of the best EXPERTS_BEST of
 * them, so that more pieces alone bring nobody to the top.
 */
#ifndef REALM_EXPERTS_H
#define REALM_EXPERTS_H

#include "store/shape.h"

struct arena;

#define EXPERTS_LOOKED 500
#define EXPERTS_BEST 5

extern const struct shape expert_shape;

/* At most `limit` users, the best first. PROBLEM_INVALID names q when it has too many words. */
int experts_list(struct arena *arena, struct store *store, int64_t viewer, const char *q, int limit,
		 struct buf *out, struct problem *why);

#endif
