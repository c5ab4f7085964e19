/* /phase3/relationships: how people stand to each other. */
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

static const struct route routes[] = {
	{
		.name = "create_relationship",
		.method = "POST",
		.path = RELATIONSHIPS,
		.body = &relationship_new_fields,
		.example = "{\"related_user_id\":2,\"relationship_type\":\"friend\",\"strength\":0."
			   "8,\"shared_interests\":[\"music\"]}",
		.status = 201,
		.or_status = 200,
		.answer = &relationship_shape,
		.summary = "Relate to somebody; 200 when an existing relationship was updated",
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
		.summary = "My relationships, newest first",
		.handle = do_list,
	},
};
const struct routes relationship_routes = ROUTES("Relationships", routes);
