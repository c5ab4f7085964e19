/* /phase3/rooms/{room_id}/messages and /pins: messages, and what changes them. */
#include "cgi/request.h"
#include "realm/changes.h"
#include "realm/mention_list.h"
#include "realm/message_history.h"
#include "realm/message_search.h"
#include "realm/messages.h"

#define MESSAGES API "/phase3/rooms/{room_id}/messages"
#define MESSAGE MESSAGES "/{message_id}"
#define REACTION MESSAGE "/reactions/{key}"
#define PIN API "/phase3/rooms/{room_id}/pins/{message_id}"

#define ACTIVITY API "/phase3/rooms/{room_id}/activity"

struct activity_query {
	int64_t days;
};
static const struct field activity_rows[] = {
	FIELD(struct activity_query, days, INT, .min = 1, .max = 90, .default_value = "30",
	      .help = "Number of days, up to today."),
};
static const struct fields activity_fields = FIELDS(struct activity_query, activity_rows);

struct message_param {
	const char *room_id, *message_id, *key;
};

#define MESSAGE_ROWS                                                                               \
	FIELD(struct message_param, room_id, TEXT, .required = true, .help = "A room's UUID."),    \
		FIELD(struct message_param, message_id, TEXT, .required = true,                    \
		      .help = "A message's UUID.")

static const struct field message_rows[] = {MESSAGE_ROWS};
static const struct fields message_param_fields = FIELDS(struct message_param, message_rows);

static const struct field reaction_rows[] = {
	MESSAGE_ROWS,
	FIELD(struct message_param, key, TEXT, .required = true, .min = 1, .max = REACTION_KEY_MAX,
	      .help = "The reaction, usually an emoji."),
};
static const struct fields reaction_param_fields = FIELDS(struct message_param, reaction_rows);

#define CLIENT_ID_ROW                                                                              \
	FIELD(struct message_change, client_id, TEXT, .min = 1, .max = 64,                         \
	      .help = "The sender's own id of the change; one that is sent again is made once.")

static const struct field edit_rows[] = {
	FIELD(struct message_change, content, TEXT, .required = true, .min = 1, .max = MESSAGE_MAX,
	      .help = "New text of the message."),
	CLIENT_ID_ROW,
};
static const struct fields edit_fields = FIELDS(struct message_change, edit_rows);

static const struct field change_rows[] = {CLIENT_ID_ROW};
static const struct fields change_fields = FIELDS(struct message_change, change_rows);

static int do_list(struct request *rq, struct problem *why)
{
	return messages_list(rq->store, rq->session.user_id, room_param(rq), rq->query, &rq->page,
			     rq->out, why);
}

static int do_activity(struct request *rq, struct problem *why)
{
	const struct activity_query *query = rq->query;
	return room_activity(rq->store, rq->session.user_id, room_param(rq), (int)query->days,
			     rq->out, why);
}

static int do_search(struct request *rq, struct problem *why)
{
	return message_search(rq->arena, rq->store, rq->session.user_id, rq->query, &rq->page,
			      rq->out, why);
}

static int do_mentions(struct request *rq, struct problem *why)
{
	return mentions_list(rq->arena, rq->store, rq->session.user_id, &rq->page, rq->out, why);
}

static int do_post(struct request *rq, struct problem *why)
{
	struct message_posted posted;
	TRY(message_post(rq->arena, rq->store, rq->session.user_id, room_param(rq), rq->body,
			 &posted, why));
	if (posted.duplicate) {
		rq->status = 200;
		return message_show(rq->store, rq->session.user_id, room_param(rq), posted.id,
				    rq->out, why);
	}
	/* As an event shows it: the answer may be kept for an Idempotency-Key, other users' texts
	 * not. */
	return room_log_show(rq->store, 0, EVENT_CHAT_MESSAGE, room_param(rq), posted.seq, rq->out,
			     why);
}

static int do_show(struct request *rq, struct problem *why)
{
	const struct message_param *at = rq->params;
	return message_show(rq->store, rq->session.user_id, at->room_id, at->message_id, rq->out,
			    why);
}

/* `input` has the client_id, and the text of an edit. */
static int make_change(struct request *rq, enum event_kind kind, bool on,
		       const struct message_change *input, struct problem *why)
{
	const struct message_param *at = rq->params;
	struct message_done done;
	struct message_change change = *input;
	change.kind = kind;
	change.room_id = at->room_id;
	change.message_id = at->message_id;
	change.key = at->key;
	change.on = on;
	TRY(message_change(rq->arena, rq->store, rq->session.user_id, &change, &done, why));
	return do_show(rq, why);
}

static int do_reactions(struct request *rq, struct problem *why)
{
	const struct message_param *at = rq->params;
	return message_reactions(rq->store, rq->session.user_id, at->room_id, at->message_id,
				 &rq->page, rq->out, why);
}

static int do_history(struct request *rq, struct problem *why)
{
	const struct message_param *at = rq->params;
	return message_history(rq->store, rq->session.user_id, at->room_id, at->message_id, rq->out,
			       why);
}

static int do_edit(struct request *rq, struct problem *why)
{
	return make_change(rq, EVENT_MESSAGE_EDITED, false, rq->body, why);
}

static int do_delete(struct request *rq, struct problem *why)
{
	return make_change(rq, EVENT_MESSAGE_DELETED, false, rq->query, why);
}

static int do_react(struct request *rq, struct problem *why)
{
	return make_change(rq, EVENT_REACTION, true, rq->query, why);
}

static int do_unreact(struct request *rq, struct problem *why)
{
	return make_change(rq, EVENT_REACTION, false, rq->query, why);
}

static int do_pin(struct request *rq, struct problem *why)
{
	return make_change(rq, EVENT_PIN, true, rq->query, why);
}

static int do_unpin(struct request *rq, struct problem *why)
{
	return make_change(rq, EVENT_PIN, false, rq->query, why);
}

static const struct route routes[] = {
	{
		.name = "list_messages",
		.method = "GET",
		.path = MESSAGES,
		.weight = 2,
		.params = &room_param_fields,
		.query = &message_filter_fields,
		.pages = true,
		.status = 200,
		.answer = &message_shape,
		.list = true,
		.summary = "List a room's messages, newest first; with `after`, oldest first",
		.problems = {PROBLEM_ROOM_NOT_FOUND},
		.handle = do_list,
	},
	{
		.name = "search_messages",
		.method = "GET",
		.path = API "/phase3/messages",
		.weight = 5,
		.query = &message_search_fields,
		.pages = true,
		.status = 200,
		.answer = &message_found_shape,
		.list = true,
		.summary = "Search in the messages that you can read",
		.problems = {PROBLEM_ROOM_NOT_FOUND},
		.handle = do_search,
	},
	{
		.name = "list_my_mentions",
		.method = "GET",
		.path = USERS "/me/mentions",
		.weight = 2,
		.pages = true,
		.status = 200,
		.answer = &mention_shape,
		.list = true,
		.summary = "List the messages that mention you and that you can read, newest "
			   "first. Of messages to a whole room it has those of the newest 1,000 "
			   "entries since you have joined",
		.handle = do_mentions,
	},
	{
		.name = "post_message",
		.method = "POST",
		.path = MESSAGES,
		.params = &room_param_fields,
		.body = &message_new_fields,
		.example = "{\"content\":\"Hello, "
			   "everybody\",\"message_type\":\"text\",\"client_id\":\"2f6c1d\"}",
		.status = 201,
		.or_status = 200,
		.answer = &message_shape,
		.summary = "Post a message to a room that you are in; 200 when this client_id was "
			   "posted before",
		.problems = {PROBLEM_ROOM_NOT_FOUND, PROBLEM_FORBIDDEN, PROBLEM_QUOTA_EXCEEDED,
			     PROBLEM_IDEMPOTENCY_CONFLICT},
		.handle = do_post,
	},
	{
		.name = "get_message",
		.method = "GET",
		.path = MESSAGE,
		.params = &message_param_fields,
		.tagged = true,
		.status = 200,
		.answer = &message_shape,
		.summary = "Get a message",
		.problems = {PROBLEM_NOT_FOUND},
		.handle = do_show,
	},
	{
		.name = "list_reactions",
		.method = "GET",
		.path = MESSAGE "/reactions",
		.params = &message_param_fields,
		.pages = true,
		.status = 200,
		.answer = &reactor_shape,
		.list = true,
		.summary = "List who reacted to a message, and how",
		.problems = {PROBLEM_NOT_FOUND},
		.handle = do_reactions,
	},
	{
		.name = "list_former_texts",
		.method = "GET",
		.path = MESSAGE "/history",
		.params = &message_param_fields,
		.status = 200,
		.answer = &former_text_shape,
		.list = true,
		.summary =
			"List the texts that an edited message had before, newest first: of your "
			"message, or in a room that you moderate",
		.problems = {PROBLEM_NOT_FOUND, PROBLEM_ROOM_NOT_FOUND, PROBLEM_FORBIDDEN},
		.handle = do_history,
	},
	{
		.name = "edit_message",
		.method = "PATCH",
		.path = MESSAGE,
		.weight = 2,
		.params = &message_param_fields,
		.body = &edit_fields,
		.example = "{\"content\":\"Hello, all of you\"}",
		.status = 200,
		.answer = &message_shape,
		.summary = "Edit a message of yours",
		.problems = {PROBLEM_ROOM_NOT_FOUND, PROBLEM_FORBIDDEN, PROBLEM_NOT_FOUND,
			     PROBLEM_QUOTA_EXCEEDED, PROBLEM_IDEMPOTENCY_CONFLICT},
		.handle = do_edit,
	},
	{
		.name = "delete_message",
		.method = "DELETE",
		.path = MESSAGE,
		.weight = 2,
		.params = &message_param_fields,
		.query = &change_fields,
		.status = 200,
		.answer = &message_shape,
		.summary = "Delete a message of yours, or any message in a room that you moderate",
		.problems = {PROBLEM_ROOM_NOT_FOUND, PROBLEM_FORBIDDEN, PROBLEM_NOT_FOUND,
			     PROBLEM_IDEMPOTENCY_CONFLICT},
		.handle = do_delete,
	},
	{
		.name = "add_reaction",
		.method = "PUT",
		.path = REACTION,
		.weight = 2,
		.params = &reaction_param_fields,
		.query = &change_fields,
		.status = 200,
		.answer = &message_shape,
		.summary = "Add a reaction to a message; adding it again changes nothing",
		.problems = {PROBLEM_ROOM_NOT_FOUND, PROBLEM_FORBIDDEN, PROBLEM_NOT_FOUND,
			     PROBLEM_IDEMPOTENCY_CONFLICT},
		.handle = do_react,
	},
	{
		.name = "remove_reaction",
		.method = "DELETE",
		.path = REACTION,
		.weight = 2,
		.params = &reaction_param_fields,
		.query = &change_fields,
		.status = 200,
		.answer = &message_shape,
		.summary = "Remove a reaction of yours; removing it again changes nothing",
		.problems = {PROBLEM_ROOM_NOT_FOUND, PROBLEM_FORBIDDEN, PROBLEM_NOT_FOUND,
			     PROBLEM_IDEMPOTENCY_CONFLICT},
		.handle = do_unreact,
	},
	{
		.name = "list_room_activity",
		.method = "GET",
		.path = ACTIVITY,
		.weight = 5,
		.params = &room_param_fields,
		.query = &activity_fields,
		.status = 200,
		.answer = &room_day_shape,
		.list = true,
		.summary = "List how many messages a room had on each of the last days, today "
			   "first. Of a very busy room it lists fewer days",
		.problems = {PROBLEM_ROOM_NOT_FOUND},
		.handle = do_activity,
	},
	{
		.name = "pin_message",
		.method = "PUT",
		.path = PIN,
		.weight = 2,
		.params = &message_param_fields,
		.query = &change_fields,
		.status = 200,
		.answer = &message_shape,
		.summary = "Pin a message in a room that you moderate; pinning it again changes "
			   "nothing",
		.problems = {PROBLEM_ROOM_NOT_FOUND, PROBLEM_FORBIDDEN, PROBLEM_NOT_FOUND,
			     PROBLEM_IDEMPOTENCY_CONFLICT},
		.handle = do_pin,
	},
	{
		.name = "unpin_message",
		.method = "DELETE",
		.path = PIN,
		.weight = 2,
		.params = &message_param_fields,
		.query = &change_fields,
		.status = 200,
		.answer = &message_shape,
		.summary =
			"Unpin a message in a room that you moderate; unpinning it again changes "
			"nothing",
		.problems = {PROBLEM_ROOM_NOT_FOUND, PROBLEM_FORBIDDEN, PROBLEM_NOT_FOUND,
			     PROBLEM_IDEMPOTENCY_CONFLICT},
		.handle = do_unpin,
	},
};
const struct routes message_routes = ROUTES("Messages", routes);
