/* Presence: see presence.h. */
#include "realm/presence.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "realm/collect.h"
#include "realm/events.h"
#include "realm/person.h"
#include "store/queries.h"

#define PRESENT_US (60 * CLOCK_SECOND) /* more than twice as long as a long poll waits */
#define NOTED_US (15 * CLOCK_SECOND)   /* a long poll that misses one note makes the next in time */

static const struct property presence_properties[] = {
	PROPERTY("user_id", INT),
	PROPERTY("username", TEXT),
	PERSON_NAMES,
	PROPERTY("status", TEXT, .help = "connected, away or offline."),
	PROPERTY("last_seen", TIME, .nullable = true),
	PROPERTY("current_room", TEXT, .nullable = true),
	PROPERTY("is_aeon", BOOL),
};
const struct shape presence_shape = SHAPE("Presence", presence_properties);

static const char *const choices[] = {"connected", "away", NULL};
static const struct field input_rows[] = {
	FIELD(struct presence_input, status, CHOICE, .required = true, .choices = choices,
	      .help = "Whether the user is there or away."),
};
const struct fields presence_input_fields = FIELDS(struct presence_input, input_rows);

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

/* An offline user who connects is in no room yet; other users keep their room. */
static bool was_there(const char *status)
{
	return strcmp(status, "offline") != 0;
}

static int put(struct store *store, void *context, struct problem *why)
{
	struct change *c = context;
	const char *before, *after;
	int taken_over = 0;
	TRY(live_status(store, c, &before, why));
	if (strcmp(c->status, "offline") == 0) {
		TRY(q_connected_remove(store, c->user_id, c->bridge, why));
	} else {
		TRY(taken_over = q_connected_take_over(store, c->user_id, c->bridge, why));
		TRY(q_connected_put(store, c->user_id, c->bridge, c->status, why));
	}
	TRY(live_status(store, c, &after, why));
	TRY(q_presence_put(store, c->user_id, after, clock_now(), c->room_id, was_there(before),
			   why));
	return c->room_id || taken_over || strcmp(before, after) != 0;
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

static int ask(struct store *store, void *context, struct problem *why)
{
	const struct change *c = context;
	const char *before, *after;
	int64_t now = clock_now();
	struct event event = {.kind = EVENT_PRESENCE_CHANGED, .user_id = c->user_id};
	TRY(live_status(store, c, &before, why));
	TRY(q_connected_ask(store, c->user_id, c->status, now, now + PRESENT_US, why));
	TRY(live_status(store, c, &after, why));
	TRY(q_presence_put(store, c->user_id, after, now, NULL, was_there(before), why));
	return strcmp(before, after) != 0 ? event_append(store, &event, why) : 0;
}

int presence_ask(struct arena *arena, struct store *store, int64_t user_id, const char *status,
		 struct problem *why)
{
	struct change c = {.arena = arena, .user_id = user_id, .status = status};
	return store_write_unsynced(store, ask, &c, why);
}

int presence_note(struct arena *arena, struct store *store, int64_t user_id, struct problem *why)
{
	bool due = false;
	int64_t now = clock_now();
	TRY(q_presence_due(store, user_id, now, now + PRESENT_US - NOTED_US, &due, why));
	if (!due)
		return 0;
	int wait = store_set_wait(store, 0),
	    result = presence_ask(arena, store, user_id, NULL, why);
	store_set_wait(store, wait);
	return result;
}

static int end_asking(struct store *store, struct change *c, struct problem *why)
{
	const char *after;
	struct event event = {.kind = EVENT_PRESENCE_CHANGED, .user_id = c->user_id};
	int ended = q_asking_end(store, c->user_id, clock_now(), why);
	if (ended <= 0)
		return ended;
	TRY(live_status(store, c, &after, why));
	TRY(q_presence_put(store, c->user_id, after, clock_now(), NULL, true, why));
	return event_append(store, &event, why);
}

int presence_sessions_ended(struct store *store, int64_t user_id, struct problem *why)
{
	struct change c = {.arena = arena_new(), .user_id = user_id};
	int result = end_asking(store, &c, why);
	arena_free(&c.arena);
	return result;
}

int presence_show(struct store *store, int64_t viewer, int64_t user_id, struct buf *out,
		  struct problem *why)
{
	return q_presence_visible(store, viewer, clock_now(), user_id, out, why);
}

int presence_show_all(struct store *store, int64_t user_id, struct buf *out, struct problem *why)
{
	return q_presence_common(store, user_id, clock_now(), out, why);
}

int presence_show_hidden(struct store *store, int64_t user_id, struct buf *out, struct problem *why)
{
	return q_presence_hidden(store, user_id, out, why);
}

int presence_list(struct store *store, const struct presence_query *query, int limit,
		  int (*each)(int64_t user_id, const struct buf *presence, void *context,
			      struct problem *why),
		  void *context, struct problem *why)
{
	if (query->left)
		return q_presence_left(store, query->viewer, clock_now(), query->room_id,
				       query->since - PRESENCE_LEFT_US, query->after, limit, each,
				       context, why);
	if (query->room_id)
		return q_presence_of_room(store, query->viewer, clock_now(), query->room_id,
					  query->after, limit, each, context, why);
	return q_presence_since(store, query->viewer, clock_now(), query->co_members, query->since,
				query->connected, query->after, limit, each, context, why);
}

int presence_audience(struct arena *arena, struct store *store, int64_t user_id, bool all,
		      const int64_t **users_r, size_t *count_r, struct problem *why)
{
	struct buf *list = buf_in(arena);
	TRY(q_presence_audience(store, user_id, all, collect_id, list, why));
	*users_r = (const int64_t *)(const void *)list->data;
	*count_r = list->len / sizeof(int64_t);
	return 0;
}

int presence_next_of_room(struct store *store, const char *room_id, bool all, int64_t *user_id,
			  struct problem *why)
{
	return q_presence_next_of_room(store, room_id, all, *user_id, user_id, why);
}

int presence_participants(struct arena *arena, struct store *store, int64_t user_id,
			  const char *room_id, const int64_t **users_r, size_t *count_r,
			  struct problem *why)
{
	struct buf *list = buf_in(arena);
	TRY(q_presence_participants(store, user_id, room_id, collect_id, list, why));
	*users_r = (const int64_t *)(const void *)list->data;
	*count_r = list->len / sizeof(int64_t);
	return 0;
}

int presence_is_told(struct store *store, int64_t viewer, int64_t user_id, struct problem *why)
{
	bool told = false;
	return q_presence_told(store, viewer, user_id, &told, why) < 0 ? -1 : told;
}

int presence_tell_again(struct store *store, int64_t user_id, int64_t viewer, struct problem *why)
{
	struct event event = {
		.kind = EVENT_PRESENCE_DUE, .user_id = user_id, .other_id = viewer, .data = "{}"};
	return event_append(store, &event, why);
}

int presence_tell_room(struct store *store, const char *room_id, struct problem *why)
{
	struct event event = {.kind = EVENT_PRESENCE_DUE, .room_id = room_id};
	return event_append(store, &event, why);
}

int presence_circle(struct store *store, int64_t user_id, int64_t *circle_r, struct problem *why)
{
	*circle_r = CIRCLE_NOBODY;
	return q_presence_circle(store, user_id, circle_r, why) < 0 ? -1 : 0;
}

int presence_tell_circle(struct store *store, int64_t user_id, int64_t before, struct problem *why)
{
	int64_t after;
	TRY(presence_circle(store, user_id, &after, why));
	if (before == after)
		return 0;
	if (before == CIRCLE_EVERYONE || after == CIRCLE_EVERYONE)
		return presence_tell_again(store, user_id, 0, why);
	return q_presence_tell_friends(store, user_id, event_name(EVENT_PRESENCE_DUE), clock_now(),
				       why);
}
