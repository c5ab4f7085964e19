/* Rooms and their participants: see rooms.h. */
#include "realm/rooms.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/faults.h"
#include "base/json_out.h"
#include "base/uuid.h"
#include "realm/collect.h"
#include "realm/events.h"
#include "realm/person.h"
#include "realm/search.h"
#include "realm/totp.h"
#include "store/queries.h"

static const struct field new_rows[] = {
	FIELD(struct room_new, name, TEXT, .required = true, .min = 1, .max = 100, .line = true,
	      .help = "Name of the room."),
	FIELD(struct room_new, description, TEXT, .max = 1000, .help = "What the room is for."),
	FIELD(struct room_new, topic, TEXT, .max = 255, .line = true,
	      .help = "Current topic of the room."),
	FIELD(struct room_new, is_public, BOOL, .default_value = "true",
	      .help = "false: only its participants and invited users see the room."),
	FIELD(struct room_new, max_participants, INT, .min = 2, .max = 10000, .default_value = "50",
	      .help = "Most participants at one time."),
	FIELD(struct room_new, is_aeon_room, BOOL, .default_value = "false",
	      .help = "Whether twins take part."),
};
const struct fields room_new_fields = FIELDS(struct room_new, new_rows);

static const char *const sorts[] = {"new", "activity", NULL};

static const struct field filter_rows[] = {
	FIELD(struct room_filter, is_public, TRISTATE,
	      .help = "true: only public rooms; false: only private ones."),
	FIELD(struct room_filter, is_aeon_room, TRISTATE,
	      .help = "true: only rooms in which twins take part; false: only others."),
	FIELD(struct room_filter, joined, TRISTATE,
	      .help = "true: only rooms that you are in; false: only others."),
	FIELD(struct room_filter, q, TEXT, .min = 1, .max = 100, .may_be_blank = true,
	      .help = "Beginning of a word in the name or topic."),
	FIELD(struct room_filter, sort, CHOICE, .choices = sorts, .default_value = "new",
	      .help = "new: the newest room first; activity: your rooms, the one with the latest "
		      "message first, with what you have not read; needs joined=true and no q."),
};
const struct fields room_filter_fields = FIELDS(struct room_filter, filter_rows);

static const struct field reading_rows[] = {
	FIELD(struct room_reading, up_to_seq, INT, .required = true, .min = 0, .max = 9e15,
	      .help = "Last seq that you have read."),
	FIELD(struct room_reading, unread, BOOL, .default_value = "false",
	      .help = "true: the marker may move back, so what follows is unread again."),
};
const struct fields room_reading_fields = FIELDS(struct room_reading, reading_rows);

static const struct property participant_properties[] = {
	PROPERTY("user_id", INT),
	PROPERTY("username", TEXT),
	PERSON_NAMES,
	PROPERTY("status", TEXT, .help = "connected, away or offline."),
	PROPERTY("last_seen", TIME, .nullable = true),
	PROPERTY("current_room", TEXT, .nullable = true),
	PROPERTY("is_aeon", BOOL),
	PROPERTY("role", TEXT, .help = "owner, moderator or member."),
	PROPERTY("read_seq", INT, .help = "Read marker: seq up to which the participant has read."),
};
const struct shape room_participant_shape = SHAPE("RoomParticipant", participant_properties);

static const struct property pin_properties[] = {
	PROPERTY("message_id", TEXT),
	PROPERTY("seq", INT),
	PROPERTY("sender_id", INT),
	PROPERTY("sender_name", TEXT),
	PROPERTY("sender_full_name", TEXT, .nullable = true),
	PROPERTY("content", TEXT),
	PROPERTY("pinned_at", TIME),
};
const struct shape room_pin_shape = SHAPE("RoomPin", pin_properties);

#define ROOM_SUMMARY_PROPERTIES                                                                    \
	PROPERTY("name", TEXT), PROPERTY("description", TEXT, .nullable = true),                   \
		PROPERTY("topic", TEXT, .nullable = true),                                         \
		PROPERTY("created_by", INT, .nullable = true, .help = "null: the realm itself."),  \
		PROPERTY("created_at", TIME), PROPERTY("is_public", BOOL),                         \
		PROPERTY("max_participants", INT), PROPERTY("current_participants", INT),          \
		PROPERTY("is_aeon_room", BOOL),                                                    \
		PROPERTY("last_seq", INT, .help = "Seq of the newest entry."),                     \
		PROPERTY("is_closed", BOOL, .help = "true: nobody can write in it or join it."),   \
		PROPERTY("kind", TEXT, .help = "room, direct or group."),                          \
		PROPERTY(                                                                          \
			"other", OBJECT, .nullable = true,                                         \
			.help = "Of a direct room: `{user_id, username, full_name, twin}` of the " \
				"other user, unless hidden.")

static const struct property summary_properties[] = {PROPERTY("id", TEXT), ROOM_SUMMARY_PROPERTIES};
const struct shape room_summary_shape = SHAPE("RoomSummary", summary_properties);

/* What a room is for one of its members. */
#define MY_ROOM_PROPERTIES(...)                                                                    \
	PROPERTY("my_role", TEXT, .help = "owner, moderator or member.", __VA_ARGS__),             \
		PROPERTY("read_seq", INT, .help = "Your read marker.", __VA_ARGS__),               \
		PROPERTY("muted_until", TIME, .nullable = true, .help = "null: not muted.",        \
			 __VA_ARGS__),                                                             \
		PROPERTY("notify", TEXT, .help = "all, mentions or none.", __VA_ARGS__),           \
		PROPERTY("unread", INT,                                                            \
			 .help = "Messages of others after your read marker, without deleted "     \
				 "ones, of the newest 1,000 entries; 100: or more.",               \
			 __VA_ARGS__),                                                             \
		PROPERTY("mentions", INT,                                                          \
			 .help = "How many of the unread messages mention you, or the whole room " \
				 "since you have joined; 100: or more.",                           \
			 __VA_ARGS__),                                                             \
		PROPERTY("pins", INT, .help = "Number of pinned messages.", __VA_ARGS__),          \
		PROPERTY("last", OBJECT, .nullable = true,                                         \
			 .help = "The last message that you may read and that is not deleted: "    \
				 "{message_id, sender_id, sender_name, sender_full_name, "         \
				 "excerpt, at, is_aeon}. "                                         \
				 "null: there is "                                                 \
				 "none in the newest 1,000 entries.",                              \
			 __VA_ARGS__)

static const struct property my_room_properties[] = {PROPERTY("id", TEXT), ROOM_SUMMARY_PROPERTIES,
						     MY_ROOM_PROPERTIES(.optional = false)};
const struct shape my_room_shape = SHAPE("MyRoom", my_room_properties);

static const struct property listed_room_properties[] = {
	PROPERTY("id", TEXT), ROOM_SUMMARY_PROPERTIES, MY_ROOM_PROPERTIES(.optional = true)};
const struct shape listed_room_shape = SHAPE("ListedRoom", listed_room_properties);

static const struct property info_properties[] = {PROPERTY("room_id", TEXT),
						  ROOM_SUMMARY_PROPERTIES};
const struct shape room_info_shape = SHAPE("RoomInfo", info_properties);

static const struct property room_properties[] = {
	PROPERTY("id", TEXT),
	ROOM_SUMMARY_PROPERTIES,
	PROPERTY("my_role", TEXT, .nullable = true,
		 .help = "owner, moderator or member; null: the viewer is not in the room."),
	PROPERTY("muted_until", TIME, .nullable = true, .help = "By the viewer; null: not muted."),
	PROPERTY("notify", TEXT, .nullable = true,
		 .help = "all, mentions or none; null: the viewer is not in the room."),
	PROPERTY("more_participants", BOOL,
		 .help = "`participants` has only the first 1,000 members."),
	PROPERTY("participants", LIST, .of = &room_participant_shape),
	PROPERTY("pins", LIST, .of = &room_pin_shape, .help = "Messages, the newest pin first."),
};
const struct shape room_shape = SHAPE("Room", room_properties);

static const struct property member_properties[] = {
	PROPERTY("user_id", INT),
	PROPERTY("username", TEXT),
	PROPERTY("full_name", TEXT, .nullable = true, .optional = true,
		 .help = "Absent where a client without aeon.v1 hears that its room was deleted."),
	PROPERTY("twin", OBJECT, .nullable = true, .optional = true, .help = TWIN_OF_PERSON),
	PROPERTY("room_id", TEXT),
};
const struct shape room_member_shape = SHAPE("RoomMember", member_properties);

static const struct property co_member_properties[] = {
	PROPERTY("user_id", INT),
	PROPERTY("username", TEXT),
	PERSON_NAMES,
	PROPERTY("room_id", TEXT),
	PROPERTY("joined_at", TIME),
	PROPERTY("read_seq", INT),
	PROPERTY("status", TEXT),
	PROPERTY("current_room", TEXT, .nullable = true),
};
const struct shape room_co_member_shape = SHAPE("RoomCoMember", co_member_properties);

static const struct property read_marker_properties[] = {
	PROPERTY("room_id", TEXT),  PROPERTY("user_id", INT),
	PROPERTY("username", TEXT), PERSON_NAMES,
	PROPERTY("up_to_seq", INT),
};
const struct shape read_marker_shape = SHAPE("ReadMarker", read_marker_properties);

/* Tells the members that a user joined or left. */
static int tell(struct arena *arena, struct store *store, enum event_kind kind, int64_t user_id,
		const char *room_id, struct problem *why)
{
	struct buf *data = buf_in(arena);
	TRY(q_room_member(store, user_id, room_id, data, why));
	return event_append(
		store,
		&(struct event){
			.kind = kind, .room_id = room_id, .user_id = user_id, .data = data->data},
		why);
}

int room_enter(struct arena *arena, struct store *store, int64_t user_id, const char *room_id,
	       const char *role, struct problem *why)
{
	TRY(q_room_enter(store, room_id, user_id, role, clock_now(), why));
	TRY(q_room_count_in(store, room_id, 1, why));
	return tell(arena, store, EVENT_USER_JOINED, user_id, room_id, why);
}

/* The subject of a change of a room. */
struct change {
	struct arena *arena;
	const struct room_new *input;
	const char *room_id;
	int64_t user_id;
};

static int insert_room(struct store *store, void *context, struct problem *why)
{
	struct change *c = context;
	const struct room_new *room = c->input;
	TRY(q_room_insert(store, c->room_id, room->name, room->description, room->topic, c->user_id,
			  clock_now(), room->is_public, room->max_participants, room->is_aeon_room,
			  why));
	if (!c->user_id)
		return 0;
	return room_enter(c->arena, store, c->user_id, c->room_id, "owner", why);
}

int room_create(struct arena *arena, struct store *store, int64_t creator,
		const struct room_new *input, const char **room_id_r, struct problem *why)
{
	char *id = arena_alloc(arena, UUID_TEXT);
	uuid_make(id);
	struct change c = {.arena = arena, .input = input, .room_id = id, .user_id = creator};
	TRY(store_write(store, insert_room, &c, why));
	*room_id_r = id;
	return 0;
}

/* 0 becomes PROBLEM_ROOM_NOT_FOUND. */
static int must_exist(int found, struct problem *why)
{
	return found == 0 ? problem_set(why, PROBLEM_ROOM_NOT_FOUND) : found;
}

int room_info(struct store *store, int64_t viewer, const char *room_id, struct buf *out,
	      int64_t *last_seq_r, struct problem *why)
{
	TRY(must_exist(q_room_readable(store, viewer, room_id, last_seq_r, why), why));
	return must_exist(q_room_info(store, viewer, room_id, out, why), why);
}

int room_show(struct store *store, int64_t viewer, const char *room_id, struct buf *out,
	      struct problem *why)
{
	TRY(must_exist(q_room_visible(store, viewer, room_id, clock_now(), out, why), why));
	jw_reopen(out);
	jw_key(out, "participants");
	TRY(q_room_participants(store, viewer, clock_now(), room_id, out, why));
	jw_key(out, "pins");
	TRY(q_room_pins(store, viewer, room_id, out, why));
	jw_close(out, '}');
	return 0;
}

static int list_by_activity(struct arena *arena, struct store *store, int64_t viewer,
			    const struct room_filter *filter, struct page *page, struct buf *out,
			    struct problem *why)
{
	if (filter->joined <= 0 || filter->q)
		return problem_field(arena, why, "query", "sort",
				     "Value error, activity needs joined=true and no q");
	return q_rooms_by_activity(store, viewer, clock_now(), filter->is_public,
				   filter->is_aeon_room, page_text(page), page_limit(page), page,
				   out, why);
}

int rooms_list(struct arena *arena, struct store *store, int64_t viewer,
	       const struct room_filter *filter, struct page *page, struct buf *out,
	       struct problem *why)
{
	const char *words;
	if (filter->sort && strcmp(filter->sort, "activity") == 0)
		return list_by_activity(arena, store, viewer, filter, page, out, why);
	if (!filter->q)
		return q_rooms_visible(store, viewer, filter->is_public, filter->is_aeon_room,
				       filter->joined, page_text(page), page_limit(page), page, out,
				       why);
	TRY(search_beginnings(arena, store, filter->q, &words, why));
	if (words)
		return q_rooms_found(store, viewer, filter->is_public, filter->is_aeon_room,
				     filter->joined, page_int(page), page_limit(page), words, page,
				     out, why);
	buf_puts(out, "[]");
	return 0;
}

static int join(struct store *store, void *context, struct problem *why)
{
	struct change *c = context;
	struct q_room_for_join room;
	TRY(must_exist(q_room_for_join(store, c->user_id, c->room_id, &room, why), why));
	if (room.inside)
		return 0;
	if (room.banned)
		return problem_say(why, PROBLEM_FORBIDDEN, "You are banned from this room");
	TRY(room_check_open(store, c->room_id, why));
	if (room.current_participants >= room.max_participants)
		return problem_set(why, PROBLEM_ROOM_FULL);
	TRY(room_enter(c->arena, store, c->user_id, c->room_id, "member", why));
	TRY(q_room_uninvite(store, c->room_id, c->user_id, why));
	return 1;
}

int room_join(struct arena *arena, struct store *store, int64_t user_id, const char *room_id,
	      struct problem *why)
{
	struct change c = {.arena = arena, .room_id = room_id, .user_id = user_id};
	return store_write(store, join, &c, why);
}

int room_rank(struct store *store, int64_t user_id, const char *room_id, int64_t *rank_r,
	      struct problem *why)
{
	*rank_r = -1;
	return q_room_rank(store, room_id, user_id, rank_r, why) < 0 ? -1 : 0;
}

int room_acting_rank(struct store *store, int64_t user_id, const char *room_id, int64_t *rank_r,
		     struct problem *why)
{
	TRY(room_rank(store, user_id, room_id, rank_r, why));
	if (*rank_r >= RANK_OWNER)
		return 0;
	int administered = q_room_administered(store, user_id, room_id, clock_now(), why);
	if (administered > 0 && store_rules(store)->totp_required_for_admins)
		administered = totp_active(store, user_id, why);
	if (administered > 0)
		*rank_r = RANK_OWNER;
	return administered < 0 ? -1 : 0;
}

int room_check_open(struct store *store, const char *room_id, struct problem *why)
{
	int closed = q_room_is_closed(store, room_id, why);
	return closed > 0 ? problem_set(why, PROBLEM_ROOM_CLOSED) : closed;
}

int room_check_rank(struct store *store, int64_t user_id, const char *room_id, enum room_rank least,
		    struct problem *why)
{
	int64_t rank;
	TRY(room_acting_rank(store, user_id, room_id, &rank, why));
	if (rank >= (int64_t)least)
		return 0;
	TRY(room_check_inside(store, user_id, room_id, why));
	return problem_say(why, PROBLEM_FORBIDDEN,
			   least == RANK_OWNER
				   ? "Only the room's owner may do this"
				   : "Only the room's owner and moderators may do this");
}

/*
 * When the owner leaves, a successor becomes the owner. An owner who leaves the room empty stays
 * its owner.
 */
static int pass_on(struct store *store, const struct change *c, struct problem *why)
{
	int64_t rank, successor;
	TRY(room_rank(store, c->user_id, c->room_id, &rank, why));
	if (rank < RANK_OWNER)
		return 0;
	int found = q_room_successor(store, c->room_id, c->user_id, &successor, why);
	if (found <= 0)
		return found;
	TRY(q_room_set_role(store, c->room_id, c->user_id, "member", why));
	return q_room_set_role(store, c->room_id, successor, "owner", why);
}

int room_tell_removed(struct arena *arena, struct store *store, int64_t user_id,
		      const char *room_id, struct problem *why)
{
	struct buf *data = buf_in(arena);
	jw_open(data, '{');
	jw_kv_text(data, "room_id", room_id);
	jw_close(data, '}');
	return event_append(
		store,
		&(struct event){.kind = EVENT_ROOM_REMOVED, .user_id = user_id, .data = data->data},
		why);
}

int rooms_uninvite_by(struct store *store, int64_t inviter, int64_t user_id, struct problem *why)
{
	TRY(q_room_tell_uninvited(store, event_name(EVENT_ROOM_REMOVED), inviter, user_id,
				  clock_now(), why));
	return q_room_uninvite_by(store, inviter, user_id, why);
}

static int leave(struct store *store, void *context, struct problem *why)
{
	struct change *c = context;
	int left, declined;
	TRY(must_exist(q_room_exists(store, c->user_id, c->room_id, why), why));
	TRY(declined = q_room_uninvite(store, c->room_id, c->user_id, why));
	TRY(pass_on(store, c, why));
	TRY(left = q_room_leave(store, c->room_id, c->user_id, clock_now(), why));
	if (left) {
		TRY(q_room_count_in(store, c->room_id, -1, why));
		TRY(q_presence_leave_room(store, c->user_id, c->room_id, why));
		TRY(tell(c->arena, store, EVENT_USER_LEFT, c->user_id, c->room_id, why));
	} else if (declined) {
		TRY(room_tell_removed(c->arena, store, c->user_id, c->room_id, why));
	}
	TRY(q_room_abandon(store, c->room_id, clock_now(), why));
	return left;
}

int room_leave(struct arena *arena, struct store *store, int64_t user_id, const char *room_id,
	       struct problem *why)
{
	struct change c = {.arena = arena, .room_id = room_id, .user_id = user_id};
	return store_write(store, leave, &c, why);
}

int room_check_readable(struct store *store, int64_t viewer, const char *room_id,
			struct problem *why)
{
	return must_exist(q_room_readable(store, viewer, room_id, NULL, why), why);
}

int room_check_inside(struct store *store, int64_t user_id, const char *room_id,
		      struct problem *why)
{
	int inside = q_room_is_participant(store, room_id, user_id, why);
	if (inside != 0)
		return inside;
	int visible = q_room_exists(store, user_id, room_id, why);
	if (visible > 0)
		return problem_say(why, PROBLEM_FORBIDDEN,
				   "You are not in this room. Join it first.");
	return visible < 0 ? -1 : problem_set(why, PROBLEM_ROOM_NOT_FOUND);
}

int room_marker(struct store *store, int64_t user_id, const char *room_id, struct buf *out,
		struct problem *why)
{
	return q_room_reader(store, room_id, user_id, out, why);
}

struct reading {
	struct arena *arena;
	int64_t user_id;
	const char *room_id;
	const struct room_reading *input;
};

static int move_marker(struct store *store, void *context, struct problem *why)
{
	struct reading *r = context;
	struct buf *data = buf_in(r->arena);
	TRY(room_check_inside(store, r->user_id, r->room_id, why));
	int moved = q_room_read(store, r->room_id, r->user_id, r->input->up_to_seq,
				r->input->unread, why);
	if (moved <= 0)
		return moved;
	TRY(room_marker(store, r->user_id, r->room_id, data, why));
	TRY(event_append(store,
			 &(struct event){.kind = EVENT_READ_MARKER,
					 .room_id = r->room_id,
					 .user_id = r->user_id,
					 .data = data->data},
			 why));
	return 1;
}

int room_read(struct arena *arena, struct store *store, int64_t user_id, const char *room_id,
	      const struct room_reading *input, struct problem *why)
{
	struct reading r = {arena, user_id, room_id, input};
	return store_write(store, move_marker, &r, why);
}

int rooms_of_user(struct arena *arena, struct store *store, int64_t user_id,
		  const char ***room_ids_r, struct problem *why)
{
	static const char *const end = NULL;
	struct collected_texts ids = {.arena = arena, .list = buf_in(arena)};
	TRY(q_rooms_of_user(store, user_id, collect_text, &ids, why));
	buf_add(ids.list, &end, sizeof(end));
	*room_ids_r = (const char **)(void *)ids.list->data;
	return 0;
}

/* A page of members on its way into an array. */
struct co_members_page {
	struct co_members_place *place;
	struct buf *out;
	size_t most;
	bool full;
};

static int add_co_member(int64_t user_id, const struct buf *member, void *context,
			 struct problem *why)
{
	(void)why;
	struct co_members_page *page = context;
	page->full = page->out->len + member->len + strlen(",]") > page->most;
	if (page->full)
		return 1;
	page->place->user_id = user_id;
	jw_raw(page->out, member->data, member->len);
	return 0;
}

int room_co_members(struct arena *arena, struct store *store, int64_t viewer,
		    struct co_members_place *place, size_t most, struct buf *out,
		    struct problem *why)
{
	struct co_members_page page = {place, out, most, false};
	const char **room_ids;
	TRY(rooms_of_user(arena, store, viewer, &room_ids, why));
	jw_open(out, '[');
	for (; *room_ids && !page.full; room_ids++) {
		int order = strcmp(*room_ids, place->room_id);
		if (order < 0)
			continue;
		if (order > 0)
			place->user_id = 0;
		snprintf(place->room_id, sizeof(place->room_id), "%s", *room_ids);
		/* A row has 100 bytes at least, so that a page is full before the limit. */
		if (q_room_co_members(store, viewer, clock_now(), place->room_id, place->user_id,
				      (int64_t)(most / 100), add_co_member, &page, why) < 0)
			return -1;
	}
	jw_close(out, ']');
	return page.full;
}

static const struct room_new defaults[] = {
	{.name = "General", .description = "Everybody is here.", .topic = "Anything"},
	{.name = "AEON Hub",
	 .description = "Where people and their AEONs meet.",
	 .topic = "AEONs",
	 .is_aeon_room = true},
	{.name = "Knowledge Exchange",
	 .description = "What we learned, and what we would like to know.",
	 .topic = "Knowledge"},
};
#define DEFAULT_ROOM_SIZE 1000

static int make_default(struct store *store, void *context, struct problem *why)
{
	struct arena *arena = context;
	int made = 0;
	for (size_t i = 0; i < sizeof(defaults) / sizeof(*defaults); i++) {
		int there = q_room_of_realm(NULL, store, defaults[i].name, NULL, why);
		if (there < 0)
			return -1;
		if (there)
			continue;
		struct room_new room = defaults[i];
		const char *id;
		room.is_public = true;
		room.max_participants = DEFAULT_ROOM_SIZE;
		TRY(room_create(arena, store, 0, &room, &id, why));
		made++;
	}
	return made;
}

int rooms_make_default(struct arena *arena, struct store *store, struct problem *why)
{
	return store_write(store, make_default, arena, why);
}
