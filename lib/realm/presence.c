/* Presence: see presence.h. */
#include "realm/presence.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "realm/collect.h"
#include "store/queries.h"

static const struct property presence_properties[] = {
	PROPERTY("user_id", INT),
	PROPERTY("username", TEXT),
	PROPERTY("status", TEXT, .help = "connected, away or offline."),
	PROPERTY("last_seen", TIME),
	PROPERTY("current_room", TEXT, .nullable = true),
	PROPERTY("is_aeon", BOOL),
};
const struct shape presence_shape = SHAPE("Presence", presence_properties);

struct change {
	struct arena *arena;
	int64_t user_id;
	const char *status, *room_id;
	int bridge;
};

static int live_status(struct store *store, const struct change *c, const char **status_r,
		       struct problem *why)
{
	return q_presence_status(c->arena, store, c->user_id, clock_now(), status_r, why);
}

static int put(struct store *store, void *context, struct problem *why)
{
	struct change *c = context;
	const char *before, *after;
	TRY(live_status(store, c, &before, why));
	if (strcmp(c->status, "offline") == 0)
		TRY(q_connected_remove(store, c->user_id, c->bridge, why));
	else
		TRY(q_connected_put(store, c->user_id, c->bridge, c->status, why));
	TRY(live_status(store, c, &after, why));
	TRY(q_presence_put(store, c->user_id, after, clock_now(), c->room_id, why));
	return c->room_id || strcmp(before, after) != 0;
}

int presence_set(struct arena *arena, struct store *store, int64_t user_id, const char *status,
		 const char *room_id, int bridge, struct problem *why)
{
	struct change c = {.arena = arena,
			   .user_id = user_id,
			   .status = status,
			   .room_id = room_id,
			   .bridge = bridge};
	return store_write_unsynced(store, put, &c, why);
}

int presence_show(struct store *store, int64_t viewer, int64_t user_id, struct buf *out,
		  struct problem *why)
{
	return q_presence_visible(store, viewer, clock_now(), user_id, out, why);
}

struct walk {
	int (*each)(const struct buf *, void *, struct problem *);
	void *context;
};

static int presence_each(int64_t user_id, const struct buf *presence, void *context,
			 struct problem *why)
{
	const struct walk *walk = context;
	(void)user_id;
	return walk->each(presence, walk->context, why);
}

int presence_since(struct store *store, int64_t viewer, int64_t since,
		   int (*each)(const struct buf *presence, void *context, struct problem *why),
		   void *context, struct problem *why)
{
	struct walk walk = {.each = each, .context = context};
	return q_presence_since(store, viewer, clock_now(), since, presence_each, &walk, why);
}

int presence_audience(struct arena *arena, struct store *store, int64_t user_id,
		      const int64_t **users_r, size_t *count_r, struct problem *why)
{
	struct buf *list = buf_in(arena);
	TRY(q_presence_audience(store, user_id, collect_id, list, why));
	*users_r = (const int64_t *)(const void *)list->data;
	*count_r = list->len / sizeof(int64_t);
	return 0;
}
