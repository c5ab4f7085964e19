/* The social view: the viewer's network, similar users, active users, tags and suggestions. */
#ifndef REALM_SOCIAL_H
#define REALM_SOCIAL_H

#include "store/shape.h"

struct arena;

extern const struct shape network_shape;
extern const struct shape similar_user_shape;
extern const struct shape active_user_shape;
extern const struct shape tag_shape;
extern const struct shape suggestion_shape;
extern const struct shape day_shape;

/*
 * network_strength is the mean strength of the viewer's relationships (0 without any);
 * influence_score is upvotes on the viewer's knowledge x 0.7 + interactions x 0.3. `limit` bounds
 * each of its lists. With depth 2 the connections of the viewer's connections follow, as far as
 * their privacy_network allows it.
 */
int social_network(struct store *store, int64_t viewer, int depth, int limit, struct buf *out,
		   struct problem *why);

/* See similar.h. */
int social_similar_users(struct arena *arena, struct store *store, int64_t viewer, int limit,
			 struct buf *out, struct problem *why);

/* Users seen in the last 24 hours, the latest first. */
int social_active_users(struct store *store, int64_t viewer, int limit, struct buf *out,
			struct problem *why);

/*
 * Tags with their counts of knowledge that is visible to the viewer, the most used first. A
 * `prefix` that is not NULL limits them to tags that begin with it.
 */
int social_tags(struct arena *arena, struct store *store, int64_t viewer, const char *prefix,
		int limit, struct buf *out, struct problem *why);

/*
 * Friends of friends and similar users in turn, each once with the reason: discoverable users
 * without a relationship to the viewer.
 */
int social_suggestions(struct arena *arena, struct store *store, int64_t viewer, int limit,
		       struct buf *out, struct problem *why);

/* What the viewer did on each of the last days, today first. */
int social_days(struct store *store, int64_t viewer, int days, struct buf *out,
		struct problem *why);

#endif
