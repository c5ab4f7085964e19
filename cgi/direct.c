/* /phase3/direct: direct rooms and groups. */
#include "cgi/request.h"
#include "realm/direct.h"
#include "realm/rooms.h"

#define DIRECT API "/phase3/direct"

static int open_with(struct request *rq, const struct ints *others, struct problem *why)
{
	const char *id;
	int is_new = direct_open(rq->arena, rq->store, rq->session.user_id, others, &id, why);
	TRY(is_new);
	if (is_new)
		rq->location = arena_printf(rq->arena, API "/phase3/rooms/%s", id);
	else
		rq->status = 200;
	return room_show(rq->store, rq->session.user_id, id, rq->out, why);
}

static int do_open(struct request *rq, struct problem *why)
{
	return open_with(rq, &((const struct direct_new *)rq->body)->user_ids, why);
}

struct other_param {
	int64_t user_id;
};

static const struct field other_rows[] = {
	FIELD(struct other_param, user_id, INT, .required = true, .help = "The other user's id."),
};
static const struct fields other_param_fields = FIELDS(struct other_param, other_rows);

static int do_open_one(struct request *rq, struct problem *why)
{
	const struct other_param *param = rq->params;
	if (param->user_id == rq->session.user_id)
		return problem_field(rq->arena, why, "path", "user_id",
				     "Value error, this is your own id");
	return open_with(rq, &(struct ints){.at = &param->user_id, .count = 1}, why);
}

#define OPEN(operation, route, text, ...)                                                          \
	{                                                                                          \
		.name = (operation), .method = "PUT", .path = (route), .quota = QUOTA_DIRECT,      \
		.weight = 5, .reaches = true, .status = 201, .or_status = 200,                     \
		.answer = &room_shape, .summary = (text),                                          \
		.problems = {PROBLEM_USER_NOT_FOUND, PROBLEM_CONTACT_REFUSED,                      \
			     PROBLEM_ROOM_CLOSED},                                                 \
		__VA_ARGS__                                                                        \
	}

static const struct route routes[] = {
	OPEN("open_direct_room", DIRECT "/{user_id}",
	     "Open the room of you and another user, always the same one; 201 when it is new",
	     .params = &other_param_fields, .handle = do_open_one),
	OPEN("open_group", DIRECT,
	     "Open the room of you and up to seven others, always the same; 201 when it is new",
	     .body = &direct_new_fields, .example = "{\"user_ids\":[2,3]}", .handle = do_open),
};
const struct routes direct_routes = ROUTES("Direct rooms", routes);
