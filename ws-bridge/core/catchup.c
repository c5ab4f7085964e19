/*
 * Lagging connections: see catchup.h.
 *
 * A chunk is reported at the position of the log where it was read. So the report of the chunk that
 * reached the end makes the connection live: every later event is sent, and every earlier one was
 * in a chunk.
 */
#include "ws-bridge/core/catchup.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/memory.h"
#include "realm/feed.h"
#include "realm/settings.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/chunk.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/job.h"
#include "ws-bridge/core/socket.h"

struct catchup {
	struct conn *conn;
	struct chunk_job *chunk; /* under way; NULL: none */
	struct history history;  /* sent before the log, while it has something left */
	int64_t pos;             /* the log after it is still to come */
	bool requested;          /* by the client; its input is paused meanwhile */
	void (*done)(struct conn *conn, const struct replay *replay); /* or NULL */
	struct buf gaps;                                              /* for done() */
	int64_t replayed;
	struct timer stuck;
	size_t unsent; /* bytes that the kernel had when the timer was set */
};

/* --- a reader that takes nothing -------------------------------------------------------------- */

static void watch_reader(struct catchup *catchup);

/* The kernel's buffer is large, so a slow but steady reader may show only there. */
static void reader_stuck(struct timer *timer)
{
	struct catchup *catchup = container_of(timer, struct catchup, stuck);
	struct conn *conn = catchup->conn;
	if (conn->out.count > 0 && socket_unsent(conn->socket) == catchup->unsent)
		conn_close(conn, CLOSE_SLOW);
	else
		watch_reader(catchup);
}

static void watch_reader(struct catchup *catchup)
{
	struct conn *conn = catchup->conn;
	conn_alive(conn);
	catchup->unsent = socket_unsent(conn->socket);
	wheel_set(&conn->bridge->wheel, &catchup->stuck,
		  conn->bridge->settings->ws_stuck_seconds * 1000, reader_stuck);
}

/* --- beginning and end ------------------------------------------------------------------------ */

/* A chunk that is under way was asked for before, and is ignored when it comes. */
static struct catchup *catchup_start(struct conn *conn, int64_t pos)
{
	if (!conn->catchup) {
		conn->catchup = xcalloc(1, sizeof(*conn->catchup));
		conn->catchup->conn = conn;
		conn->catchup->pos = pos;
		watch_reader(conn->catchup);
	}
	conn->catchup->chunk = NULL;
	conn_wake(conn);
	return conn->catchup;
}

static struct catchup *catchup_request(struct conn *conn, int64_t pos)
{
	struct catchup *catchup = catchup_start(conn, pos);
	if (!catchup->requested)
		conn_pause_input(conn);
	catchup->requested = true;
	return catchup;
}

static void request_served(struct catchup *catchup)
{
	if (catchup->requested)
		conn_resume_input(catchup->conn);
	catchup->requested = false;
}

void catchup_lag(struct conn *conn, int64_t pos)
{
	catchup_start(conn, pos);
}

void catchup_log(struct conn *conn, int64_t pos, const struct buf *gaps,
		 void (*done)(struct conn *conn, const struct replay *replay))
{
	struct catchup *catchup = catchup_request(conn, pos);
	catchup->pos = pos;
	catchup->done = done;
	buf_add(&catchup->gaps, gaps->data, gaps->len);
}

void catchup_history(struct conn *conn, const struct history *history, int64_t pos)
{
	catchup_request(conn, pos)->history = *history;
}

void catchup_end(struct conn *conn)
{
	struct catchup *catchup = conn->catchup;
	if (!catchup)
		return;
	conn->catchup = NULL;
	request_served(catchup);
	wheel_cancel(&catchup->stuck);
	buf_free(&catchup->gaps);
	free(catchup);
}

/* --- chunks ----------------------------------------------------------------------------------- */

struct chunk_job {
	struct job job;
	struct chunk chunk;
	int64_t viewer, pos;
	struct history history;
	bool caught_up;
	bool lost; /* the log after the position was pruned */
};

static int chunk_run(struct store *store, struct job *job, struct problem *why)
{
	struct chunk_job *next = container_of(job, struct chunk_job, job);
	int64_t start;
	if (next->history.after < next->history.until)
		return chunk_add_history(&next->chunk, store, next->viewer, &next->history, why);
	TRY(events_start(store, &start, why));
	next->lost = next->pos < start;
	return chunk_add_log(&next->chunk, store, next->viewer, &next->pos, &next->caught_up, why);
}

static void conn_caught_up(struct conn *conn)
{
	const struct catchup *catchup = conn->catchup;
	const struct replay replay = {
		.pos = catchup->pos, .replayed = catchup->replayed, .gaps = &catchup->gaps};
	conn->caught_up = catchup->pos;
	if (catchup->done)
		catchup->done(conn, &replay);
	catchup_end(conn);
}

static void chunk_sent(struct conn *conn, const struct chunk_job *next)
{
	struct catchup *catchup = conn->catchup;
	catchup->history = next->history;
	catchup->pos = next->pos;
	conn_wake(conn);
	if (next->caught_up)
		conn_caught_up(conn);
	else if (!catchup->done && catchup->history.after == catchup->history.until)
		request_served(catchup);
}

static void chunk_done(struct job *job)
{
	struct chunk_job *next = container_of(job, struct chunk_job, job);
	struct conn *conn = job->conn;
	struct catchup *catchup = conn->catchup;
	if (!catchup || catchup->chunk != next || conn->closing)
		return;
	catchup->chunk = NULL;
	if (job->why.code != PROBLEM_NONE) {
		conn_error(conn, &job->why, NULL);
		conn_close(conn, CLOSE_FAULT);
	} else if (next->lost) {
		/* A client that reconnects with `resume` receives the gaps. */
		conn_close(conn, CLOSE_SLOW);
	} else {
		catchup->replayed += chunk_send(&next->chunk, conn);
		chunk_sent(conn, next);
	}
}

static const struct job_kind chunk_kind = {
	.when = REPORT_IN_ORDER, .run = chunk_run, .done = chunk_done};

static void chunk_submit(struct conn *conn)
{
	struct catchup *catchup = conn->catchup;
	struct chunk_job *next = job_new(arena_new(), sizeof(*next), &chunk_kind, conn_ref(conn));
	chunk_start(&next->chunk, next->job.arena, conn->bridge);
	next->viewer = conn->user->id;
	next->pos = catchup->pos;
	next->history = catchup->history;
	catchup->chunk = next;
	bridge_submit(conn->bridge, &next->job);
}

void catchup_flushed(struct conn *conn, bool wrote)
{
	struct catchup *catchup = conn->catchup;
	if (conn->closing) {
		catchup_end(conn);
		return;
	}
	if (wrote)
		watch_reader(catchup);
	if (!catchup->chunk && conn->out.bytes < (size_t)conn->bridge->settings->ws_queue_bytes / 2)
		chunk_submit(conn);
}
