/* Chat messages: see chat.h. */
#include "ws-bridge/chat.h"

#include "base/json_out.h"
#include "realm/messages.h"
#include "ws-bridge/bridge.h"
#include "ws-bridge/commands.h"
#include "ws-bridge/conn.h"
#include "ws-bridge/hub.h"
#include "ws-bridge/job.h"

struct chat_job {
	struct job job;
	int64_t sender;
	const char *room_id, *client_id;
	const struct message_new *input;
	struct message_posted posted;
};

static int run_chat(struct store *store, struct job *job, struct problem *why)
{
	struct chat_job *chat = container_of(job, struct chat_job, job);
	return message_post(job->arena, store, chat->sender, chat->room_id, chat->input,
			    &chat->posted, why);
}

static void acknowledge(struct conn *conn, const struct chat_job *chat)
{
	struct buf data = {0};
	jw_open(&data, '{');
	jw_kv_text(&data, "client_id", chat->client_id);
	jw_kv_text(&data, "message_id", chat->posted.id);
	jw_kv_text(&data, "room_id", chat->posted.room_id);
	jw_kv_int(&data, "seq", chat->posted.seq);
	jw_key(&data, "pos");
	if (chat->posted.pos)
		jw_int(&data, chat->posted.pos);
	else
		jw_null(&data);
	jw_key(&data, "timestamp"), jw_time(&data, chat->posted.timestamp);
	jw_kv_bool(&data, "duplicate", chat->posted.duplicate);
	jw_close(&data, '}');
	conn_say(conn, "ack", &data);
	buf_free(&data);
}

static void chat_done(struct job *job)
{
	const struct chat_job *chat = container_of(job, struct chat_job, job);
	if (job->why.code != PROBLEM_NONE)
		conn_error(job->conn, &job->why, chat->client_id, chat->room_id);
	else if (chat->client_id && job->conn->v1)
		acknowledge(job->conn, chat);
}

static const struct job_kind chat_kind = {
	.writes = true, .told = TOLD_WHEN_SAFE, .run = run_chat, .done = chat_done};

static void run(struct request *request)
{
	struct bridge *bridge = request->conn->bridge;
	const struct message_new *input = request->input;
	struct problem why = {0};
	if (bridge_busy(bridge)) {
		problem_set(&why, PROBLEM_STORE_BUSY);
		why.retry_after_ms = 1000;
		request_refuse(request, &why);
		return;
	}
	struct chat_job *chat = request_job(request, sizeof(*chat), &chat_kind);
	chat->sender = request->conn->user->id;
	chat->room_id = request->room_id;
	chat->client_id = input->client_id;
	chat->input = input;
	bridge_submit(bridge, &chat->job);
}

const struct command chat_command = {
	.type = "chat_message", .fields = &message_new_fields, .takes_room = true, .run = run};
