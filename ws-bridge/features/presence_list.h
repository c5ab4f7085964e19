/*
 * Presences that one connection, or all of a user, are told together: what a client does not learn
 * from the updates, since it was not there when they were sent.
 *
 * A long list comes in portions. For a reader that is too slow for them it goes on once the queue
 * has drained.
 */
#ifndef WS_BRIDGE_FEATURES_PRESENCE_LIST_H
#define WS_BRIDGE_FEATURES_PRESENCE_LIST_H

#include <stdint.h>

struct conn;
struct message;
struct user;

extern const struct message presence_update_message; /* of presence.c */

/* A new connection: friends who are connected. Members of rooms are in room_participants. */
void presence_list_friends(struct conn *conn);

/* The user has entered the room: the members who are connected. */
void presence_list_room(const struct user *user, const char *room_id);

/* The user has left the room: tells the user that its members are offline. A member who shares
 * another room with the user, or has made the user a friend, keeps the status. */
void presence_list_left(const struct user *user, const char *room_id);

/* Co-members and friends whose presence has changed since that moment, in microseconds. */
void presence_list_missed(struct conn *conn, int64_t since);

/* The queue has drained: goes on with lists that were interrupted, and tells again the presences
 * that were dropped. */
void presence_list_drained(struct conn *conn, int64_t since);

#endif
