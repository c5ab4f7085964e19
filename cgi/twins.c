/* /aeon/twin and /phase3/rooms/{room_id}/twin: what a twin may do, and where it is. */
#include "cgi/request.h"
#include "realm/turn_list.h"
#include "realm/twins.h"

#define TWIN API "/aeon/twin"
#define ROOM_TWIN API "/phase3/rooms/{room_id}/twin"

static int do_show(struct request *rq, struct problem *why)
{
	return twin_show(rq->store, rq->session.user_id, rq->out, why);
}

static int do_set(struct request *rq, struct problem *why)
{
	struct twin_change change = *(const struct twin_change *)rq->body;
	change.given = rq->given;
	if (change.model && !twin_may_use(rq->app->settings, change.model))
		return problem_field(rq->arena, why, "body", "model",
				     "Value error, this realm does not offer that model");
	TRY(twin_set(rq->arena, rq->store, rq->session.user_id, &change, why));
	return do_show(rq, why);
}

static int do_status(struct request *rq, struct problem *why)
{
	return twin_status(rq->store, rq->app->settings, rq->session.user_id, rq->out, why);
}

static int do_bring(struct request *rq, struct problem *why)
{
	TRY(room_twin_set(rq->arena, rq->store, rq->session.user_id, room_param(rq), true, why));
	return room_twin_show(rq->store, rq->session.user_id, room_param(rq), rq->out, why);
}

static int do_take_out(struct request *rq, struct problem *why)
{
	return room_twin_set(rq->arena, rq->store, rq->session.user_id, room_param(rq), false, why);
}

static const struct route routes[] = {
	{
		.name = "get_twin",
		.method = "GET",
		.path = TWIN,
		.tagged = true,
		.status = 200,
		.answer = &twin_shape,
		.summary = "Get the settings of your twin",
		.handle = do_show,
	},
	{
		.name = "put_twin",
		.method = "PUT",
		.path = TWIN,
		.weight = 2,
		.body = &twin_change_fields,
		.example = "{\"name\":\"Ada's twin\",\"autopilot\":\"draft\",\"answers_to\":"
			   "\"friends\",\"quiet_hours\":{\"from\":\"22:00\",\"to\":\"07:00\","
			   "\"utc_offset\":60},\"max_replies_per_day\":50}",
		.status = 200,
		.answer = &twin_shape,
		.summary = "Change the settings of your twin; only the given fields change",
		.handle = do_set,
	},
	{
		.name = "get_twin_status",
		.method = "GET",
		.path = API "/aeon/status",
		.weight = 2,
		.status = 200,
		.answer = &twin_status_shape,
		.summary = "Get what your twin has done today, and which texts leave the machine",
		.handle = do_status,
	},
	{
		.name = "bring_twin",
		.method = "POST",
		.path = ROOM_TWIN,
		.weight = 2,
		.reaches = true,
		.params = &room_param_fields,
		.status = 200,
		.answer = &room_twin_shape,
		.summary = "Bring your twin into an AEON room that you are in",
		.problems = {PROBLEM_ROOM_NOT_FOUND, PROBLEM_FORBIDDEN, PROBLEM_NOT_AEON_ROOM,
			     PROBLEM_ROOM_CLOSED},
		.handle = do_bring,
	},
	{
		.name = "take_twin_out",
		.method = "DELETE",
		.path = ROOM_TWIN,
		.weight = 2,
		.params = &room_param_fields,
		.status = 204,
		.summary = "Take your twin out of a room",
		.problems = {PROBLEM_ROOM_NOT_FOUND, PROBLEM_FORBIDDEN},
		.handle = do_take_out,
	},
};
const struct routes twin_routes = ROUTES("Twins", routes);
