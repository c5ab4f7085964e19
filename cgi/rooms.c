/* /phase3/rooms: rooms, their participants and invitations. Messages are in messages.c. */
#include "cgi/request.h"
#include "realm/live.h"
#include "realm/moderation.h"
#include "realm/muting.h"
#include "realm/people.h"
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
	return rooms_list(rq->arena, rq->store, rq->session.user_id, rq->query, &rq->page, rq->out,
			  why);
}

static int do_show(struct request *rq, struct problem *why)
{
	return room_show(rq->store, rq->session.user_id, room_param(rq), rq->out, why);
}

static int do_list_participants(struct request *rq, struct problem *why)
{
	const struct people_query *query = rq->query;
	return people_in_room(rq->arena, rq->store, rq->session.user_id, room_param(rq), query->q,
			      &rq->page, rq->out, why);
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
	int64_t user_id = rq->session.user_id;
	TRY(room_read(rq->arena, rq->store, user_id, room_param(rq), rq->body, why));
	return room_marker(rq->store, user_id, room_param(rq), rq->out, why);
}

struct typing {
	bool is_typing;
};
static const struct field typing_rows[] = {
	FIELD(struct typing, is_typing, BOOL, .required = true,
	      .help = "Whether you are typing; it ends by itself after six seconds."),
};
static const struct fields typing_fields = FIELDS(struct typing, typing_rows);

static int do_typing(struct request *rq, struct problem *why)
{
	const struct typing *input = rq->body;
	struct live live;
	const struct live_typist typist = {.room_id = room_param(rq),
					   .user_id = rq->session.user_id,
					   .username = rq->session.username};
	TRY(room_check_inside(rq->store, typist.user_id, typist.room_id, why));
	live_open(&live, rq->app->settings);
	live_typing(&live, &typist, input->is_typing);
	live_close(&live);
	return 0;
}

static int do_mute(struct request *rq, struct problem *why)
{
	const struct room_mute *mute = rq->body;
	return room_mute(rq->arena, rq->store, rq->session.user_id, room_param(rq), mute->until,
			 rq->out, why);
}

static int do_unmute(struct request *rq, struct problem *why)
{
	return room_mute(rq->arena, rq->store, rq->session.user_id, room_param(rq), 0, rq->out,
			 why);
}

static int do_notify(struct request *rq, struct problem *why)
{
	const struct room_notify *input = rq->body;
	return room_set_notify(rq->arena, rq->store, rq->session.user_id, room_param(rq),
			       input->notify, rq->out, why);
}

static int do_update(struct request *rq, struct problem *why)
{
	struct room_change change = *(const struct room_change *)rq->body;
	change.given = rq->given;
	TRY(room_update(rq->arena, rq->store, rq->session.user_id, room_param(rq), &change, why));
	return do_show(rq, why);
}

static int do_delete(struct request *rq, struct problem *why)
{
	return room_delete(rq->arena, rq->store, rq->session.user_id, room_param(rq), why);
}

struct participant_param {
	const char *room_id;
	int64_t user_id;
};

static const struct field participant_rows[] = {
	FIELD(struct participant_param, room_id, TEXT, .required = true, .help = "A room's UUID."),
	FIELD(struct participant_param, user_id, INT, .required = true,
	      .help = "The participant's user id."),
};
static const struct fields participant_param_fields =
	FIELDS(struct participant_param, participant_rows);

static int do_invite(struct request *rq, struct problem *why)
{
	const struct room_invitation *input = rq->body;
	int made = room_invite(rq->arena, rq->store, rq->session.user_id, room_param(rq),
			       input->user_id, why);
	TRY(made);
	if (!made)
		rq->status = 200;
	int shown = room_invitation_show(rq->store, rq->session.user_id, room_param(rq),
					 input->user_id, rq->out, why);
	return shown == 0 ? problem_set(why, PROBLEM_ALREADY_INSIDE) : shown;
}

static int do_set_role(struct request *rq, struct problem *why)
{
	const struct participant_param *param = rq->params;
	const struct room_role *input = rq->body;
	TRY(room_set_role(rq->arena, rq->store, rq->session.user_id, param->room_id, param->user_id,
			  input->role, why));
	return room_show(rq->store, rq->session.user_id, param->room_id, rq->out, why);
}

static int do_remove(struct request *rq, struct problem *why)
{
	const struct participant_param *param = rq->params;
	const struct room_removal *input = rq->query;
	return room_remove(rq->arena, rq->store, rq->session.user_id, param->room_id,
			   param->user_id, input->ban, why);
}

static int do_invitations(struct request *rq, struct problem *why)
{
	return room_invitations_list(rq->store, rq->session.user_id, &rq->page, rq->out, why);
}

static int do_guests(struct request *rq, struct problem *why)
{
	return room_guests(rq->store, rq->session.user_id, room_param(rq), &rq->page, rq->out, why);
}

static int do_bans(struct request *rq, struct problem *why)
{
	return room_bans(rq->store, rq->session.user_id, room_param(rq), &rq->page, rq->out, why);
}

static int do_unban(struct request *rq, struct problem *why)
{
	const struct participant_param *param = rq->params;
	return room_unban(rq->store, rq->session.user_id, param->room_id, param->user_id, why);
}

static const struct route routes[] = {
	{
		.name = "create_room",
		.method = "POST",
		.path = ROOMS,
		.quota = QUOTA_ROOMS,
		.weight = 10,
		.body = &room_new_fields,
		.example =
			"{\"name\":\"Evening talk\",\"description\":\"What the day has "
			"brought\",\"topic\":\"today\",\"is_public\":true,\"max_participants\":20}",
		.status = 201,
		.answer = &room_shape,
		.summary = "Create a room; you become its owner and first participant",
		.handle = do_create,
	},
	{
		.name = "list_rooms",
		.method = "GET",
		.path = ROOMS,
		.weight = 2,
		.query = &room_filter_fields,
		.pages = true,
		.status = 200,
		.answer = &listed_room_shape,
		.list = true,
		.summary = "List public rooms and the private rooms that you are in, newest first, "
			   "or your own rooms by activity",
		.handle = do_list,
	},
	{
		.name = "get_room",
		.method = "GET",
		.path = ROOMS "/{room_id}",
		.weight = 2,
		.params = &room_param_fields,
		.tagged = true,
		.status = 200,
		.answer = &room_shape,
		.summary = "Get a room and its first 1,000 participants",
		.problems = {PROBLEM_ROOM_NOT_FOUND},
		.handle = do_show,
	},
	{
		.name = "list_room_participants",
		.method = "GET",
		.path = ROOMS "/{room_id}/participants",
		.weight = 3,
		.params = &room_param_fields,
		.query = &member_query_fields,
		.pages = true,
		.status = 200,
		.answer = &room_participant_shape,
		.list = true,
		.summary = "List or search the participants of a room, the highest id first",
		.problems = {PROBLEM_ROOM_NOT_FOUND},
		.handle = do_list_participants,
	},
	{
		.name = "join_room",
		.method = "POST",
		.path = ROOMS "/{room_id}/join",
		.weight = 4,
		.params = &room_param_fields,
		.status = 200,
		.answer = &room_shape,
		.summary = "Join a room; joining again changes nothing",
		.problems = {PROBLEM_ROOM_NOT_FOUND, PROBLEM_ROOM_FULL, PROBLEM_FORBIDDEN},
		.handle = do_join,
	},
	{
		.name = "leave_room",
		.method = "POST",
		.path = ROOMS "/{room_id}/leave",
		.weight = 4,
		.params = &room_param_fields,
		.status = 200,
		.answer = &notice_shape,
		.summary = "Leave a room or decline an invitation; leaving again changes nothing",
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
		.summary = "Move your read marker, back only with `unread`; the answer has its "
			   "position",
		.problems = {PROBLEM_ROOM_NOT_FOUND, PROBLEM_FORBIDDEN},
		.handle = do_read,
	},
	{
		.name = "type_in_room",
		.method = "PUT",
		.path = ROOMS "/{room_id}/typing",
		.params = &room_param_fields,
		.body = &typing_fields,
		.example = "{\"is_typing\":true}",
		.status = 204,
		.summary = "Show the members who are connected that you are typing",
		.problems = {PROBLEM_ROOM_NOT_FOUND, PROBLEM_FORBIDDEN},
		.handle = do_typing,
	},
	{
		.name = "mute_room",
		.method = "PUT",
		.path = ROOMS "/{room_id}/mute",
		.params = &room_param_fields,
		.body = &room_mute_fields,
		.example = "{\"until\":\"2999-12-31T12:00:00Z\"}",
		.status = 200,
		.answer = &room_mute_shape,
		.summary = "Mute a room for yourself until a time; leaving the room forgets it",
		.problems = {PROBLEM_ROOM_NOT_FOUND, PROBLEM_FORBIDDEN},
		.handle = do_mute,
	},
	{
		.name = "unmute_room",
		.method = "DELETE",
		.path = ROOMS "/{room_id}/mute",
		.params = &room_param_fields,
		.status = 200,
		.answer = &room_mute_shape,
		.summary = "Unmute a room; unmuting it again changes nothing",
		.problems = {PROBLEM_ROOM_NOT_FOUND, PROBLEM_FORBIDDEN},
		.handle = do_unmute,
	},
	{
		.name = "set_room_notify",
		.method = "PUT",
		.path = ROOMS "/{room_id}/notify",
		.params = &room_param_fields,
		.body = &room_notify_fields,
		.example = "{\"notify\":\"mentions\"}",
		.status = 200,
		.answer = &room_mute_shape,
		.summary = "Choose of what a room notifies you; leaving the room forgets it",
		.problems = {PROBLEM_ROOM_NOT_FOUND, PROBLEM_FORBIDDEN},
		.handle = do_notify,
	},
	{
		.name = "update_room",
		.method = "PATCH",
		.path = ROOMS "/{room_id}",
		.weight = 3,
		.params = &room_param_fields,
		.body = &room_change_fields,
		.example = "{\"topic\":\"tomorrow\",\"max_participants\":100}",
		.status = 200,
		.answer = &room_shape,
		.summary = "Change a room; only for its owner and moderators",
		.problems = {PROBLEM_ROOM_NOT_FOUND, PROBLEM_FORBIDDEN},
		.handle = do_update,
	},
	{
		.name = "delete_room",
		.method = "DELETE",
		.path = ROOMS "/{room_id}",
		.weight = 5,
		.params = &room_param_fields,
		.status = 204,
		.summary = "Delete a room with all its messages; only for its owner",
		.problems = {PROBLEM_ROOM_NOT_FOUND, PROBLEM_FORBIDDEN},
		.handle = do_delete,
	},
	{
		.name = "invite_to_room",
		.method = "POST",
		.path = ROOMS "/{room_id}/invitations",
		.quota = QUOTA_INVITATIONS,
		.weight = 2,
		.reaches = true,
		.params = &room_param_fields,
		.body = &room_invitation_fields,
		.example = "{\"user_id\":3}",
		.status = 201,
		.or_status = 200,
		.answer = &room_invitation_shape,
		.summary = "Invite a user, even a banned one; 200 when already invited",
		.problems = {PROBLEM_CONTACT_REFUSED, PROBLEM_ROOM_NOT_FOUND, PROBLEM_FORBIDDEN,
			     PROBLEM_USER_NOT_FOUND, PROBLEM_ALREADY_INSIDE},
		.handle = do_invite,
	},
	{
		.name = "set_room_role",
		.method = "PUT",
		.path = ROOMS "/{room_id}/participants/{user_id}",
		.weight = 2,
		.reaches = true,
		.params = &participant_param_fields,
		.body = &room_role_fields,
		.example = "{\"role\":\"moderator\"}",
		.status = 200,
		.answer = &room_shape,
		.summary = "Make a participant a moderator or a member; only for the owner",
		.problems = {PROBLEM_ROOM_NOT_FOUND, PROBLEM_FORBIDDEN, PROBLEM_USER_NOT_FOUND},
		.handle = do_set_role,
	},
	{
		.name = "remove_from_room",
		.method = "DELETE",
		.path = ROOMS "/{room_id}/participants/{user_id}",
		.weight = 2,
		.params = &participant_param_fields,
		.query = &room_removal_fields,
		.status = 204,
		.summary = "Remove a participant or an invitation; only for the owner and "
			   "moderators",
		.problems = {PROBLEM_ROOM_NOT_FOUND, PROBLEM_FORBIDDEN, PROBLEM_USER_NOT_FOUND},
		.handle = do_remove,
	},
	{
		.name = "list_invitations",
		.method = "GET",
		.path = API "/phase3/invitations",
		.weight = 2,
		.pages = true,
		.status = 200,
		.answer = &room_invitation_shape,
		.list = true,
		.summary = "List your invitations to rooms, the newest first",
		.handle = do_invitations,
	},
	{
		.name = "list_room_invitations",
		.method = "GET",
		.path = ROOMS "/{room_id}/invitations",
		.weight = 2,
		.params = &room_param_fields,
		.pages = true,
		.status = 200,
		.answer = &room_guest_shape,
		.list = true,
		.summary = "List the users who are invited to a room, the highest id first; only "
			   "for its owner and moderators",
		.problems = {PROBLEM_ROOM_NOT_FOUND, PROBLEM_FORBIDDEN},
		.handle = do_guests,
	},
	{
		.name = "list_room_bans",
		.method = "GET",
		.path = ROOMS "/{room_id}/bans",
		.weight = 2,
		.params = &room_param_fields,
		.pages = true,
		.status = 200,
		.answer = &room_ban_shape,
		.list = true,
		.summary = "List the users who are banned from a room, the highest id first; only "
			   "for its "
			   "owner and moderators",
		.problems = {PROBLEM_ROOM_NOT_FOUND, PROBLEM_FORBIDDEN},
		.handle = do_bans,
	},
	{
		.name = "unban_from_room",
		.method = "DELETE",
		.path = ROOMS "/{room_id}/bans/{user_id}",
		.weight = 2,
		.params = &participant_param_fields,
		.status = 204,
		.summary = "End a ban; only for the owner and moderators",
		.problems = {PROBLEM_ROOM_NOT_FOUND, PROBLEM_FORBIDDEN, PROBLEM_USER_NOT_FOUND},
		.handle = do_unban,
	},
};
const struct routes room_routes = ROUTES("Rooms", routes);
