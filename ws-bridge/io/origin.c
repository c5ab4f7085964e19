/* The origin check: see origin.h. */
#include "ws-bridge/io/origin.h"

#include <string.h>
#include <strings.h>

#include "base/config.h"

bool origin_allowed(const char *allowed, const char *origin, const char *host)
{
	if (!*origin)
		return true;
	if (!*allowed) {
		const char *named = strstr(origin, "://");
		return named && strcasecmp(named + 3, host) == 0;
	}
	return config_has_word(allowed, origin);
}
