/* Who is connected and where: see hub.h. */
#include "ws-bridge/hub.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "ws-bridge/bridge.h"
#include "ws-bridge/conn.h"
#include "ws-bridge/hello.h"
#include "ws-bridge/job.h"
#include "ws-bridge/reading.h"
#include "ws-bridge/typing.h"

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
			  const char *const *room_ids)
{
	struct user *user = xcalloc(1, sizeof(*user));
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

static void send_room(const struct room *room, struct frame *frame, bool v1_only, int64_t but_user)
{
	const struct membership *member;
	struct conn *conn;
	LIST_FOREACH(member, &room->members, of_room) {
		if (member->user->id == but_user)
			continue;
		LIST_FOREACH(conn, &member->user->conns, of_user)
			if ((conn->v1 || !v1_only) && hello_hears(conn, room->id))
				conn_send(conn, frame);
	}
}

void hub_event(struct bridge *bridge, const struct news *news)
{
	bool v1_only = event_audience(news->kind) == HEARD_BY_V1;
	struct user *user = news->user_id ? hub_user(&bridge->hub, news->user_id) : NULL;
	struct membership *member = user ? hub_membership(user, news->room_id) : NULL;
	if (member && news->kind == EVENT_USER_LEFT)
		leave(member);
	struct room *room = hub_room(&bridge->hub, news->room_id);
	if (room)
		send_room(room, news->frame, v1_only, news->user_id);
	else if (user && !news->room_id[0])
		hub_send_user(user, news->frame, v1_only);
	if (user && news->kind == EVENT_USER_JOINED)
		enter(user, news->room_id);
}
