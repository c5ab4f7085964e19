/* The cookie of a login: see session_cookie.h. */
#include "realm/session_cookie.h"

#include <string.h>

#include "base/arena.h"

#define PLAIN "aeon"
#define HOST "__Host-aeon"

/* The value of the cookie, NULL if there is none; or the problem that it is there twice. */
static int cookie_value(struct arena *arena, const char *header, const char *name,
			const char **value_r, struct problem *why)
{
	size_t bytes = strlen(name);
	*value_r = NULL;
	for (const char *at = header; *at; at += *at == ';') {
		at += strspn(at, " \t");
		size_t length = strcspn(at, ";");
		if (length > bytes && at[bytes] == '=' && strncmp(at, name, bytes) == 0) {
			if (*value_r)
				return problem_set(why, PROBLEM_TWO_CREDENTIALS);
			*value_r = arena_strndup(arena, at + bytes + 1, length - bytes - 1);
		}
		at += length;
	}
	return 0;
}

int session_cookie_find(struct arena *arena, const char *header, bool is_tls,
			struct session_cookie *cookie_r, struct problem *why)
{
	*cookie_r = (struct session_cookie){.is_tls = true};
	if (!header)
		return 0;
	TRY(cookie_value(arena, header, HOST, &cookie_r->token, why));
	if (cookie_r->token || is_tls)
		return 0;
	cookie_r->is_tls = false;
	return cookie_value(arena, header, PLAIN, &cookie_r->token, why);
}

const char *session_cookie_text(struct arena *arena, const struct session_cookie *cookie,
				int64_t lifetime_s)
{
	return arena_printf(arena, "%s=%s; Path=/; Max-Age=%lld; %sHttpOnly; SameSite=Strict",
			    cookie->is_tls ? HOST : PLAIN, cookie->token ? cookie->token : "",
			    (long long)(cookie->token ? lifetime_s : 0),
			    cookie->is_tls ? "Secure; " : "");
}
