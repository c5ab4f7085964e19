/* The simulation: see simulation.h. */
#include "tests/model/simulation.h"

#include <stdarg.h>
#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "realm/bridges.h"
#include "realm/caller.h"
#include "realm/epoch.h"
#include "realm/feed.h"
#include "store/store.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/engine.h"
#include "ws-bridge/core/feature.h"
#include "ws-bridge/core/live.h"
#include "ws-bridge/core/peers.h"
#include "ws-bridge/core/receive.h"
#include "ws-bridge/core/store_thread.h"

struct sim sim;
static struct arena *names;

void fail_invariant(const char *file, int line, const char *what, const char *format, ...)
{
	va_list arguments;
	printf("Bail out! seed %llu, step %lld: %s:%d: %s: ", (unsigned long long)sim.seed,
	       (long long)sim.step, file, line, what);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n# to repeat it: tests/model/model --seed %llu\n", (unsigned long long)sim.seed);
	fflush(stdout);
	abort();
}

/* xorshift64*, Vigna 2016: the same numbers on every machine. */
uint32_t random_below(uint32_t most)
{
	sim.random ^= sim.random >> 12;
	sim.random ^= sim.random << 25;
	sim.random ^= sim.random >> 27;
	return (uint32_t)((sim.random * UINT64_C(0x2545f4914f6cdd1d)) >> 33) % most;
}

/* --- the clock, in place of lib/base's -------------------------------------------------------- */

int64_t __wrap_clock_now(void);
int64_t __wrap_clock_monotonic(void);

int64_t __wrap_clock_now(void)
{
	return sim.now;
}

int64_t __wrap_clock_monotonic(void)
{
	return sim.now;
}

void sim_advance_clock(int64_t us)
{
	const int64_t tick = WHEEL_TICK_MS * 1000;
	int64_t due = (sim.now / tick + 1) * tick;
	sim.now += us;
	if (sim.up && sim.now >= due) {
		engine_tick(&sim.bridge);
		engine_flush(&sim.bridge);
	}
}

/* --- the store thread ------------------------------------------------------------------------- */

void store_thread_submit(struct store_thread *thread, struct job *job)
{
	STAILQ_INSERT_TAIL(&thread->submitted, &job->report, link);
}

void store_thread_collect(struct store_thread *thread, struct reports *list)
{
	STAILQ_CONCAT(list, &thread->reported);
}

const char *store_thread_epoch(const struct store_thread *thread)
{
	(void)thread;
	return sim.epoch;
}

/* There is no other bridge. */
void peers_write(const struct peers *peers, const struct buf *message)
{
	(void)peers, (void)message;
}

void sim_run_batch(void)
{
	struct store_thread *thread = &sim.store_thread;
	struct reports batch = STAILQ_HEAD_INITIALIZER(batch);
	if (!sim.up)
		return;
	thread->batcher.version =
		-1; /* there is only one handle, which does not notice its own commits */
	batch_take(&thread->submitted, &batch);
	batch_run(&thread->batcher, &batch, &thread->reported, &thread->awaiting_sync);
}

bool sim_is_idle(void)
{
	const struct store_thread *thread = &sim.store_thread;
	int64_t head = 0;
	MUST(events_head(sim.store, &head, &why));
	return sim.bridge.pos == head && STAILQ_EMPTY(&thread->submitted) &&
	       STAILQ_EMPTY(&thread->reported);
}

void sim_sync_disk(void)
{
	STAILQ_CONCAT(&sim.store_thread.reported, &sim.store_thread.awaiting_sync);
}

static void drop_reports(struct reports *list)
{
	for (struct report *report; (report = STAILQ_FIRST(list)) != NULL;) {
		STAILQ_REMOVE_HEAD(list, link);
		if (report->job && report->job->conn)
			conn_unref(report->job->conn);
		report_free(report);
	}
}

/* --- sockets ---------------------------------------------------------------------------------- */

int socket_write(struct socket *socket, unsigned char *frames, size_t bytes)
{
	HOLDS(!socket_keeps(socket), "the bridge writes while the socket keeps bytes back");
	buf_add(&socket->to_client, frames, bytes);
	return 0;
}

bool socket_keeps(const struct socket *socket)
{
	return socket->to_client.len > socket->window;
}

size_t socket_unsent(const struct socket *socket)
{
	return socket->to_client.len;
}

void socket_want(struct socket *socket)
{
	socket->wants = true;
}

void socket_pause_input(struct socket *socket, bool paused)
{
	socket->paused = paused;
}

void socket_cut_off(struct socket *socket)
{
	socket->cut = true;
}

struct socket *socket_open(bool v1, const char *token)
{
	struct socket *socket = xcalloc(1, sizeof(*socket));
	socket->window = 1024u << random_below(7);
	socket->conn = conn_open(&sim.bridge, socket,
				 v1 ? chance(2) ? SUBPROTOCOL_V1 : SUBPROTOCOL_V1_BATCH
				    : SUBPROTOCOL_COMPAT,
				 0, &caller_unknown);
	receive_credentials(socket->conn, &(struct credentials){.token = token});
	return socket;
}

void socket_free(struct socket *socket)
{
	if (socket->conn && sim.up)
		receive_end(socket->conn);
	buf_free(&socket->to_client);
	buf_free(&socket->to_bridge);
	free(socket);
}

void socket_send(struct socket *socket, const char *json)
{
	buf_puts(&socket->to_bridge, json);
	buf_putc(&socket->to_bridge, '\n');
}

bool socket_is_idle(const struct socket *socket)
{
	return socket->to_bridge.len + socket->to_client.len + socket->conn->out.count == 0;
}

/* The bridge gets one message, whole or in parts. */
static void deliver_message(struct socket *socket)
{
	const char *end = memchr(socket->to_bridge.data, '\n', socket->to_bridge.len);
	size_t bytes = (size_t)(end - socket->to_bridge.data), at = 0;
	while (at < bytes) {
		size_t piece = chance(4) ? 1 + random_below((uint32_t)(bytes - at)) : bytes - at;
		struct part part = {.text = socket->to_bridge.data + at,
				    .bytes = piece,
				    .last = at + piece == bytes};
		at += piece;
		receive_part(socket->conn, &part);
	}
	socket->to_bridge.len -= bytes + 1;
	memmove(socket->to_bridge.data, end + 1, socket->to_bridge.len);
}

void sim_run_loop(struct socket **sockets, size_t count)
{
	if (!sim.up)
		return;
	for (size_t i = 0; i < count; i++) {
		struct socket *socket = sockets[i];
		if (!socket || !socket->conn)
			continue;
		if (socket->cut) {
			receive_end(socket->conn);
			socket->conn = NULL;
			continue;
		}
		if (!socket->paused && socket->to_bridge.len > 0)
			deliver_message(socket);
		if (socket->wants && !socket_keeps(socket)) {
			socket->wants = false;
			live_flush(socket->conn);
		}
	}
	engine_collect(&sim.bridge);
	engine_flush(&sim.bridge);
}

/* --- start and end ---------------------------------------------------------------------------- */

void sim_start_bridge(void)
{
	STAILQ_INIT(&sim.store_thread.submitted);
	STAILQ_INIT(&sim.store_thread.reported);
	STAILQ_INIT(&sim.store_thread.awaiting_sync);
	MUST(bridge_start(sim.store, 1, &why));
	MUST(batcher_open(&sim.store_thread.batcher, sim.store, &why));
	engine_open(&sim.bridge, &sim.settings, 1, &sim.store_thread);
	sim.up = true;
}

/* Commits remain; submitted jobs and reports are lost. */
void sim_kill_bridge(void)
{
	drop_reports(&sim.store_thread.submitted);
	drop_reports(&sim.store_thread.reported);
	drop_reports(&sim.store_thread.awaiting_sync);
	engine_close(&sim.bridge);
	drop_reports(&sim.store_thread.submitted);
	batcher_close(&sim.store_thread.batcher);
	sim.up = false;
}

void sim_open(uint64_t seed)
{
	sim = (struct sim){
		.seed = seed, .random = seed * 2 + 1, .now = INT64_C(1767225600) * CLOCK_SECOND};
	names = arena_new();
	log_setup("model", LOG_LEVEL_ERROR + 1);
	HOLDS(sodium_init() >= 0, "libsodium does not start");
	MUST(settings_load(NULL, &sim.settings, &why));
	sim.settings.ws_queue_bytes = 65536;
	sim.settings.user_rate = sim.settings.user_burst = 1000000;
	sim.settings.run_dir = NULL; /* the budgets are the simulation's own */
	MUST(store_open(":memory:", STORE_MIGRATE, 100, &sim.store, &why));
	MUST(realm_epoch(names, sim.store, &sim.epoch, &why));
}

void sim_close(void)
{
	store_close(&sim.store);
	arena_free(&names);
}
