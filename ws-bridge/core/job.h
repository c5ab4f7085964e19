/*
 * Jobs: what the event loop asks of the database, and report: what it is told.
 *
 * The loop never waits for the database. It submits jobs, which are run elsewhere (batch.h says
 * how), and gets reports in one sequence with the events of the log. A job's report stands where
 * the log was when the job ran, so whoever hears of a membership that was read hears next of
 * exactly the events behind it. What a job promises to have stored is told only after the disk has
 * it; other people's report do not wait for that.
 */
#ifndef WS_BRIDGE_CORE_JOB_H
#define WS_BRIDGE_CORE_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/problem.h"
#include "base/uuid.h"
#include "realm/events.h"

struct arena;
struct batcher;
struct conn;
struct frame;
struct job;
struct store;

/* When a job is reported. */
enum report_when {
	REPORT_IN_ORDER,        /* where the log was when it ran */
	REPORT_SYNCED_IN_ORDER, /* the same, but everything is on disk before */
	REPORT_WHEN_SYNCED,     /* as soon as the disk has it */
};

struct job_kind {
	bool writes;
	enum report_when when;
	/* In a transaction with other jobs, and not on the loop's thread; touches the job and the
	 * store alone. `why` is the job's. What must be undone together is one call of the realm.
	 */
	int (*run)(struct store *store, struct job *job, struct problem *why);
	/* On the loop. job->conn may have lost its socket meanwhile. */
	void (*done)(struct job *job);
};

/* One report, in the order of the log: a job that is done, or an event. */
struct report {
	STAILQ_ENTRY(report) link;
	struct job *job; /* NULL: an event, which the rest describes */
	int64_t pos;
	enum event_kind kind;
	char room_id[UUID_TEXT];        /* "" when it is for user_id alone */
	int64_t user_id, other_id, seq; /* as in events.h */
	struct frame *frame;
	struct frame *hidden; /* for those from whom it is hidden, once there is one */
};
STAILQ_HEAD(reports, report);

struct job {
	struct report report;
	const struct job_kind *kind;
	struct arena *arena;     /* pauses the job itself and all that it has */
	struct conn *conn;       /* who asked; NULL: the bridge itself */
	struct batcher *batcher; /* of this bridge; while it runs */
	struct problem why;
};

/* A job of `size` bytes that begins with a struct job, in the arena, which it takes over. */
void *job_new(struct arena *arena, size_t size, const struct job_kind *kind, struct conn *conn);

/* Frees an event or a job. */
void report_free(struct report *report);

#endif
