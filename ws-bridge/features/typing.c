/*
 * Typing: see typing.h.
 *
 * A client of compat mode gets an indicator for each person whose state changed; one of aeon.v1 a
 * single one, whose `users` is the whole list and replaces the last.
 */
#include "ws-bridge/features/typing.h"

#include <stdio.h>
#include <string.h>

#include "base/json_out.h"
#include "base/memory.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/commands.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/frame.h"
#include "ws-bridge/features/hello.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/peers.h"

#define ENDS_MS 6000
#define COALESCED_MS 1000

struct typist {
	LIST_ENTRY(typist) link;
	struct typing *typing;
	int64_t user_id;
	char name[USERNAME_TEXT];
	bool is_typing, told; /* how it is, and how the room believes it to be */
	struct timer end;
};

struct typing {
	struct bridge *bridge;
	struct room *room;
	LIST_HEAD(typists, typist) typists;
	struct timer quiet; /* runs for a second after the room was told */
};

/* For everybody, or for a user from whom somebody is hidden. */
static struct frame *indicator(const struct typing *typing, const struct typist *about,
			       const struct user *user)
{
	struct buf data = {0};
	const struct typist *typist;
	jw_open(&data, '{');
	jw_kv_int(&data, "user_id", about->user_id);
	jw_kv_text(&data, "username", about->name);
	jw_kv_text(&data, "room_id", typing->room->id);
	jw_kv_bool(&data, "is_typing", about->is_typing);
	jw_key(&data, "users"), jw_open(&data, '[');
	LIST_FOREACH(typist, &typing->typists, link) {
		if (!typist->is_typing || (user && hub_hides(user, typist->user_id)))
			continue;
		jw_open(&data, '{');
		jw_kv_int(&data, "user_id", typist->user_id);
		jw_kv_text(&data, "username", typist->name);
		jw_close(&data, '}');
	}
	jw_close(&data, ']');
	jw_close(&data, '}');
	struct frame *frame = frame_message("typing_indicator", 0, data.data, data.len);
	frame->class = FRAME_TYPING;
	buf_free(&data);
	return frame;
}

/* Sends one person's indicator. With `list` those of aeon.v1 get it too, which need only one: all
 * of them, or `alone` alone. */
static void send_indicator(const struct typing *typing, const struct typist *about, bool list,
			   int64_t alone)
{
	struct frame *shared = indicator(typing, about, NULL);
	const struct membership *member;
	struct conn *conn;
	LIST_FOREACH(member, &typing->room->members, of_room) {
		const struct user *user = member->user;
		if (user->id == about->user_id || hub_hides(user, about->user_id))
			continue;
		struct frame *own = user->blocked.len ? indicator(typing, about, user) : NULL;
		bool to_v1 = own || (list && (!alone || alone == user->id));
		LIST_FOREACH(conn, &user->conns, of_user)
			if ((!conn->v1 || to_v1) && hello_hears(conn, typing->room->id))
				conn_send(conn, own ? own : shared);
		frame_unref(&own);
	}
	frame_unref(&shared);
}

/* Nobody is told of oneself, so whom the first indicator is about gets the list by the second. */
static bool tell_changes(struct typing *typing)
{
	const struct typist *first = NULL;
	struct typist *typist;
	int told = 0;
	LIST_FOREACH(typist, &typing->typists, link) {
		if (typist->is_typing == typist->told)
			continue;
		send_indicator(typing, typist, told < 2, first ? first->user_id : 0);
		first = first ? first : typist;
		told++;
	}
	return told > 0;
}

static void free_typist(struct typist *typist)
{
	wheel_cancel(&typist->end);
	LIST_REMOVE(typist, link);
	free(typist);
}

static void tell(struct typing *typing);

static void quiet_over(struct timer *timer)
{
	tell(container_of(timer, struct typing, quiet));
}

/* Tells the room what has changed, unless it was told a moment ago; then the timer comes here. */
static void tell(struct typing *typing)
{
	if (typing->quiet.due)
		return;
	bool changed = tell_changes(typing);
	for (struct typist *typist = LIST_FIRST(&typing->typists), *next; typist; typist = next) {
		next = LIST_NEXT(typist, link);
		typist->told = typist->is_typing;
		if (!typist->is_typing)
			free_typist(typist);
	}
	if (changed)
		wheel_set(&typing->bridge->wheel, &typing->quiet, COALESCED_MS, quiet_over);
	else if (LIST_EMPTY(&typing->typists))
		typing_free(typing->room);
}

static void ended(struct timer *timer)
{
	struct typist *typist = container_of(timer, struct typist, end);
	typist->is_typing = false;
	tell(typist->typing);
}

static struct typist *typist_of(struct typing *typing, int64_t user_id, const char *name)
{
	struct typist *typist;
	LIST_FOREACH(typist, &typing->typists, link)
		if (typist->user_id == user_id)
			return typist;
	typist = xcalloc(1, sizeof(*typist));
	typist->typing = typing;
	typist->user_id = user_id;
	snprintf(typist->name, sizeof(typist->name), "%s", name);
	LIST_INSERT_HEAD(&typing->typists, typist, link);
	return typist;
}

void typing_set(struct bridge *bridge, struct room *room, int64_t user_id, const char *name,
		bool is_typing)
{
	if (!room->typing && !is_typing)
		return;
	if (!room->typing) {
		room->typing = xcalloc(1, sizeof(*room->typing));
		room->typing->bridge = bridge;
		room->typing->room = room;
	}
	struct typist *typist = typist_of(room->typing, user_id, name);
	typist->is_typing = is_typing;
	if (is_typing)
		wheel_set(&bridge->wheel, &typist->end, ENDS_MS, ended);
	else
		wheel_cancel(&typist->end);
	tell(room->typing);
}

void typing_free(struct room *room)
{
	struct typing *typing = room->typing;
	if (!typing)
		return;
	wheel_cancel(&typing->quiet);
	while (!LIST_EMPTY(&typing->typists))
		free_typist(LIST_FIRST(&typing->typists));
	free(typing);
	room->typing = NULL;
}

/* --- the command ------------------------------------------------------------------------------ */

struct typing_input {
	bool is_typing;
};

static const struct field typing_rows[] = {
	FIELD(struct typing_input, is_typing, BOOL, .required = true),
};
static const struct fields typing_fields = FIELDS(struct typing_input, typing_rows);

static void run(struct request *request)
{
	const struct typing_input *input = request->input;
	struct user *user = request->conn->user;
	struct problem why = {0};
	const struct membership *member = hub_membership(user, request->room_id);
	if (member) {
		typing_set(user->bridge, member->room, user->id, user->name, input->is_typing);
		peers_tell_typing(user->bridge, member->room->id, user, input->is_typing);
		return;
	}
	problem_say(&why, PROBLEM_FORBIDDEN, "Join the room first");
	request_refuse(request, &why);
}

const struct command typing_command = {
	.type = "typing", .fields = &typing_fields, .takes_room = true, .run = run};
