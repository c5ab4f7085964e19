/*
 * Relationships, one from a user to another; the author decides.
 *
 * Two types mean something: "friend" lets the other see what is shared with friends, "blocked"
 * hides each from the other everywhere, and ends invitations of one by the other.
 *
 * A strength is kept as of the last interaction and fades from then on, by half in 30 days; each
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

/* What may be changed of it; `given` says what is, bit by bit. */
struct relationship_change {
	const char *relationship_type;
	double strength;
	struct texts shared_interests;
	const char *meta_data;
	uint32_t given;
};
extern const struct fields relationship_change_fields; /* its rows stand in the order of the bits */

struct relationship_filter {
	const char *relationship_type;
};
extern const struct fields relationship_filter_fields;

extern const struct shape relationship_shape;

/*
 * Creates or updates: returns 1 when it is new, 0 when it was there. PROBLEM_USER_NOT_FOUND also
 * for someone who has blocked the user; PROBLEM_INVALID for oneself.
 */
int relationship_put(struct arena *arena, struct store *store, int64_t user_id,
		     const struct relationship_new *input, struct problem *why);

/* PROBLEM_NOT_FOUND when there is none; of deleting it, too. */
int relationship_update(struct arena *arena, struct store *store, int64_t user_id,
			int64_t related_user_id, const struct relationship_change *change,
			struct problem *why);
int relationship_delete(struct arena *arena, struct store *store, int64_t user_id,
			int64_t related_user_id, struct problem *why);

/* Within store_write(): something happened between the two, whatever they are to each other. */
int relationship_nudge(struct store *store, int64_t one, int64_t other, struct problem *why);

int relationship_show(struct store *store, int64_t user_id, int64_t related_user_id,
		      struct buf *out, struct problem *why);

int relationships_list(struct store *store, int64_t user_id,
		       const struct relationship_filter *filter, struct page *page, struct buf *out,
		       struct problem *why);

/* Adds the ids (int64_t) of those whom the viewer has blocked or was blocked by. */
int relationships_blocked(struct store *store, int64_t viewer, struct buf *ids,
			  struct problem *why);

/* Those of `user_id`, as far as its privacy shows them to the viewer: PROBLEM_USER_NOT_FOUND,
 * PROBLEM_FORBIDDEN. */
int relationships_of(struct store *store, int64_t viewer, int64_t user_id,
		     const struct relationship_filter *filter, struct page *page, struct buf *out,
		     struct problem *why);

#endif
