/* /phase3/relationships: friends, mentors and blocks between users. */
#include "cgi/request.h"
#include "realm/relationships.h"

#define RELATIONSHIPS API "/phase3/relationships"

static int do_put(struct request *rq, struct problem *why)
{
	const struct relationship_new *input = rq->body;
	int made = relationship_put(rq->arena, rq->store, rq->session.user_id, input, why);
	if (made == 0)
		rq->status = 200;
	TRY(made);
	return relationship_show(rq->store, rq->session.user_id, input->related_user_id, rq->out,
				 why);
}

static int do_list(struct request *rq, struct problem *why)
{
	return relationships_list(rq->store, rq->session.user_id, rq->query, &rq->page, rq->out,
				  why);
}

static int do_update(struct request *rq, struct problem *why)
{
	struct relationship_change change = *(const struct relationship_change *)rq->body;
	change.given = rq->given;
	TRY(relationship_update(rq->arena, rq->store, rq->session.user_id, user_param(rq), &change,
				why));
	return relationship_show(rq->store, rq->session.user_id, user_param(rq), rq->out, why);
}

static int do_show(struct request *rq, struct problem *why)
{
	return relationship_show(rq->store, rq->session.user_id, user_param(rq), rq->out, why);
}

static int do_delete(struct request *rq, struct problem *why)
{
	return relationship_delete(rq->arena, rq->store, rq->session.user_id, user_param(rq), why);
}

static int do_list_of(struct request *rq, struct problem *why)
{
	return relationships_of(rq->store, rq->session.user_id, user_param(rq), rq->query,
				&rq->page, rq->out, why);
}

static const struct route routes[] = {
	{
		.name = "create_relationship",
		.method = "POST",
		.path = RELATIONSHIPS,
		.quota = QUOTA_RELATIONSHIPS,
		.weight = 2,
		.reaches = true,
		.body = &relationship_new_fields,
		.example = "{\"related_user_id\":2,\"relationship_type\":\"friend\",\"strength\":0."
			   "8,\"shared_interests\":[\"music\"]}",
		.status = 201,
		.or_status = 200,
		.answer = &relationship_shape,
		.summary = "Create a relationship; 200 when it existed and was updated",
		.problems = {PROBLEM_USER_NOT_FOUND},
		.handle = do_put,
	},
	{
		.name = "list_relationships",
		.method = "GET",
		.path = RELATIONSHIPS,
		.query = &relationship_filter_fields,
		.pages = true,
		.status = 200,
		.answer = &relationship_shape,
		.list = true,
		.summary = "List your relationships, newest first",
		.handle = do_list,
	},
	{
		.name = "get_relationship",
		.method = "GET",
		.path = RELATIONSHIPS "/{user_id}",
		.params = &user_param_fields,
		.tagged = true,
		.status = 200,
		.answer = &relationship_shape,
		.summary = "Get your relationship to a user",
		.problems = {PROBLEM_NOT_FOUND},
		.handle = do_show,
	},
	{
		.name = "update_relationship",
		.method = "PATCH",
		.path = RELATIONSHIPS "/{user_id}",
		.weight = 2,
		.reaches = true,
		.params = &user_param_fields,
		.body = &relationship_change_fields,
		.example = "{\"relationship_type\":\"mentor\",\"strength\":0.9}",
		.status = 200,
		.answer = &relationship_shape,
		.summary = "Change your relationship to a user",
		.problems = {PROBLEM_NOT_FOUND},
		.handle = do_update,
	},
	{
		.name = "delete_relationship",
		.method = "DELETE",
		.path = RELATIONSHIPS "/{user_id}",
		.weight = 2,
		.reaches = true,
		.params = &user_param_fields,
		.status = 204,
		.summary = "Delete your relationship to a user; this also ends a block",
		.problems = {PROBLEM_NOT_FOUND},
		.handle = do_delete,
	},
	{
		.name = "list_user_relationships",
		.method = "GET",
		.path = API "/phase3/users/{user_id}/relationships",
		.params = &user_param_fields,
		.query = &relationship_filter_fields,
		.pages = true,
		.status = 200,
		.answer = &relationship_shape,
		.list = true,
		.summary = "List the relationships that a user shows you",
		.problems = {PROBLEM_USER_NOT_FOUND, PROBLEM_FORBIDDEN},
		.handle = do_list_of,
	},
};
const struct routes relationship_routes = ROUTES("Relationships", routes);
