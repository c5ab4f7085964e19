/*
 * The event loop: see loop.h.
 *
 * A wakeup says that a turn is queued. A turn that is due later, such as the second one of a twin
 * within five seconds, has the timer. A lost wakeup costs NET_MS.
 */
#include "twin/loop.h"

#include <sys/socket.h>

#include <uv.h>

#include "base/clock.h"
#include "base/log.h"
#include "provider/configured.h"
#include "provider/http.h"
#include "realm/metrics.h"
#include "realm/realm.h"
#include "realm/settings.h"
#include "twin/worker.h"

#define NET_MS 1000   /* between two looks without a wakeup, and after a failure */
#define AT_ONCE 16    /* turns between two looks at signals */
#define CLOCK_MS 1000 /* microseconds */

struct loop {
	uv_loop_t uv;
	uv_poll_t wakeup;
	uv_timer_t timer;
	uv_signal_t term, interrupt;
	struct http *http;
	struct providers providers;
	struct worker *worker;
	int wakeup_fd;
	bool failing; /* reported once, until it works again */
};

/* --- turns ------------------------------------------------------------------------------------ */

static void on_timer(uv_timer_t *timer);

/* Milliseconds until the next look. libuv runs a timer without a delay again before it looks at
 * signals and sockets, so there is one. */
static uint64_t wait_for(struct loop *loop, struct problem *why)
{
	int64_t due;
	if (worker_next_due(loop->worker, &due, why) < 0)
		return NET_MS;
	int64_t ms = (due - clock_now() + CLOCK_MS - 1) / CLOCK_MS;
	return ms <= 0 ? 1 : ms < NET_MS ? (uint64_t)ms : NET_MS;
}

static void run_turns(struct loop *loop)
{
	struct problem why = {0};
	uint64_t wait = NET_MS;
	int done = worker_look(loop->worker, &why) == 0 ? 1 : -1;
	for (int i = 0; i < AT_ONCE && done > 0; i++)
		done = worker_run(loop->worker, &why);
	if (done >= 0)
		wait = wait_for(loop, &why);
	if (why.code != PROBLEM_NONE && !loop->failing)
		log_problem(LOG_LEVEL_WARN, "turn_failed", &why);
	loop->failing = why.code != PROBLEM_NONE;
	uv_timer_start(&loop->timer, on_timer, wait, 0);
}

static void on_timer(uv_timer_t *timer)
{
	run_turns(timer->data);
}

static void on_turn_ended(void *context)
{
	struct loop *loop = context;
	uv_timer_start(&loop->timer, on_timer, 0, 0);
}

static void on_wakeup(uv_poll_t *wakeup, int status, int events)
{
	struct loop *loop = wakeup->data;
	char bytes[64];
	(void)status, (void)events;
	while (recv(loop->wakeup_fd, bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
		;
	run_turns(loop);
}

static void on_signal(uv_signal_t *signal, int number)
{
	struct loop *loop = signal->data;
	log_info("stopping", LOG_INT("signal", number));
	uv_stop(&loop->uv);
}

/* --- beginning and end ------------------------------------------------------------------------ */

static void loop_open(struct loop *loop)
{
	uv_loop_init(&loop->uv);
	uv_timer_init(&loop->uv, &loop->timer);
	uv_signal_init(&loop->uv, &loop->term);
	uv_signal_init(&loop->uv, &loop->interrupt);
	loop->wakeup.data = loop->timer.data = loop->term.data = loop->interrupt.data = loop;
	uv_signal_start(&loop->term, on_signal, SIGTERM);
	uv_signal_start(&loop->interrupt, on_signal, SIGINT);
}

static void loop_serve(struct loop *loop)
{
	uv_poll_init(&loop->uv, &loop->wakeup, loop->wakeup_fd);
	uv_poll_start(&loop->wakeup, UV_READABLE, on_wakeup);
	uv_timer_start(&loop->timer, on_timer, 0, 0);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	uv_close((uv_handle_t *)&loop->wakeup, NULL);
}

static void loop_close(struct loop *loop)
{
	uv_close((uv_handle_t *)&loop->timer, NULL);
	uv_close((uv_handle_t *)&loop->term, NULL);
	uv_close((uv_handle_t *)&loop->interrupt, NULL);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	uv_loop_close(&loop->uv);
}

static int work(struct loop *loop, const struct settings *settings, int number, struct problem *why)
{
	TRY(worker_open(settings, number, loop->http, &loop->providers, on_turn_ended, loop,
			&loop->worker, why));
	log_info("answering", LOG_INT("instance", number));
	loop_serve(loop);
	worker_close(&loop->worker);
	log_info("stopped");
	return 0;
}

int loop_run(const struct settings *settings, int number, struct problem *why)
{
	struct loop loop = {0};
	metrics_open(settings);
	loop_open(&loop); /* a signal from here on ends the process in order */
	loop.http = http_new(&loop.uv);
	int result = providers_new(loop.http, settings, &loop.providers, why);
	if (result == 0)
		result = realm_listen(settings, REALM_TWIN, number, &loop.wakeup_fd, why);
	if (result == 0) {
		result = work(&loop, settings, number, why);
		realm_unlisten(settings, REALM_TWIN, number, loop.wakeup_fd);
	}
	providers_free(&loop.providers);
	http_free(&loop.http);
	loop_close(&loop);
	return result;
}
