/*
 * Relationships, one from a user to another; the author decides.
 *
 * Two types mean something: "friend" lets the other see what is shared with friends, "blocked"
 * hides each from the other everywhere.
 */
#ifndef REALM_RELATIONSHIPS_H
#define REALM_RELATIONSHIPS_H

#include "base/fields.h"
#include "store/shape.h"

struct relationship_new {
	int64_t related_user_id;
	const char *relationship_type;
	double strength;
	struct texts shared_interests;
	const char *meta_data;
};
extern const struct fields relationship_new_fields;

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

int relationship_show(struct store *store, int64_t user_id, int64_t related_user_id,
		      struct buf *out, struct problem *why);

int relationships_list(struct store *store, int64_t user_id,
		       const struct relationship_filter *filter, struct page *page, struct buf *out,
		       struct problem *why);

#endif
