/* The simulated world: see world.h. */
#include "tests/model/world.h"

#include <stdarg.h>
#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "realm/epoch.h"
#include "store/store.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/engine.h"
#include "ws-bridge/core/feature.h"
#include "ws-bridge/core/live.h"
#include "ws-bridge/core/peers.h"
#include "ws-bridge/core/receive.h"
#include "ws-bridge/core/store_thread.h"

struct world world;
static struct arena *names;

void broken(const char *file, int line, const char *what, const char *format, ...)
{
	va_list arguments;
	printf("Bail out! seed %llu, step %lld: %s:%d: %s: ", (unsigned long long)world.seed,
	       (long long)world.step, file, line, what);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n# again: tests/model/model --seed %llu\n", (unsigned long long)world.seed);
	fflush(stdout);
	abort();
}

/* xorshift64*, Vigna 2016: the same numbers on every machine. */
uint32_t any(uint32_t most)
{
	world.random ^= world.random >> 12;
	world.random ^= world.random << 25;
	world.random ^= world.random >> 27;
	return (uint32_t)((world.random * UINT64_C(0x2545f4914f6cdd1d)) >> 33) % most;
}

/* --- the clock, in place of lib/base's -------------------------------------------------------- */

int64_t __wrap_clock_now(void);
int64_t __wrap_clock_monotonic(void);

int64_t __wrap_clock_now(void)
{
	return world.now;
}

int64_t __wrap_clock_monotonic(void)
{
	return world.now;
}

void time_passes(int64_t us)
{
	const int64_t tick = WHEEL_TICK_MS * 1000;
	int64_t due = (world.now / tick + 1) * tick;
	world.now += us;
	if (world.up && world.now >= due) {
		engine_tick(&world.bridge);
		engine_flush(&world.bridge);
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
	return world.epoch;
}

/* There is no other bridge. */
void peers_write(const struct peers *peers, const struct buf *message)
{
	(void)peers, (void)message;
}

void store_turns(void)
{
	struct store_thread *thread = &world.store_thread;
	struct reports batch = STAILQ_HEAD_INITIALIZER(batch);
	if (!world.up)
		return;
	thread->batcher.version =
		-1; /* there is only one handle, which does not notice its own commits */
	batch_take(&thread->submitted, &batch);
	batch_run(&thread->batcher, &batch, &thread->reported, &thread->awaiting_sync);
}

void disk_syncs(void)
{
	STAILQ_CONCAT(&world.store_thread.reported, &world.store_thread.awaiting_sync);
}

static void forget(struct reports *list)
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
	HOLDS(!socket_keeps(socket), "written to while something is kept back");
	buf_add(&socket->sent, frames, bytes);
	return 0;
}

bool socket_keeps(const struct socket *socket)
{
	return socket->sent.len > socket->window;
}

size_t socket_unsent(const struct socket *socket)
{
	return socket->sent.len;
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
	socket->window = 1024u << any(7);
	socket->conn = conn_open(
		&world.bridge, socket,
		v1 ? chance(2) ? SUBPROTOCOL_V1 : SUBPROTOCOL_V1_BATCH : SUBPROTOCOL_COMPAT, 0);
	receive_credentials(socket->conn, &(struct credentials){.token = token});
	return socket;
}

void socket_free(struct socket *socket)
{
	if (socket->conn && world.up)
		receive_end(socket->conn);
	buf_free(&socket->sent);
	buf_free(&socket->said);
	free(socket);
}

void socket_says(struct socket *socket, const char *json)
{
	buf_puts(&socket->said, json);
	buf_putc(&socket->said, '\n');
}

/* The bridge gets one message, whole or in parts. */
static void deliver_message(struct socket *socket)
{
	const char *end = memchr(socket->said.data, '\n', socket->said.len);
	size_t bytes = (size_t)(end - socket->said.data), at = 0;
	while (at < bytes) {
		size_t piece = chance(4) ? 1 + any((uint32_t)(bytes - at)) : bytes - at;
		struct part part = {.text = socket->said.data + at,
				    .bytes = piece,
				    .last = at + piece == bytes};
		at += piece;
		receive_part(socket->conn, &part);
	}
	socket->said.len -= bytes + 1;
	memmove(socket->said.data, end + 1, socket->said.len);
}

void loop_turns(struct socket **sockets, size_t count)
{
	if (!world.up)
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
		if (!socket->paused && socket->said.len > 0)
			deliver_message(socket);
		if (socket->wants && !socket_keeps(socket)) {
			socket->wants = false;
			live_flush(socket->conn);
		}
	}
	engine_collect(&world.bridge);
	engine_flush(&world.bridge);
}

/* --- beginning and end ------------------------------------------------------------------------ */

void bridge_begin(void)
{
	STAILQ_INIT(&world.store_thread.submitted);
	STAILQ_INIT(&world.store_thread.reported);
	STAILQ_INIT(&world.store_thread.awaiting_sync);
	MUST(batcher_open(&world.store_thread.batcher, world.store, &why));
	engine_open(&world.bridge, &world.settings, 1, &world.store_thread);
	world.up = true;
}

/* Commits stay; submitted jobs and reports are lost. */
void bridge_kill(void)
{
	forget(&world.store_thread.submitted);
	forget(&world.store_thread.reported);
	forget(&world.store_thread.awaiting_sync);
	engine_close(&world.bridge);
	forget(&world.store_thread.submitted);
	batcher_close(&world.store_thread.batcher);
	world.up = false;
}

void world_open(uint64_t seed)
{
	world = (struct world){
		.seed = seed, .random = seed * 2 + 1, .now = INT64_C(1767225600) * CLOCK_SECOND};
	names = arena_new();
	log_setup("model", LOG_LEVEL_ERROR + 1);
	HOLDS(sodium_init() >= 0, "no sodium");
	MUST(settings_load(NULL, &world.settings, &why));
	world.settings.ws_queue_bytes = 65536;
	world.settings.ws_rate = world.settings.ws_burst = 1000000;
	MUST(store_open(":memory:", STORE_MIGRATE, 100, &world.store, &why));
	MUST(realm_epoch(names, world.store, &world.epoch, &why));
}

void world_close(void)
{
	store_close(&world.store);
	arena_free(&names);
}
