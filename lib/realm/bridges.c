/* The bridges and their leases: see bridges.h. */
#include "realm/bridges.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "store/store.h"

#define FORGOTTEN_AT_ONCE 500

struct change {
	int bridge;
	int64_t connections, rooms;
};

static int add_user(const struct row *row, void *context, struct problem *why)
{
	(void)why;
	int64_t id = row_int(row, 0);
	buf_add(context, &id, sizeof(id));
	return 0;
}

static int forget(struct store *store, void *context, struct problem *why)
{
	return store_each(store, why, Q_CONNECTED_FORGET, add_user, context, "li", clock_now(),
			  FORGOTTEN_AT_ONCE);
}

int bridges_forget(struct arena *arena, struct store *store, const int64_t **users_r,
		   size_t *count_r, struct problem *why)
{
	struct buf *list = buf_in(arena);
	TRY(store_write_unsynced(store, forget, list, why));
	*users_r = (const int64_t *)(const void *)list->data;
	*count_r = list->len / sizeof(int64_t);
	return 0;
}

static int put_lease(struct store *store, int instance, const struct change *c, struct problem *why)
{
	return store_exec(store, why, Q_BRIDGE_RENEW, "illl", instance,
			  clock_now() + BRIDGE_LEASE_SECONDS * CLOCK_SECOND, c->connections,
			  c->rooms);
}

static int start(struct store *store, void *context, struct problem *why)
{
	struct change *c = context;
	TRY(store_exec(store, why, Q_CONNECTED_DISOWN, "i", c->bridge));
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
	TRY(store_get(NULL, store, why, Q_BRIDGE_LEASE, "i>l", c->bridge, &until));
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
	return store_get(NULL, store, why, Q_BRIDGES_LIVE, "ll>lll", clock_now(), (int64_t)alive,
			 &bridges_r->connections, &bridges_r->rooms, &bridges_r->live);
}
