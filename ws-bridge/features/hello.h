/* How a client wants to be spoken to: by which protocol, of which rooms; and its welcome. */
#ifndef WS_BRIDGE_FEATURES_HELLO_H
#define WS_BRIDGE_FEATURES_HELLO_H

#include <stdbool.h>

struct command;
struct conn;

extern const struct command hello_command;

/* Whether the connection wants the live events of a room that its user is in. */
bool hello_hears(const struct conn *conn, const char *room_id);

/* Tells a client of aeon.v1 who it is and what it needs to know. */
void hello_welcome(struct conn *conn);

#endif
