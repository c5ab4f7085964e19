/* /phase3/presence: whether the user is there, for clients without a WebSocket. */
#include "cgi/request.h"
#include "realm/presence.h"

static int do_set(struct request *rq, struct problem *why)
{
	const struct presence_input *input = rq->body;
	int64_t user_id = rq->session.user_id;
	TRY(presence_ask(rq->arena, rq->store, user_id, input->status, why));
	return presence_show(rq->store, user_id, user_id, rq->out, why);
}

static const struct route routes[] = {
	{
		.name = "set_presence",
		.method = "PUT",
		.path = API "/phase3/presence",
		.weight = 5,
		.body = &presence_input_fields,
		.example = "{\"status\":\"away\"}",
		.status = 200,
		.answer = &presence_shape,
		.summary = "Say whether you are there or away, until you are offline a minute "
			   "after your last request",
		.handle = do_set,
	},
};
const struct routes presence_routes = ROUTES("Presence", routes);
