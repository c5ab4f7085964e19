/*
 * The cookie that carries the token of a browser's login, so that no script can read the token.
 *
 * By TLS its name is `__Host-aeon`: browsers let neither another host of the domain nor a page
 * without TLS set a cookie of such a name. Without TLS its name is `aeon`.
 */
#ifndef REALM_SESSION_COOKIE_H
#define REALM_SESSION_COOKIE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/problem.h"

struct arena;

struct session_cookie {
	const char *token; /* in the arena; NULL: there is no cookie */
	bool is_tls;       /* it is `__Host-aeon` */
};

/*
 * Finds it in a Cookie header (or NULL). When `is_tls`, only `__Host-aeon` counts; else `aeon`
 * counts, too, where there is no other. PROBLEM_TWO_CREDENTIALS when the header has the name twice.
 */
int session_cookie_find(struct arena *arena, const char *header, bool is_tls,
			struct session_cookie *cookie_r, struct problem *why);

/* The value of the header Set-Cookie that sets the cookie, or removes it if it has no token. */
const char *session_cookie_text(struct arena *arena, const struct session_cookie *cookie,
				int64_t lifetime_s);

#endif
