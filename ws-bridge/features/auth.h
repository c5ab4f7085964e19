/* Who is there: from a token to a user with rooms, and whether the token still counts. */
#ifndef WS_BRIDGE_FEATURES_AUTH_H
#define WS_BRIDGE_FEATURES_AUTH_H

#include <stdint.h>

struct bridge;
struct command;
struct conn;

extern const struct command authenticate_command;

/* With what the request's header has: a token, or a ticket. */
void auth_start(struct conn *conn, const char *token);
void auth_start_by_ticket(struct conn *conn, const char *ticket);

/* A login of the user has ended: ends the connections that came by it. */
void auth_check(struct bridge *bridge, int64_t user_id);

/* The socket is gone: takes the connection from its user. */
void auth_leave(struct conn *conn);

#endif
