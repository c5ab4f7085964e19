/* /admin: what owners and admins of the realm do and see. */
#include "cgi/request.h"
#include "realm/audit.h"

#define ADMIN API "/admin"

static int do_audit(struct request *rq, struct problem *why)
{
	return audit_list(rq->store, &rq->session, rq->query, &rq->page, rq->out, why);
}

static const struct route routes[] = {
	{
		.name = "list_audit",
		.method = "GET",
		.path = ADMIN "/audit",
		.query = &audit_filter_fields,
		.pages = true,
		.status = 200,
		.answer = &audit_entry_shape,
		.list = true,
		.summary = "List the audit log, newest first; only for owners and admins",
		.problems = {PROBLEM_FORBIDDEN},
		.handle = do_audit,
	},
};
const struct routes admin_routes = ROUTES("Administration", routes);
