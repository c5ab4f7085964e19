/* /admin/settings: the settings that may change while the realm runs. */
#include "cgi/request.h"
#include "realm/accounts.h"
#include "realm/live_settings.h"

#define SETTINGS API "/admin/settings"

static int do_list(struct request *rq, struct problem *why)
{
	if (!is_administrator(&rq->session))
		return problem_set(why, PROBLEM_FORBIDDEN);
	return settings_list(rq->store, &rq->app->live, rq->out, why);
}

static int do_change(struct request *rq, struct problem *why)
{
	if (!is_administrator(&rq->session))
		return problem_set(why, PROBLEM_FORBIDDEN);
	TRY(settings_change_json(rq->arena, rq->store, &rq->session, rq->json, why));
	TRY(live_settings_refresh(rq->store, &rq->app->live, why));
	return do_list(rq, why);
}

/* The keys are those of the table in lib/realm/settings.c. */
static const struct fields change_fields = {0};

static const struct route routes[] = {
	{
		.name = "list_settings",
		.method = "GET",
		.path = SETTINGS,
		.status = 200,
		.answer = &setting_shape,
		.list = true,
		.summary = "List the settings that may be changed now; only for owners and admins",
		.problems = {PROBLEM_FORBIDDEN},
		.handle = do_list,
	},
	{
		.name = "patch_settings",
		.method = "PATCH",
		.path = SETTINGS,
		.body = &change_fields,
		.example = "{\"session_days\":14,\"user_rate\":null}",
		.status = 200,
		.answer = &setting_shape,
		.list = true,
		.summary = "Change settings by their keys; null returns to the value of aeon.conf; "
			   "only for owners and admins",
		.problems = {PROBLEM_FORBIDDEN},
		.handle = do_change,
	},
};
const struct routes setting_routes = ROUTES("Settings", routes);
