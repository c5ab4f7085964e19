/*
 * The command `chat_message`: messages on their way in. Their way out is the event log, also for
 * the sender.
 */
#include "realm/messages.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/commands.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/job.h"
#include "ws-bridge/features/ack.h"
#include "ws-bridge/features/features.h"
#include "ws-bridge/features/typing.h"

struct chat_job {
	struct job job;
	int64_t sender;
	const char *room_id, *client_id;
	const struct message_new *input;
	struct message_posted posted;
};

static int chat_run_job(struct store *store, struct job *job, struct problem *why)
{
	struct chat_job *chat = container_of(job, struct chat_job, job);
	return message_post(job->arena, store, chat->sender, chat->room_id, chat->input,
			    &chat->posted, why);
}

static void chat_done(struct job *job)
{
	const struct chat_job *chat = container_of(job, struct chat_job, job);
	const struct message_posted *posted = &chat->posted;
	const struct ack ack = {.client_id = chat->client_id,
				.message_id = posted->id,
				.room_id = posted->room_id,
				.seq = posted->seq,
				.pos = posted->pos,
				.timestamp = posted->timestamp,
				.duplicate = posted->duplicate};
	if (job->why.code != PROBLEM_NONE)
		request_failed(job);
	else
		ack_send(job->conn, &ack);
	if (job->why.code == PROBLEM_NONE && job->conn->socket)
		typing_end(job->conn, chat->room_id);
}

static const struct job_kind chat_kind = {
	.writes = true, .when = REPORT_WHEN_SYNCED, .run = chat_run_job, .done = chat_done};

static void chat_run(struct request *request)
{
	struct bridge *bridge = request->conn->bridge;
	const struct message_new *input = request->input;
	if (request_is_too_much(request))
		return;
	struct chat_job *chat = request_job(request, sizeof(*chat), &chat_kind);
	chat->sender = request->conn->user->id;
	chat->room_id = request->room_id;
	chat->client_id = input->client_id;
	chat->input = input;
	bridge_submit(bridge, &chat->job);
}

static const struct command chat_command = {.type = "chat_message",
					    .fields = &message_new_fields,
					    .takes_room = true,
					    .help = "Post a message.",
					    .run = chat_run};

const struct feature chat_feature = {
	.commands = (const struct command *const[]){&chat_command, NULL},
	.messages = (const struct message *const[]){&ack_message, NULL},
};
