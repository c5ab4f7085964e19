/*
 * The store thread, to which the event loop hands its jobs.
 *
 * It runs all that have arrived in one transaction, reads what the event log has got since, and
 * reports both (see job.h). Writes by other processes are noticed by a wakeup (a byte on a datagram
 * socket), and failing that by a look at the database ten times a second.
 */
#ifndef WS_BRIDGE_CORE_STORE_THREAD_H
#define WS_BRIDGE_CORE_STORE_THREAD_H

#include "ws-bridge/core/job.h"

struct settings;
struct store_thread;

/*
 * Opens the database, where the bridge of that number begins anew, and starts the thread.
 * `wakeup_fd` is the socket to listen on for wakeups. wake() is called on the store thread whenever
 * there is something to collect.
 */
int store_thread_start(const struct settings *settings, int instance, int wakeup_fd,
		       void (*wake)(void *context), void *context, struct store_thread **worker_r,
		       struct problem *why);

/* Lets the thread finish what was submitted, and ends it. What was not collected is lost. */
void store_thread_stop(struct store_thread **worker);

void store_thread_submit(struct store_thread *worker, struct job *job);

/* Moves all reports to the (empty) list, which the caller frees with report_free(). */
void store_thread_collect(struct store_thread *worker, struct reports *list);

/* The name of the database's life. */
const char *store_thread_epoch(const struct store_thread *worker);

#endif
