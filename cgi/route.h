/*
 * A route as data: its path, access, input, answer and problems.
 *
 * Each resource has a table of routes beside its handlers. The router, the validation of input,
 * OPTIONS and 405, the OpenAPI document and the documentation page all read this table. So handlers
 * never parse, and documentation and behaviour cannot differ.
 */
#ifndef CGI_ROUTE_H
#define CGI_ROUTE_H

#include "base/fields.h"
#include "base/problem.h"
#include "realm/quota.h"
#include "store/shape.h"

struct request;

#define API "/api/v1"
#define USERS API "/users"

enum access {
	ACCESS_USER, /* every signed-in user */
	ACCESS_PUBLIC,
};

/*
 * What a route costs. Only a costly one may hash a password, which takes as long as a hundred other
 * requests. nginx sends it to a pool of its own (nginx.h), so that no other request waits for it.
 */
enum cost {
	COST_ORDINARY,
	COST_BY_INPUT, /* costly when the input has a password; the fast pool then hands it on */
	COST_COSTLY,
};

struct route {
	const char *name; /* operationId */
	const char *method;
	const char *path; /* {name} is one segment; a request may add a slash at the end */
	enum access access;
	enum cost cost;

	/* In the budget of the user or, without one, of the network, besides the body's. 0: 1, or
	 * nothing without a user. */
	int weight;
	bool reaches;     /* counts in the user's second budget: realm/budget.h */
	enum quota quota; /* of what the route creates when its answer is a 201 */

	const struct fields *params; /* the path's {name}s */
	const struct fields *query;
	const struct fields *body;
	const char *example; /* a JSON body */
	bool form;           /* the body may also be a form */
	bool body_in_query;  /* the body's fields may also be in the query string */
	bool tagged;         /* a GET whose answer has an ETag */
	bool pages;          /* accepts `limit` and `cursor`, and answers with a Link */
	bool secret;         /* the answer has a secret: it is not stored for an Idempotency-Key */
	bool keyed;          /* accepts an Idempotency-Key, as every POST does that answers 201 */

	int status;
	int or_status;              /* a second status with the same answer; 0: none */
	const struct shape *answer; /* NULL: `type` describes it */
	bool list;                  /* the answer is a list of `answer` */
	const struct shape *found;  /* the answer to a query with q; NULL: the same */
	const char *type;           /* of the content; NULL: JSON */
	const char *summary;
	enum problem_code problems[6]; /* those that route_problems() cannot derive */

	/* NULL, or what must not wait for the handler's transaction, such as a hash. It leaves its
	 * result in rq->prepared. Returns 0 or more, or -1. */
	int (*prepare)(struct request *rq, struct problem *why);

	/* Writes the answer to rq->out. May run inside store_write(), and again. Returns 0 or more,
	 * or -1. */
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

extern const struct routes user_routes, mail_routes, room_routes, message_routes,
	relationship_routes, social_routes, knowledge_routes, interaction_routes, event_routes,
	home_routes, admin_routes, report_routes, health_routes, metric_routes, setting_routes,
	registration_routes, totp_routes, twin_routes, memory_routes, conversation_routes,
	turn_routes, openapi_routes, asyncapi_routes, docs_routes, direct_routes, about_routes,
	presence_routes;

/* Path parameters that several resources use. */
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

/* The query of every route with .pages. */
#define PAGE_ROWS_MAX 200
struct paging {
	int64_t limit;
	const char *cursor;
};
extern const struct fields paging_fields;

/* {"message": …}, for answers that have no data. */
extern const struct shape notice_shape;
int notice(struct request *rq, const char *message);

#endif
