/*
 * The commands `join_room`, with what the client missed there, and `leave_room`.
 *
 * What the job has read is sent at the position of the log where it was read: earlier events have
 * been sent, and later ones follow. So nothing is missing between the history and the live events.
 * The membership itself changes through the events user_joined and user_left, not here.
 */
#include <stdio.h>

#include "base/arena.h"
#include "realm/rooms.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/catchup.h"
#include "ws-bridge/core/chunk.h"
#include "ws-bridge/core/commands.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/frame.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/job.h"
#include "ws-bridge/core/message.h"
#include "ws-bridge/core/subscription.h"
#include "ws-bridge/features/features.h"
#include "ws-bridge/features/presence.h"
#include "ws-bridge/features/typing.h"

#define HISTORY_MAX 500 /* entries of a room's history; of a longer one, the newest */

struct join_job {
	struct job job;
	int64_t user_id, since; /* since: -1 when the client wants no history */
	const char *room_id;
	struct chunk chunk;     /* the answer and the beginning of the history */
	struct history history; /* the rest */
};

static const struct message room_info_message = {
	.type = "room_info", .shape = &room_info_shape, .help = "The room that was joined."};

static int join_run_job(struct store *store, struct job *job, struct problem *why)
{
	struct join_job *join = container_of(job, struct join_job, job);
	struct history *history = &join->history;
	struct buf *info = buf_in(job->arena);
	*history = (struct history){.after = join->since};
	chunk_clear(&join->chunk);
	TRY(room_join(job->arena, store, join->user_id, join->room_id, why));
	TRY(room_info(store, join->user_id, join->room_id, info, &history->until, why));
	chunk_add(&join->chunk, frame_message(room_info_message.type, 0, info->data, info->len),
		  false);
	if (history->after < 0 || history->after >= history->until)
		return 0;
	snprintf(history->room_id, sizeof(history->room_id), "%s", join->room_id);
	if (history->until - history->after > HISTORY_MAX)
		chunk_add_gap(&join->chunk, history, history->until - HISTORY_MAX);
	return chunk_add_history(&join->chunk, store, join->user_id, history, why);
}

static void join_done(struct job *job)
{
	struct join_job *join = container_of(job, struct join_job, job);
	struct conn *conn = job->conn;
	conn_resume_input(conn);
	if (!conn->user || conn->closing)
		return;
	if (job->why.code != PROBLEM_NONE) {
		request_failed(job);
		return;
	}
	subscribe_also(conn, join->room_id);
	chunk_send(&join->chunk, conn);
	typing_show(conn, join->room_id);
	if (join->since >= 0 && join->history.after < join->history.until)
		catchup_history(conn, &join->history, job->report.pos);
	presence_update(conn->user, join->room_id);
}

static const struct job_kind join_kind = {
	.writes = true,
	.when = REPORT_SYNCED_IN_ORDER,
	.says_all = true,
	.run = join_run_job,
	.done = join_done,
};

/* The connection's input is paused until the job is done: one catch-up at a time. */
static void join_submit(struct request *request, const struct job_kind *kind, int64_t since)
{
	struct conn *conn = request->conn;
	const char *room_id = request->room_id;
	struct join_job *join = request_job(request, sizeof(*join), kind);
	join->user_id = conn->user->id;
	join->room_id = room_id;
	join->since = since;
	chunk_start(&join->chunk, join->job.arena, conn->bridge);
	conn_pause_input(conn);
	bridge_submit(conn->bridge, &join->job);
}

struct join_input {
	int64_t since;
};

static const struct field join_rows[] = {
	FIELD(struct join_input, since, INT, .min = -1, .max = 9e15, .default_value = "-1",
	      .help = "The last seq of the room that the client has; -1: it wants no history."),
};
static const struct fields join_fields = FIELDS(struct join_input, join_rows);

static void join_run(struct request *request)
{
	const struct join_input *input = request->input;
	join_submit(request, &join_kind, input->since);
}

static const struct command join_command = {.type = "join_room",
					    .fields = &join_fields,
					    .takes_room = true,
					    .weight = 4,
					    .help = "Join a room, and get what came after `since`.",
					    .run = join_run};

/* --- leaving ---------------------------------------------------------------------------------- */

static int leave_run_job(struct store *store, struct job *job, struct problem *why)
{
	const struct join_job *join = container_of(job, struct join_job, job);
	return room_leave(job->arena, store, join->user_id, join->room_id, why);
}

static void leave_done(struct job *job)
{
	conn_resume_input(job->conn);
	if (job->why.code != PROBLEM_NONE)
		request_failed(job);
}

static const struct job_kind leave_kind = {
	.writes = true,
	.when = REPORT_SYNCED_IN_ORDER,
	.says_all = true,
	.run = leave_run_job,
	.done = leave_done,
};

static void leave_run(struct request *request)
{
	join_submit(request, &leave_kind, -1);
}

static const struct command leave_command = {.type = "leave_room",
					     .takes_room = true,
					     .weight = 4,
					     .help = "Leave a room.",
					     .run = leave_run};

const struct feature join_feature = {
	.commands = (const struct command *const[]){&join_command, &leave_command, NULL},
	.messages = (const struct message *const[]){&room_info_message, NULL},
};
