/* The rooms whose live events a connection wants; by default all rooms that its user is in. */
#ifndef WS_BRIDGE_CORE_SUBSCRIPTION_H
#define WS_BRIDGE_CORE_SUBSCRIPTION_H

#include <stdbool.h>
#include <stddef.h>

struct conn;

#define SUBSCRIPTION_MAX 200 /* rooms */

/* Replaces the connection's subscription; room_ids NULL: all rooms. */
void subscribe(struct conn *conn, const char *const *room_ids, size_t count);

/* Adds a room. A connection that has SUBSCRIPTION_MAX rooms wants all rooms from then on. */
void subscribe_also(struct conn *conn, const char *room_id);

/* Whether the connection wants the live events of that room. */
bool subscribed(const struct conn *conn, const char *room_id);

#endif
