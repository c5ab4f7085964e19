/* The origin check: see origin.h. */
#include "base/origin.h"

#include <string.h>
#include <strings.h>

#include "base/config.h"

/* The bytes of the host without the port that its scheme has by default. */
static size_t host_bytes(const char *host, bool is_tls)
{
	const char *port = is_tls ? ":443" : ":80";
	size_t bytes = strlen(host), more = strlen(port);
	return bytes > more && strcmp(host + bytes - more, port) == 0 ? bytes - more : bytes;
}

bool origin_is_tls(const char *origin)
{
	return strncasecmp(origin, "https:", 6) == 0;
}

static bool is_origin_of(const char *origin, const char *host)
{
	const char *named = strstr(origin, "://");
	if (!named)
		return false;
	bool is_tls = origin_is_tls(origin);
	size_t bytes = host_bytes(named + 3, is_tls);
	return host_bytes(host, is_tls) == bytes && strncasecmp(named + 3, host, bytes) == 0;
}

bool origin_allowed(const char *allowed, const char *origin, const char *host)
{
	if (!*origin)
		return true;
	return *allowed ? config_has_word(allowed, origin) : is_origin_of(origin, host);
}
