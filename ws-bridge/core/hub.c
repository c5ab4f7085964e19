/* Who is connected and where: see hub.h. */
#include "ws-bridge/core/hub.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/frame.h"
#include "ws-bridge/features/hello.h"
#include "ws-bridge/core/job.h"
#include "ws-bridge/features/read_marker.h"
#include "ws-bridge/features/typing.h"
#include "realm/changes.h"

struct user *hub_user(const struct hub *hub, int64_t user_id)
{
	for (struct link *at = map_find(&hub->users, hash_int(user_id)); at; at = map_next(at)) {
		struct user *user = container_of(at, struct user, link);
		if (user->id == user_id)
			return user;
	}
	return NULL;
}

struct room *hub_room(const struct hub *hub, const char *room_id)
{
	for (struct link *at = map_find(&hub->rooms, hash_text(room_id)); at; at = map_next(at)) {
		struct room *room = container_of(at, struct room, link);
		if (strcmp(room->id, room_id) == 0)
			return room;
	}
	return NULL;
}

/* A user is in few rooms, so a walk is shorter than a second index. */
struct membership *hub_membership(const struct user *user, const char *room_id)
{
	struct membership *member;
	LIST_FOREACH(member, &user->rooms, of_user)
		if (strcmp(member->room->id, room_id) == 0)
			break;
	return member;
}

static void enter(struct user *user, const char *room_id)
{
	struct hub *hub = &user->bridge->hub;
	if (hub_membership(user, room_id))
		return;
	struct room *room = hub_room(hub, room_id);
	if (!room) {
		room = xcalloc(1, sizeof(*room));
		snprintf(room->id, sizeof(room->id), "%s", room_id);
		map_add(&hub->rooms, &room->link, hash_text(room_id));
	}
	struct membership *member = xcalloc(1, sizeof(*member));
	member->room = room;
	member->user = user;
	LIST_INSERT_HEAD(&room->members, member, of_room);
	LIST_INSERT_HEAD(&user->rooms, member, of_user);
}

static void leave(struct membership *member)
{
	struct room *room = member->room;
	struct user *user = member->user;
	LIST_REMOVE(member, of_room);
	LIST_REMOVE(member, of_user);
	reading_free(member);
	free(member);
	typing_set(user->bridge, room, user->id, user->name, false);
	if (!LIST_EMPTY(&room->members))
		return;
	typing_free(room);
	map_remove(&user->bridge->hub.rooms, &room->link);
	free(room);
}

struct user *hub_user_add(struct bridge *bridge, int64_t user_id, const char *name,
			  const char *const *room_ids, const struct buf *blocked)
{
	struct user *user = xcalloc(1, sizeof(*user));
	buf_add(&user->blocked, blocked->data, blocked->len);
	user->bridge = bridge;
	user->id = user_id;
	snprintf(user->name, sizeof(user->name), "%s", name);
	map_add(&bridge->hub.users, &user->link, hash_int(user_id));
	for (; *room_ids; room_ids++)
		enter(user, *room_ids);
	return user;
}

void hub_user_remove(struct user *user)
{
	wheel_cancel(&user->grace);
	wheel_cancel(&user->quiet);
	while (!LIST_EMPTY(&user->rooms))
		leave(LIST_FIRST(&user->rooms));
	map_remove(&user->bridge->hub.users, &user->link);
	buf_free(&user->blocked);
	free(user);
}

static void remove_link(struct link *link)
{
	hub_user_remove(container_of(link, struct user, link));
}

void hub_clear(struct hub *hub)
{
	map_each(&hub->users, remove_link);
	map_free(&hub->users);
	map_free(&hub->rooms);
}

void hub_send_user(const struct user *user, struct frame *frame, bool v1_only)
{
	struct conn *conn;
	LIST_FOREACH(conn, &user->conns, of_user)
		if (conn->v1 || !v1_only)
			conn_send(conn, frame);
}

/* --- who is hidden from whom ------------------------------------------------------------------ */

/* NULL: not hidden. */
static char *find_blocked(const struct user *user, int64_t other_id)
{
	for (size_t at = 0; at < user->blocked.len; at += sizeof(other_id))
		if (memcmp(user->blocked.data + at, &other_id, sizeof(other_id)) == 0)
			return user->blocked.data + at;
	return NULL;
}

bool hub_hides(const struct user *user, int64_t other_id)
{
	return find_blocked(user, other_id);
}

static void set_blocked(struct user *user, int64_t other_id, bool blocked)
{
	char *at = find_blocked(user, other_id);
	if (!at == !blocked)
		return;
	if (blocked) {
		buf_add(&user->blocked, &other_id, sizeof(other_id));
		return;
	}
	user->blocked.len -= sizeof(other_id);
	memcpy(at, user->blocked.data + user->blocked.len, sizeof(other_id));
}

/* Of an entry of the room's log it is told that it is there, so that its numbers have no hole. */
static struct frame *hidden_frame(struct report *report)
{
	if (!report->hidden) {
		struct buf data = {0};
		hidden_show(report->room_id, report->seq, &data);
		report->hidden =
			frame_message(event_name(EVENT_HIDDEN), report->pos, data.data, data.len);
		report->hidden->class = FRAME_EVENT;
		buf_free(&data);
	}
	return report->hidden;
}

/* --- events ----------------------------------------------------------------------------------- */

static void send_member(const struct membership *member, struct report *report)
{
	const struct user *user = member->user;
	bool v1_only = event_audience(report->kind) == HEARD_BY_V1;
	struct frame *frame = report->frame;
	struct conn *conn;
	if (hub_hides(user, report->user_id) || hub_hides(user, report->other_id)) {
		if (!report->seq)
			return;
		frame = hidden_frame(report);
		v1_only = true;
	}
	LIST_FOREACH(conn, &user->conns, of_user)
		if ((conn->v1 || !v1_only) && hello_hears(conn, member->room->id))
			conn_send(conn, frame);
}

static void send_room(const struct room *room, struct report *report)
{
	const struct membership *member;
	LIST_FOREACH(member, &room->members, of_room)
		if (report->seq || member->user->id != report->user_id)
			send_member(member, report);
}

/* The room goes with the last one. */
static void empty(struct room *room)
{
	struct membership *member = LIST_FIRST(&room->members), *next;
	for (; member; member = next) {
		next = LIST_NEXT(member, of_room);
		leave(member);
	}
}

void hub_event(struct bridge *bridge, struct report *report)
{
	struct user *user = report->user_id ? hub_user(&bridge->hub, report->user_id) : NULL;
	struct membership *member = user ? hub_membership(user, report->room_id) : NULL;
	if (member && report->kind == EVENT_USER_LEFT)
		leave(member);
	struct room *room = hub_room(&bridge->hub, report->room_id);
	if (room && report->kind == EVENT_ROOM_GONE)
		empty(room);
	else if (room)
		send_room(room, report);
	else if (user && event_audience(report->kind) == HEARD_BY_BRIDGE)
		set_blocked(user, report->other_id, report->kind == EVENT_BLOCKED);
	else if (user && !report->room_id[0])
		hub_send_user(user, report->frame, event_audience(report->kind) == HEARD_BY_V1);
	if (user && report->kind == EVENT_USER_JOINED)
		enter(user, report->room_id);
}
