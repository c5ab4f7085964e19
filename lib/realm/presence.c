/* Who is there: see presence.h. */
#include "realm/presence.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"

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
	return store_get(c->arena, store, why, Q_PRESENCE_STATUS, "ll>t", c->user_id, clock_now(),
			 status_r);
}

static int put(struct store *store, void *context, struct problem *why)
{
	struct change *c = context;
	const char *before, *after;
	TRY(live_status(store, c, &before, why));
	if (strcmp(c->status, "offline") == 0)
		TRY(store_exec(store, why, Q_CONNECTED_REMOVE, "li", c->user_id, c->bridge));
	else
		TRY(store_exec(store, why, Q_CONNECTED_PUT, "lit", c->user_id, c->bridge,
			       c->status));
	TRY(live_status(store, c, &after, why));
	TRY(store_exec(store, why, Q_PRESENCE_PUT, "ltlt", c->user_id, after, clock_now(),
		       c->room_id));
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
	return store_object(store, out, why, Q_PRESENCE_VISIBLE, &presence_shape, "lll", viewer,
			    clock_now(), user_id);
}

struct walk {
	struct buf presence;
	int (*each)(const struct buf *, void *, struct problem *);
	void *context;
};

static int hand_on(const struct row *row, void *context, struct problem *why)
{
	struct walk *walk = context;
	buf_clear(&walk->presence);
	jw_open(&walk->presence, '{');
	row_properties(&walk->presence, row, &presence_shape);
	jw_close(&walk->presence, '}');
	return walk->each(&walk->presence, walk->context, why);
}

int presence_since(struct store *store, int64_t viewer, int64_t since,
		   int (*each)(const struct buf *presence, void *context, struct problem *why),
		   void *context, struct problem *why)
{
	struct walk walk = {.each = each, .context = context};
	int result = store_each(store, why, Q_PRESENCE_SINCE, hand_on, &walk, "lll", viewer,
				clock_now(), since);
	buf_free(&walk.presence);
	return result;
}

static int add_user(const struct row *row, void *context, struct problem *why)
{
	(void)why;
	int64_t id = row_int(row, 0);
	buf_add(context, &id, sizeof(id));
	return 0;
}

int presence_audience(struct arena *arena, struct store *store, int64_t user_id,
		      const int64_t **users_r, size_t *count_r, struct problem *why)
{
	struct buf *list = buf_in(arena);
	TRY(store_each(store, why, Q_PRESENCE_AUDIENCE, add_user, list, "l", user_id));
	*users_r = (const int64_t *)(const void *)list->data;
	*count_r = list->len / sizeof(int64_t);
	return 0;
}
