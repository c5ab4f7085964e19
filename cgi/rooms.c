/* /phase3/rooms: the rooms themselves; what is said in them is in messages.c. */
#include "cgi/request.h"
#include "realm/rooms.h"

#define ROOMS API "/phase3/rooms"

static int do_create(struct request *rq, struct problem *why)
{
	const char *id;
	TRY(room_create(rq->arena, rq->store, rq->session.user_id, rq->body, &id, why));
	rq->location = arena_printf(rq->arena, ROOMS "/%s", id);
	return room_show(rq->store, rq->session.user_id, id, rq->out, why);
}

static int do_list(struct request *rq, struct problem *why)
{
	return rooms_list(rq->store, rq->session.user_id, rq->query, &rq->page, rq->out, why);
}

static int do_show(struct request *rq, struct problem *why)
{
	return room_show(rq->store, rq->session.user_id, room_param(rq), rq->out, why);
}

static int do_join(struct request *rq, struct problem *why)
{
	TRY(room_join(rq->arena, rq->store, rq->session.user_id, room_param(rq), why));
	return do_show(rq, why);
}

static int do_leave(struct request *rq, struct problem *why)
{
	TRY(room_leave(rq->arena, rq->store, rq->session.user_id, room_param(rq), why));
	return notice(rq, "Left the room");
}

static int do_read(struct request *rq, struct problem *why)
{
	const struct room_reading *reading = rq->body;
	int64_t user_id = rq->session.user_id;
	TRY(room_read(rq->arena, rq->store, user_id, room_param(rq), reading->up_to_seq, why));
	return room_marker(rq->store, user_id, room_param(rq), rq->out, why);
}

static const struct route routes[] = {
	{
		.name = "create_room",
		.method = "POST",
		.path = ROOMS,
		.body = &room_new_fields,
		.example =
			"{\"name\":\"Evening talk\",\"description\":\"What the day has "
			"brought\",\"topic\":\"today\",\"is_public\":true,\"max_participants\":20}",
		.status = 201,
		.answer = &room_shape,
		.summary = "Create a chat room, with me as its owner and first participant",
		.handle = do_create,
	},
	{
		.name = "list_rooms",
		.method = "GET",
		.path = ROOMS,
		.query = &room_filter_fields,
		.pages = true,
		.status = 200,
		.answer = &room_summary_shape,
		.list = true,
		.summary = "Public rooms and my private ones, newest first",
		.handle = do_list,
	},
	{
		.name = "get_room",
		.method = "GET",
		.path = ROOMS "/{room_id}",
		.params = &room_param_fields,
		.tagged = true,
		.status = 200,
		.answer = &room_shape,
		.summary = "A room and who is in it",
		.problems = {PROBLEM_ROOM_NOT_FOUND},
		.handle = do_show,
	},
	{
		.name = "join_room",
		.method = "POST",
		.path = ROOMS "/{room_id}/join",
		.params = &room_param_fields,
		.status = 200,
		.answer = &room_shape,
		.summary = "Come in; again is fine",
		.problems = {PROBLEM_ROOM_NOT_FOUND, PROBLEM_ROOM_FULL},
		.handle = do_join,
	},
	{
		.name = "leave_room",
		.method = "POST",
		.path = ROOMS "/{room_id}/leave",
		.params = &room_param_fields,
		.status = 200,
		.answer = &notice_shape,
		.summary = "Leave a room; again is fine",
		.problems = {PROBLEM_ROOM_NOT_FOUND},
		.handle = do_leave,
	},
	{
		.name = "read_room",
		.method = "PUT",
		.path = ROOMS "/{room_id}/read",
		.params = &room_param_fields,
		.body = &room_reading_fields,
		.example = "{\"up_to_seq\":1}",
		.status = 200,
		.answer = &read_marker_shape,
		.summary = "Note how far I have read; answers where that is now",
		.problems = {PROBLEM_ROOM_NOT_FOUND, PROBLEM_FORBIDDEN},
		.handle = do_read,
	},
};
const struct routes room_routes = ROUTES("Rooms", routes);
