/* The social view: one's network, people like oneself, people who are there. */
#ifndef REALM_SOCIAL_H
#define REALM_SOCIAL_H

#include "store/shape.h"

extern const struct shape network_shape;
extern const struct shape similar_user_shape;
extern const struct shape active_user_shape;

/*
 * network_strength is the mean strength of one's relationships (0 without any); influence_score is
 * upvotes on one's knowledge x 0.7 + one's interactions x 0.3. `limit` bounds each of its lists.
 */
int social_network(struct store *store, int64_t viewer, int limit, struct buf *out,
		   struct problem *why);

/* By common tags / max(own tags, their tags), over knowledge that the viewer may see. */
int social_similar_users(struct store *store, int64_t viewer, int limit, struct buf *out,
			 struct problem *why);

/* Seen in the last 24 hours, latest first. */
int social_active_users(struct store *store, int64_t viewer, int limit, struct buf *out,
			struct problem *why);

#endif
