/*
 * Going on: see resume.h.
 *
 * Whoever knows another life of the database, or more of this one than there is, starts afresh.
 * From a position whose log is trimmed away already the rest is sent, and before it what may be
 * missing is named, room by room: the rooms themselves still have it.
 */
#include "ws-bridge/resume.h"

#include <string.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "base/seed.h"
#include "ws-bridge/bridge.h"
#include "ws-bridge/catchup.h"
#include "ws-bridge/commands.h"
#include "ws-bridge/conn.h"
#include "ws-bridge/hub.h"
#include "ws-bridge/worker.h"

struct resume_job {
	struct job job;
	int64_t user_id, pos;
	bool epoch_changed;
	struct buf *gaps;
};

static int add_gap(const char *room_id, int64_t to_seq, void *context, struct problem *why)
{
	(void)why;
	struct buf *gaps = context;
	jw_open(gaps, '{');
	jw_kv_text(gaps, "room_id", room_id);
	jw_kv_int(gaps, "to_seq", to_seq);
	jw_close(gaps, '}');
	return 0;
}

static int run_resume(struct store *store, struct job *job, struct problem *why)
{
	struct resume_job *resume = container_of(job, struct resume_job, job);
	int64_t start, head;
	resume->gaps = buf_in(job->arena);
	jw_open(resume->gaps, '[');
	TRY(events_start(store, &start, why));
	TRY(events_head(store, &head, why));
	resume->epoch_changed |= resume->pos > head;
	if (!resume->epoch_changed && resume->pos < start) {
		TRY(events_gaps(store, resume->user_id, add_gap, resume->gaps, why));
		resume->pos = start;
	}
	jw_close(resume->gaps, ']');
	return 0;
}

void resume_answer(struct conn *conn, int64_t pos, int64_t replayed, const struct buf *gaps,
		   bool epoch_changed)
{
	struct buf data = {0};
	jw_open(&data, '{');
	jw_kv_int(&data, "pos", pos);
	jw_kv_int(&data, "replayed", replayed);
	jw_key(&data, "gaps"), jw_raw(&data, gaps->data, gaps->len);
	jw_kv_bool(&data, "epoch_changed", epoch_changed);
	jw_close(&data, '}');
	conn_say(conn, "resumed", &data);
	buf_free(&data);
}

static void resume_done(struct job *job)
{
	const struct resume_job *resume = container_of(job, struct resume_job, job);
	struct conn *conn = job->conn;
	conn_unhold(conn);
	if (!conn->user || conn->closing)
		return;
	if (job->why.code != PROBLEM_NONE)
		conn_error(conn, &job->why, NULL, NULL);
	else if (resume->epoch_changed)
		resume_answer(conn, conn->bridge->pos, 0, resume->gaps, true);
	else
		catchup_resume(conn, resume->pos + SEEDED(resume_off_by_one), resume->gaps);
}

static const struct job_kind resume_kind = {
	.told = TOLD_IN_ORDER, .run = run_resume, .done = resume_done};

struct resume_input {
	const char *epoch;
	int64_t pos;
};

static const struct field resume_rows[] = {
	FIELD(struct resume_input, epoch, TEXT, .required = true, .max = 64),
	FIELD(struct resume_input, pos, INT, .required = true, .min = 0, .max = 9e15),
};
static const struct fields resume_fields = FIELDS(struct resume_input, resume_rows);

static void run(struct request *request)
{
	const struct resume_input *input = request->input;
	struct conn *conn = request->conn;
	struct resume_job *resume = request_job(request, sizeof(*resume), &resume_kind);
	resume->user_id = conn->user->id;
	resume->pos = input->pos;
	resume->epoch_changed = strcmp(input->epoch, worker_epoch(conn->bridge->worker)) != 0;
	conn_hold(conn);
	bridge_submit(conn->bridge, &resume->job);
}

const struct command resume_command = {
	.type = "resume", .fields = &resume_fields, .v1 = true, .run = run};
