/*
 * The bridges of a realm, and their leases.
 *
 * The users of a bridge count as connected only while its lease runs. A bridge that is killed
 * renews it no more, so its users go offline without anybody's help.
 */
#ifndef REALM_BRIDGES_H
#define REALM_BRIDGES_H

#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"

struct arena;
struct store;

#define BRIDGE_LEASE_SECONDS 10 /* renewed at half */

/* A bridge that starts has nobody connected. Who was there is given the time of a lease to return.
 */
int bridge_start(struct store *store, int bridge, struct problem *why);

/* Forgets who was connected to a bridge that is gone, in small steps: the users whose presence may
 * have changed by that, in the arena. */
int bridges_forget(struct arena *arena, struct store *store, const int64_t **users_r,
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
