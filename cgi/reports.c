/* /reports: users report things to the administrators. */
#include "cgi/request.h"
#include "realm/reports.h"

#define REPORTS API "/reports"

static int do_create(struct request *rq, struct problem *why)
{
	int64_t id;
	int created = report_create(rq->arena, rq->store, &rq->session, rq->body, &id, why);
	TRY(created);
	if (created == 0)
		rq->status = 200;
	return report_show(rq->store, &rq->session, id, rq->out, why);
}

static int do_list(struct request *rq, struct problem *why)
{
	return reports_list(rq->store, &rq->session, &rq->page, rq->out, why);
}

static const struct route routes[] = {
	{
		.name = "create_report",
		.method = "POST",
		.path = REPORTS,
		.body = &report_new_fields,
		.example = "{\"kind\":\"user\",\"id\":\"2\",\"reason\":\"Advertising\"}",
		.reaches = true,
		.status = 201,
		.or_status = 200,
		.answer = &report_shape,
		.summary = "Report something that you see to the administrators",
		.problems = {PROBLEM_NOT_FOUND, PROBLEM_TOO_MANY_REPORTS},
		.handle = do_create,
	},
	{
		.name = "list_reports",
		.method = "GET",
		.path = REPORTS,
		.pages = true,
		.status = 200,
		.answer = &report_shape,
		.list = true,
		.summary = "List your reports with their outcome, newest first",
		.handle = do_list,
	},
};
const struct routes report_routes = ROUTES("Reports", routes);
