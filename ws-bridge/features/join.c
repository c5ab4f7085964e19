/*
 * Joining and leaving: see join.h.
 *
 * What the job has read is sent where the log was then: events before it are out already, and those
 * behind it follow, so between catching up and live nothing is missing. Membership itself changes
 * by the user_joined and user_left events, not here.
 */
#include "ws-bridge/features/join.h"

#include <stdio.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "realm/rooms.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/catchup.h"
#include "ws-bridge/core/commands.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/frame.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/job.h"
#include "ws-bridge/core/chunk.h"
#include "ws-bridge/features/presence.h"

#define CATCH_UP 500 /* of a room's history at most; of more, the newest */

struct join_job {
	struct job job;
	int64_t user_id, since; /* since: -1 when nothing is to be caught up */
	const char *room_id;
	struct chunk chunk;     /* what is told of it at once */
	struct history history; /* the rest */
};

/* The room's summary under the name that this message has for its id. Returns its last_seq. */
static int64_t answer_room_info(struct join_job *join, const struct buf *summary)
{
	json_t *room = json_loadb(summary->data, summary->len, 0, NULL);
	int64_t last_seq = json_integer_value(json_object_get(room, "last_seq"));
	json_decref(room);
	struct buf *data = buf_in(join->job.arena);
	jw_open(data, '{');
	jw_kv_text(data, "room_id", join->room_id);
	jw_raw(data, summary->data + 1, summary->len - 1);
	chunk_add(&join->chunk, frame_message("room_info", 0, data->data, data->len), false);
	return last_seq;
}

static int run_join(struct store *store, struct job *job, struct problem *why)
{
	struct join_job *join = container_of(job, struct join_job, job);
	struct buf *summary = buf_in(job->arena);
	TRY(room_join(job->arena, store, join->user_id, join->room_id, why));
	TRY(room_summary(store, join->user_id, join->room_id, summary, why));
	struct history *history = &join->history;
	*history = (struct history){.after = join->since, .until = answer_room_info(join, summary)};
	if (history->after < 0 || history->after >= history->until)
		return 0;
	snprintf(history->room_id, sizeof(history->room_id), "%s", join->room_id);
	if (history->until - history->after > CATCH_UP)
		chunk_add_gap(&join->chunk, history, history->until - CATCH_UP);
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
		conn_error(conn, &job->why, NULL, join->room_id);
		return;
	}
	chunk_send(&join->chunk, conn);
	if (join->since >= 0 && join->history.after < join->history.until)
		catchup_history(conn, &join->history, job->report.pos);
	presence_update(conn->user, join->room_id);
}

static const struct job_kind join_kind = {
	.writes = true, .when = REPORT_SYNCED_IN_ORDER, .run = run_join, .done = join_done};

/* Until it is done nothing else is taken from the connection: one catching-up at a time. */
static void submit(struct request *request, const struct job_kind *kind, int64_t since)
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
	      .help = "The last seq that the client has; -1: none is wanted."),
};
static const struct fields join_fields = FIELDS(struct join_input, join_rows);

static void run_join_command(struct request *request)
{
	const struct join_input *input = request->input;
	submit(request, &join_kind, input->since);
}

const struct command join_command = {
	.type = "join_room", .fields = &join_fields, .takes_room = true, .run = run_join_command};

/* --- leaving ---------------------------------------------------------------------------------- */

static int run_leave(struct store *store, struct job *job, struct problem *why)
{
	const struct join_job *join = container_of(job, struct join_job, job);
	return room_leave(job->arena, store, join->user_id, join->room_id, why);
}

static void leave_done(struct job *job)
{
	const struct join_job *join = container_of(job, struct join_job, job);
	conn_resume_input(job->conn);
	if (job->why.code != PROBLEM_NONE)
		conn_error(job->conn, &job->why, NULL, join->room_id);
}

static const struct job_kind leave_kind = {
	.writes = true, .when = REPORT_SYNCED_IN_ORDER, .run = run_leave, .done = leave_done};

static void run_leave_command(struct request *request)
{
	submit(request, &leave_kind, -1);
}

const struct command leave_command = {
	.type = "leave_room", .takes_room = true, .run = run_leave_command};
