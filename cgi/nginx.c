/* Configuration for nginx: see nginx.h. */
#include "cgi/nginx.h"

#include <string.h>

#include "base/buf.h"
#include "cgi/router.h"

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
