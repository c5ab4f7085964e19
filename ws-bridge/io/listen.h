/*
 * libwebsockets: the listening socket, the handshake, and its sockets as socket.h has them. The
 * only file that knows it.
 *
 * The handshake is refused (403) when the page's origin is none of ours, and (404) when the path is
 * not that of the WebSocket. Whatever is wrong with the token is told by a close code instead,
 * which scripts in a browser can see.
 */
#ifndef WS_BRIDGE_IO_LISTEN_H
#define WS_BRIDGE_IO_LISTEN_H

#include <uv.h>

#include "base/problem.h"

struct bridge;
struct lws_context;

/*
 * Listens on "unix:/PATH" or "ADDRESS:PORT", on the event loop. *context_r must be where it can
 * stay: it is NULL again when all is gone.
 */
int listen_open(struct bridge *bridge, uv_loop_t *loop, const char *listen,
		struct lws_context **context_r, struct problem *why);

/* Takes the socket's name away, so that nobody comes any more. */
void listen_unlink(const char *listen);

/* Ends it. It takes two calls: in between the loop must run until it has nothing to do. */
void listen_close(struct lws_context *context);

#endif
