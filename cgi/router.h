/* The router: finds the route that a request means, from the tables. */
#ifndef CGI_ROUTER_H
#define CGI_ROUTER_H

#include "cgi/route.h"

struct arena;

/* All tables, ending with NULL, in the order in which documentation shows them. */
extern const struct routes *const all_routes[];

#define ROUTE_PARAMS 4 /* in a path, at most */
#define ROUTE_ALLOW 64 /* bytes of an Allow header, at most */

struct match {
	const struct route *route;
	struct pair params[ROUTE_PARAMS];
	size_t param_count;
	char allow[ROUTE_ALLOW]; /* the path's methods, when the route is not found */
};

/*
 * HEAD means GET. Returns 0, or -1 with PROBLEM_NOT_FOUND, or with PROBLEM_METHOD_NOT_ALLOWED and
 * match_r->allow.
 */
int router_find(struct arena *arena, const char *method, const char *path, struct match *match_r,
		struct problem *why);

/* All problems that the route may answer with, in the order of their codes. Returns how many. */
size_t route_problems(const struct route *route, enum problem_code codes[PROBLEM__COUNT]);

#endif
