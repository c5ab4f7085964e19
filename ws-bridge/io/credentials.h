/*
 * What the handshake of a WebSocket shows of a login: a token in the header Authorization, a ticket
 * in a subprotocol, or the cookie of a browser.
 *
 * A browser sends the cookie for whichever page opens the WebSocket. So the cookie counts only
 * together with the page's origin, which listen.c compares.
 */
#ifndef WS_BRIDGE_IO_CREDENTIALS_H
#define WS_BRIDGE_IO_CREDENTIALS_H

#include <stdbool.h>

#include <libwebsockets.h>

struct conn;

/* A header of the request; "" when it is missing. -1 when it is too long. */
int handshake_header(struct lws *wsi, enum lws_token_indexes which, char *value, int size);

/* Whether the handshake shows no more than one login, and no cookie twice. */
bool credentials_clear(struct lws *wsi);

/* Whether it names an origin, or does not need one because it does not use a cookie. */
bool credentials_have_origin(struct lws *wsi);

/* Authenticates the connection. Without credentials it has some seconds to send the command. */
void credentials_take(struct conn *conn, struct lws *wsi);

#endif
