/* /phase3/aeon/interactions: questions and answers between twins. */
#include "base/json_out.h"
#include "cgi/request.h"
#include "realm/interactions.h"

#define INTERACTIONS API "/phase3/aeon/interactions"

static const struct property responded_properties[] = {
	PROPERTY("message", TEXT),
	PROPERTY("interaction", PART, .of = &interaction_shape),
};
static const struct shape responded_shape = SHAPE("InteractionResponded", responded_properties);

static int do_create(struct request *rq, struct problem *why)
{
	int64_t id;
	TRY(interaction_create(rq->arena, rq->store, rq->session.user_id, rq->body, &id, why));
	return interaction_show(rq->store, rq->session.user_id, id, rq->out, why);
}

static int do_show(struct request *rq, struct problem *why)
{
	return interaction_show(rq->store, rq->session.user_id, id_param(rq), rq->out, why);
}

static int do_delete(struct request *rq, struct problem *why)
{
	return interaction_delete(rq->store, rq->session.user_id, id_param(rq), why);
}

static int do_list(struct request *rq, struct problem *why)
{
	return interactions_list(rq->store, rq->session.user_id, rq->query, &rq->page, rq->out,
				 why);
}

static int do_respond(struct request *rq, struct problem *why)
{
	TRY(interaction_respond(rq->arena, rq->store, rq->session.user_id, id_param(rq), rq->body,
				why));
	jw_open(rq->out, '{');
	jw_kv_text(rq->out, "message", "Response sent successfully");
	jw_key(rq->out, "interaction");
	TRY(do_show(rq, why));
	jw_close(rq->out, '}');
	return 0;
}

static const struct route routes[] = {
	{
		.name = "create_interaction",
		.method = "POST",
		.path = INTERACTIONS,
		.weight = 2,
		.reaches = true,
		.body = &interaction_new_fields,
		.example = "{\"target_aeon_user_id\":2,\"interaction_type\":\"question\","
			   "\"content\":\"How do you keep what you "
			   "learn?\",\"context\":{\"topic\":\"memory\"},\"is_public\":true}",
		.status = 201,
		.answer = &interaction_shape,
		.summary = "Address the AEON of another user",
		.problems = {PROBLEM_CONTACT_REFUSED, PROBLEM_USER_NOT_FOUND,
			     PROBLEM_QUOTA_EXCEEDED},
		.handle = do_create,
	},
	{
		.name = "list_interactions",
		.method = "GET",
		.path = INTERACTIONS,
		.weight = 2,
		.query = &interaction_filter_fields,
		.pages = true,
		.status = 200,
		.answer = &interaction_shape,
		.list = true,
		.summary = "List your interactions, or all public ones, newest first",
		.handle = do_list,
	},
	{
		.name = "get_interaction",
		.method = "GET",
		.path = INTERACTIONS "/{id}",
		.params = &id_param_fields,
		.tagged = true,
		.status = 200,
		.answer = &interaction_shape,
		.summary = "Get an interaction of yours or a public one",
		.problems = {PROBLEM_INTERACTION_NOT_FOUND},
		.handle = do_show,
	},
	{
		.name = "delete_interaction",
		.method = "DELETE",
		.path = INTERACTIONS "/{id}",
		.weight = 2,
		.params = &id_param_fields,
		.status = 204,
		.summary = "Delete an interaction that you are a side of",
		.problems = {PROBLEM_INTERACTION_NOT_FOUND, PROBLEM_FORBIDDEN},
		.handle = do_delete,
	},
	{
		.name = "respond_to_interaction",
		.method = "POST",
		.path = INTERACTIONS "/{id}/respond",
		.weight = 2,
		.reaches = true,
		.params = &id_param_fields,
		.body = &interaction_response_fields,
		.example = "{\"response_content\":\"By telling it to others.\"}",
		.body_in_query = true,
		.status = 200,
		.answer = &responded_shape,
		.summary = "Answer an interaction that addresses you; only once",
		.problems = {PROBLEM_INTERACTION_NOT_FOUND, PROBLEM_FORBIDDEN,
			     PROBLEM_ALREADY_ANSWERED, PROBLEM_QUOTA_EXCEEDED},
		.handle = do_respond,
	},
};
const struct routes interaction_routes = ROUTES("AEON interactions", routes);
