/*
 * Relationships, each from one user to another; the first user decides.
 *
 * Two types have a meaning: "friend" lets the other user see what is shared with friends; "blocked"
 * hides each from the other everywhere, and ends invitations between them.
 *
 * A strength is stored as of the last interaction and halves in 30 days from then on; each
 * interaction takes it a twentieth of the way to 1. Both formulas are in sql/ (strength_now,
 * relationship_nudge).
 */
#ifndef REALM_RELATIONSHIPS_H
#define REALM_RELATIONSHIPS_H

#include "base/fields.h"
#include "store/shape.h"

struct arena;

struct relationship_new {
	int64_t related_user_id;
	const char *relationship_type;
	double strength;
	struct texts shared_interests;
	const char *meta_data;
};
extern const struct fields relationship_new_fields;

/* A change; `given` has a bit for each property that was sent. */
struct relationship_change {
	const char *relationship_type;
	double strength;
	struct texts shared_interests;
	const char *meta_data;
	uint32_t given;
};
extern const struct fields relationship_change_fields; /* the rows are in the order of the bits */

struct relationship_filter {
	const char *relationship_type;
};
extern const struct fields relationship_filter_fields;

extern const struct shape relationship_shape;

/*
 * Creates or replaces it: returns 1 when it is new, else 0. PROBLEM_USER_NOT_FOUND, also when the
 * other user has blocked this one; PROBLEM_INVALID for oneself.
 */
int relationship_put(struct arena *arena, struct store *store, int64_t user_id,
		     const struct relationship_new *input, struct problem *why);

/* PROBLEM_NOT_FOUND when there is none, for both. */
int relationship_update(struct arena *arena, struct store *store, int64_t user_id,
			int64_t related_user_id, const struct relationship_change *change,
			struct problem *why);
int relationship_delete(struct arena *arena, struct store *store, int64_t user_id,
			int64_t related_user_id, struct problem *why);

/* Within store_write(): the two users have interacted. They need no relationship. */
int relationship_nudge(struct store *store, int64_t one, int64_t other, struct problem *why);

int relationship_show(struct store *store, int64_t user_id, int64_t related_user_id,
		      struct buf *out, struct problem *why);

int relationships_list(struct store *store, int64_t user_id,
		       const struct relationship_filter *filter, struct page *page, struct buf *out,
		       struct problem *why);

/* Adds the ids (int64_t) of all users who have a block with the viewer, in either direction. */
int relationships_blocked(struct store *store, int64_t viewer, struct buf *ids,
			  struct problem *why);

/*
 * Within store_write(): ends the blocks between an erased user and at most `limit` others, and
 * tells these others. Returns how many they are.
 */
int relationships_end_blocks(struct store *store, int64_t user_id, int64_t limit,
			     struct problem *why);

/*
 * The relationships of `user_id`, if its privacy allows the viewer to see them:
 * PROBLEM_USER_NOT_FOUND, PROBLEM_FORBIDDEN.
 */
int relationships_of(struct store *store, int64_t viewer, int64_t user_id,
		     const struct relationship_filter *filter, struct page *page, struct buf *out,
		     struct problem *why);

#endif
