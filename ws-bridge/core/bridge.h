/*
 * The bridge as a whole, without the event loop that drives it: connections, rooms and timers, and
 * the jobs that are under way. See bridge.c for how it runs.
 *
 * One thread has all of it. The time is base/clock.h's, sockets are socket.h's, and the database is
 * behind worker.h; whoever links other ones has the bridge in a world of their own.
 */
#ifndef WS_BRIDGE_CORE_BRIDGE_H
#define WS_BRIDGE_CORE_BRIDGE_H

#include <stdbool.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/wheel.h"

struct conn;
struct frame;
struct job;
struct peers;
struct settings;
struct store_thread;

struct bridge {
	const struct settings *settings;
	int instance; /* which of the realm's bridges this is, from 1 */
	struct store_thread *worker;
	struct peers *peers; /* the others; NULL: there are none */
	struct hub hub;
	struct wheel wheel;
	LIST_HEAD(conns, conn) conns;
	size_t conn_count;
	STAILQ_HEAD(dirty_conns, conn) dirty; /* have frames to flush in this turn */
	struct buf outgoing;                  /* what one write takes, gathered */
	struct frame *ping;
	size_t jobs;          /* submitted and not yet reported */
	int64_t pos;          /* of the last event or job that was reported */
	size_t came, fastest; /* authenticated in this second, and in any so far */
	int64_t second_ms;    /* when it began */
	bool stopping, closing_all, stopped;
	struct timer renew, stop;
};

void bridge_open(struct bridge *bridge, const struct settings *settings, int instance,
		 struct store_thread *worker);

/* The connections are gone by then. The worker is not its. */
void bridge_close(struct bridge *bridge);

/* --- what drives it --------------------------------------------------------------------------- */

/* Takes in what the worker has to report. */
void bridge_collect(struct bridge *bridge);

/* Writes what connections have queued: before the loop waits. */
void bridge_flush(struct bridge *bridge);

/* Lets the time pass: ten times a second. */
void bridge_tick(struct bridge *bridge);

/* Finishes what was taken and closes all connections; then `stopped` is set, some ticks later. */
void bridge_stop(struct bridge *bridge);

/* --- what its parts ask of it ----------------------------------------------------------------- */

/* Hands a job to the store thread; job->kind->done() is called when it is reported. */
void bridge_submit(struct bridge *bridge, struct job *job);

/* Whether so much waits for the database that new work must be refused. */
bool bridge_busy(const struct bridge *bridge);

#endif
