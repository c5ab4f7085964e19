/*
 * The command `resume`: a client that was connected before continues where it was.
 *
 * A client that names another epoch, or a position after the end of the log, starts afresh. When
 * the log after the client's position is partly pruned, the rest is sent, and `gaps` names for each
 * room what may be missing: the room's own history still has it.
 */
#include "base/arena.h"
#include "base/fields.h"
#include "base/json_out.h"
#include "base/mutant.h"
#include "realm/feed.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/catchup.h"
#include "ws-bridge/core/commands.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/job.h"
#include "ws-bridge/core/message.h"
#include "ws-bridge/features/features.h"
#include "ws-bridge/features/presence_list.h"

#define AROUND_BYTES 256 /* of a message around its gaps */

static const struct property resumed_properties[] = {
	PROPERTY("pos", INT, .help = "The position from which live events go on."),
	PROPERTY("replayed", INT, .help = "How many events were sent."),
	PROPERTY("gaps", LIST, .of = &gap_shape,
		 .help = "What the event log has no more; add those of all parts."),
	PROPERTY("epoch_changed", BOOL, .help = "Nothing was replayed: start afresh."),
};
static const struct shape resumed_shape = SHAPE("Resumed", resumed_properties);

static const struct message resumed_message = {.type = "resumed",
					       .shape = &resumed_shape,
					       .v1 = true,
					       .parts = true,
					       .help = "The replay is complete."};

static void send_resumed(struct conn *conn, const struct replay *replay, bool epoch_changed)
{
	size_t next = 0;
	bool more = true;
	while (more) {
		struct buf data = {0};
		jw_open(&data, '{');
		jw_kv_int(&data, "pos", replay->pos);
		jw_kv_int(&data, "replayed", replay->replayed);
		jw_kv_bool(&data, "epoch_changed", epoch_changed);
		jw_key(&data, "gaps");
		more = gaps_show(replay->gaps, &next, LIST_MESSAGE_MAX - AROUND_BYTES, &data);
		jw_close(&data, '}');
		conn_say_part(conn, &resumed_message, &data, more);
		buf_free(&data);
	}
}

static void resume_finished(struct conn *conn, const struct replay *replay)
{
	send_resumed(conn, replay, false);
}

/* --- the job ---------------------------------------------------------------------------------- */

struct resume_job {
	struct job job;
	int64_t user_id;
	struct resumption from;
};

static int resume_run_job(struct store *store, struct job *job, struct problem *why)
{
	struct resume_job *resume = container_of(job, struct resume_job, job);
	return events_resume(job->arena, store, resume->user_id, &resume->from, why);
}

static void resume_done(struct job *job)
{
	const struct resume_job *resume = container_of(job, struct resume_job, job);
	struct conn *conn = job->conn;
	conn_resume_input(conn);
	if (!conn->user || conn->closing)
		return;
	const struct replay none = {.pos = conn->bridge->pos, .gaps = resume->from.gaps};
	if (job->why.code == PROBLEM_NONE && resume->from.known)
		presence_list_missed(conn, resume->from.since);
	if (job->why.code != PROBLEM_NONE)
		request_failed(job);
	else if (resume->from.known)
		catchup_log(conn, resume->from.pos + MUTANT(resume_off_by_one), resume->from.gaps,
			    resume_finished);
	else
		send_resumed(conn, &none, true);
}

static const struct job_kind resume_kind = {
	.when = REPORT_IN_ORDER, .run = resume_run_job, .done = resume_done};

/* --- the command ------------------------------------------------------------------------------ */

struct resume_input {
	const char *epoch;
	int64_t pos;
};

static const struct field resume_rows[] = {
	FIELD(struct resume_input, epoch, TEXT, .required = true, .max = 64,
	      .help = "The epoch that `pos` belongs to."),
	FIELD(struct resume_input, pos, INT, .required = true, .min = 0, .max = 9e15,
	      .help = "The client has all events up to this position."),
};
static const struct fields resume_fields = FIELDS(struct resume_input, resume_rows);

static void resume_run(struct request *request)
{
	const struct resume_input *input = request->input;
	struct conn *conn = request->conn;
	struct resume_job *resume = request_job(request, sizeof(*resume), &resume_kind);
	resume->user_id = conn->user->id;
	resume->from = (struct resumption){.epoch = input->epoch, .pos = input->pos};
	conn_pause_input(conn);
	bridge_submit(conn->bridge, &resume->job);
}

static const struct command resume_command = {
	.type = "resume",
	.fields = &resume_fields,
	.v1 = true,
	.weight = 5,
	.help = "Get what came after a position, and go on from there.",
	.run = resume_run};

const struct feature resume_feature = {
	.commands = (const struct command *const[]){&resume_command, NULL},
	.messages = (const struct message *const[]){&resumed_message, NULL},
};
