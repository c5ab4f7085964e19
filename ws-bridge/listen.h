/*
 * libwebsockets: the listening socket, the handshake, and its callbacks turned into calls.
 *
 * The handshake is refused (403) when the page's origin is none of ours, and (404) when the path is
 * not that of the WebSocket. Whatever is wrong with the token is told by a close code instead,
 * which scripts in a browser can see.
 */
#ifndef WS_BRIDGE_LISTEN_H
#define WS_BRIDGE_LISTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"

struct bridge;
struct conn;
struct lws;

/* Listens on "unix:/PATH" or "ADDRESS:PORT" and puts bridge->lws on bridge->loop. */
int listen_open(struct bridge *bridge, const char *listen, struct problem *why);

/* Takes the socket's name away, so that nobody comes any more. */
void listen_unlink(const char *listen);

/* Ends bridge->lws. It takes two calls: in between the loop must run until it has nothing to do. */
void listen_close(struct bridge *bridge);

/* What conn.c does when the socket does something. */
struct conn *conn_open(struct bridge *bridge, struct lws *wsi, bool v1, int64_t asked_user);
void conn_receive(struct conn *conn, const char *part, size_t bytes);
void conn_alive(struct conn *conn);
void conn_gone(struct conn *conn);

#endif
