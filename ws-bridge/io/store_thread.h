/*
 * The store thread, and the thread that waits for the disk: start and stop. How jobs get there is
 * in core/store_thread.h.
 *
 * The store thread learns of writes by other processes through a wakeup (a byte on a datagram
 * socket). When a wakeup is lost, it learns of them by looking at the database ten times a second.
 */
#ifndef WS_BRIDGE_IO_STORE_THREAD_H
#define WS_BRIDGE_IO_STORE_THREAD_H

#include "base/problem.h"

struct settings;
struct store_thread;

/*
 * Opens the database, where the bridge of that number begins with no users, and starts the threads.
 * `wakeup_fd` is the socket on which wakeups arrive. wake() is called on either thread whenever
 * there is something to collect.
 */
int store_thread_start(const struct settings *settings, int instance, int wakeup_fd,
		       void (*wake)(void *context), void *context, struct store_thread **thread_r,
		       struct problem *why);

/* Lets the threads finish the jobs that were submitted, and ends them. Reports that were not
 * collected are lost. */
void store_thread_stop(struct store_thread **thread);

#endif
