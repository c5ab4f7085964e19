/*
 * The command `typing`: which users and twins are typing in a room. It does not go through the log,
 * because a moment later it is worthless.
 *
 * A room gets indicators at most once a second, however much its users type. Typing ends by itself
 * when the client does not repeat it. A client of compat mode gets an indicator for each user whose
 * state has changed. A client of aeon.v1 gets one indicator about all: the number of users who
 * type, and the last ones to begin. It replaces the last one; a client that was too slow gets it
 * again. A client that connects or enters a room is told which users type there.
 */
#include "ws-bridge/features/typing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_out.h"
#include "base/memory.h"
#include "realm/settings.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/commands.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/frame.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/job.h"
#include "ws-bridge/core/live.h"
#include "ws-bridge/core/message.h"
#include "ws-bridge/core/peers.h"
#include "ws-bridge/core/subscription.h"
#include "ws-bridge/features/features.h"

#define ENDS_MS 6000
#define COALESCED_MS 1000
#define USERS_SHOWN 100  /* with usernames of 50 letters they fit into LIST_MESSAGE_MAX */
#define MESSAGE "typing" /* to other bridges */

struct typist {
	LIST_ENTRY(typist) link;
	struct typing *typing;
	int64_t user_id;
	char name[USERNAME_TEXT];
	bool is_aeon; /* the user's twin, not the user */
	bool is_typing;
	bool reported, changed;  /* what the last indicator said, and whether it is new */
	const struct conn *conn; /* that said so last; only compared. NULL: another bridge */
	struct timer end;
};

struct typing {
	struct bridge *bridge;
	struct room *room;
	LIST_HEAD(typists, typist) typists;
	struct timer quiet; /* runs for a second after an indicator */
};

static void typist_free(struct typist *typist)
{
	wheel_cancel(&typist->end);
	LIST_REMOVE(typist, link);
	free(typist);
}

static void typing_free(struct room *room)
{
	struct typing *typing = room->typing;
	if (!typing)
		return;
	wheel_cancel(&typing->quiet);
	while (!LIST_EMPTY(&typing->typists))
		typist_free(LIST_FIRST(&typing->typists));
	free(typing);
	room->typing = NULL;
}

/* --- indicators ------------------------------------------------------------------------------- */

static const struct property typist_properties[] = {
	PROPERTY("user_id", INT),
	PROPERTY("username", TEXT),
	PROPERTY("is_aeon", BOOL, .help = "Whether it is the user's twin."),
};
static const struct shape typist_shape = SHAPE("Typist", typist_properties);

static const struct property indicator_properties[] = {
	PROPERTY("user_id", INT),
	PROPERTY("username", TEXT),
	PROPERTY("room_id", TEXT),
	PROPERTY("is_typing", BOOL),
	PROPERTY("is_aeon", BOOL, .help = "Whether it is the user's twin."),
	PROPERTY("users", LIST, .of = &typist_shape,
		 .help = "The users who type, at most the last 100 to begin. The list replaces "
			 "the one before."),
	PROPERTY("users_count", INT, .help = "Number of users who type."),
};
static const struct shape indicator_shape = SHAPE("TypingIndicator", indicator_properties);

static const struct message typing_indicator_message = {
	.type = "typing_indicator",
	.shape = &indicator_shape,
	.help = "A member types or has stopped typing."};

/* Writes `users` and `users_count` as `user` sees them. NULL: as a user who sees all members. */
static void put_typists(struct buf *data, const struct room *room, const struct user *user)
{
	const struct typist *typist = room->typing ? LIST_FIRST(&room->typing->typists) : NULL;
	int count = 0;
	jw_key(data, "users"), jw_open(data, '[');
	for (; typist; typist = LIST_NEXT(typist, link)) {
		if (!typist->reported || (user && hub_hides(user, typist->user_id)))
			continue;
		if (++count > USERS_SHOWN)
			continue;
		jw_open(data, '{');
		jw_kv_int(data, "user_id", typist->user_id);
		jw_kv_text(data, "username", typist->name);
		jw_kv_bool(data, "is_aeon", typist->is_aeon);
		jw_close(data, '}');
	}
	jw_close(data, ']');
	jw_kv_int(data, "users_count", count);
}

/* The frame for `user`. NULL: the frame for every user who sees all members. */
static struct frame *indicator_frame(const struct room *room, const struct typist *about,
				     const struct user *user)
{
	struct buf data = {0};
	jw_open(&data, '{');
	jw_kv_int(&data, "user_id", about->user_id);
	jw_kv_text(&data, "username", about->name);
	jw_kv_text(&data, "room_id", room->id);
	jw_kv_bool(&data, "is_typing", about->reported);
	jw_kv_bool(&data, "is_aeon", about->is_aeon);
	put_typists(&data, room, user);
	jw_close(&data, '}');
	struct frame *frame = frame_message(typing_indicator_message.type, 0, data.data, data.len);
	frame->class = FRAME_STATE;
	buf_free(&data);
	return frame;
}

/* Users get no indicator about themselves, but about their twins. */
static bool is_own(const struct user *user, const struct typist *about)
{
	return user->id == about->user_id && !about->is_aeon;
}

/*
 * Sends the indicator of one typist. One indicator is enough for clients of aeon.v1, so they get it
 * only with `list`: all of them, or, unless `only_user` is 0, those of that user.
 */
static void send_indicator(const struct typing *typing, const struct typist *about, bool list,
			   int64_t only_user)
{
	struct frame *shared = indicator_frame(typing->room, about, NULL);
	const struct membership *member;
	struct conn *conn;
	LIST_FOREACH(member, &typing->room->members, of_room) {
		const struct user *user = member->user;
		if (is_own(user, about) || hub_hides(user, about->user_id))
			continue;
		struct frame *own =
			user->hidden.len ? indicator_frame(typing->room, about, user) : NULL;
		bool to_v1 = own || (list && (!only_user || only_user == user->id));
		LIST_FOREACH(conn, &user->conns, of_user)
			if ((!conn->v1 || to_v1) && subscribed(conn, typing->room->id))
				live_send(conn, own ? own : shared);
		frame_unref(&own);
	}
	frame_unref(&shared);
}

/* Users get no indicator about themselves. So the user of the first indicator gets the list with
 * the second one. */
static bool send_changes(struct typing *typing)
{
	const struct typist *first = NULL;
	struct typist *typist;
	int sent = 0;
	LIST_FOREACH(typist, &typing->typists, link) {
		typist->changed = typist->is_typing != typist->reported;
		typist->reported = typist->is_typing;
	}
	LIST_FOREACH(typist, &typing->typists, link) {
		if (!typist->changed)
			continue;
		send_indicator(typing, typist, sent < 2, first ? first->user_id : 0);
		first = first ? first : typist;
		sent++;
	}
	return sent > 0;
}

static void typing_report(struct typing *typing);

static void typing_quiet_over(struct timer *timer)
{
	typing_report(container_of(timer, struct typing, quiet));
}

/* Sends what has changed, unless something was sent a moment ago; then the timer does it. */
static void typing_report(struct typing *typing)
{
	if (typing->quiet.due)
		return;
	bool changed = send_changes(typing);
	for (struct typist *typist = LIST_FIRST(&typing->typists), *next; typist; typist = next) {
		next = LIST_NEXT(typist, link);
		if (!typist->is_typing)
			typist_free(typist);
	}
	if (changed)
		wheel_set(&typing->bridge->wheel, &typing->quiet, COALESCED_MS, typing_quiet_over);
	else if (LIST_EMPTY(&typing->typists))
		typing_free(typing->room);
}

/* --- what a connection does not know ---------------------------------------------------------- */

static void show_typist(struct conn *conn, const struct room *room, const struct typist *about)
{
	struct frame *frame = indicator_frame(room, about, conn->user);
	live_send(conn, frame);
	frame_unref(&frame);
}

/*
 * A client of aeon.v1 gets one indicator, about its own user, for the list. What is not reported
 * yet is told later to all.
 */
static void show_room(struct conn *conn, const struct room *room)
{
	const struct typist *typist = room->typing ? LIST_FIRST(&room->typing->typists) : NULL;
	struct typist own = {.user_id = conn->user->id};
	if (!subscribed(conn, room->id))
		return;
	for (; typist; typist = LIST_NEXT(typist, link)) {
		if (is_own(conn->user, typist))
			own.reported = typist->reported;
		else if (!conn->v1 && typist->reported && !hub_hides(conn->user, typist->user_id))
			show_typist(conn, room, typist);
	}
	snprintf(own.name, sizeof(own.name), "%s", conn->user->name);
	if (conn->v1)
		show_typist(conn, room, &own);
}

void typing_show(struct conn *conn, const char *room_id)
{
	const struct membership *member = hub_membership(conn->user, room_id);
	if (member && member->room->typing)
		show_room(conn, member->room);
}

void typing_show_all(struct conn *conn)
{
	const struct membership *member;
	LIST_FOREACH(member, &conn->user->rooms, of_user)
		typing_show(conn, member->room->id);
}

/*
 * Typing that has ended meanwhile must be told, too. A user in hundreds of rooms is not told of
 * all: the indicators alone would fill the queue, be dropped, and so be sent again without end.
 */
static void typing_conn_drained(struct conn *conn, int64_t missed_since)
{
	const struct membership *member;
	size_t most = (size_t)conn->bridge->settings->ws_queue_bytes / 4;
	(void)missed_since;
	LIST_FOREACH(member, &conn->user->rooms, of_user)
		if (conn->out.bytes < most)
			show_room(conn, member->room);
}

static void typing_event(struct bridge *bridge, const struct report *event)
{
	const struct user *user = hub_user(&bridge->hub, event->user_id);
	struct conn *conn;
	if (!user || (event->kind != EVENT_USER_JOINED && event->kind != EVENT_MEMBER_RETURNED))
		return;
	LIST_FOREACH(conn, &user->conns, of_user)
		typing_show(conn, event->room_id);
}

/* --- the users who are typing ----------------------------------------------------------------- */

static void typist_late(struct timer *timer)
{
	struct typist *typist = container_of(timer, struct typist, end);
	typist->is_typing = false;
	typing_report(typist->typing);
}

static struct typist *typist_of(struct typing *typing, int64_t user_id, const char *name,
				bool is_aeon)
{
	struct typist *typist;
	LIST_FOREACH(typist, &typing->typists, link)
		if (typist->user_id == user_id && typist->is_aeon == is_aeon)
			return typist;
	typist = xcalloc(1, sizeof(*typist));
	typist->typing = typing;
	typist->user_id = user_id;
	typist->is_aeon = is_aeon;
	snprintf(typist->name, sizeof(typist->name), "%s", name);
	LIST_INSERT_HEAD(&typing->typists, typist, link);
	return typist;
}

/* A connection does not end the typing of another one. */
static void typing_set(struct bridge *bridge, struct room *room, const struct conn *conn,
		       int64_t user_id, const char *name, bool is_aeon, bool is_typing)
{
	if (!room->typing && !is_typing)
		return;
	if (!room->typing) {
		room->typing = xcalloc(1, sizeof(*room->typing));
		room->typing->bridge = bridge;
		room->typing->room = room;
	}
	struct typist *typist = typist_of(room->typing, user_id, name, is_aeon);
	if (!is_typing && typist->is_typing && typist->conn != conn)
		return;
	typist->conn = conn;
	typist->is_typing = is_typing;
	if (is_typing)
		wheel_set(&bridge->wheel, &typist->end, ENDS_MS, typist_late);
	else
		wheel_cancel(&typist->end);
	typing_report(room->typing);
}

static void typing_member_left(struct membership *member)
{
	struct typing *typing = member->room->typing;
	struct typist *typist;
	if (!typing)
		return;
	LIST_FOREACH(typist, &typing->typists, link)
		if (typist->user_id == member->user->id)
			typist->is_typing = false;
	typing_report(typing);
}

/* --- the message from another bridge, or from aeon-twin --------------------------------------- */

struct typing_message {
	int64_t user_id;
	const char *room_id;
	const char *username;
	bool is_aeon, is_typing;
};

static const struct field typing_message_rows[] = {
	FIELD(struct typing_message, user_id, INT, .required = true, .min = 1, .max = 9e15),
	FIELD(struct typing_message, room_id, TEXT, .required = true,
	      .pattern = FIELD_UUID_PATTERN),
	FIELD(struct typing_message, username, TEXT, .required = true, .max = USERNAME_TEXT - 1),
	FIELD(struct typing_message, is_aeon, BOOL, .default_value = "false"),
	FIELD(struct typing_message, is_typing, BOOL, .required = true),
};
static const struct fields typing_message_fields =
	FIELDS(struct typing_message, typing_message_rows);

static void typing_take_message(struct bridge *bridge, const void *input)
{
	const struct typing_message *message = input;
	struct room *room = hub_room(&bridge->hub, message->room_id);
	if (room)
		typing_set(bridge, room, NULL, message->user_id, message->username,
			   message->is_aeon, message->is_typing);
}

static const struct peer_message typing_message = {
	.type = MESSAGE, .fields = &typing_message_fields, .take = typing_take_message};

static void typing_send_to_peers(const struct bridge *bridge, const char *room_id,
				 const struct user *user, bool is_typing)
{
	struct buf data = {0};
	jw_open(&data, '{');
	jw_kv_int(&data, "user_id", user->id);
	jw_kv_text(&data, "room_id", room_id);
	jw_kv_text(&data, "username", user->name);
	jw_kv_bool(&data, "is_typing", is_typing);
	jw_close(&data, '}');
	peers_send(bridge, MESSAGE, &data);
	buf_free(&data);
}

/* --- the command ------------------------------------------------------------------------------ */

struct typing_input {
	bool is_typing;
};

static const struct field typing_rows[] = {
	FIELD(struct typing_input, is_typing, BOOL, .required = true,
	      .help = "Whether the user is typing."),
};
static const struct fields typing_fields = FIELDS(struct typing_input, typing_rows);

static void typing_tell(const struct conn *conn, const struct membership *member, bool is_typing)
{
	const struct user *user = conn->user;
	typing_set(conn->bridge, member->room, conn, user->id, user->name, false, is_typing);
	typing_send_to_peers(conn->bridge, member->room->id, user, is_typing);
}

void typing_end(const struct conn *conn, const char *room_id)
{
	const struct membership *member = hub_membership(conn->user, room_id);
	if (member && member->room->typing)
		typing_tell(conn, member, false);
}

static void typing_run(struct request *request)
{
	const struct typing_input *input = request->input;
	const struct membership *member = hub_membership(request->conn->user, request->room_id);
	struct problem why = {0};
	if (member) {
		typing_tell(request->conn, member, input->is_typing);
		return;
	}
	problem_set(&why, PROBLEM_ROOM_NOT_FOUND);
	request_refuse(request, &why);
}

static const struct command typing_command = {.type = "typing",
					      .fields = &typing_fields,
					      .takes_room = true,
					      .help = "Say that the user types, or stopped.",
					      .run = typing_run};

const struct feature typing_feature = {
	.commands = (const struct command *const[]){&typing_command, NULL},
	.messages = (const struct message *const[]){&typing_indicator_message, NULL},
	.peer_message = &typing_message,
	.conn_drained = typing_conn_drained,
	.event = typing_event,
	.member_left = typing_member_left,
	.room_ended = typing_free,
};
