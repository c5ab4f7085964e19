/*
 * Going on: see resume.h.
 *
 * Whoever knows another life of the database, or more of this one than there is, starts afresh.
 * From a position whose log is pruned away already the rest is sent, and before it what may be
 * missing is named, room by room: the rooms themselves still have it.
 */
#include "ws-bridge/features/resume.h"

#include "base/arena.h"
#include "base/json_out.h"
#include "base/mutant.h"
#include "realm/feed.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/catchup.h"
#include "ws-bridge/core/commands.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/job.h"

struct resume_job {
	struct job job;
	int64_t user_id;
	struct resumption from;
};

static int run_resume(struct store *store, struct job *job, struct problem *why)
{
	struct resume_job *resume = container_of(job, struct resume_job, job);
	return events_resume(job->arena, store, resume->user_id, &resume->from, why);
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
	conn_resume_input(conn);
	if (!conn->user || conn->closing)
		return;
	if (job->why.code != PROBLEM_NONE)
		conn_error(conn, &job->why, NULL, NULL);
	else if (resume->from.known)
		catchup_resume(conn, resume->from.pos + MUTANT(resume_off_by_one),
			       resume->from.gaps);
	else
		resume_answer(conn, conn->bridge->pos, 0, resume->from.gaps, true);
}

static const struct job_kind resume_kind = {
	.when = REPORT_IN_ORDER, .run = run_resume, .done = resume_done};

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
	resume->from = (struct resumption){.epoch = input->epoch, .pos = input->pos};
	conn_pause_input(conn);
	bridge_submit(conn->bridge, &resume->job);
}

const struct command resume_command = {
	.type = "resume", .fields = &resume_fields, .v1 = true, .run = run};
