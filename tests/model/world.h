/*
 * A simulated world around the bridge's core: its clock, its sockets and its store thread.
 *
 * The core is the real one, and so is the realm, in memory. Only the machine is simulated: when a
 * batch runs, when the disk has it, how much a socket takes, when it breaks, and when the bridge is
 * killed. One seeded generator decides all of this, so a run can be repeated.
 */
#ifndef TESTS_MODEL_WORLD_H
#define TESTS_MODEL_WORLD_H

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

/* Prints what is wrong, the seed and the step, and ends the program. */
#define HOLDS(condition, ...)                                                                      \
	do {                                                                                       \
		if (!(condition))                                                                  \
			broken(__FILE__, __LINE__, #condition, __VA_ARGS__);                       \
	} while (0)
_Noreturn void broken(const char *file, int line, const char *what, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Makes a call that must not fail; it has a `why` of its own. */
#define MUST(call)                                                                                 \
	do {                                                                                       \
		struct problem why = {0};                                                          \
		HOLDS((call) >= 0, "%s %s", why.detail, why.cause);                                \
	} while (0)

struct socket {
	struct conn *conn;
	struct buf sent; /* written by the bridge, not yet read by the client */
	struct buf said; /* messages of the client, one a line, not yet read by the bridge */
	size_t window;   /* bytes that the kernel takes; the socket keeps back the rest */
	bool wants, paused, cut;
};

struct store_thread {
	struct batcher batcher;
	struct reports submitted, reported, awaiting_sync;
};

struct world {
	uint64_t seed, random;
	int64_t step, now; /* now: microseconds */
	struct settings settings;
	struct store *store;
	const char *epoch;
	struct store_thread store_thread;
	struct bridge bridge;
	bool up; /* the bridge runs */
};
extern struct world world;

/* A number below `most`. */
uint32_t any(uint32_t most);
static inline bool chance(uint32_t one_in)
{
	return any(one_in) == 0;
}

void world_open(uint64_t seed);
void world_close(void);

/* The bridge starts on the present database; and it is killed, with all its sockets. */
void bridge_begin(void);
void bridge_kill(void);

/* One batch of jobs runs, if there are any; and the commits of other processes are noticed. */
void store_turns(void);

/* The disk has what was committed. */
void disk_syncs(void);

/* One turn of the event loop: messages of clients, reports of the store thread, writes to sockets.
 */
void loop_turns(struct socket **sockets, size_t count);

void time_passes(int64_t us);

/* The client's end. */
struct socket *socket_open(bool v1, const char *token);
void socket_free(struct socket *socket);
void socket_says(struct socket *socket, const char *json);

#endif
