/*
 * Presence: which users are connected, away or offline. A bridge sets the presence of its users; it
 * counts only while the bridge's lease runs (bridges.h).
 */
#ifndef REALM_PRESENCE_H
#define REALM_PRESENCE_H

#include "store/shape.h"

struct arena;

extern const struct shape presence_shape; /* presence_update */

/*
 * How the user is connected to that bridge: status is "connected", "away" or "offline"; room_id
 * NULL leaves the current room as it is. Returns 1 when others have something to be told of it, 0
 * when the user is as present as before, by another bridge.
 */
int presence_set(struct arena *arena, struct store *store, int64_t user_id, const char *status,
		 const char *room_id, int bridge, struct problem *why);

/* The presence of `user_id` as `viewer` may see it: 1, or 0 (nothing written) or -1. */
int presence_show(struct store *store, int64_t viewer, int64_t user_id, struct buf *out,
		  struct problem *why);

/*
 * Calls each() for the presence of everybody whose has changed at or after `since`, as far as the
 * viewer is told of it. Above 0 ends it.
 */
int presence_since(struct store *store, int64_t viewer, int64_t since,
		   int (*each)(const struct buf *presence, void *context, struct problem *why),
		   void *context, struct problem *why);

/* The users who may be told of it (at most 1,000), in the arena. */
int presence_audience(struct arena *arena, struct store *store, int64_t user_id,
		      const int64_t **users_r, size_t *count_r, struct problem *why);

#endif
