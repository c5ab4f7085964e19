/* /aeon/turns and /aeon/drafts: why a twin said a thing, and what waits for its owner. */
#include "cgi/request.h"
#include "realm/answers.h"
#include "realm/drafts.h"
#include "realm/held_back.h"
#include "realm/turn_list.h"
#include "realm/turns.h"

#define TURNS API "/aeon/turns"
#define DRAFTS API "/aeon/drafts"

static int do_list(struct request *rq, struct problem *why)
{
	return turns_list(rq->store, rq->session.user_id, rq->query, &rq->page, rq->out, why);
}

static int do_show(struct request *rq, struct problem *why)
{
	return turn_show(rq->store, rq->session.user_id, id_param(rq), rq->out, why);
}

static int do_held_back(struct request *rq, struct problem *why)
{
	return held_back_list(rq->arena, rq->store, rq->session.user_id, id_param(rq), rq->out,
			      why);
}

static int do_cancel(struct request *rq, struct problem *why)
{
	TRY(turn_cancel(rq->arena, rq->store, rq->session.user_id, id_param(rq), why));
	return do_show(rq, why);
}

static int do_drafts(struct request *rq, struct problem *why)
{
	const struct turn_filter drafts = {.state = "draft"};
	return turns_list(rq->store, rq->session.user_id, &drafts, &rq->page, rq->out, why);
}

struct approval {
	const char *content; /* NULL: as it is */
};
static const struct field approval_rows[] = {
	FIELD(struct approval, content, TEXT, .min = 1, .max = ANSWER_MAX,
	      .help = "Another text than that of the draft."),
};
static const struct fields approval_fields = FIELDS(struct approval, approval_rows);

static int do_approve(struct request *rq, struct problem *why)
{
	const struct approval *approval = rq->body;
	TRY(draft_approve(rq->arena, rq->store, rq->session.user_id, id_param(rq),
			  approval->content, why));
	return do_show(rq, why);
}

static int do_reject(struct request *rq, struct problem *why)
{
	TRY(draft_reject(rq->arena, rq->store, rq->session.user_id, id_param(rq), why));
	return do_show(rq, why);
}

static const struct route routes[] = {
	{
		.name = "list_turns",
		.method = "GET",
		.path = TURNS,
		.weight = 2,
		.query = &turn_filter_fields,
		.pages = true,
		.status = 200,
		.answer = &turn_shape,
		.list = true,
		.summary = "List the turns of your twin, newest first",
		.handle = do_list,
	},
	{
		.name = "get_turn",
		.method = "GET",
		.path = TURNS "/{id}",
		.params = &id_param_fields,
		.status = 200,
		.answer = &turn_shape,
		.summary = "Get a turn of your twin: why it said a thing, and from which texts",
		.problems = {PROBLEM_NOT_FOUND},
		.handle = do_show,
	},
	{
		.name = "list_held_back",
		.method = "GET",
		.path = TURNS "/{id}/held-back",
		.weight = 3,
		.params = &id_param_fields,
		.status = 200,
		.answer = &held_back_shape,
		.list = true,
		.summary = "List the texts that fit the question of a turn, and that your twin did "
			   "not use because the readers of its answer may not read them",
		.problems = {PROBLEM_NOT_FOUND},
		.handle = do_held_back,
	},
	{
		.name = "cancel_turn",
		.method = "POST",
		.path = TURNS "/{id}/cancel",
		.weight = 2,
		.params = &id_param_fields,
		.status = 200,
		.answer = &turn_shape,
		.summary = "Cancel a turn that waits or runs",
		.problems = {PROBLEM_NOT_FOUND, PROBLEM_TURN_ENDED},
		.handle = do_cancel,
	},
	{
		.name = "list_drafts",
		.method = "GET",
		.path = DRAFTS,
		.weight = 2,
		.pages = true,
		.status = 200,
		.answer = &turn_shape,
		.list = true,
		.summary = "List the drafts of your twin that wait for you, newest first",
		.handle = do_drafts,
	},
	{
		.name = "approve_draft",
		.method = "POST",
		.path = DRAFTS "/{id}/approve",
		.quota = QUOTA_KNOWLEDGE,
		.weight = 2,
		.reaches = true,
		.params = &id_param_fields,
		.body = &approval_fields,
		.example = "{\"content\":\"I would rather meet on Tuesday.\"}",
		.status = 200,
		.answer = &turn_shape,
		.summary = "Post a draft of your twin, as it is or as you have edited it",
		.problems = {PROBLEM_NOT_FOUND, PROBLEM_TURN_ENDED, PROBLEM_ROOM_CLOSED,
			     PROBLEM_ROOM_NOT_FOUND, PROBLEM_ALREADY_ANSWERED,
			     PROBLEM_QUOTA_EXCEEDED},
		.handle = do_approve,
	},
	{
		.name = "reject_draft",
		.method = "POST",
		.path = DRAFTS "/{id}/reject",
		.weight = 2,
		.params = &id_param_fields,
		.status = 200,
		.answer = &turn_shape,
		.summary = "Reject a draft of your twin",
		.problems = {PROBLEM_NOT_FOUND, PROBLEM_TURN_ENDED},
		.handle = do_reject,
	},
};
const struct routes turn_routes = ROUTES("Turns", routes);
