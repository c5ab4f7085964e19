/* The welcome of a client of aeon.v1. */
#ifndef WS_BRIDGE_FEATURES_HELLO_H
#define WS_BRIDGE_FEATURES_HELLO_H

struct conn;

/* Tells the client who it is, where the log is, and which limits hold. */
void hello_welcome(struct conn *conn);

#endif
