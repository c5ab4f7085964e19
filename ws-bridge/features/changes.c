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
	struct message_change change;
	struct message_done done;
};

static int change_run_job(struct store *store, struct job *job, struct problem *why)
{
	struct change_job *c = container_of(job, struct change_job, job);
	return message_change(job->arena, store, c->user_id, &c->change, &c->done, why);
}

static void change_done(struct job *job)
{
	const struct change_job *c = container_of(job, struct change_job, job);
	const struct ack ack = {.client_id = c->change.client_id,
				.message_id = c->done.message_id,
				.room_id = c->change.room_id,
				.seq = c->done.seq,
				.pos = c->done.pos,
				.timestamp = c->done.timestamp,
				.duplicate = c->done.duplicate};
	if (job->why.code != PROBLEM_NONE)
		request_failed(job);
	else
		ack_send(job->conn, &ack);
}

static const struct job_kind change_kind = {
	.writes = true, .when = REPORT_WHEN_SYNCED, .run = change_run_job, .done = change_done};

/* --- the commands ----------------------------------------------------------------------------- */

/* All these commands decode to one struct, but each has its own rows. */

#define ROWS                                                                                       \
	FIELD(struct message_change, message_id, TEXT, .required = true,                           \
	      .pattern = FIELD_UUID_PATTERN, .help = "The message's UUID."),                       \
		FIELD(struct message_change, client_id, TEXT, .min = 1, .max = 64,                 \
		      .help = "The sender's own id of the change. The server then acknowledges "   \
			      "it, and does not make it again when it is sent again.")

static const struct field edit_rows[] = {
	ROWS,
	FIELD(struct message_change, content, TEXT, .required = true, .min = 1, .max = MESSAGE_MAX,
	      .help = "New text of the message."),
};
static const struct fields edit_fields = FIELDS(struct message_change, edit_rows);

static const struct field delete_rows[] = {ROWS};
static const struct fields delete_fields = FIELDS(struct message_change, delete_rows);

static const struct field react_rows[] = {
	ROWS,
	FIELD(struct message_change, key, TEXT, .required = true, .min = 1, .max = REACTION_KEY_MAX,
	      .help = "The reaction, usually an emoji."),
	FIELD(struct message_change, on, BOOL, .required = true,
	      .help = "true: add the reaction; false: remove it."),
};
static const struct fields react_fields = FIELDS(struct message_change, react_rows);

static const struct field pin_rows[] = {
	ROWS,
	FIELD(struct message_change, on, BOOL, .required = true,
	      .help = "true: pin the message; false: unpin it."),
};
static const struct fields pin_fields = FIELDS(struct message_change, pin_rows);

static void change_submit(struct request *request, enum event_kind kind)
{
	struct conn *conn = request->conn;
	if (request_is_too_much(request))
		return;
	struct change_job *c = request_job(request, sizeof(*c), &change_kind);
	c->user_id = conn->user->id;
	c->change = *(const struct message_change *)request->input;
	c->change.kind = kind;
	c->change.room_id = request->room_id;
	bridge_submit(conn->bridge, &c->job);
}

static void edit_run(struct request *request)
{
	change_submit(request, EVENT_MESSAGE_EDITED);
}

static void delete_run(struct request *request)
{
	change_submit(request, EVENT_MESSAGE_DELETED);
}

static void react_run(struct request *request)
{
	change_submit(request, EVENT_REACTION);
}

static void pin_run(struct request *request)
{
	change_submit(request, EVENT_PIN);
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
