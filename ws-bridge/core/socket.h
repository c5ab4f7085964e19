/*
 * A WebSocket as conn.c sees it, in both directions: what is asked of it, and what it tells.
 *
 * Whoever has the sockets defines struct socket: listen.c does, by libwebsockets, and tests do that
 * have none at all.
 */
#ifndef WS_BRIDGE_CORE_SOCKET_H
#define WS_BRIDGE_CORE_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bridge;
struct conn;
struct socket;

/* --- what a connection asks of its socket ----------------------------------------------------- */

#define SOCKET_ROOM 32 /* bytes before what is written, which the socket may use */

/* Takes whole frames, and keeps back what the kernel does not take. Returns -1 when it is broken.
 */
int socket_write(struct socket *socket, unsigned char *frames, size_t bytes);

/* Whether something is kept back; meanwhile nothing more may be written. */
bool socket_keeps(const struct socket *socket);

/* Bytes that were written, and that the other end has not taken, as far as the kernel knows. */
size_t socket_unsent(const struct socket *socket);

/* Calls conn_flush() once the kernel takes more. */
void socket_want(struct socket *socket);

/* While held, nothing more is read from it. */
void socket_pause_input(struct socket *socket, bool held);

/* Ends it at once, but not in this call; conn_gone() follows. */
void socket_cut_off(struct socket *socket);

/* --- what a socket tells its connection ------------------------------------------------------- */

/* A part of a message as it came in. */
struct part {
	const char *text;
	size_t bytes;
	size_t left; /* bytes of the same frame that are yet to come */
	bool binary, last;
};

/* What was agreed on in the handshake: mere aeon.v1 puts each message into a frame of its own. */
enum speech { SPEECH_COMPAT, SPEECH_V1, SPEECH_V1_BATCH };

/* user: whom the path names, or 0. */
struct conn *conn_open(struct bridge *bridge, struct socket *socket, enum speech speech,
		       int64_t user);
void conn_receive(struct conn *conn, const struct part *part);

/* Something was heard of the client that is no message. */
void conn_alive(struct conn *conn);

/*
 * The client's close frame came. Unless it was an answer it is answered, with this code (0: with
 * none), as far as the socket takes it at once; then the socket is to end.
 */
void conn_answer_close(struct conn *conn, int code);

/* The socket is no more. */
void conn_gone(struct conn *conn);

#endif
