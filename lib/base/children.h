/*
 * Child processes: starts them, notices any number of ends at once, and starts them again.
 *
 * A child that has run for a second is started again at once. Otherwise the delay before its next
 * start doubles from 0.1 to 5 seconds. Each child has a delay of its own.
 *
 * Signals are always blocked and taken one by one with children_wait(), so there are no handlers
 * and no races with them.
 */
#ifndef BASE_CHILDREN_H
#define BASE_CHILDREN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define CHILDREN_STAGES 2

struct child {
	const char *name; /* in the log */
	int end_signal;   /* asks it to end */
	int stage;        /* 0 to CHILDREN_STAGES - 1: children_stop() ends lower ones first */
	pid_t pid;        /* 0: it does not run */
	int64_t started, due, delay; /* clock_monotonic(), and microseconds */
	int64_t restarts;
};

struct children {
	struct child *all;
	int count;
	const char *ended_event; /* of the log line about a child that ended */
	int64_t stop_us;         /* how long each stage may take to end */
	/* Each child leads a process group, and what is left of the group is killed with it. */
	bool own_groups;
	bool stopping;
};

/* Blocks SIGCHLD, SIGTERM, SIGINT and SIGHUP. To be called first. */
void children_block_signals(void);

/* Returns the next of these signals, or 0 at that time (clock_monotonic()). */
int children_wait(int64_t until);

/* Removes the children that have ended, logs why they ended, and sets when they are due again. */
void children_reap(struct children *children);

/*
 * Starts the children that are due. Returns NULL, or in a new process its child. `next_r` is the
 * time when the next one is due. A new process gets SIGTERM when its parent ends, even by SIGKILL.
 * The signals are still blocked in it.
 */
struct child *children_start_due(struct children *children, int64_t *next_r);

void children_signal(const struct children *children, int number);

/* Asks all children to end, stage by stage, and then kills those that have not ended. */
void children_stop(struct children *children);

#endif
