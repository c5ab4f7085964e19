/* Configuration for nginx: see nginx.h. */
#include "cgi/nginx.h"

#include <string.h>

#include "base/buf.h"
#include "cgi/router.h"
#include "realm/settings.h"

/* A path as a regular expression. nginx has decoded $uri and has merged slashes, unless told not to
 * merge them. */
static void print_path(struct buf *out, const char *path)
{
	for (const char *at = path; *at; at++) {
		if (*at == '/')
			buf_puts(out, "/+");
		else if (*at != '{')
			buf_printf(out, *at == '.' ? "\\%c" : "%c", *at);
		else {
			buf_puts(out, "[^/]+");
			at = strchr(at, '}');
		}
	}
	buf_puts(out, "/*$");
}

void nginx_print_routes(struct buf *out)
{
	buf_puts(out, "# Which pool answers a request. The build prints this from the table of "
		      "routes.\n"
		      "map \"$request_method $uri\" $aeon_pool {\n"
		      "\tdefault aeon_fast;\n");
	for (const struct routes *const *table = all_routes; *table; table++) {
		for (size_t i = 0; i < (*table)->count; i++) {
			const struct route *route = &(*table)->rows[i];
			if (route->cost != COST_COSTLY)
				continue;
			buf_printf(out, "\t\"~^%s ", route->method);
			print_path(out, route->path);
			buf_puts(out, "\" aeon_slow;\n");
		}
	}
	buf_puts(out, "}\n");
}

void nginx_print_settings(const struct settings *settings, struct buf *out)
{
	const char *at = settings->trusted_proxies + strspn(settings->trusted_proxies, " \t");
	buf_puts(out, "# Settings of the realm for nginx. `aeon.fcgi --nginx-settings` prints "
		      "this.\n");
	for (size_t bytes; (bytes = strcspn(at, " \t")) > 0; at += strspn(at, " \t")) {
		buf_printf(out, "set_real_ip_from %.*s;\n", (int)bytes, at);
		at += bytes;
	}
	buf_printf(out,
		   "real_ip_header X-Forwarded-For;\n"
		   "real_ip_recursive on;\n"
		   "map $upstream_http_x_request_id $aeon_own_cors {\n"
		   "\tdefault \"\";\n"
		   "\t\"\" \"%s\";\n"
		   "}\n",
		   *settings->cors_origins ? "*" : "");
}
