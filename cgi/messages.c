/* /phase3/rooms/{room_id}/messages: what is said in a room. */
#include "cgi/request.h"
#include "realm/messages.h"

#define MESSAGES API "/phase3/rooms/{room_id}/messages"

static int do_list(struct request *rq, struct problem *why)
{
	return messages_list(rq->store, rq->session.user_id, room_param(rq), rq->query, &rq->page,
			     rq->out, why);
}

static int do_post(struct request *rq, struct problem *why)
{
	struct message_posted posted;
	TRY(message_post(rq->arena, rq->store, rq->session.user_id, room_param(rq), rq->body,
			 &posted, why));
	if (posted.duplicate)
		rq->status = 200;
	return message_show(rq->store, rq->session.user_id, room_param(rq), posted.id, rq->out,
			    why);
}

static const struct route routes[] = {
	{
		.name = "list_messages",
		.method = "GET",
		.path = MESSAGES,
		.params = &room_param_fields,
		.query = &message_filter_fields,
		.pages = true,
		.status = 200,
		.answer = &message_shape,
		.list = true,
		.summary = "A room's messages, newest first; with `after`, oldest first",
		.problems = {PROBLEM_ROOM_NOT_FOUND},
		.handle = do_list,
	},
	{
		.name = "post_message",
		.method = "POST",
		.path = MESSAGES,
		.params = &room_param_fields,
		.body = &message_new_fields,
		.status = 201,
		.or_status = 200,
		.answer = &message_shape,
		.summary = "Say something in a room that I am in; 200 when the same client_id was "
			   "taken before",
		.problems = {PROBLEM_ROOM_NOT_FOUND, PROBLEM_FORBIDDEN,
			     PROBLEM_IDEMPOTENCY_CONFLICT},
		.handle = do_post,
	},
};
const struct routes message_routes = ROUTES("Messages", routes);
