/*
 * Presence: whether a user is connected, away or offline. It is written to the database and sent to
 * the users who may see it.
 *
 * A user is as present as the most present of the user's connections. After the last connection is
 * gone there is a time of grace, so that a reconnect goes unnoticed. A change is reported at
 * most once a second, because that costs a query for each viewer.
 */
#ifndef WS_BRIDGE_FEATURES_PRESENCE_H
#define WS_BRIDGE_FEATURES_PRESENCE_H

#include <stdint.h>

struct bridge;
struct conn;
struct user;

/* Looks at the user's connections and reports a change; room_id, unless NULL, is the room that the
 * user has just entered. */
void presence_update(struct user *user, const char *room_id);

/* The connection is new: tells it which friends are there, and others of the user. */
void presence_arrived(struct conn *conn);

/* The user was connected to a bridge that is gone: tells the users of all bridges. */
void presence_forgotten(struct bridge *bridge, int64_t user_id);

/* Other bridges have taken this one for gone: writes the presence of all its users again. */
void presence_repeat(struct bridge *bridge);

#endif
