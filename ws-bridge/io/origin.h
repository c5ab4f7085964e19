/* Which pages of the web may open a WebSocket here. */
#ifndef WS_BRIDGE_IO_ORIGIN_H
#define WS_BRIDGE_IO_ORIGIN_H

#include <stdbool.h>

/*
 * Whether a browser that shows a page of `origin` may connect: it is one of `allowed` (separated by
 * spaces), or, when that is empty, its host and port are those of the request's Host header. Who
 * sends no origin ("") is no browser, and may.
 */
bool origin_allowed(const char *allowed, const char *origin, const char *host);

#endif
