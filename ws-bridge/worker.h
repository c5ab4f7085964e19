/*
 * The store thread: everything that the bridge asks of the database, and the tail of the event log.
 *
 * The event loop never waits for the database. It submits jobs; the store thread runs all that have
 * arrived in one transaction, reads what the event log has got since, and reports both in one
 * sequence. A job's report stands where the log was when the job ran, so whoever hears of a
 * membership that was read hears next of exactly the events behind it. What a job promises to have
 * stored is told only after the disk has it; other people's news do not wait for that.
 *
 * Writes by other processes are noticed by a poke (a byte on a datagram socket), and failing that
 * by a look at the database ten times a second.
 */
#ifndef WS_BRIDGE_WORKER_H
#define WS_BRIDGE_WORKER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/problem.h"
#include "base/uuid.h"
#include "realm/events.h"

struct arena;
struct conn;
struct frame;
struct job;
struct settings;
struct store;
struct worker;

/* When a job is reported. */
enum job_told {
	TOLD_IN_ORDER,      /* where the log was when it ran */
	TOLD_SAFE_IN_ORDER, /* the same, but everything is on disk before */
	TOLD_WHEN_SAFE,     /* as soon as the disk has it */
};

struct job_kind {
	bool writes;
	enum job_told told;
	/* On the store thread, in a transaction with other jobs; touches the job and the store
	 * alone. `why` is the job's. What must be undone together is one call of the realm. */
	int (*run)(struct worker *worker, struct store *store, struct job *job,
		   struct problem *why);
	/* On the loop. job->conn may have lost its socket meanwhile. */
	void (*done)(struct job *job);
};

/* One report, in the order of the log: a job that is done, or an event. */
struct news {
	STAILQ_ENTRY(news) link;
	struct job *job; /* NULL: an event, which the rest describes */
	int64_t pos;
	enum event_kind kind;
	char room_id[UUID_TEXT]; /* "" when it is for user_id alone */
	int64_t user_id;         /* whom it is for, or who joined or left the room */
	struct frame *frame;
};
STAILQ_HEAD(newses, news);

struct job {
	struct news news;
	const struct job_kind *kind;
	struct arena *arena; /* holds the job itself and all that it has */
	struct conn *conn;   /* who asked; NULL: the bridge itself */
	struct problem why;
};

/*
 * Opens the database and starts the thread. `poke_fd` is the socket to listen on for pokes. wake()
 * is called on the store thread whenever there is something to collect.
 */
int worker_start(const struct settings *settings, int poke_fd, void (*wake)(void *context),
		 void *context, struct worker **worker_r, struct problem *why);

/* Lets the thread finish what was submitted, and ends it. What was not collected is lost. */
void worker_stop(struct worker **worker);

/* A job of `size` bytes that begins with a struct job, in the arena, which it takes over. */
void *job_new(struct arena *arena, size_t size, const struct job_kind *kind, struct conn *conn);
void job_free(struct job *job);

void worker_submit(struct worker *worker, struct job *job);

/* Moves all reports to the (empty) list. The caller frees events with news_free(), jobs with
 * job_free(). */
void worker_collect(struct worker *worker, struct newses *list);
void news_free(struct news *news);

/* The name of the database's life. */
const char *worker_epoch(const struct worker *worker);

/* On the store thread: who is connected here, as far as jobs have said. */
void worker_note_user(struct worker *worker, int64_t user_id, bool here);
bool worker_has_user(const struct worker *worker, int64_t user_id);

#endif
