/*
 * The state of the bridge, which all its parts share: connections, rooms, timers, and the jobs that
 * are under way. engine.h drives it.
 *
 * One thread owns all of it. The time comes from base/clock.h; sockets, the store thread and the
 * other bridges are behind socket.h, store_thread.h and peers.h. A test that implements those runs
 * the bridge in a world of its own.
 */
#ifndef WS_BRIDGE_CORE_BRIDGE_H
#define WS_BRIDGE_CORE_BRIDGE_H

#include <stdbool.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "realm/live_settings.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/wheel.h"

struct budgets;
struct conn;
struct frame;
struct job;
struct peers;
struct store_thread;

struct bridge {
	const struct settings *settings; /* in effect now */
	struct live_settings live;       /* features/settings.c has it */
	int instance;                    /* which of the realm's bridges this is, from 1 */
	struct store_thread *store_thread;
	struct budgets *budgets;
	struct peers *peers; /* the other bridges, and twins; NULL: a test has none */
	struct hub hub;
	struct wheel wheel;
	LIST_HEAD(conns, conn) conns;
	size_t conn_count;
	STAILQ_HEAD(dirty_conns, conn) dirty; /* have frames to flush in this turn */
	struct buf outgoing;                  /* the bytes of one write, gathered */
	struct frame *ping;
	size_t jobs;          /* submitted and not yet reported */
	int64_t pos;          /* of the last event or job that was reported */
	size_t arrivals;      /* connections authenticated in this second */
	size_t most_arrivals; /* in any second so far */
	int64_t second_ms;    /* when this second began */
	bool stopping, closing_all, stopped;
	struct timer stop;
	struct timer lease;        /* features/lease.c has it */
	struct timer settings_due; /* features/settings.c has it */
};

/* Hands a job to the store thread; job->kind->done() is called when it is reported. */
void bridge_submit(struct bridge *bridge, struct job *job);

/* Whether so many jobs wait for the database that new work must be refused. */
bool bridge_busy(const struct bridge *bridge);

#endif
