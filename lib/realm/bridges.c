/* The bridges and their leases: see bridges.h. */
#include "realm/bridges.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "store/queries.h"
#include "realm/collect.h"
#include "store/store.h"

#define FORGOTTEN_AT_ONCE 500

struct change {
	int bridge;
	int64_t connections, rooms;
};

struct forgetting {
	struct arena *arena;
	struct buf *users; /* of int64_t */
};

/* Sets last_seen to now, so that a client that connects again hears of the change. */
static int forget(struct store *store, void *context, struct problem *why)
{
	const struct forgetting *f = context;
	int64_t now = clock_now();
	buf_clear(f->users);
	TRY(q_connected_forget(store, now, FORGOTTEN_AT_ONCE, collect_id, f->users, why));
	TRY(q_asking_forget(store, now, FORGOTTEN_AT_ONCE, collect_id, f->users, why));
	const int64_t *users = (const int64_t *)(const void *)f->users->data;
	for (size_t i = 0; i < f->users->len / sizeof(*users); i++) {
		const char *status;
		TRY(q_presence_status(f->arena, store, users[i], now, &status, why));
		TRY(q_presence_put(store, users[i], status, now, NULL, true, why));
	}
	return 0;
}

int bridges_forget(struct arena *arena, struct store *store, const int64_t **users_r,
		   size_t *count_r, struct problem *why)
{
	struct forgetting f = {.arena = arena, .users = buf_in(arena)};
	TRY(store_write_unsynced(store, forget, &f, why));
	*users_r = (const int64_t *)(const void *)f.users->data;
	*count_r = f.users->len / sizeof(int64_t);
	return 0;
}

static int put_lease(struct store *store, int instance, const struct change *c, struct problem *why)
{
	return q_bridge_renew(store, instance, clock_now() + BRIDGE_LEASE_SECONDS * CLOCK_SECOND,
			      c->connections, c->rooms, why);
}

static int start(struct store *store, void *context, struct problem *why)
{
	struct change *c = context;
	TRY(q_connected_disown(store, c->bridge, why));
	TRY(put_lease(store, -c->bridge, c, why));
	return put_lease(store, c->bridge, c, why);
}

int bridge_start(struct store *store, int bridge, struct problem *why)
{
	struct change c = {.bridge = bridge};
	TRY(store_write_unsynced(store, start, &c, why));
	return 0;
}

static int renew(struct store *store, void *context, struct problem *why)
{
	struct change *c = context;
	int64_t until;
	TRY(q_bridge_lease(store, c->bridge, &until, why));
	TRY(put_lease(store, c->bridge, c, why));
	return until > clock_now();
}

int bridge_renew(struct store *store, int bridge, int64_t connections, int64_t rooms,
		 struct problem *why)
{
	struct change c = {.bridge = bridge, .connections = connections, .rooms = rooms};
	return store_write_unsynced(store, renew, &c, why);
}

int bridges_live(struct store *store, uint32_t alive, struct bridges *bridges_r,
		 struct problem *why)
{
	struct q_bridges_live live;
	TRY(q_bridges_live(store, clock_now(), alive, &live, why));
	*bridges_r = (struct bridges){
		.connections = live.connections, .rooms = live.rooms, .live = live.live};
	return 0;
}
