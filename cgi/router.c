/*
 * The router: see router.h.
 *
 * It compares a few dozen templates one after the other, which takes about a microsecond. A faster
 * way would not be worth its code.
 */
#include "cgi/router.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "cgi/conditional.h"

const struct routes *const all_routes[] = {
	&about_routes,
	&registration_routes,
	&mail_routes,
	&totp_routes,
	&user_routes,
	&home_routes,
	&presence_routes,
	&room_routes,
	&direct_routes,
	&twin_routes,
	&memory_routes,
	&conversation_routes,
	&turn_routes,
	&message_routes,
	&relationship_routes,
	&social_routes,
	&knowledge_routes,
	&interaction_routes,
	&event_routes,
	&health_routes,
	&metric_routes,
	&openapi_routes,
	&asyncapi_routes,
	&docs_routes,
	&admin_routes,
	&setting_routes,
	&report_routes,
	NULL,
};

static const struct field id_rows[] = {
	FIELD(struct id_param, id, INT, .required = true, .help = "Id of the item."),
};
const struct fields id_param_fields = FIELDS(struct id_param, id_rows);

static const struct field user_rows[] = {
	FIELD(struct user_param, user_id, INT, .required = true, .help = "A user's id."),
};
const struct fields user_param_fields = FIELDS(struct user_param, user_rows);

static const struct field room_rows[] = {
	FIELD(struct room_param, room_id, TEXT, .required = true, .help = "A room's UUID."),
};
const struct fields room_param_fields = FIELDS(struct room_param, room_rows);

/* The parameters point into template and path until copy_params(). */
static bool matches_path(const char *template, const char *path, struct match *match)
{
	match->param_count = 0;
	while (*template) {
		if (*template != '{') {
			if (*template ++ != *path++)
				return false;
			continue;
		}
		size_t bytes = strcspn(path, "/");
		if (bytes == 0 || match->param_count == ROUTE_PARAMS)
			return false;
		match->params[match->param_count++] =
			(struct pair){.name = template + 1, .value = path, .bytes = bytes};
		path += bytes;
		template = strchr(template, '}') + 1;
	}
	return *path == '\0' || (path[0] == '/' && path[1] == '\0' && path[-1] != '/');
}

static void copy_params(struct arena *arena, struct match *match)
{
	for (size_t i = 0; i < match->param_count; i++) {
		struct pair *param = &match->params[i];
		param->name = arena_strndup(arena, param->name, strcspn(param->name, "}"));
		param->value = arena_strndup(arena, param->value, param->bytes);
	}
}

static void add_allowed(char *allow, const char *method)
{
	size_t length = strlen(allow);
	snprintf(allow + length, ROUTE_ALLOW - length, "%s%s", length ? ", " : "", method);
}

/* The matching path with the fewest parameters wins: /users/me is not /users/{id}. */
int router_find(struct arena *arena, const char *method, const char *path, struct match *match_r,
		struct problem *why)
{
	*match_r = (struct match){.param_count = ROUTE_PARAMS + 1};
	if (strcmp(method, "HEAD") == 0)
		method = "GET";
	for (const struct routes *const *table = all_routes; *table; table++) {
		for (size_t i = 0; i < (*table)->count; i++) {
			const struct route *route = &(*table)->rows[i];
			struct match match = {.route = route};
			if (!matches_path(route->path, path, &match) ||
			    match.param_count > match_r->param_count)
				continue;
			bool same = match.param_count == match_r->param_count;
			if (strcmp(route->method, method) == 0)
				*match_r = match;
			else if (!same)
				*match_r = (struct match){.param_count = match.param_count};
			if (match_r->route)
				continue;
			add_allowed(match_r->allow, route->method);
			if (strcmp(route->method, "GET") == 0)
				add_allowed(match_r->allow, "HEAD");
		}
	}
	if (match_r->route) {
		copy_params(arena, match_r);
		return 0;
	}
	if (!match_r->allow[0])
		return problem_set(why, PROBLEM_NOT_FOUND);
	add_allowed(match_r->allow, "OPTIONS");
	return problem_set(why, PROBLEM_METHOD_NOT_ALLOWED);
}

size_t route_problems(const struct route *route, enum problem_code codes[PROBLEM__COUNT])
{
	bool user = route->access == ACCESS_USER;
	bool store = user || strcmp(route->method, "GET") != 0;
	bool may[PROBLEM__COUNT] = {
		[PROBLEM_UNAUTHENTICATED] = user,
		[PROBLEM_TOKEN_INVALID] = user,
		[PROBLEM_TWO_CREDENTIALS] = user,
		[PROBLEM_ORIGIN_REFUSED] = user && strcmp(route->method, "GET") != 0,
		[PROBLEM_INVALID] = route->params || route->query || route->body || route->pages ||
				    conditional_takes_key(route),
		[PROBLEM_IDEMPOTENCY_CONFLICT] = conditional_takes_key(route),
		[PROBLEM_PRECONDITION_FAILED] = conditional_reader(route),
		[PROBLEM_REQUEST_TIMEOUT] = route->body,
		[PROBLEM_LENGTH_REQUIRED] = route->body,
		[PROBLEM_BODY_TOO_LARGE] = route->body,
		[PROBLEM_MEDIA_TYPE] = route->body,
		[PROBLEM_OTHER_POOL] = route->cost != COST_ORDINARY,
		[PROBLEM_RATE_LIMITED] = user || route->weight,
		[PROBLEM_QUOTA_EXCEEDED] = route->quota != QUOTA_NONE,
		[PROBLEM_STORE_BUSY] = store,
		[PROBLEM_TOO_EXPENSIVE] = store,
		[PROBLEM_STORE_FAILED] = store,
	};
	for (size_t i = 0; i < sizeof(route->problems) / sizeof(*route->problems); i++)
		may[route->problems[i]] = true;
	size_t count = 0;
	for (int code = PROBLEM_NONE + 1; code < PROBLEM__COUNT; code++)
		if (may[code])
			codes[count++] = (enum problem_code)code;
	return count;
}
