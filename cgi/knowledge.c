/* /phase3/knowledge: knowledge that users share and vote on. */
#include <string.h>

#include "base/json_out.h"
#include "cgi/meaning.h"
#include "cgi/request.h"
#include "realm/knowledge.h"
#include "realm/knowledge_list.h"
#include "realm/knowledge_nearest.h"
#include "realm/settings.h"
#include "realm/votes.h"

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
	const struct knowledge_filter *filter = rq->query;
	struct search_meaning meaning = {0};
	bool by_meaning =
		filter->q && filter->sort && strcmp(filter->sort, KNOWLEDGE_BY_MEANING) == 0;
	int ready = by_meaning ? request_meaning(rq, filter->q, true, &meaning, why) : 1;
	if (ready <= 0)
		return ready;
	if (meaning.vector)
		return knowledge_nearest(rq->arena, rq->store, rq->session.user_id, filter,
					 &meaning, &rq->page, rq->out, why);
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
	TRY(knowledge_vote(rq->arena, rq->store, rq->session.user_id, id_param(rq), value,
			   rq->app->settings->votes_ms * 1000, &votes, why));
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

static int do_unvote(struct request *rq, struct problem *why)
{
	return vote(rq, 0, "Vote removed", why);
}

static int do_update(struct request *rq, struct problem *why)
{
	struct knowledge_change change = *(const struct knowledge_change *)rq->body;
	change.given = rq->given;
	TRY(knowledge_update(rq->arena, rq->store, rq->session.user_id, id_param(rq), &change,
			     why));
	return do_show(rq, why);
}

static int do_delete(struct request *rq, struct problem *why)
{
	return knowledge_delete(rq->arena, rq->store, rq->session.user_id, id_param(rq), why);
}

static int do_share(struct request *rq, struct problem *why)
{
	TRY(knowledge_share(rq->arena, rq->store, rq->session.user_id, id_param(rq), rq->body,
			    why));
	return do_show(rq, why);
}

static const struct route routes[] = {
	{
		.name = "create_knowledge",
		.method = "POST",
		.path = KNOWLEDGE,
		.quota = QUOTA_KNOWLEDGE,
		.weight = 5,
		.body = &knowledge_new_fields,
		.example = "{\"content\":\"A WAL is synced before it is "
			   "acknowledged.\",\"knowledge_type\":\"insight\",\"tags\":[\"sqlite\","
			   "\"durability\"],\"visibility\":\"public\"}",
		.status = 201,
		.answer = &knowledge_shape,
		.summary = "Share a piece of knowledge",
		.handle = do_create,
	},
	{
		.name = "list_knowledge",
		.method = "GET",
		.path = KNOWLEDGE,
		.weight = 3,
		.query = &knowledge_filter_fields,
		.pages = true,
		.status = 200,
		.answer = &knowledge_shape,
		.list = true,
		.summary = "List or search the knowledge that you can see",
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
		.summary = "Get a piece of knowledge",
		.problems = {PROBLEM_KNOWLEDGE_NOT_FOUND},
		.handle = do_show,
	},
	{
		.name = "upvote_knowledge",
		.method = "POST",
		.path = KNOWLEDGE "/{id}/upvote",
		.reaches = true,
		.params = &id_param_fields,
		.status = 200,
		.answer = &vote_shape,
		.summary = "Vote for a piece of knowledge; a new vote replaces your old one",
		.problems = {PROBLEM_KNOWLEDGE_NOT_FOUND, PROBLEM_OWN_KNOWLEDGE},
		.handle = do_upvote,
	},
	{
		.name = "downvote_knowledge",
		.method = "POST",
		.path = KNOWLEDGE "/{id}/downvote",
		.reaches = true,
		.params = &id_param_fields,
		.status = 200,
		.answer = &vote_shape,
		.summary = "Vote against a piece of knowledge; a new vote replaces your old one",
		.problems = {PROBLEM_KNOWLEDGE_NOT_FOUND, PROBLEM_OWN_KNOWLEDGE},
		.handle = do_downvote,
	},
	{
		.name = "remove_vote",
		.method = "DELETE",
		.path = KNOWLEDGE "/{id}/vote",
		.reaches = true,
		.params = &id_param_fields,
		.status = 200,
		.answer = &vote_shape,
		.summary = "Remove your vote",
		.problems = {PROBLEM_KNOWLEDGE_NOT_FOUND, PROBLEM_OWN_KNOWLEDGE},
		.handle = do_unvote,
	},
	{
		.name = "update_knowledge",
		.method = "PATCH",
		.path = KNOWLEDGE "/{id}",
		.weight = 5,
		.params = &id_param_fields,
		.body = &knowledge_change_fields,
		.example = "{\"content\":\"A WAL is synced before anything is "
			   "acknowledged.\",\"tags\":[\"sqlite\"]}",
		.status = 200,
		.answer = &knowledge_shape,
		.summary = "Change knowledge that you have shared",
		.problems = {PROBLEM_KNOWLEDGE_NOT_FOUND, PROBLEM_FORBIDDEN,
			     PROBLEM_QUOTA_EXCEEDED},
		.handle = do_update,
	},
	{
		.name = "delete_knowledge",
		.method = "DELETE",
		.path = KNOWLEDGE "/{id}",
		.weight = 3,
		.params = &id_param_fields,
		.status = 204,
		.summary = "Delete knowledge that you have shared",
		.problems = {PROBLEM_KNOWLEDGE_NOT_FOUND, PROBLEM_FORBIDDEN},
		.handle = do_delete,
	},
	{
		.name = "share_knowledge",
		.method = "POST",
		.path = KNOWLEDGE "/{id}/share",
		.weight = 2,
		.reaches = true,
		.params = &id_param_fields,
		.body = &knowledge_share_fields,
		.example = "{\"user_id\":2}",
		.status = 200,
		.answer = &knowledge_shape,
		.summary = "Share knowledge with a user or room that can see it already. A "
			   "room gets it as a message",
		.problems = {PROBLEM_CONTACT_REFUSED, PROBLEM_KNOWLEDGE_NOT_FOUND,
			     PROBLEM_FORBIDDEN, PROBLEM_USER_NOT_FOUND, PROBLEM_ROOM_NOT_FOUND},
		.handle = do_share,
	},
};
const struct routes knowledge_routes = ROUTES("Knowledge", routes);
