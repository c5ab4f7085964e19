/*
 * The bridge: see bridge.h.
 *
 * In a turn of the loop connections only queue what they have to say; what they queued is written
 * once before the loop waits again, so that one write carries all that a turn brought.
 */
#include "ws-bridge/core/bridge.h"

#include <sodium.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/log.h"
#include "realm/bridges.h"
#include "realm/presence.h"
#include "realm/settings.h"
#include "ws-bridge/features/auth.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/frame.h"
#include "ws-bridge/features/presence.h"
#include "ws-bridge/core/store_thread.h"

#define JOBS 4096          /* that may wait for the database; then new ones are refused */
#define SLOWEST_RETURN 200 /* connections a second that any machine takes */
#define RENEW_MS (BRIDGE_LEASE_SECONDS * 1000 / 2)
#define JOBS_END_MS 3000   /* how long a stopping bridge waits for what it has taken */
#define CLOSES_END_MS 3000 /* and then for clients to take their close frames */

static int64_t now_ms(void)
{
	return clock_monotonic() / 1000;
}

/* --- jobs and report ----------------------------------------------------------------------------
 */

void bridge_submit(struct bridge *bridge, struct job *job)
{
	bridge->jobs++;
	store_thread_submit(bridge->worker, job);
}

bool bridge_busy(const struct bridge *bridge)
{
	return bridge->jobs >= JOBS;
}

static void take_event(struct bridge *bridge, struct report *event)
{
	if (event->kind == EVENT_SESSIONS_ENDED)
		auth_check(bridge, event->user_id);
	else
		hub_event(bridge, event);
	report_free(event);
}

static void finish(struct bridge *bridge, struct job *job)
{
	struct conn *conn = job->conn;
	bridge->jobs--;
	job->kind->done(job);
	report_free(&job->report);
	if (conn)
		conn_unref(conn);
}

void bridge_collect(struct bridge *bridge)
{
	struct reports list = STAILQ_HEAD_INITIALIZER(list);
	store_thread_collect(bridge->worker, &list);
	for (struct report *report; (report = STAILQ_FIRST(&list)) != NULL;) {
		STAILQ_REMOVE_HEAD(&list, link);
		if (report->pos > bridge->pos)
			bridge->pos = report->pos;
		if (report->job)
			finish(bridge, report->job);
		else
			take_event(bridge, report);
	}
}

void bridge_flush(struct bridge *bridge)
{
	for (struct conn *conn; (conn = STAILQ_FIRST(&bridge->dirty)) != NULL;) {
		STAILQ_REMOVE_HEAD(&bridge->dirty, of_dirty);
		conn->is_dirty = false;
		conn_flush(conn);
		conn_unref(conn);
	}
}

/* --- the lease of the presence of all who are here -------------------------------------------- */

struct renew_job {
	struct job job;
	struct bridge *bridge;
	int64_t connections, rooms;
	int in_time;
	const int64_t *forgotten; /* users of bridges that are gone */
	size_t forgotten_count;
};

static int run_renew(struct store *store, struct job *job, struct problem *why)
{
	struct renew_job *renew = container_of(job, struct renew_job, job);
	TRY(renew->in_time = bridge_renew(store, renew->bridge->instance, renew->connections,
					  renew->rooms, why));
	return bridges_forget(job->arena, store, &renew->forgotten, &renew->forgotten_count, why);
}

static void renew_done(struct job *job)
{
	const struct renew_job *renew = container_of(job, struct renew_job, job);
	if (job->why.code != PROBLEM_NONE) {
		log_problem(LOG_LEVEL_WARN, "lease", &job->why);
		return;
	}
	if (!renew->in_time)
		presence_again(&renew->bridge->hub);
	for (size_t i = 0; i < renew->forgotten_count; i++)
		presence_forgotten(renew->bridge, renew->forgotten[i]);
}

static const struct job_kind renew_kind = {
	.writes = true, .when = REPORT_IN_ORDER, .run = run_renew, .done = renew_done};

static void renew(struct timer *timer)
{
	struct bridge *bridge = container_of(timer, struct bridge, renew);
	struct renew_job *job = job_new(arena_new(), sizeof(*job), &renew_kind, NULL);
	job->bridge = bridge;
	job->connections = (int64_t)bridge->conn_count;
	job->rooms = (int64_t)bridge->hub.rooms.count;
	bridge_submit(bridge, &job->job);
	wheel_set(&bridge->wheel, timer, RENEW_MS, renew);
}

/* --- stopping --------------------------------------------------------------------------------- */

static void closes_late(struct timer *timer)
{
	container_of(timer, struct bridge, stop)->stopped = true;
}

/* How long it takes until all of them are back, as fast as they have come so far. */
static int64_t return_ms(const struct bridge *bridge)
{
	size_t rate = bridge->fastest > SLOWEST_RETURN ? bridge->fastest : SLOWEST_RETURN;
	return (int64_t)(bridge->conn_count * 1000 / rate);
}

/* So that they do not come back all at once. */
static void say_reconnect(struct conn *conn, int64_t within_ms)
{
	struct buf data = {0};
	jw_open(&data, '{');
	jw_kv_int(&data, "after_ms", randombytes_uniform((uint32_t)within_ms + 1));
	jw_close(&data, '}');
	conn_say(conn, "reconnect", &data);
	buf_free(&data);
}

/* What was taken is stored and acknowledged by now, or it is too late for it. */
static void close_all(struct timer *timer)
{
	struct bridge *bridge = container_of(timer, struct bridge, stop);
	struct conn *conn;
	int64_t within_ms = return_ms(bridge);
	bridge->closing_all = true;
	LIST_FOREACH(conn, &bridge->conns, of_bridge) {
		if (conn->v1 && conn->user)
			say_reconnect(conn, within_ms);
		conn_close(conn, CLOSE_RESTART);
	}
	wheel_set(&bridge->wheel, timer, CLOSES_END_MS, closes_late);
}

void bridge_stop(struct bridge *bridge)
{
	bridge->stopping = true;
	wheel_cancel(&bridge->renew);
	wheel_set(&bridge->wheel, &bridge->stop, JOBS_END_MS, close_all);
}

/* The timer is the latest moment for each step; it comes sooner when nothing is left to wait for.
 */
static void hasten_stop(struct bridge *bridge)
{
	if (!bridge->closing_all && bridge->jobs == 0)
		close_all(&bridge->stop);
	if (bridge->closing_all && bridge->conn_count == 0)
		bridge->stopped = true;
}

void bridge_tick(struct bridge *bridge)
{
	int64_t now = now_ms();
	wheel_turn(&bridge->wheel, now);
	if (now - bridge->second_ms >= 1000) {
		bridge->fastest = bridge->came > bridge->fastest ? bridge->came : bridge->fastest;
		bridge->came = 0;
		bridge->second_ms = now;
	}
	if (bridge->stopping)
		hasten_stop(bridge);
}

/* --- beginning and end ------------------------------------------------------------------------ */

void bridge_open(struct bridge *bridge, const struct settings *settings, int instance,
		 struct store_thread *worker)
{
	*bridge = (struct bridge){
		.settings = settings, .instance = instance, .worker = worker, .ping = frame_ping()};
	LIST_INIT(&bridge->conns);
	STAILQ_INIT(&bridge->dirty);
	wheel_start(&bridge->wheel, now_ms());
	renew(&bridge->renew);
}

void bridge_close(struct bridge *bridge)
{
	bridge_flush(bridge);
	hub_clear(&bridge->hub);
	frame_unref(&bridge->ping);
	buf_free(&bridge->outgoing);
}
