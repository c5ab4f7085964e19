/*
 * The bridges of a realm, and their leases.
 *
 * The users of a bridge count as connected only while its lease runs. A bridge that is killed no
 * longer renews its lease, so its users go offline without any clean-up.
 */
#ifndef REALM_BRIDGES_H
#define REALM_BRIDGES_H

#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"

struct arena;
struct store;

#define BRIDGE_LEASE_SECONDS 10 /* renewed after half of it */

/*
 * Registers a bridge that starts: nobody is connected to it yet. Users of its previous life have
 * the time of one lease to come back.
 */
int bridge_start(struct store *store, int bridge, struct problem *why);

/*
 * Removes the connected users of bridges with an expired lease, and users who asked by REST and do
 * not any more, some at a time. Returns these users, in the arena: their presence may have changed.
 */
int bridges_forget(struct arena *arena, struct store *store, const int64_t **users_r,
		   size_t *count_r, struct problem *why);

/*
 * Renews the lease and stores the numbers that /health shows. It need not be synced. Returns 1, or
 * 0 when the lease had run out, so that others may have removed the users of this bridge.
 */
int bridge_renew(struct store *store, int bridge, int64_t connections, int64_t rooms,
		 struct problem *why);

struct bridges {
	int64_t connections, rooms, live;
};
/* Sums up the bridges in `alive` (realm_listeners()) that have a running lease. */
int bridges_live(struct store *store, uint32_t alive, struct bridges *bridges_r,
		 struct problem *why);

#endif
