/*
 * The connected users and their rooms. With these, the bridge finds the readers of an event.
 *
 * It is a mirror of the database for the users who are connected, changed only by what comes out of
 * the event log in its order. So a message is sent to exactly those users who were in the room at
 * that moment. It checks no right and sends nothing; live.c does that.
 */
#ifndef WS_BRIDGE_CORE_HUB_H
#define WS_BRIDGE_CORE_HUB_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "base/uuid.h"
#include "ws-bridge/core/map.h"

struct bridge;
struct conn;
struct presence;
struct read_marker;
struct typing;

#define USERNAME_TEXT 64 /* bytes; usernames are 50 ASCII characters at most */

struct membership {
	LIST_ENTRY(membership) of_room, of_user;
	struct room *room;
	struct user *user;
	struct read_marker *read_marker; /* of features/read_marker.c, or NULL */
};

struct room {
	struct link link;
	char id[UUID_TEXT];
	LIST_HEAD(room_members, membership) members;
	struct typing *typing; /* of features/typing.c, or NULL */
};

struct user {
	struct link link;
	struct hub *hub;
	int64_t id;
	char name[USERNAME_TEXT];
	LIST_HEAD(user_conns, conn) conns;
	int64_t conn_count;
	LIST_HEAD(user_rooms, membership) rooms;
	struct buf hidden;         /* int64_t ids of users who are hidden, mostly none */
	struct presence *presence; /* of features/presence.c, or NULL */
};

struct hub {
	struct bridge *bridge;
	struct map users, rooms;
};

struct user *hub_user(const struct hub *hub, int64_t user_id);
struct room *hub_room(const struct hub *hub, const char *room_id);
/* NULL when the user is not in the room. */
struct membership *hub_membership(const struct user *user, const char *room_id);

/* Adds a user who was not connected, with the rooms that the database named (a list that ends with
 * NULL) and the ids (int64_t) of the users who are hidden. */
struct user *hub_user_add(struct hub *hub, int64_t user_id, const char *name,
			  const char *const *room_ids, const struct buf *hidden);

/* Frees the user, who must have no connection. */
void hub_user_remove(struct user *user);

/* Nothing happens when the user is in the room already. */
void hub_enter(struct user *user, const char *room_id);

/* Ends the membership, and the room with its last one. */
void hub_leave(struct membership *member);

/* Ends all memberships of the room, and so the room. */
void hub_empty(struct room *room);

/* Whether the two users are hidden from each other: one of them has blocked the other. */
bool hub_hides(const struct user *user, int64_t other_id);
void hub_set_hidden(struct user *user, int64_t other_id, bool hidden);

/* Frees everything, for the end of the program. */
void hub_clear(struct hub *hub);

#endif
