/* The router: finds a request's route in the tables. */
#ifndef CGI_ROUTER_H
#define CGI_ROUTER_H

#include "cgi/route.h"

struct arena;

/* All tables, ending with NULL, in the order in which documentation shows them. */
extern const struct routes *const all_routes[];

#define ROUTE_PARAMS 4 /* most parameters of a path */
#define ROUTE_ALLOW 64 /* most bytes of an Allow header */

struct match {
	const struct route *route;
	struct pair params[ROUTE_PARAMS];
	size_t param_count;
	char allow[ROUTE_ALLOW]; /* the path's methods, when the request's method is not one */
};

/*
 * Finds a route; HEAD finds the GET route. PROBLEM_NOT_FOUND, or PROBLEM_METHOD_NOT_ALLOWED, which
 * sets match_r->allow.
 */
int router_find(struct arena *arena, const char *method, const char *path, struct match *match_r,
		struct problem *why);

/* Lists all problems that the route may answer, in the order of their codes. Returns how many. */
size_t route_problems(const struct route *route, enum problem_code codes[PROBLEM__COUNT]);

#endif
