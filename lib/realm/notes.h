/*
 * Notes of the realm's own work, in shared memory (base/shared.h): every process writes how its
 * writes and its maintenance end, and realm/health.h reads it. A note costs a few nanoseconds.
 */
#ifndef REALM_NOTES_H
#define REALM_NOTES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/problem.h"
#include "base/shared.h"

struct checkpoint;
struct leader;
struct settings;

/* X(constant, name) */
#define HEALTH_TASKS(X)                                                                            \
	X(WRITE, "write")           /* a commit, or the sync of one, of any process */             \
	X(CHECKPOINT, "checkpoint") /* or the attempt to lead (store/lead.h) */                    \
	X(CLEARING, "clearing of the write-ahead log") /* of erased content */                     \
	X(ERASURE, "erasure")                                                                      \
	X(PRUNING, "pruning")
#define HEALTH_ENUM(constant, name) HEALTH_##constant,
enum health_task { HEALTH_TASKS(HEALTH_ENUM) HEALTH_TASK__COUNT };
#undef HEALTH_ENUM

/* realm_open() calls it; notes before that are this process's own. */
void health_open(const struct settings *settings);

/* Forgets all notes: the programs that start next begin with none. */
void health_forget(const struct settings *settings);

/* Notes how the task ended: well when `result` is 0 or more. Returns `result`. */
int health_note(enum health_task task, int result, const struct problem *why);

/* leader_checkpoint() for a process of that program, which leads the maintenance; noted. */
enum health_leader { LEADER_NONE, LEADER_BRIDGE, LEADER_CGI, LEADER_CTL, LEADER__COUNT };
int health_checkpoint(enum health_leader program, struct leader *leader, struct checkpoint *done_r,
		      struct problem *why);

#define HEALTH_UNKNOWN INT64_C(-1)

struct health_notes {
	/* Microseconds since each task ended well and badly, or HEALTH_UNKNOWN. */
	int64_t since_good[HEALTH_TASK__COUNT], since_bad[HEALTH_TASK__COUNT];
	int64_t good[HEALTH_TASK__COUNT], bad[HEALTH_TASK__COUNT]; /* how often */
	int64_t since_begun; /* since the first process noted something */
	enum health_leader leader;
	pid_t leader_pid;
};
void health_read_notes(struct health_notes *notes_r);

/* Why the task ended badly the last time. */
void health_cause(enum health_task task, char text[SHARED_TEXT]);

/* Whether the caller may try a write now: at most one process may in `every_us`. */
bool health_claim_probe(int64_t every_us);

#endif
