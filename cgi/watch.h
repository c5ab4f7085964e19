/*
 * What the workers are doing, as their master sees it: one slot of shared memory for each worker.
 *
 * A worker writes its slot when a request begins and ends, and around each pause for the other side
 * of the connection. So neither a long answer that makes progress nor a parked request is ever
 * overdue. The master reads the slots, which costs nothing, and kills a worker that is overdue.
 * This is the last resort: the store ends what is expensive long before (store.h, budgets).
 */
#ifndef CGI_WATCH_H
#define CGI_WATCH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/problem.h"
#include "realm/settings.h"

#define WATCH_ID 64

struct watch_slot {
	_Atomic int64_t since; /* clock_monotonic() when the worker went to work; 0: it waits */
	_Atomic int64_t cpu;   /* the CPU time of its process then, in microseconds */
	char request_id[WATCH_ID];
};

/* Makes the memory for WORKERS_MAX slots. It is behind a descriptor, so that exec can keep it. */
int watch_create(int *fd_r, struct problem *why);

/* The slots, or NULL. They stay mapped until the process ends. */
struct watch_slot *watch_map(int fd);

/* --- for the worker --- */

/* `request_id` may be NULL. */
void watch_begin(struct watch_slot *slot, const char *request_id);

/* Before and after it waits for the other side. */
void watch_pause(struct watch_slot *slot);
void watch_resume(struct watch_slot *slot);

/* --- for the master --- */

/*
 * How long a worker may be at work without a pause, in microseconds: a part that does not depend on
 * the settings, for what is no query (hashing a password), and a multiple of the budget of a
 * request. Real time is far more generous than CPU time, because the machine may be busy.
 */
struct watch_limits {
	int64_t real, cpu;
};
struct watch_limits watch_limits(const struct settings *settings);

/* How long the worker has been at work; zeros when it waits. */
struct watch_limits watch_used(const struct watch_slot *slot, pid_t pid);
bool watch_overdue(const struct watch_limits *used, const struct watch_limits *limits);

#endif
