/*
 * The commands that change a message: `edit_message`, `delete_message`, `react`, `pin`. Their
 * answer is the event that everybody in the room gets; a client that gives a client_id gets an ack
 * as well.
 */
#include "base/fields.h"
#include "realm/changes.h"
#include "realm/messages.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/commands.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/job.h"
#include "ws-bridge/features/ack.h"
#include "ws-bridge/features/features.h"

struct change_job {
	struct job job;
	int64_t user_id;
	const char *room_id, *message_id, *client_id;
	struct message_edit edit;
	struct message_reaction reaction;
	struct message_done done;
};

static int edit_run_job(struct store *store, struct job *job, struct problem *why)
{
	struct change_job *c = container_of(job, struct change_job, job);
	return message_edit(job->arena, store, c->user_id, c->room_id, c->message_id, &c->edit,
			    &c->done, why);
}

static int delete_run_job(struct store *store, struct job *job, struct problem *why)
{
	struct change_job *c = container_of(job, struct change_job, job);
	return message_delete(job->arena, store, c->user_id, c->room_id, c->message_id, &c->done,
			      why);
}

static int react_run_job(struct store *store, struct job *job, struct problem *why)
{
	struct change_job *c = container_of(job, struct change_job, job);
	return message_react(job->arena, store, c->user_id, c->room_id, c->message_id, &c->reaction,
			     &c->done, why);
}

static int pin_run_job(struct store *store, struct job *job, struct problem *why)
{
	struct change_job *c = container_of(job, struct change_job, job);
	return message_pin(job->arena, store, c->user_id, c->room_id, c->message_id, c->reaction.on,
			   &c->done, why);
}

static void change_done(struct job *job)
{
	const struct change_job *c = container_of(job, struct change_job, job);
	const struct ack ack = {.client_id = c->client_id,
				.message_id = c->done.message_id,
				.room_id = c->room_id,
				.seq = c->done.seq,
				.pos = c->done.pos,
				.timestamp = c->done.timestamp,
				.duplicate = c->done.duplicate};
	if (job->why.code != PROBLEM_NONE)
		conn_error(job->conn, &job->why, c->client_id, c->room_id);
	else
		ack_send(job->conn, &ack);
}

#define KIND(function)                                                                             \
	{                                                                                          \
		.writes = true, .when = REPORT_WHEN_SYNCED, .run = (function), .done = change_done \
	}
static const struct job_kind edit_kind = KIND(edit_run_job), delete_kind = KIND(delete_run_job),
			     react_kind = KIND(react_run_job), pin_kind = KIND(pin_run_job);

/* --- the commands ----------------------------------------------------------------------------- */

/* All these commands decode to one struct, but each has its own rows. */
struct change_input {
	const char *message_id, *client_id;
	const char *content;
	const char *key;
	bool on;
};

#define ROWS                                                                                       \
	FIELD(struct change_input, message_id, TEXT, .required = true,                             \
	      .pattern = FIELD_UUID_PATTERN, .help = "The message's UUID."),                       \
		FIELD(struct change_input, client_id, TEXT, .min = 1, .max = 64,                   \
		      .help = "The sender's own id of the request. The server then acknowledges "  \
			      "it.")

static const struct field edit_rows[] = {
	ROWS,
	FIELD(struct change_input, content, TEXT, .required = true, .min = 1, .max = MESSAGE_MAX,
	      .help = "New text of the message."),
};
static const struct fields edit_fields = FIELDS(struct change_input, edit_rows);

static const struct field delete_rows[] = {ROWS};
static const struct fields delete_fields = FIELDS(struct change_input, delete_rows);

static const struct field react_rows[] = {
	ROWS,
	FIELD(struct change_input, key, TEXT, .required = true, .min = 1, .max = REACTION_KEY_MAX,
	      .help = "The reaction, usually an emoji."),
	FIELD(struct change_input, on, BOOL, .required = true,
	      .help = "true: add the reaction; false: remove it."),
};
static const struct fields react_fields = FIELDS(struct change_input, react_rows);

static const struct field pin_rows[] = {
	ROWS,
	FIELD(struct change_input, on, BOOL, .required = true,
	      .help = "true: pin the message; false: unpin it."),
};
static const struct fields pin_fields = FIELDS(struct change_input, pin_rows);

static void change_submit(struct request *request, const struct job_kind *kind)
{
	struct conn *conn = request->conn;
	const struct change_input *input = request->input;
	if (request_is_too_much(request))
		return;
	struct change_job *c = request_job(request, sizeof(*c), kind);
	c->user_id = conn->user->id;
	c->room_id = request->room_id;
	c->message_id = input->message_id;
	c->client_id = input->client_id;
	c->edit.content = input->content;
	c->reaction = (struct message_reaction){input->key, input->on};
	bridge_submit(conn->bridge, &c->job);
}

static void edit_run(struct request *request)
{
	change_submit(request, &edit_kind);
}

static void delete_run(struct request *request)
{
	change_submit(request, &delete_kind);
}

static void react_run(struct request *request)
{
	change_submit(request, &react_kind);
}

static void pin_run(struct request *request)
{
	change_submit(request, &pin_kind);
}

static const struct command edit_command = {.type = "edit_message",
					    .fields = &edit_fields,
					    .takes_room = true,
					    .v1 = true,
					    .weight = 2,
					    .help = "Edit a message of one's own.",
					    .run = edit_run};
static const struct command delete_command = {.type = "delete_message",
					      .fields = &delete_fields,
					      .takes_room = true,
					      .v1 = true,
					      .weight = 2,
					      .help = "Delete a message.",
					      .run = delete_run};
static const struct command react_command = {.type = "react",
					     .fields = &react_fields,
					     .takes_room = true,
					     .v1 = true,
					     .weight = 2,
					     .help = "Add or remove a reaction.",
					     .run = react_run};

static const struct command pin_command = {.type = "pin",
					   .fields = &pin_fields,
					   .takes_room = true,
					   .v1 = true,
					   .weight = 2,
					   .help = "Pin or unpin a message.",
					   .run = pin_run};

const struct feature changes_feature = {
	.commands = (const struct command *const[]){&edit_command, &delete_command, &react_command,
						    &pin_command, NULL}};
