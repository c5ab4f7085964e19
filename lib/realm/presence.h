/* Who is there. A bridge owns the presence of its users, and it counts only while its lease runs.
 */
#ifndef REALM_PRESENCE_H
#define REALM_PRESENCE_H

#include "store/shape.h"

struct arena;

#define BRIDGE_LEASE_SECONDS 10 /* renewed at half */

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

/* A bridge that starts has nobody connected. Who was there is given the time of a lease to return.
 */
int bridge_start(struct store *store, int bridge, struct problem *why);

/* Forgets who was connected to a bridge that is gone, in small steps: the users whose presence may
 * have changed by that, in the arena. */
int presence_forget(struct arena *arena, struct store *store, const int64_t **users_r,
		    size_t *count_r, struct problem *why);

/* Renews the lease and notes the numbers that health shows. Need not be synced. Returns 1, or 0
 * when the lease had run out, so that others may have forgotten who is connected to this bridge. */
int bridge_renew(struct store *store, int bridge, int64_t connections, int64_t rooms,
		 struct problem *why);

struct bridges {
	int64_t connections, rooms, live;
};
/* Of the bridges in `alive` (realm_bridges_alive()) those whose lease runs. */
int bridges_live(struct store *store, uint32_t alive, struct bridges *bridges_r,
		 struct problem *why);

#endif
