/*
 * The bridge as a whole: the event loop and what hangs on it. See bridge.c for how it runs.
 *
 * Everything here belongs to the loop's thread.
 */
#ifndef WS_BRIDGE_BRIDGE_H
#define WS_BRIDGE_BRIDGE_H

#include <stdbool.h>
#include <sys/queue.h>
#include <uv.h>

#include "base/buf.h"
#include "base/problem.h"
#include "ws-bridge/hub.h"
#include "ws-bridge/wheel.h"

struct conn;
struct frame;
struct job;
struct lws_context;
struct settings;
struct worker;

#define BRIDGE_INSTANCE 1 /* there is one bridge to a realm */

struct bridge {
	const struct settings *settings;
	const char *listen;
	struct lws_context *lws;
	struct worker *worker;
	struct hub hub;
	struct wheel wheel;
	LIST_HEAD(conns, conn) conns;
	size_t conn_count;
	STAILQ_HEAD(dirty_conns, conn) dirty; /* have frames to flush in this turn */
	struct buf outgoing;                  /* what one write takes, gathered */
	struct frame *ping;
	size_t jobs; /* submitted and not yet reported */
	int64_t pos; /* of the last event or job that was reported */
	bool stopping, closing_all;

	uv_loop_t loop;
	uv_async_t wake;
	uv_prepare_t flush;
	uv_timer_t tick;
	uv_signal_t term, interrupt;
	struct timer renew, stop;
};

/* Listens on "unix:/PATH" or "ADDRESS:PORT" until told to stop. Returns 0, or -1 when it cannot. */
int bridge_run(const struct settings *settings, const char *listen, struct problem *why);

/* Hands a job to the store thread; job->kind->done() is called when it is reported. */
void bridge_submit(struct bridge *bridge, struct job *job);

/* Whether so much waits for the database that new work must be refused. */
bool bridge_busy(const struct bridge *bridge);

#endif
