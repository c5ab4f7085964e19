/*
 * What a socket tells its connection: messages, the client's close frame, and the end. conn_open()
 * comes first.
 */
#ifndef WS_BRIDGE_CORE_RECEIVE_H
#define WS_BRIDGE_CORE_RECEIVE_H

#include <stdbool.h>
#include <stddef.h>

struct conn;
struct credentials;

/* A part of a message as it came in. */
struct part {
	const char *text;
	size_t bytes;
	size_t left; /* bytes of the same frame that are yet to come */
	bool binary, last;
};

/* The client has shown a token or a ticket in its handshake. */
void receive_credentials(struct conn *conn, const struct credentials *shown);

void receive_part(struct conn *conn, const struct part *part);

/* The client's close frame has come. Unless it is an answer, it is answered with this code (0: with
 * none), as far as the socket takes the answer at once; then the socket must end. */
void receive_close(struct conn *conn, int code);

/* The socket is gone. */
void receive_end(struct conn *conn);

#endif
