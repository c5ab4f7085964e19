/* The origin check: see origin.h. */
#include "ws-bridge/io/origin.h"

#include <string.h>
#include <strings.h>

bool origin_allowed(const char *allowed, const char *origin, const char *host)
{
	if (!*origin)
		return true;
	if (!*allowed) {
		const char *named = strstr(origin, "://");
		return named && strcasecmp(named + 3, host) == 0;
	}
	size_t length = strlen(origin);
	for (const char *at = allowed; *at;) {
		size_t word = strcspn(at, " ");
		if (word == length && strncasecmp(at, origin, length) == 0)
			return true;
		at += word + strspn(at + word, " ");
	}
	return false;
}
