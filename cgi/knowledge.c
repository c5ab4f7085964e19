/* /phase3/knowledge: what people share and vote on. */
#include "base/json_out.h"
#include "cgi/request.h"
#include "realm/knowledge.h"

#define KNOWLEDGE API "/phase3/knowledge"

static int do_create(struct request *rq, struct problem *why)
{
	int64_t id;
	TRY(knowledge_create(rq->arena, rq->store, rq->session.user_id, rq->body, &id, why));
	rq->location = arena_printf(rq->arena, KNOWLEDGE "/%lld", (long long)id);
	return knowledge_show(rq->store, rq->session.user_id, id, rq->out, why);
}

static int do_list(struct request *rq, struct problem *why)
{
	return knowledge_list(rq->arena, rq->store, rq->session.user_id, rq->query, &rq->page,
			      rq->out, why);
}

static int do_show(struct request *rq, struct problem *why)
{
	return knowledge_show(rq->store, rq->session.user_id, id_param(rq), rq->out, why);
}

static int vote(struct request *rq, int value, const char *message, struct problem *why)
{
	struct votes votes;
	TRY(knowledge_vote(rq->arena, rq->store, rq->session.user_id, id_param(rq), value, &votes,
			   why));
	jw_open(rq->out, '{');
	jw_kv_text(rq->out, "message", message);
	jw_kv_int(rq->out, "upvotes", votes.up);
	jw_kv_int(rq->out, "downvotes", votes.down);
	jw_close(rq->out, '}');
	return 0;
}

static int do_upvote(struct request *rq, struct problem *why)
{
	return vote(rq, 1, "Knowledge upvoted successfully", why);
}

static int do_downvote(struct request *rq, struct problem *why)
{
	return vote(rq, -1, "Knowledge downvoted successfully", why);
}

static const struct route routes[] = {
	{
		.name = "create_knowledge",
		.method = "POST",
		.path = KNOWLEDGE,
		.body = &knowledge_new_fields,
		.example = "{\"content\":\"A WAL is synced before it is "
			   "acknowledged.\",\"knowledge_type\":\"insight\",\"tags\":[\"sqlite\","
			   "\"durability\"],\"visibility\":\"public\"}",
		.status = 201,
		.answer = &knowledge_shape,
		.summary = "Share something I know",
		.handle = do_create,
	},
	{
		.name = "list_knowledge",
		.method = "GET",
		.path = KNOWLEDGE,
		.query = &knowledge_filter_fields,
		.pages = true,
		.status = 200,
		.answer = &knowledge_shape,
		.list = true,
		.summary = "What I may see, newest first",
		.handle = do_list,
	},
	{
		.name = "get_knowledge",
		.method = "GET",
		.path = KNOWLEDGE "/{id}",
		.params = &id_param_fields,
		.tagged = true,
		.status = 200,
		.answer = &knowledge_shape,
		.summary = "One piece of knowledge",
		.problems = {PROBLEM_KNOWLEDGE_NOT_FOUND},
		.handle = do_show,
	},
	{
		.name = "upvote_knowledge",
		.method = "POST",
		.path = KNOWLEDGE "/{id}/upvote",
		.params = &id_param_fields,
		.status = 200,
		.answer = &vote_shape,
		.summary = "Vote for it: one vote a person, and this one replaces the other",
		.problems = {PROBLEM_KNOWLEDGE_NOT_FOUND, PROBLEM_OWN_KNOWLEDGE},
		.handle = do_upvote,
	},
	{
		.name = "downvote_knowledge",
		.method = "POST",
		.path = KNOWLEDGE "/{id}/downvote",
		.params = &id_param_fields,
		.status = 200,
		.answer = &vote_shape,
		.summary = "Vote against it: one vote a person, and this one replaces the other",
		.problems = {PROBLEM_KNOWLEDGE_NOT_FOUND, PROBLEM_OWN_KNOWLEDGE},
		.handle = do_downvote,
	},
};
const struct routes knowledge_routes = ROUTES("Knowledge", routes);
