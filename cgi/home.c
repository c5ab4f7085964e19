/* /phase3/home: the first screen of a client, in one answer; and the settings that clients keep. */
#include "cgi/request.h"
#include "realm/home.h"
#include "realm/user_settings.h"

static int do_home(struct request *rq, struct problem *why)
{
	return home_show(rq->arena, rq->store, &rq->session, rq->out, why);
}

static int do_settings(struct request *rq, struct problem *why)
{
	return user_settings_show(rq->store, rq->session.user_id, rq->out, why);
}

static int do_set_settings(struct request *rq, struct problem *why)
{
	const struct user_settings *input = rq->body;
	TRY(user_settings_set(rq->store, rq->session.user_id, input->settings, why));
	return do_settings(rq, why);
}

static const struct route routes[] = {
	{
		.name = "get_home",
		.method = "GET",
		.path = API "/phase3/home",
		.weight = 2,
		.status = 200,
		.answer = &home_shape,
		.summary = "Get your rooms with what you have not read, your invitations and what "
			   "waits for you, at one position of the event log",
		.handle = do_home,
	},
	{
		.name = "get_settings_of_clients",
		.method = "GET",
		.path = USERS "/me/settings",
		.status = 200,
		.answer = &user_settings_shape,
		.summary = "Get the settings that your clients keep",
		.handle = do_settings,
	},
	{
		.name = "put_settings_of_clients",
		.method = "PUT",
		.path = USERS "/me/settings",
		.weight = 2,
		.body = &user_settings_fields,
		.example = "{\"settings\":{\"theme\":\"dark\"}}",
		.status = 200,
		.answer = &user_settings_shape,
		.summary =
			"Replace the settings that your clients keep; your other devices are told",
		.handle = do_set_settings,
	},
};
const struct routes home_routes = ROUTES("Home", routes);
