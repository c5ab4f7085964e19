/*
 * The bridge: see bridge.h.
 *
 * One event loop (libuv, which libwebsockets shares) has all connections; the store thread has the
 * database. In a turn of the loop connections only queue what they have to say; what they queued is
 * written once before the loop waits again, so that one write carries all that a turn brought.
 */
#include "ws-bridge/bridge.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "realm/presence.h"
#include "realm/realm.h"
#include "realm/settings.h"
#include "ws-bridge/auth.h"
#include "ws-bridge/conn.h"
#include "ws-bridge/frame.h"
#include "ws-bridge/listen.h"
#include "ws-bridge/upkeep.h"
#include "ws-bridge/worker.h"

#define JOBS 4096 /* that may wait for the database; then new ones are refused */
#define RENEW_MS (BRIDGE_LEASE_SECONDS * 1000 / 2)
#define JOBS_END_MS 3000   /* how long a stopping bridge waits for what it has taken */
#define CLOSES_END_MS 3000 /* and then for clients to take their close frames */

static int64_t now_ms(void)
{
	return clock_monotonic() / 1000;
}

/* --- jobs and news ---------------------------------------------------------------------------- */

void bridge_submit(struct bridge *bridge, struct job *job)
{
	bridge->jobs++;
	worker_submit(bridge->worker, job);
}

bool bridge_busy(const struct bridge *bridge)
{
	return bridge->jobs >= JOBS;
}

static void finish(struct bridge *bridge, struct job *job)
{
	struct conn *conn = job->conn;
	bridge->jobs--;
	job->kind->done(job);
	job_free(job);
	if (conn)
		conn_unkeep(conn);
}

static void on_wake(uv_async_t *wake)
{
	struct bridge *bridge = wake->data;
	struct newses list = STAILQ_HEAD_INITIALIZER(list);
	worker_collect(bridge->worker, &list);
	for (struct news *news; (news = STAILQ_FIRST(&list)) != NULL;) {
		STAILQ_REMOVE_HEAD(&list, link);
		if (news->pos > bridge->pos)
			bridge->pos = news->pos;
		if (news->job) {
			finish(bridge, news->job);
			continue;
		}
		if (event_audience(news->kind) == HEARD_BY_BRIDGE)
			auth_check(bridge, news->user_id);
		else
			hub_event(bridge, news);
		news_free(news);
	}
}

static void wake_loop(void *context)
{
	struct bridge *bridge = context;
	uv_async_send(&bridge->wake);
}

static void on_flush(uv_prepare_t *flush)
{
	struct bridge *bridge = flush->data;
	for (struct conn *conn; (conn = STAILQ_FIRST(&bridge->dirty)) != NULL;) {
		STAILQ_REMOVE_HEAD(&bridge->dirty, of_dirty);
		conn->is_dirty = false;
		conn_flush(conn);
		conn_unkeep(conn);
	}
}

/* --- the lease of the presence of all who are here -------------------------------------------- */

struct renew_job {
	struct job job;
	int64_t connections, rooms;
};

static int run_renew(struct worker *worker, struct store *store, struct job *job,
		     struct problem *why)
{
	(void)worker;
	const struct renew_job *renew = container_of(job, struct renew_job, job);
	return bridge_renew(store, BRIDGE_INSTANCE, renew->connections, renew->rooms, why);
}

static void renew_done(struct job *job)
{
	if (job->why.code != PROBLEM_NONE)
		log_problem(LOG_LEVEL_WARN, "lease", &job->why);
}

static const struct job_kind renew_kind = {
	.writes = true, .told = TOLD_IN_ORDER, .run = run_renew, .done = renew_done};

static void renew(struct timer *timer)
{
	struct bridge *bridge = container_of(timer, struct bridge, renew);
	struct renew_job *job = job_new(arena_new(), sizeof(*job), &renew_kind, NULL);
	job->connections = (int64_t)bridge->conn_count;
	job->rooms = (int64_t)bridge->hub.rooms.count;
	bridge_submit(bridge, &job->job);
	wheel_set(&bridge->wheel, timer, RENEW_MS, renew);
}

/* --- stopping --------------------------------------------------------------------------------- */

static void end_loop(struct timer *timer)
{
	uv_stop(&container_of(timer, struct bridge, stop)->loop);
}

/* What was taken is stored and acknowledged by now, or it is too late for it. */
static void close_all(struct timer *timer)
{
	struct bridge *bridge = container_of(timer, struct bridge, stop);
	struct conn *conn;
	bridge->closing_all = true;
	LIST_FOREACH(conn, &bridge->conns, of_bridge)
		conn_close(conn, CLOSE_RESTART);
	wheel_set(&bridge->wheel, timer, CLOSES_END_MS, end_loop);
}

/* The timer is the latest moment for each step; it comes sooner when nothing is left to wait for.
 */
static void hasten_stop(struct bridge *bridge)
{
	if (!bridge->closing_all && bridge->jobs == 0)
		close_all(&bridge->stop);
	if (bridge->closing_all && bridge->conn_count == 0)
		end_loop(&bridge->stop);
}

static void on_signal(uv_signal_t *signal, int number)
{
	struct bridge *bridge = signal->data;
	if (bridge->stopping)
		return;
	log_info("stopping", LOG_INT("signal", number),
		 LOG_INT("connections", (int64_t)bridge->conn_count));
	bridge->stopping = true;
	listen_unlink(bridge->listen);
	wheel_cancel(&bridge->renew);
	wheel_set(&bridge->wheel, &bridge->stop, JOBS_END_MS, close_all);
}

static void on_tick(uv_timer_t *tick)
{
	struct bridge *bridge = tick->data;
	wheel_turn(&bridge->wheel, now_ms());
	if (bridge->stopping)
		hasten_stop(bridge);
}

/* --- beginning and end ------------------------------------------------------------------------ */

static int bind_poke(const struct settings *settings, int *fd_r, struct problem *why)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	if (realm_bridge_alive(settings))
		return problem_say(why, PROBLEM_STORE_BUSY, "Another bridge is running in %s",
				   settings->run_dir);
	realm_poke_path(settings, address.sun_path, sizeof(address.sun_path));
	unlink(address.sun_path);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0) {
		*fd_r = fd;
		return 0;
	}
	problem_say(why, PROBLEM_INTERNAL, "Cannot make the socket %s", address.sun_path);
	problem_cause(why, "%s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static void unbind_poke(const struct settings *settings, int fd)
{
	char path[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	realm_poke_path(settings, path, sizeof(path));
	unlink(path);
	close(fd);
}

static void open_loop(struct bridge *bridge)
{
	uv_loop_init(&bridge->loop);
	uv_async_init(&bridge->loop, &bridge->wake, on_wake);
	uv_prepare_init(&bridge->loop, &bridge->flush);
	uv_timer_init(&bridge->loop, &bridge->tick);
	uv_signal_init(&bridge->loop, &bridge->term);
	uv_signal_init(&bridge->loop, &bridge->interrupt);
	bridge->wake.data = bridge->flush.data = bridge->tick.data = bridge->term.data =
		bridge->interrupt.data = bridge;
	uv_prepare_start(&bridge->flush, on_flush);
	uv_timer_start(&bridge->tick, on_tick, WHEEL_TICK_MS, WHEEL_TICK_MS);
	uv_signal_start(&bridge->term, on_signal, SIGTERM);
	uv_signal_start(&bridge->interrupt, on_signal, SIGINT);
}

/* What libwebsockets has in the loop it closes itself, while the loop runs on. */
static void close_loop(struct bridge *bridge)
{
	on_flush(&bridge->flush);
	uv_close((uv_handle_t *)&bridge->wake, NULL);
	uv_close((uv_handle_t *)&bridge->flush, NULL);
	uv_close((uv_handle_t *)&bridge->tick, NULL);
	uv_close((uv_handle_t *)&bridge->term, NULL);
	uv_close((uv_handle_t *)&bridge->interrupt, NULL);
	uv_run(&bridge->loop, UV_RUN_DEFAULT);
	listen_close(bridge);
	uv_loop_close(&bridge->loop);
}

/* With the store thread and the poke socket there already. */
static int serve(struct bridge *bridge, struct problem *why)
{
	struct upkeep *upkeep = NULL;
	TRY(listen_open(bridge, bridge->listen, why));
	if (upkeep_start(bridge->settings, &upkeep, why) == 0) {
		renew(&bridge->renew);
		log_info("listening", LOG_TEXT("socket", bridge->listen));
		uv_run(&bridge->loop, UV_RUN_DEFAULT);
		log_info("stopped", LOG_INT("connections", (int64_t)bridge->conn_count));
	}
	upkeep_stop(&upkeep);
	listen_unlink(bridge->listen);
	listen_close(bridge);
	return why->code == PROBLEM_NONE ? 0 : -1;
}

int bridge_run(const struct settings *settings, const char *listen, struct problem *why)
{
	struct bridge *bridge = xcalloc(1, sizeof(*bridge));
	int poke_fd = -1, result = -1;
	bridge->settings = settings;
	bridge->listen = listen;
	bridge->ping = frame_ping();
	STAILQ_INIT(&bridge->dirty);
	wheel_start(&bridge->wheel, now_ms());
	open_loop(bridge);
	if (bind_poke(settings, &poke_fd, why) == 0) {
		if (worker_start(settings, poke_fd, wake_loop, bridge, &bridge->worker, why) == 0)
			result = serve(bridge, why);
		worker_stop(&bridge->worker);
		unbind_poke(settings, poke_fd);
	}
	close_loop(bridge);
	hub_clear(&bridge->hub);
	frame_release(&bridge->ping);
	buf_free(&bridge->outgoing);
	free(bridge);
	return result;
}
