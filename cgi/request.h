/* One request: its raw input, its decoded input and its answer. */
#ifndef CGI_REQUEST_H
#define CGI_REQUEST_H

#include "base/arena.h"
#include "base/buf.h"
#include "cgi/app.h"
#include "cgi/gateway.h"
#include "cgi/router.h"
#include "realm/budget.h"
#include "realm/caller.h"
#include "realm/session_cookie.h"
#include "realm/sessions.h"

struct request {
	struct app *app;
	const struct gateway *gateway;
	struct arena *arena; /* memory that lives as long as the request */

	const char *id; /* for the log and the client */
	const char *method;
	const char *base; /* the program's own path on the site, before every path in an answer */
	const char *path;
	const struct pair *pairs; /* of the query string */
	size_t pair_count;

	/* Decoded, for the handler. The three inputs point to the structs of the route's tables. */
	struct match match;
	const void *params, *query, *body;
	void *prepared;  /* by the route's prepare() */
	const char *raw; /* the body before decoding */
	size_t raw_bytes;
	const json_t *json; /* the body, for a route whose table does not name the properties */
	uint32_t given;     /* bit i: the body's field i was sent */
	struct page page;
	struct caller caller;
	struct session_cookie cookie; /* that the request has shown */
	struct session session;       /* its caller is the one above */
	struct budget_cost cost;      /* that was paid; weight 0: none */
	int64_t payer;                /* the user, or what stands for the network; 0: nobody */
	struct store *store;
	int64_t waited; /* as app_serve() takes it */
	int64_t kept; /* what the handler keeps for the next service of a waiting request, in which
			 there is no body. 0: nothing */

	/* The answer. */
	int status;
	struct buf *out;
	bool head_sent;          /* see respond_part() */
	struct budget_left left; /* of the payer's budget; limit 0: there is none */
	int64_t wait;            /* how long (us) after its arrival the request may wait for more */
	const char *location;    /* a path, without base */
	const char *etag;        /* with its quotes */
	const char *set_cookie;  /* the value of Set-Cookie; NULL: none */
};

/* The common parameters of paths. */
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

/*
 * Opens the store and brings the settings up to date, for handlers of public routes; for other
 * routes it is done already.
 */
int request_store(struct request *rq, struct problem *why);

/*
 * Whether the caller's address is in `networks` (base/ip.h). An address is not the caller's when a
 * proxy that `trusted_proxies` does not name has forwarded the request.
 */
bool request_comes_from(const struct request *rq, const char *networks);

#endif
