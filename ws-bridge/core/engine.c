/* The engine: see engine.h. */
#include "ws-bridge/core/engine.h"

#include <sodium.h>

#include "base/clock.h"
#include "base/json_out.h"
#include "realm/budget.h"
#include "realm/events.h"
#include "realm/metrics.h"
#include "realm/settings.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/feature.h"
#include "ws-bridge/core/frame.h"
#include "ws-bridge/core/job.h"
#include "ws-bridge/core/message.h"
#include "ws-bridge/core/live.h"
#include "ws-bridge/core/store_thread.h"

#define SLOWEST_RETURN 200 /* connections a second that any machine accepts */
#define JOBS_END_MS 3000   /* how long a stopping bridge waits for its jobs */
#define CLOSES_END_MS 3000 /* and then for clients to take their close frames */

static int64_t now_ms(void)
{
	return clock_monotonic() / 1000;
}

/* --- reports and frames ----------------------------------------------------------------------- */

static void take_event(struct bridge *bridge, struct report *event)
{
	live_event(bridge, event);
	feature_event(bridge, event);
	report_free(event);
}

static void finish_job(struct bridge *bridge, struct job *job)
{
	struct conn *conn = job->conn;
	bridge->jobs--;
	job->kind->done(job);
	report_free(&job->report);
	if (conn)
		conn_unref(conn);
}

void engine_collect(struct bridge *bridge)
{
	struct reports list = STAILQ_HEAD_INITIALIZER(list);
	store_thread_collect(bridge->store_thread, &list);
	for (struct report *report; (report = STAILQ_FIRST(&list)) != NULL;) {
		STAILQ_REMOVE_HEAD(&list, link);
		if (report->pos > bridge->pos)
			bridge->pos = report->pos;
		if (report->job)
			finish_job(bridge, report->job);
		else
			take_event(bridge, report);
	}
}

void engine_flush(struct bridge *bridge)
{
	for (struct conn *conn; (conn = STAILQ_FIRST(&bridge->dirty)) != NULL;) {
		STAILQ_REMOVE_HEAD(&bridge->dirty, of_dirty);
		conn->is_dirty = false;
		live_flush(conn);
		conn_unref(conn);
	}
}

/* --- stopping --------------------------------------------------------------------------------- */

static void closes_late(struct timer *timer)
{
	container_of(timer, struct bridge, stop)->stopped = true;
}

/* How long it takes until all clients are back, at the highest rate measured so far. */
static int64_t return_ms(const struct bridge *bridge)
{
	size_t rate =
		bridge->most_arrivals > SLOWEST_RETURN ? bridge->most_arrivals : SLOWEST_RETURN;
	return (int64_t)(bridge->conn_count * 1000 / rate);
}

/* Each client gets a moment of its own, so that they do not all come back at once. */
static void send_reconnect(struct conn *conn, int64_t within_ms)
{
	struct buf data = {0};
	jw_open(&data, '{');
	jw_kv_int(&data, "after_ms", randombytes_uniform((uint32_t)within_ms + 1));
	jw_close(&data, '}');
	conn_say(conn, &reconnect_message, &data);
	buf_free(&data);
}

/* All jobs are stored and acknowledged by now, or their time is over. */
static void close_all(struct timer *timer)
{
	struct bridge *bridge = container_of(timer, struct bridge, stop);
	struct conn *conn;
	int64_t within_ms = return_ms(bridge);
	bridge->closing_all = true;
	LIST_FOREACH(conn, &bridge->conns, of_bridge) {
		if (conn->v1 && conn->user)
			send_reconnect(conn, within_ms);
		conn_close(conn, CLOSE_RESTART);
	}
	wheel_set(&bridge->wheel, timer, CLOSES_END_MS, closes_late);
}

void engine_stop(struct bridge *bridge)
{
	bridge->stopping = true;
	wheel_set(&bridge->wheel, &bridge->stop, JOBS_END_MS, close_all);
}

/* The timer is the latest moment for each step; the step comes sooner when nothing is left to wait
 * for. */
static void hasten_stop(struct bridge *bridge)
{
	if (!bridge->closing_all && bridge->jobs == 0)
		close_all(&bridge->stop);
	if (bridge->closing_all && bridge->conn_count == 0)
		bridge->stopped = true;
}

void engine_tick(struct bridge *bridge)
{
	int64_t now = now_ms();
	wheel_turn(&bridge->wheel, now);
	if (now - bridge->second_ms >= 1000) {
		if (bridge->arrivals > bridge->most_arrivals)
			bridge->most_arrivals = bridge->arrivals;
		bridge->arrivals = 0;
		bridge->second_ms = now;
		metrics_set(GAUGE_WS_CONNECTIONS, (int64_t)bridge->conn_count);
		metrics_set(GAUGE_JOBS_WAITING, (int64_t)bridge->jobs);
	}
	if (bridge->stopping)
		hasten_stop(bridge);
}

/* --- beginning and end ------------------------------------------------------------------------ */

void engine_open(struct bridge *bridge, const struct settings *settings, int instance,
		 struct store_thread *store_thread)
{
	*bridge = (struct bridge){.settings = settings,
				  .instance = instance,
				  .store_thread = store_thread,
				  .budgets = budgets_open(settings->run_dir),
				  .hub = {.bridge = bridge},
				  .ping = frame_ping()};
	LIST_INIT(&bridge->conns);
	STAILQ_INIT(&bridge->dirty);
	wheel_start(&bridge->wheel, now_ms());
	feature_bridge_opened(bridge);
}

void engine_close(struct bridge *bridge)
{
	engine_flush(bridge);
	hub_clear(&bridge->hub);
	frame_unref(&bridge->ping);
	buf_free(&bridge->outgoing);
	budgets_close(&bridge->budgets);
}
