/* The web pages that may open a WebSocket here. */
#ifndef WS_BRIDGE_IO_ORIGIN_H
#define WS_BRIDGE_IO_ORIGIN_H

#include <stdbool.h>

/*
 * Whether a browser that shows a page of `origin` may connect. The origin must be one of `allowed`
 * (separated by spaces) or, when that is empty, have the host and port of the request's Host
 * header. A client that sends no origin ("") is not a browser, and may connect.
 */
bool origin_allowed(const char *allowed, const char *origin, const char *host);

#endif
