/*
 * Presence: who is connected, away or gone, in the database and told to those who may know.
 *
 * A user is as present as the most present of the user's connections. After the last one has gone
 * there is a moment of grace, so that a reconnect makes no noise. Others are told at most once a
 * second: it costs a query for each of them.
 */
#ifndef WS_BRIDGE_STATUS_H
#define WS_BRIDGE_STATUS_H

struct command;
struct conn;
struct user;

extern const struct command presence_command;

/* Looks at the user's connections and tells what has changed; room_id, unless NULL, is the room
 * that the user has just entered. */
void status_update(struct user *user, const char *room_id);

/* Tells the connection how those are now of whom it has missed an update. */
void status_remind(struct conn *conn);

#endif
