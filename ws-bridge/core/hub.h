/*
 * Who is connected, and in which rooms they are: what a message needs to find its readers.
 *
 * It is a mirror of the database for the users who are here, changed by nothing but what comes out
 * of the event log in its order, so a message is sent to exactly those who were in the room then.
 * It checks no right and knows no socket; sending is conn.c's.
 */
#ifndef WS_BRIDGE_CORE_HUB_H
#define WS_BRIDGE_CORE_HUB_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "base/uuid.h"
#include "ws-bridge/core/map.h"
#include "ws-bridge/core/wheel.h"

struct bridge;
struct conn;
struct frame;
struct report;
struct reading;
struct typing;

#define USERNAME_TEXT 64 /* bytes; usernames are 50 ASCII characters at most */

struct membership {
	LIST_ENTRY(membership) of_room, of_user;
	struct room *room;
	struct user *user;
	struct reading *reading; /* NULL while nothing was read lately */
};

struct room {
	struct link link;
	char id[UUID_TEXT];
	LIST_HEAD(room_members, membership) members;
	struct typing *typing; /* NULL while nobody is */
};

struct user {
	struct link link;
	struct bridge *bridge;
	int64_t id;
	char name[USERNAME_TEXT];
	LIST_HEAD(user_conns, conn) conns;
	int64_t conn_count;
	LIST_HEAD(user_rooms, membership) rooms;
	struct buf blocked;      /* int64_t ids of those hidden from the user, mostly none */
	struct timer grace;      /* runs while there is no connection */
	struct timer quiet;      /* runs for a moment after others were told of the user */
	const char *told;        /* the status that they were told; NULL: none */
	char entered[UUID_TEXT]; /* a room of which they are to be told yet, or "" */
};

struct hub {
	struct map users, rooms;
};

struct user *hub_user(const struct hub *hub, int64_t user_id);
struct room *hub_room(const struct hub *hub, const char *room_id);
/* NULL when the user is not in the room. */
struct membership *hub_membership(const struct user *user, const char *room_id);

/* A user who was not here, with the rooms that the database named (a list that ends with NULL) and
 * the ids (int64_t) of those who are hidden. */
struct user *hub_user_add(struct bridge *bridge, int64_t user_id, const char *name,
			  const char *const *room_ids, const struct buf *blocked);

/* Whether one is hidden from the other: one of them has blocked the other. */
bool hub_hides(const struct user *user, int64_t other_id);

/* The user must have no connection. Frees it. */
void hub_user_remove(struct user *user);

/* Frees everything, for the end of the program. */
void hub_clear(struct hub *hub);

/* An event from the log: changes memberships and sends it to whom it is for. */
void hub_event(struct bridge *bridge, struct report *report);

/* To all connections of the user; v1_only leaves the others out. */
void hub_send_user(const struct user *user, struct frame *frame, bool v1_only);

#endif
