/* /aeon/chat and /aeon/conversations: users talk with their own twins. */
#include "base/clock.h"
#include "cgi/request.h"
#include "realm/conversations.h"

#define CONVERSATIONS API "/aeon/conversations"

struct chat_query {
	int64_t wait;
};
static const struct field query_rows[] = {
	FIELD(struct chat_query, wait, INT, .max = 10, .default_value = "10",
	      .help = "Most seconds to wait for the answer."),
};
static const struct fields query_fields = FIELDS(struct chat_query, query_rows);

struct conversation_param {
	const char *conversation_id;
};
static const struct field conversation_rows[] = {
	FIELD(struct conversation_param, conversation_id, TEXT, .required = true,
	      .pattern = FIELD_UUID_PATTERN, .help = "UUID of the conversation."),
};
static const struct fields conversation_fields =
	FIELDS(struct conversation_param, conversation_rows);

static const char *conversation_param(const struct request *rq)
{
	return ((const struct conversation_param *)rq->params)->conversation_id;
}

/* The request keeps its turn while it waits, so that nothing is said twice. */
static int do_chat(struct request *rq, struct problem *why)
{
	int ended;
	if (!rq->kept)
		TRY(chat_say(rq->store, rq->app->settings, rq->session.user_id, rq->body, &rq->kept,
			     why));
	TRY(ended = chat_answer_show(rq->arena, rq->store, rq->session.user_id, rq->kept, rq->out,
				     why));
	if (ended)
		return 0;
	rq->wait = ((const struct chat_query *)rq->query)->wait * CLOCK_SECOND;
	rq->status = 202;
	rq->location = arena_printf(rq->arena, API "/aeon/turns/%lld", (long long)rq->kept);
	return 0;
}

static int do_list(struct request *rq, struct problem *why)
{
	return conversations_list(rq->store, rq->session.user_id, &rq->page, rq->out, why);
}

static int do_show(struct request *rq, struct problem *why)
{
	return conversation_show(rq->store, rq->session.user_id, conversation_param(rq), &rq->page,
				 rq->out, why);
}

static int do_delete(struct request *rq, struct problem *why)
{
	return conversation_delete(rq->store, rq->session.user_id, conversation_param(rq), why);
}

static const struct route routes[] = {
	{
		.name = "chat",
		.method = "POST",
		.path = API "/aeon/chat",
		.weight = 4,
		.keyed = true,
		.query = &query_fields,
		.body = &chat_new_fields,
		.example = "{\"message\":\"What did we say about tea?\"}",
		.status = 200,
		.or_status = 202,
		.answer = &chat_answer_shape,
		.summary =
			"Say something to your twin and wait for its answer; 202, with the turn as "
			"Location, when it takes longer",
		.problems = {PROBLEM_NOT_FOUND, PROBLEM_QUOTA_EXCEEDED},
		.handle = do_chat,
	},
	{
		.name = "list_conversations",
		.method = "GET",
		.path = CONVERSATIONS,
		.weight = 2,
		.pages = true,
		.status = 200,
		.answer = &conversation_summary_shape,
		.list = true,
		.summary = "List your conversations with your twin, the last used first",
		.handle = do_list,
	},
	{
		.name = "get_conversation",
		.method = "GET",
		.path = CONVERSATIONS "/{conversation_id}",
		.weight = 2,
		.params = &conversation_fields,
		.pages = true,
		.status = 200,
		.answer = &conversation_shape,
		.summary = "Get a conversation with a page of its messages, newest first",
		.problems = {PROBLEM_NOT_FOUND},
		.handle = do_show,
	},
	{
		.name = "delete_conversation",
		.method = "DELETE",
		.path = CONVERSATIONS "/{conversation_id}",
		.weight = 3,
		.params = &conversation_fields,
		.status = 204,
		.summary = "Delete a conversation, and forget the answers that were made from it",
		.problems = {PROBLEM_NOT_FOUND},
		.handle = do_delete,
	},
};
const struct routes conversation_routes = ROUTES("Conversations", routes);
