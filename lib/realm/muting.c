/* What a room notifies of: see muting.h. */
#include "realm/muting.h"

#include "base/arena.h"
#include "base/clock.h"
#include "realm/events.h"
#include "realm/rooms.h"
#include "store/queries.h"

static const struct field mute_rows[] = {
	FIELD(struct room_mute, until, TIME, .required = true,
	      .help = "When the room is no longer muted. A time in the past unmutes it."),
};
const struct fields room_mute_fields = FIELDS(struct room_mute, mute_rows);

static const char *const notifications[] = {"all", "mentions", "none", NULL};

static const struct field notify_rows[] = {
	FIELD(struct room_notify, notify, CHOICE, .required = true, .choices = notifications,
	      .help = "Your clients notify you of all messages, of mentions, or of "
		      "nothing. At first of mentions."),
};
const struct fields room_notify_fields = FIELDS(struct room_notify, notify_rows);

static const struct property mute_properties[] = {
	PROPERTY("room_id", TEXT),
	PROPERTY("muted_until", TIME, .nullable = true, .help = "null: not muted."),
	PROPERTY("notify", TEXT, .help = "all, mentions or none."),
};
const struct shape room_mute_shape = SHAPE("RoomMute", mute_properties);

struct muting {
	struct arena *arena;
	int64_t user_id;
	const char *room_id;
	const char *notify; /* NULL: `until` changes */
	int64_t until;
};

static int change(struct store *store, void *context, struct problem *why)
{
	const struct muting *m = context;
	struct buf *data = buf_in(m->arena);
	int64_t now = clock_now();
	TRY(room_check_inside(store, m->user_id, m->room_id, why));
	int changed = m->notify ? q_room_set_notify(store, m->room_id, m->user_id, m->notify, why)
				: q_room_mute(store, m->room_id, m->user_id,
					      m->until > now ? m->until : 0, why);
	if (changed <= 0)
		return changed;
	TRY(q_room_muted(store, m->room_id, m->user_id, now, data, why));
	struct event event = {.kind = EVENT_ROOM_MUTED, .user_id = m->user_id, .data = data->data};
	return event_append(store, &event, why);
}

static int change_and_show(struct store *store, struct muting *m, struct buf *out,
			   struct problem *why)
{
	TRY(store_write(store, change, m, why));
	return q_room_muted(store, m->room_id, m->user_id, clock_now(), out, why);
}

int room_mute(struct arena *arena, struct store *store, int64_t user_id, const char *room_id,
	      int64_t until, struct buf *out, struct problem *why)
{
	struct muting m = {arena, user_id, room_id, .until = until};
	return change_and_show(store, &m, out, why);
}

int room_set_notify(struct arena *arena, struct store *store, int64_t user_id, const char *room_id,
		    const char *notify, struct buf *out, struct problem *why)
{
	struct muting m = {arena, user_id, room_id, .notify = notify};
	return change_and_show(store, &m, out, why);
}
