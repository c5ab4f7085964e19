/* One request: what came in, what the tables made of it, and the answer under construction. */
#ifndef CGI_REQUEST_H
#define CGI_REQUEST_H

#include "base/arena.h"
#include "base/buf.h"
#include "cgi/app.h"
#include "cgi/gateway.h"
#include "cgi/router.h"
#include "realm/sessions.h"

struct request {
	struct app *app;
	const struct gateway *gateway;
	struct arena *arena; /* everything that lives as long as the request */

	const char *id; /* for the log and the caller */
	const char *method;
	const char *base; /* in front of every path that is told: the program's place on the site */
	const char *path;
	const struct pair *pairs; /* of the query string */
	size_t pair_count;

	/* From the tables, for the handler. The three inputs are the route's structs, decoded. */
	struct match match;
	const void *params, *query, *body;
	const char *raw; /* the body as it came */
	size_t raw_bytes;
	uint32_t given; /* the body's fields that were there: bit i for row i */
	struct page page;
	struct session session;
	struct store *store;

	/* The answer. */
	int status;
	struct buf *out;
	bool begun;   /* a part of it is on its way: see respond_part() */
	int64_t wait; /* for how long after the request came (us) a later answer would be better */
	const char *location; /* a path, without base */
	const char *etag;     /* with its quotes */
};

/* The parameters that most paths have. */
static inline const char *room_param(const struct request *rq)
{
	return ((const struct room_param *)rq->params)->room_id;
}

static inline int64_t user_param(const struct request *rq)
{
	return ((const struct user_param *)rq->params)->user_id;
}

static inline int64_t id_param(const struct request *rq)
{
	return ((const struct id_param *)rq->params)->id;
}

/* Opens the store for handlers of public routes; the others find it open. */
int request_store(struct request *rq, struct problem *why);

#endif
