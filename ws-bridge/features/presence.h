/*
 * Presence: who is connected, away or gone, in the database and told to those who may know.
 *
 * A user is as present as the most present of the user's connections. After the last one has gone
 * there is a moment of grace, so that a reconnect makes no noise. Others are told at most once a
 * second: it costs a query for each of them.
 */
#ifndef WS_BRIDGE_FEATURES_PRESENCE_H
#define WS_BRIDGE_FEATURES_PRESENCE_H

#include <stdint.h>

struct bridge;
struct command;
struct conn;
struct hub;
struct user;

extern const struct command presence_command;

/* Looks at the user's connections and tells what has changed; room_id, unless NULL, is the room
 * that the user has just entered. */
void presence_update(struct user *user, const char *room_id);

/* The user's presence has changed by another bridge: tells those who are here. */
void presence_heard(struct bridge *bridge, int64_t user_id);

/* The user was connected to a bridge that is gone: tells everybody. */
void presence_forgotten(struct bridge *bridge, int64_t user_id);

/* Others have taken this bridge for gone: puts the presence of all who are here anew. */
void presence_again(struct hub *hub);

/* Tells the connection how those are now of whom it has missed an update. */
void presence_remind(struct conn *conn);

#endif
