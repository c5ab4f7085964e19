/*
 * A route as data: what may be asked, by whom, with what, and what comes back.
 *
 * Each resource has a table of these beside its handlers. The router, the validation of what
 * comes in, OPTIONS and 405, the OpenAPI document and the page of documentation all read it, so a
 * handler never parses and nothing can drift apart.
 */
#ifndef CGI_ROUTE_H
#define CGI_ROUTE_H

#include "base/fields.h"
#include "base/problem.h"
#include "store/shape.h"

struct request;

#define API "/api/v1"

enum access {
	ACCESS_USER, /* whoever is signed in */
	ACCESS_PUBLIC,
};

struct route {
	const char *name; /* operationId */
	const char *method;
	const char *path; /* {name} stands for one segment; a slash at the end is the same */
	enum access access;

	const struct fields *params; /* of the path, by their names in it */
	const struct fields *query;
	const struct fields *body;
	const char *example; /* of the body, in JSON */
	bool form;           /* the body may come as a form, too */
	bool body_in_query;  /* the body's fields may come in the query string, too */
	bool tagged;         /* a GET whose answer has an ETag */
	bool pages;          /* takes `limit` and `cursor`, and answers with a Link */

	int status;
	int or_status;              /* another one, with the same answer; 0: none */
	const struct shape *answer; /* NULL: what `type` says */
	bool list;                  /* of `answer` */
	const char *type;           /* of the content; NULL: JSON */
	const char *summary;
	enum problem_code problems[4]; /* those that do not follow from the above */

	/* Writes the answer to rq->out. Returns 0 or more, or -1. */
	int (*handle)(struct request *rq, struct problem *why);
};

struct routes {
	const char *title;
	const struct route *rows;
	size_t count;
};

#define ROUTES(heading, table)                                                                     \
	{                                                                                          \
		.title = (heading), .rows = (table), .count = sizeof(table) / sizeof((table)[0])   \
	}

extern const struct routes user_routes, room_routes, message_routes, relationship_routes,
	social_routes, knowledge_routes, interaction_routes, event_routes, health_routes,
	openapi_routes, docs_routes;

/* Parameters of a path that more than one resource has. */
struct id_param {
	int64_t id;
};
extern const struct fields id_param_fields;

struct room_param {
	const char *room_id;
};
extern const struct fields room_param_fields;

struct user_param {
	int64_t user_id;
};
extern const struct fields user_param_fields;

/* What every route with .pages takes. */
struct paging {
	int64_t limit;
	const char *cursor;
};
extern const struct fields paging_fields;

/* {"message": …}: the answer of what has no better one. */
extern const struct shape notice_shape;
int notice(struct request *rq, const char *message);

#endif
