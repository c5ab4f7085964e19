/*
 * The event loop: see loop.h. It is libuv's, and libwebsockets shares it. Only this file and
 * listen.c use libuv.
 */
#include "ws-bridge/io/loop.h"

#include <stdlib.h>

#include <uv.h>

#include "base/log.h"
#include "base/memory.h"
#include "realm/metrics.h"
#include "realm/realm.h"
#include "realm/settings.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/engine.h"
#include "ws-bridge/io/listen.h"
#include "ws-bridge/io/maintenance.h"
#include "ws-bridge/io/peers.h"
#include "ws-bridge/io/store_thread.h"

struct loop {
	struct bridge bridge;
	struct store_thread *store_thread;
	struct lws_context *sockets;
	const char *listen;
	uv_loop_t uv;
	uv_async_t wake;
	uv_prepare_t flush;
	uv_timer_t tick;
	uv_signal_t term, interrupt;
	uv_poll_t peers;
};

/* --- events ----------------------------------------------------------------------- */

/* From the store thread. */
static void wake_loop(void *context)
{
	struct loop *loop = context;
	uv_async_send(&loop->wake);
}

static void on_wake(uv_async_t *wake)
{
	struct loop *loop = wake->data;
	engine_collect(&loop->bridge);
}

static void on_flush(uv_prepare_t *flush)
{
	struct loop *loop = flush->data;
	engine_flush(&loop->bridge);
}

static void on_tick(uv_timer_t *tick)
{
	struct loop *loop = tick->data;
	engine_tick(&loop->bridge);
	if (loop->bridge.stopped)
		uv_stop(&loop->uv);
}

static void on_signal(uv_signal_t *signal, int number)
{
	struct loop *loop = signal->data;
	if (loop->bridge.stopping)
		return;
	log_info("stopping", LOG_INT("signal", number),
		 LOG_INT("connections", (int64_t)loop->bridge.conn_count));
	listen_unlink(loop->listen);
	engine_stop(&loop->bridge);
}

static void on_peers(uv_poll_t *peers, int status, int events)
{
	struct loop *loop = peers->data;
	(void)status, (void)events;
	peers_receive(&loop->bridge);
}

static void watch_peers(struct loop *loop)
{
	uv_poll_init(&loop->uv, &loop->peers, peers_fd(&loop->bridge));
	loop->peers.data = loop;
	uv_poll_start(&loop->peers, UV_READABLE, on_peers);
}

/* --- beginning and end ------------------------------------------------------------------------ */

static void loop_open(struct loop *loop)
{
	uv_loop_init(&loop->uv);
	uv_async_init(&loop->uv, &loop->wake, on_wake);
	uv_prepare_init(&loop->uv, &loop->flush);
	uv_timer_init(&loop->uv, &loop->tick);
	uv_signal_init(&loop->uv, &loop->term);
	uv_signal_init(&loop->uv, &loop->interrupt);
	loop->wake.data = loop->flush.data = loop->tick.data = loop->term.data =
		loop->interrupt.data = loop;
	uv_prepare_start(&loop->flush, on_flush);
	uv_timer_start(&loop->tick, on_tick, WHEEL_TICK_MS, WHEEL_TICK_MS);
	uv_signal_start(&loop->term, on_signal, SIGTERM);
	uv_signal_start(&loop->interrupt, on_signal, SIGINT);
}

/* libwebsockets closes its own handles while the loop keeps running. */
static void loop_close(struct loop *loop)
{
	uv_close((uv_handle_t *)&loop->wake, NULL);
	uv_close((uv_handle_t *)&loop->flush, NULL);
	uv_close((uv_handle_t *)&loop->tick, NULL);
	uv_close((uv_handle_t *)&loop->term, NULL);
	uv_close((uv_handle_t *)&loop->interrupt, NULL);
	if (loop->peers.data)
		uv_close((uv_handle_t *)&loop->peers, NULL);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	listen_close(loop->sockets);
	uv_loop_close(&loop->uv);
}

/* The store thread and the wakeup socket exist already. */
static int run_bridge(struct loop *loop, const struct settings *settings, struct problem *why)
{
	struct maintenance_thread *maintenance = NULL;
	TRY(peers_open(&loop->bridge, why));
	watch_peers(loop);
	TRY(listen_open(&loop->bridge, &loop->uv, loop->listen, &loop->sockets, why));
	if (maintenance_start(settings, &maintenance, why) == 0) {
		log_info("listening", LOG_TEXT("socket", loop->listen));
		uv_run(&loop->uv, UV_RUN_DEFAULT);
		log_info("stopped", LOG_INT("connections", (int64_t)loop->bridge.conn_count));
	}
	maintenance_stop(&maintenance);
	listen_unlink(loop->listen);
	listen_close(loop->sockets);
	return why->code == PROBLEM_NONE ? 0 : -1;
}

int loop_run(const struct settings *settings, int instance, const char *listen, struct problem *why)
{
	struct loop *loop = xcalloc(1, sizeof(*loop));
	int wakeup_fd = -1, result = -1;
	loop->listen = listen;
	metrics_open(settings);
	realm_is_bridge(instance);
	loop_open(loop);
	if (realm_listen(settings, REALM_BRIDGE, instance, &wakeup_fd, why) == 0) {
		if (store_thread_start(settings, instance, wakeup_fd, wake_loop, loop,
				       &loop->store_thread, why) == 0) {
			engine_open(&loop->bridge, settings, instance, loop->store_thread);
			result = run_bridge(loop, settings, why);
			peers_close(&loop->bridge);
		}
		store_thread_stop(&loop->store_thread);
		realm_unlisten(settings, REALM_BRIDGE, instance, wakeup_fd);
	}
	loop_close(loop);
	engine_close(&loop->bridge);
	free(loop);
	return result;
}
