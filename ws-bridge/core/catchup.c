/*
 * Connections that are behind: see catchup.h.
 *
 * A chunk is reported where the log was when it was read. So the one that found the end makes the
 * connection live in its report: what comes behind it is sent, what came before was in a chunk.
 */
#include "ws-bridge/core/catchup.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/memory.h"
#include "realm/feed.h"
#include "realm/settings.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/job.h"
#include "ws-bridge/core/chunk.h"
#include "ws-bridge/features/resume.h"
#include "ws-bridge/core/socket.h"

struct catchup {
	struct conn *conn;
	struct chunk_job *chunk; /* under way; NULL: none */
	struct history history;  /* comes before the log, while it has something left */
	int64_t pos;             /* of the log, what lies behind it is still to come */
	bool asked;              /* by the client, from whom nothing else is taken meanwhile */
	struct buf gaps;         /* what a resume must tell in the end; empty: it is none */
	int64_t replayed;
	struct timer stuck;
	size_t unsent; /* that the kernel had when the timer was set */
};

/* --- a reader that takes nothing -------------------------------------------------------------- */

static void watch(struct catchup *behind);

/* The kernel's buffer is large, so a trickle may be seen there alone. */
static void stuck(struct timer *timer)
{
	struct catchup *behind = container_of(timer, struct catchup, stuck);
	struct conn *conn = behind->conn;
	if (conn->out.count > 0 && socket_unsent(conn->socket) == behind->unsent)
		conn_close(conn, CLOSE_SLOW);
	else
		watch(behind);
}

static void watch(struct catchup *behind)
{
	struct conn *conn = behind->conn;
	conn_alive(conn);
	behind->unsent = socket_unsent(conn->socket);
	wheel_set(&conn->bridge->wheel, &behind->stuck,
		  conn->bridge->settings->ws_stuck_seconds * 1000, stuck);
}

/* --- beginning and end ------------------------------------------------------------------------ */

/* What is under way was asked for before, and is not waited for any more. */
static struct catchup *begin(struct conn *conn, int64_t pos)
{
	if (!conn->behind) {
		conn->behind = xcalloc(1, sizeof(*conn->behind));
		conn->behind->conn = conn;
		conn->behind->pos = pos;
		watch(conn->behind);
	}
	conn->behind->chunk = NULL;
	conn_wake(conn);
	return conn->behind;
}

/* The client waits for it. */
static struct catchup *ask(struct conn *conn, int64_t pos)
{
	struct catchup *behind = begin(conn, pos);
	if (!behind->asked)
		conn_pause_input(conn);
	behind->asked = true;
	return behind;
}

static void answered(struct catchup *behind)
{
	if (behind->asked)
		conn_resume_input(behind->conn);
	behind->asked = false;
}

void catchup_slow(struct conn *conn, int64_t pos)
{
	begin(conn, pos);
}

void catchup_resume(struct conn *conn, int64_t pos, const struct buf *gaps)
{
	struct catchup *behind = ask(conn, pos);
	behind->pos = pos;
	buf_add(&behind->gaps, gaps->data, gaps->len);
}

void catchup_history(struct conn *conn, const struct history *history, int64_t pos)
{
	ask(conn, pos)->history = *history;
}

void catchup_end(struct conn *conn)
{
	struct catchup *behind = conn->behind;
	if (!behind)
		return;
	conn->behind = NULL;
	answered(behind);
	wheel_cancel(&behind->stuck);
	buf_free(&behind->gaps);
	free(behind);
}

/* --- chunks ---------------------------------------------------------------------------------- */

struct chunk_job {
	struct job job;
	struct chunk chunk;
	int64_t viewer, pos;
	struct history history;
	bool level, lost;
};

static int chunk_run(struct store *store, struct job *job, struct problem *why)
{
	struct chunk_job *next = container_of(job, struct chunk_job, job);
	int64_t start;
	if (next->history.after < next->history.until)
		return chunk_add_history(&next->chunk, store, next->viewer, &next->history, why);
	TRY(events_start(store, &start, why));
	next->lost = next->pos < start;
	return chunk_add_log(&next->chunk, store, next->viewer, &next->pos, &next->level, why);
}

static void level(struct conn *conn)
{
	struct catchup *behind = conn->behind;
	conn->served = behind->pos;
	if (behind->gaps.len)
		resume_answer(conn, behind->pos, behind->replayed, &behind->gaps, false);
	catchup_end(conn);
}

static void chunk_done(struct job *job)
{
	struct chunk_job *next = container_of(job, struct chunk_job, job);
	struct conn *conn = job->conn;
	struct catchup *behind = conn->behind;
	if (!behind || behind->chunk != next)
		return;
	behind->chunk = NULL;
	if (job->why.code != PROBLEM_NONE) {
		conn_error(conn, &job->why, NULL, NULL);
		conn_close(conn, CLOSE_FAULT);
		return;
	}
	/* Whoever comes back with `resume` is told what was lost. */
	if (next->lost) {
		conn_close(conn, CLOSE_SLOW);
		return;
	}
	behind->replayed += chunk_send(&next->chunk, conn);
	behind->history = next->history;
	behind->pos = next->pos;
	conn_wake(conn);
	if (next->level)
		level(conn);
	else if (!behind->gaps.len && behind->history.after == behind->history.until)
		answered(behind);
}

static const struct job_kind chunk_kind = {
	.when = REPORT_IN_ORDER, .run = chunk_run, .done = chunk_done};

void catchup_flushed(struct conn *conn, bool wrote)
{
	struct catchup *behind = conn->behind;
	if (wrote)
		watch(behind);
	if (behind->chunk || conn->out.bytes >= (size_t)conn->bridge->settings->ws_queue_bytes / 2)
		return;
	struct chunk_job *next = job_new(arena_new(), sizeof(*next), &chunk_kind, conn_ref(conn));
	chunk_start(&next->chunk, next->job.arena, conn->bridge);
	next->viewer = conn->user->id;
	next->pos = behind->pos;
	next->history = behind->history;
	behind->chunk = next;
	bridge_submit(conn->bridge, &next->job);
}
