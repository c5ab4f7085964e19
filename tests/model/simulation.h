/*
 * The simulated surroundings of the bridge's core: its clock, its sockets and its store thread.
 *
 * The core and the realm (in memory) are the real ones. Only the machine is simulated: when a batch
 * runs, when the disk syncs it, how much a socket takes, when a socket breaks, and when the bridge
 * is killed. One random generator decides all of this. The same seed repeats the run.
 */
#ifndef TESTS_MODEL_SIMULATION_H
#define TESTS_MODEL_SIMULATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/problem.h"
#include "realm/settings.h"
#include "ws-bridge/core/batch.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/socket.h"

/* If the condition is false, prints the error, the seed and the step, and ends the program. */
#define HOLDS(condition, ...)                                                                      \
	do {                                                                                       \
		if (!(condition))                                                                  \
			fail_invariant(__FILE__, __LINE__, #condition, __VA_ARGS__);               \
	} while (0)
_Noreturn void fail_invariant(const char *file, int line, const char *what, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Makes a call that must not fail, and declares its `why`. */
#define MUST(call)                                                                                 \
	do {                                                                                       \
		struct problem why = {0};                                                          \
		HOLDS((call) >= 0, "%s %s", why.detail, why.cause);                                \
	} while (0)

struct socket {
	struct conn *conn;
	struct buf to_client; /* not yet read by the client */
	struct buf to_bridge; /* messages, one per line, not yet read by the bridge */
	size_t window;        /* bytes that the kernel takes; the socket keeps back the rest */
	bool wants, paused, cut;
};

struct store_thread {
	struct batcher batcher;
	struct reports submitted, reported, awaiting_sync;
};

struct sim {
	uint64_t seed, random;
	int64_t step, now; /* now: microseconds */
	struct settings settings;
	struct store *store;
	const char *epoch;
	struct store_thread store_thread;
	struct bridge bridge;
	bool up; /* the bridge runs */
};
extern struct sim sim;

/* A number below `most`. */
uint32_t random_below(uint32_t most);
static inline bool chance(uint32_t one_in)
{
	return random_below(one_in) == 0;
}

void sim_open(uint64_t seed);
void sim_close(void);

/* Start the bridge on the present database, and kill it with all its sockets. */
void sim_start_bridge(void);
void sim_kill_bridge(void);

/* Runs one batch of jobs, if there are any, and reports the commits of other processes. */
void sim_run_batch(void);

/* Whether the bridge knows all events, and no job is on its way. */
bool sim_is_idle(void);

/* The disk syncs all commits. */
void sim_sync_disk(void);

/* Runs one turn of the event loop: messages of clients, reports of the store thread, writes. */
void sim_run_loop(struct socket **sockets, size_t count);

void sim_advance_clock(int64_t us);

/* The client's side of a connection. */
struct socket *socket_open(bool v1, const char *token);
void socket_free(struct socket *socket);
void socket_send(struct socket *socket, const char *json);

/* Whether both sides have read everything. */
bool socket_is_idle(const struct socket *socket);

#endif
