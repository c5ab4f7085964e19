/*
 * Jobs, which the event loop gives to the database, and reports, which come back.
 *
 * The loop never waits for the database. It submits jobs, which run elsewhere (batch.h says how),
 * and gets their reports in one sequence with the events of the log. The report of a job has the
 * position of the log at which the job ran. So a job that has read the members of a room is
 * followed by exactly the events after that reading. A job that promises to have stored something
 * is reported only after the disk has it; other reports do not wait for it.
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
#include "ws-bridge/core/message.h"

struct arena;
struct batcher;
struct conn;
struct frame;
struct job;
struct store;

/* When a job is reported. */
enum report_when {
	REPORT_IN_ORDER,        /* at the position of the log where it ran */
	REPORT_SYNCED_IN_ORDER, /* the same, after everything up to there is on disk */
	REPORT_WHEN_SYNCED,     /* as soon as it is on disk */
};

struct job_kind {
	bool writes;
	enum report_when when;
	/* Its answer says what its events say: the connection gets them not as well. */
	bool says_all;
	/* Runs in a transaction with other jobs, on the store thread, and uses only the job and the
	 * store. `why` is the job's. Changes that must be undone together are one call of the
	 * realm. */
	int (*run)(struct store *store, struct job *job, struct problem *why);
	/* Runs on the loop. job->conn may have lost its socket by then. */
	void (*done)(struct job *job);
};

/* One report, in the order of the log: a job that is done, or an event. */
struct report {
	STAILQ_ENTRY(report) link;
	struct job *job; /* NULL: an event, which the rest describes */
	int64_t pos;
	enum event_kind kind;
	char room_id[UUID_TEXT];        /* "" when it is only for user_id */
	int64_t user_id, other_id, seq; /* as in events.h */
	const struct conn *spared;      /* of the job that caused it, which is reported later */
	struct frame *frame;
	struct frame *hidden; /* for users who may not see the entry; made when first needed */
	/* Of a message that shares knowledge: for users who have a block with its creator. */
	struct frame *without_shared;
};
STAILQ_HEAD(reports, report);

struct job {
	struct report report;
	const struct job_kind *kind;
	struct arena *arena;     /* of the job itself and all that it has */
	struct conn *conn;       /* it runs for this one; NULL: for the bridge itself */
	struct batcher *batcher; /* that runs it; valid in run() */
	struct problem why;
	struct subject subject; /* of an error, when a client's command has caused it */
	int64_t before;         /* the log's end before it ran, when the kind says_all */
	bool too_expensive;     /* it was over its budget, so its batch runs again without it */
};

/* A job of `size` bytes that begins with a struct job. It lives in the arena and owns it, and owns
 * the reference to the connection. */
void *job_new(struct arena *arena, size_t size, const struct job_kind *kind, struct conn *conn);

/* Frees an event or a job. */
void report_free(struct report *report);

#endif
