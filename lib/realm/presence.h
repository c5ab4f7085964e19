/*
 * Presence: which users are connected, away or offline. A bridge sets the presence of its users; it
 * counts only while the bridge's lease runs (bridges.h).
 */
#ifndef REALM_PRESENCE_H
#define REALM_PRESENCE_H

#include "store/shape.h"

struct arena;

extern const struct shape presence_shape; /* of presence_update */

/*
 * Sets how the user is connected to a bridge: "connected", "away" or "offline". room_id NULL keeps
 * the current room. Returns 1 when others must be told, 0 when the presence has not changed because
 * of another bridge.
 */
int presence_set(struct arena *arena, struct store *store, int64_t user_id, const char *status,
		 const char *room_id, int bridge, struct problem *why);

/*
 * Writes the presence of `user_id` as `viewer` may see it: 1, or 0 and nothing is written, or -1.
 */
int presence_show(struct store *store, int64_t viewer, int64_t user_id, struct buf *out,
		  struct problem *why);

/*
 * Calls each() for each presence that changed at or after `since` and that the viewer may see,
 * until it returns above 0.
 */
int presence_since(struct store *store, int64_t viewer, int64_t since,
		   int (*each)(const struct buf *presence, void *context, struct problem *why),
		   void *context, struct problem *why);

/* The users who may see the presence of `user_id` (at most 1,000), in the arena. */
int presence_audience(struct arena *arena, struct store *store, int64_t user_id,
		      const int64_t **users_r, size_t *count_r, struct problem *why);

#endif
