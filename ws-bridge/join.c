/*
 * Joining and leaving: see join.h.
 *
 * What the job has read is sent where the log was then: events before it are out already, and those
 * behind it follow, so between catching up and live nothing is missing. Membership itself changes
 * by the user_joined and user_left events, not here.
 */
#include "ws-bridge/join.h"

#include <string.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "realm/changes.h"
#include "realm/rooms.h"
#include "ws-bridge/bridge.h"
#include "ws-bridge/commands.h"
#include "ws-bridge/conn.h"
#include "ws-bridge/hub.h"
#include "ws-bridge/status.h"
#include "ws-bridge/job.h"

#define CATCH_UP 500 /* messages at most; of more, the newest */

struct answer {
	STAILQ_ENTRY(answer) link;
	struct frame *frame;
	bool v1;
};

struct join_job {
	struct job job;
	int64_t user_id, since; /* since: -1 when nothing is to be caught up */
	const char *room_id;
	STAILQ_HEAD(answers, answer) answers;
};

static void release(void *frame)
{
	frame_release((struct frame **)&frame);
}

static void answer(struct join_job *join, const char *type, const struct buf *data, bool v1)
{
	struct answer *made = arena_alloc(join->job.arena, sizeof(*made));
	made->frame = frame_message(type, 0, data->data, data->len);
	made->v1 = v1;
	arena_defer(join->job.arena, release, made->frame);
	STAILQ_INSERT_TAIL(&join->answers, made, link);
}

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
	answer(join, "room_info", data, false);
	return last_seq;
}

static void answer_gap(struct join_job *join, int64_t from, int64_t to)
{
	struct buf *data = buf_in(join->job.arena);
	jw_open(data, '{');
	jw_kv_text(data, "room_id", join->room_id);
	jw_kv_int(data, "from_seq", from);
	jw_kv_int(data, "to_seq", to);
	jw_close(data, '}');
	answer(join, "history_gap", data, true);
}

/* What is not there between the entries was removed. */
static int answer_entry(const struct room_log_entry *entry, void *context, struct problem *why)
{
	struct join_job *join = context;
	(void)why;
	if (entry->seq > join->since + 1)
		answer_gap(join, join->since + 1, entry->seq - 1);
	join->since = entry->seq;
	answer(join, event_name(entry->kind), entry->json,
	       event_audience(entry->kind) == HEARD_BY_V1);
	return 0;
}

static int run_join(struct store *store, struct job *job, struct problem *why)
{
	struct join_job *join = container_of(job, struct join_job, job);
	struct buf *summary = buf_in(job->arena);
	TRY(room_join(job->arena, store, join->user_id, join->room_id, why));
	TRY(room_summary(store, join->user_id, join->room_id, summary, why));
	int64_t last_seq = answer_room_info(join, summary);
	if (join->since < 0)
		return 0;
	if (last_seq - join->since > CATCH_UP) {
		answer_gap(join, join->since + 1, last_seq - CATCH_UP);
		join->since = last_seq - CATCH_UP;
	}
	TRY(room_log_after(store, join->user_id, join->room_id, join->since, CATCH_UP, answer_entry,
			   join, why));
	if (join->since < last_seq)
		answer_gap(join, join->since + 1, last_seq);
	return 0;
}

static void join_done(struct job *job)
{
	struct join_job *join = container_of(job, struct join_job, job);
	struct conn *conn = job->conn;
	const struct answer *next;
	conn_unhold(conn);
	if (job->why.code != PROBLEM_NONE) {
		conn_error(conn, &job->why, NULL, join->room_id);
		return;
	}
	STAILQ_FOREACH(next, &join->answers, link)
		if (conn->v1 || !next->v1)
			conn_send(conn, next->frame);
	if (conn->user)
		status_update(conn->user, join->room_id);
}

static const struct job_kind join_kind = {
	.writes = true, .told = TOLD_SAFE_IN_ORDER, .run = run_join, .done = join_done};

/* Until it is done nothing else is taken from the connection: one catching-up at a time. */
static void submit(struct request *request, const struct job_kind *kind, int64_t since)
{
	struct conn *conn = request->conn;
	const char *room_id = request->room_id;
	struct join_job *join = request_job(request, sizeof(*join), kind);
	join->user_id = conn->user->id;
	join->room_id = room_id;
	join->since = since;
	STAILQ_INIT(&join->answers);
	conn_hold(conn);
	bridge_submit(conn->bridge, &join->job);
}

struct join_input {
	int64_t since;
};

static const struct field join_rows[] = {
	FIELD(struct join_input, since, INT, .min = -1, .max = 9e15, .preset = "-1",
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
	conn_unhold(job->conn);
	if (job->why.code != PROBLEM_NONE)
		conn_error(job->conn, &job->why, NULL, join->room_id);
}

static const struct job_kind leave_kind = {
	.writes = true, .told = TOLD_SAFE_IN_ORDER, .run = run_leave, .done = leave_done};

static void run_leave_command(struct request *request)
{
	submit(request, &leave_kind, -1);
}

const struct command leave_command = {
	.type = "leave_room", .takes_room = true, .run = run_leave_command};
