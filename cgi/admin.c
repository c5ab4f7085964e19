/* /admin: routes for owners and admins of the realm. Registration and settings are elsewhere.
 */
#include "cgi/request.h"
#include "realm/audit.h"
#include "realm/minutes.h"
#include "realm/moderation.h"
#include "realm/removal.h"
#include "realm/reports.h"
#include "realm/suspension.h"

#define ADMIN API "/admin"

struct closing {
	const char *reason;
};
static const struct field closing_rows[] = {
	FIELD(struct closing, reason, TEXT, .required = true, .min = 1, .max = REASON_MAX,
	      .help = "Why; it goes into the audit log."),
};
static const struct fields closing_fields = FIELDS(struct closing, closing_rows);

static int do_audit(struct request *rq, struct problem *why)
{
	return audit_list(rq->store, &rq->session, rq->query, &rq->page, rq->out, why);
}

static int do_minutes(struct request *rq, struct problem *why)
{
	return minutes_list(rq->store, &rq->session, rq->query, rq->out, why);
}

static int do_remove(struct request *rq, struct problem *why)
{
	return thing_remove(rq->arena, rq->store, &rq->session, rq->body, why);
}

static int do_restore(struct request *rq, struct problem *why)
{
	return thing_restore(rq->arena, rq->store, &rq->session, rq->body, why);
}

static int do_list_removals(struct request *rq, struct problem *why)
{
	return removals_list(rq->store, &rq->session, rq->query, &rq->page, rq->out, why);
}

static int do_close(struct request *rq, struct problem *why)
{
	const struct closing *closing = rq->body;
	return room_set_closed(rq->arena, rq->store, &rq->session, room_param(rq), true,
			       closing->reason, why);
}

static int do_open(struct request *rq, struct problem *why)
{
	return room_set_closed(rq->arena, rq->store, &rq->session, room_param(rq), false, NULL,
			       why);
}

static int do_suspend(struct request *rq, struct problem *why)
{
	return user_suspend(rq->arena, rq->store, &rq->session, id_param(rq), rq->body, why);
}

static int do_unsuspend(struct request *rq, struct problem *why)
{
	return user_unsuspend(rq->arena, rq->store, &rq->session, id_param(rq), why);
}

static int do_list_suspensions(struct request *rq, struct problem *why)
{
	return suspensions_list(rq->store, &rq->session, &rq->page, rq->out, why);
}

static int do_end_sessions(struct request *rq, struct problem *why)
{
	return user_end_sessions(rq->arena, rq->store, &rq->session, id_param(rq), why);
}

static int do_queue(struct request *rq, struct problem *why)
{
	return reports_queue(rq->store, &rq->session, rq->query, &rq->page, rq->out, why);
}

static int do_decide(struct request *rq, struct problem *why)
{
	TRY(report_change(rq->arena, rq->store, &rq->session, id_param(rq), rq->body, why));
	return report_show_moderated(rq->store, &rq->session, id_param(rq), rq->out, why);
}

static const struct route routes[] = {
	{
		.name = "list_minutes",
		.method = "GET",
		.path = ADMIN "/minutes",
		.weight = 3,
		.query = &minutes_filter_fields,
		.status = 200,
		.answer = &minute_shape,
		.list = true,
		.summary = "List the health and the load of the realm by the minute, the oldest "
			   "first; only for owners and admins",
		.problems = {PROBLEM_FORBIDDEN},
		.handle = do_minutes,
	},
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
	{
		.name = "remove_thing",
		.method = "POST",
		.path = ADMIN "/remove",
		.body = &removal_fields,
		.example = "{\"kind\":\"knowledge\",\"id\":\"1\",\"reason\":\"Advertising\"}",
		.status = 204,
		.summary =
			"Remove a room, message, knowledge or interaction for everybody; it can be "
			"restored",
		.problems = {PROBLEM_FORBIDDEN, PROBLEM_NOT_FOUND},
		.handle = do_remove,
	},
	{
		.name = "restore_thing",
		.method = "POST",
		.path = ADMIN "/restore",
		.body = &restoring_fields,
		.example = "{\"kind\":\"knowledge\",\"id\":\"1\"}",
		.status = 204,
		.summary = "Restore a removed thing",
		.problems = {PROBLEM_FORBIDDEN, PROBLEM_NOT_FOUND},
		.handle = do_restore,
	},
	{
		.name = "list_removals",
		.method = "GET",
		.path = ADMIN "/removals",
		.query = &removal_filter_fields,
		.pages = true,
		.status = 200,
		.answer = &removal_shape,
		.list = true,
		.summary = "List the removed things that can be restored, newest first",
		.problems = {PROBLEM_FORBIDDEN},
		.handle = do_list_removals,
	},
	{
		.name = "close_room",
		.method = "POST",
		.path = ADMIN "/rooms/{room_id}/close",
		.params = &room_param_fields,
		.body = &closing_fields,
		.example = "{\"reason\":\"Insults\"}",
		.status = 204,
		.summary = "Close a room: nobody can write in it or join it",
		.problems = {PROBLEM_FORBIDDEN, PROBLEM_ROOM_NOT_FOUND},
		.handle = do_close,
	},
	{
		.name = "open_room",
		.method = "DELETE",
		.path = ADMIN "/rooms/{room_id}/close",
		.params = &room_param_fields,
		.status = 204,
		.summary = "Open a closed room",
		.problems = {PROBLEM_FORBIDDEN, PROBLEM_ROOM_NOT_FOUND},
		.handle = do_open,
	},
	{
		.name = "suspend_user",
		.method = "POST",
		.path = ADMIN "/users/{id}/suspend",
		.params = &id_param_fields,
		.body = &suspension_fields,
		.example = "{\"until\":\"2999-12-31T12:00:00Z\",\"reason\":\"Advertising\","
			   "\"remove_content\":true}",
		.status = 204,
		.summary = "Suspend a user: all logins end, and none is possible until the end",
		.problems = {PROBLEM_FORBIDDEN, PROBLEM_USER_NOT_FOUND},
		.handle = do_suspend,
	},
	{
		.name = "unsuspend_user",
		.method = "DELETE",
		.path = ADMIN "/users/{id}/suspend",
		.params = &id_param_fields,
		.status = 204,
		.summary = "End a suspension",
		.problems = {PROBLEM_FORBIDDEN, PROBLEM_USER_NOT_FOUND},
		.handle = do_unsuspend,
	},
	{
		.name = "list_suspensions",
		.method = "GET",
		.path = ADMIN "/suspensions",
		.pages = true,
		.status = 200,
		.answer = &suspension_shape,
		.list = true,
		.summary = "List suspended users",
		.problems = {PROBLEM_FORBIDDEN},
		.handle = do_list_suspensions,
	},
	{
		.name = "end_sessions",
		.method = "DELETE",
		.path = ADMIN "/users/{id}/sessions",
		.params = &id_param_fields,
		.status = 204,
		.summary = "End all logins of a user",
		.problems = {PROBLEM_FORBIDDEN, PROBLEM_USER_NOT_FOUND},
		.handle = do_end_sessions,
	},
	{
		.name = "list_report_queue",
		.method = "GET",
		.path = ADMIN "/reports",
		.query = &report_filter_fields,
		.pages = true,
		.status = 200,
		.answer = &moderated_report_shape,
		.list = true,
		.summary = "List the reports that you may handle, newest first",
		.problems = {PROBLEM_FORBIDDEN},
		.handle = do_queue,
	},
	{
		.name = "decide_report",
		.method = "PATCH",
		.path = ADMIN "/reports/{id}",
		.params = &id_param_fields,
		.body = &report_change_fields,
		.example = "{\"state\":\"done\",\"note\":\"Thank you. It is removed.\"}",
		.status = 200,
		.answer = &moderated_report_shape,
		.summary = "Take or decide a report; the reporter is told the outcome",
		.problems = {PROBLEM_FORBIDDEN, PROBLEM_NOT_FOUND, PROBLEM_REPORTED_AGAIN},
		.handle = do_decide,
	},
};
const struct routes admin_routes = ROUTES("Administration", routes);
