/* /aeon/memories: what users give to their twins to remember. */
#include "cgi/meaning.h"
#include "cgi/request.h"
#include "realm/memories.h"
#include "realm/source_search.h"
#include "store/shape.h"

#define MEMORIES API "/aeon/memories"

static int do_add(struct request *rq, struct problem *why)
{
	int64_t id;
	bool fresh;
	TRY(memory_add(rq->store, rq->session.user_id, rq->body, &id, &fresh, why));
	rq->status = fresh ? 201 : 200;
	if (fresh)
		rq->location = arena_printf(rq->arena, MEMORIES "/%lld", (long long)id);
	return memory_show(rq->store, rq->session.user_id, id, rq->out, why);
}

static int do_list(struct request *rq, struct problem *why)
{
	const struct memory_filter *filter = rq->query;
	struct search_meaning meaning = {0};
	int ready = filter->q ? request_meaning(rq, filter->q, false, &meaning, why) : 1;
	if (ready <= 0)
		return ready;
	return memories_list(rq->arena, rq->store, rq->session.user_id, filter, meaning.vector,
			     &rq->page, rq->out, why);
}

static int do_show(struct request *rq, struct problem *why)
{
	return memory_show(rq->store, rq->session.user_id, id_param(rq), rq->out, why);
}

static int do_update(struct request *rq, struct problem *why)
{
	struct memory_change change = *(const struct memory_change *)rq->body;
	change.given = rq->given;
	TRY(memory_update(rq->store, rq->session.user_id, id_param(rq), &change, why));
	return do_show(rq, why);
}

static int do_delete(struct request *rq, struct problem *why)
{
	return memory_delete(rq->store, rq->session.user_id, id_param(rq), why);
}

static const struct route routes[] = {
	{
		.name = "add_memory",
		.method = "POST",
		.path = MEMORIES,
		.weight = 2,
		.quota = QUOTA_MEMORIES,
		.body = &memory_new_fields,
		.example = "{\"content\":\"I like green tea in the morning.\",\"memory_type\":"
			   "\"preference\",\"importance\":7,\"visibility\":\"friends\"}",
		.status = 201,
		.or_status = 200,
		.answer = &memory_shape,
		.summary = "Give your twin a memory; the same text again strengthens it (200)",
		.handle = do_add,
	},
	{
		.name = "list_memories",
		.method = "GET",
		.path = MEMORIES,
		.weight = 3,
		.query = &memory_filter_fields,
		.pages = true,
		.status = 200,
		.answer = &memory_shape,
		.list = true,
		.found = &source_search_shape,
		.summary = "List the memories of your twin, or search what it can draw on for you",
		.handle = do_list,
	},
	{
		.name = "get_memory",
		.method = "GET",
		.path = MEMORIES "/{id}",
		.params = &id_param_fields,
		.tagged = true,
		.status = 200,
		.answer = &memory_shape,
		.summary = "Get a memory of your twin",
		.problems = {PROBLEM_NOT_FOUND},
		.handle = do_show,
	},
	{
		.name = "patch_memory",
		.method = "PATCH",
		.path = MEMORIES "/{id}",
		.weight = 2,
		.params = &id_param_fields,
		.body = &memory_change_fields,
		.example = "{\"importance\":9,\"local_only\":true}",
		.status = 200,
		.answer = &memory_shape,
		.summary =
			"Change a memory; answers that were made from its old text are forgotten",
		.problems = {PROBLEM_NOT_FOUND, PROBLEM_MEMORY_EXISTS, PROBLEM_QUOTA_EXCEEDED},
		.handle = do_update,
	},
	{
		.name = "delete_memory",
		.method = "DELETE",
		.path = MEMORIES "/{id}",
		.weight = 2,
		.params = &id_param_fields,
		.status = 204,
		.summary = "Delete a memory, and forget the answers that were made from it",
		.problems = {PROBLEM_NOT_FOUND},
		.handle = do_delete,
	},
};
const struct routes memory_routes = ROUTES("Memories", routes);
