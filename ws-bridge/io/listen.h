/*
 * libwebsockets: the listening socket, the handshake, and the sockets of core/socket.h. No other
 * file uses that library.
 *
 * A handshake is refused with 403 when the page's origin is not allowed, and with 404 when the path
 * is not that of the WebSocket. A wrong token is answered with a close code instead, because
 * scripts in a browser can read that.
 */
#ifndef WS_BRIDGE_IO_LISTEN_H
#define WS_BRIDGE_IO_LISTEN_H

#include <uv.h>

#include "base/problem.h"

struct bridge;
struct lws_context;

/*
 * Listens on "unix:/PATH" or "ADDRESS:PORT", on the event loop. context_r must stay valid: it is
 * set to NULL again when everything is closed.
 */
int listen_open(struct bridge *bridge, uv_loop_t *loop, const char *listen,
		struct lws_context **context_r, struct problem *why);

/* Removes the unix socket's name, so that no new client connects. */
void listen_unlink(const char *listen);

/* Closes everything, in two calls: between them the loop must run until it has nothing to do. */
void listen_close(struct lws_context *context);

#endif
