/*
 * What nginx must know of the program: which pool answers which route, and some settings.
 *
 * The table of routes says it, and the build prints it for nginx. nginx only has to be right for
 * its limits to count: when a request that hashes a password reaches the fast pool anyway, that
 * pool answers with a redirect inside nginx, which keeps the method and the body.
 */
#ifndef CGI_NGINX_H
#define CGI_NGINX_H

struct buf;
struct settings;

#define NGINX_SLOW_POOL "@aeon_slow" /* a location in conf/nginx/server.conf */

/* A part of nginx's http context: the variable $aeon_pool. */
void nginx_print_routes(struct buf *out);

/*
 * Another part of it: `trusted_proxies`, so that nginx limits the same address that the program
 * sees; and $aeon_own_cors, for what nginx answers itself. Those answers hold nothing of anybody,
 * so where `cors_origins` names an origin, every page may read them. nginx cannot know the origin
 * of a request whose header it refuses.
 */
void nginx_print_settings(const struct settings *settings, struct buf *out);

#endif
