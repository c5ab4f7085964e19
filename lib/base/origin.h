/* The web pages that may open a WebSocket here, or send requests with a cookie. */
#ifndef BASE_ORIGIN_H
#define BASE_ORIGIN_H

#include <stdbool.h>

/*
 * Whether a browser that shows a page of `origin` may do so. The origin must be one of `allowed`
 * (separated by spaces) or, when that is empty, have the host and port of the request's Host
 * header. A client that sends no origin ("") is not a browser, and may connect.
 */
bool origin_allowed(const char *allowed, const char *origin, const char *host);

/* Whether the page of this origin came by TLS. */
bool origin_is_tls(const char *origin);

#endif
