/*
 * A port of the core: the store thread. The event loop hands its jobs to it.
 *
 * It runs all jobs that have arrived in one transaction, reads what the event log has got since,
 * and reports both (see job.h). io/store_thread.c implements it with threads; tests run the jobs
 * themselves.
 */
#ifndef WS_BRIDGE_CORE_STORE_THREAD_H
#define WS_BRIDGE_CORE_STORE_THREAD_H

#include "ws-bridge/core/job.h"

struct store_thread;

void store_thread_submit(struct store_thread *thread, struct job *job);

/* Moves all reports to the (empty) list. The caller frees each with report_free(). */
void store_thread_collect(struct store_thread *thread, struct reports *list);

/* The epoch of the database. */
const char *store_thread_epoch(const struct store_thread *thread);

#endif
