/* Batches of jobs, and the tail of the log: see batch.h. */
#include "ws-bridge/core/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/mutant.h"
#include "realm/feed.h"
#include "realm/messages.h"
#include "store/store.h"
#include "ws-bridge/core/frame.h"

#define BATCH 32 /* jobs in one transaction; the loop sends its results while the next one runs */
#define EVENTS 1000 /* read from the log at a time */

int batcher_open(struct batcher *batcher, struct store *store, struct problem *why)
{
	*batcher = (struct batcher){.store = store, .version = -1};
	return events_head(store, &batcher->pos, why);
}

void batcher_close(struct batcher *batcher)
{
	free(batcher->connected);
}

void batcher_note_user(struct batcher *batcher, int64_t user_id, bool connected)
{
	size_t byte = (size_t)user_id / 8;
	if (byte >= batcher->connected_bytes) {
		size_t had = batcher->connected_bytes, bytes = byte * 2 + 64;
		batcher->connected = xrealloc(batcher->connected, bytes);
		memset(batcher->connected + had, 0, bytes - had);
		batcher->connected_bytes = bytes;
	}
	unsigned char bit = (unsigned char)(1 << user_id % 8), *at = &batcher->connected[byte];
	*at = (unsigned char)(connected ? *at | bit : *at & ~bit);
}

bool batcher_has_user(const struct batcher *batcher, int64_t user_id)
{
	size_t byte = (size_t)user_id / 8;
	return byte < batcher->connected_bytes && batcher->connected[byte] >> user_id % 8 & 1;
}

/* --- the log ---------------------------------------------------------------------------------- */

struct log_reader {
	struct batcher *batcher;
	struct reports *events;
};

static struct frame *event_frame(const struct event *event, const char *data, size_t bytes)
{
	struct frame *frame = frame_message(event_name(event->kind), event->pos, data, bytes);
	frame->class = FRAME_EVENT;
	return frame;
}

/* A reader who has a block with the creator of what is shared gets the message without it. */
static void hide_shared(const struct event *event, struct report *report)
{
	struct buf data = {0};
	report->other_id = message_hide_shared(event->data, &data);
	if (report->other_id)
		report->without_shared = event_frame(event, data.data, data.len);
	buf_free(&data);
}

static int read_event(const struct event *event, void *context, struct problem *why)
{
	(void)why;
	struct log_reader *reader = context;
	struct report *report = xcalloc(1, sizeof(*report));
	report->pos = event->pos;
	report->kind = event->kind;
	report->user_id = event->user_id;
	report->other_id = event->other_id;
	report->seq = event->seq;
	if (event->room_id)
		snprintf(report->room_id, sizeof(report->room_id), "%s", event->room_id);
	report->frame = event_frame(event, event->data, event->data_bytes);
	if (event->kind == EVENT_CHAT_MESSAGE)
		hide_shared(event, report);
	STAILQ_INSERT_TAIL(reader->events, report, link);
	reader->batcher->pos = event->pos;
	return 0;
}

/* Appends the events that came since the last time. */
static int read_log(struct batcher *batcher, struct reports *events, struct problem *why)
{
	struct log_reader reader = {.batcher = batcher, .events = events};
	int64_t version = store_data_version(batcher->store);
	int count;
	do {
		count = events_after(batcher->store, batcher->pos, EVENTS, read_event, &reader,
				     why);
	} while (count == EVENTS);
	if (count < 0)
		return -1;
	batcher->version = version;
	return 0;
}

/* --- batches ---------------------------------------------------------------------------------- */

/* All jobs of a batch write, or none does: a job that only reads must not fail for want of the
 * write lock. */
void batch_take(struct reports *submitted, struct reports *batch)
{
	struct report *report;
	for (int i = 0; i < BATCH && (report = STAILQ_FIRST(submitted)) != NULL; i++) {
		const struct report *first = STAILQ_FIRST(batch);
		if (first && first->job->kind->writes != report->job->kind->writes)
			return;
		STAILQ_REMOVE_HEAD(submitted, link);
		STAILQ_INSERT_TAIL(batch, report, link);
	}
}

struct batch_context {
	struct batcher *batcher;
	struct reports *batch;
};

/* Returns -1 when the transaction of the batch cannot go on. */
static int run_job(struct store *store, struct job *job, struct problem *why)
{
	job->why = (struct problem){0};
	store_work_begin(store);
	int result = job->kind->run(store, job, &job->why);
	store_work_end(store);
	job->too_expensive = result < 0 && job->why.code == PROBLEM_TOO_EXPENSIVE;
	if (result >= 0 || (!job->too_expensive && job->why.code != PROBLEM_STORE_FAILED))
		return 0;
	*why = job->why;
	return -1;
}

/*
 * Runs in a transaction, in which every call of the realm is a nested one: a job that is refused
 * undoes only its own changes. But a failure of the database fails the whole batch.
 */
static int run_jobs(struct store *store, void *context, struct problem *why)
{
	const struct batch_context *run = context;
	struct report *report;
	int64_t pos = 0;
	STAILQ_FOREACH(report, run->batch, link) {
		struct job *job = report->job;
		job->batcher = run->batcher;
		if (job->kind->says_all)
			TRY(events_head(store, &job->before, why));
		if (!job->too_expensive)
			TRY(run_job(store, job, why));
		if (job->kind->when != REPORT_WHEN_SYNCED || job->kind->says_all)
			TRY(events_head(store, &pos, why));
		report->pos = pos;
	}
	return 0;
}

/* A position read in a failed transaction is meaningless, so it is cleared. */
void batch_fail(struct reports *jobs, const struct problem *why)
{
	struct report *report;
	STAILQ_FOREACH(report, jobs, link) {
		report->pos = 0;
		if (report->job->why.code == PROBLEM_NONE)
			report->job->why = *why;
	}
}

/* What the jobs of a batch need together. */
static struct job_kind batch_needs(const struct reports *batch)
{
	struct job_kind all = {.when = REPORT_IN_ORDER};
	const struct report *report;
	STAILQ_FOREACH(report, batch, link) {
		const struct job_kind *kind = report->job->kind;
		all.writes |= kind->writes;
		if (kind->when == REPORT_SYNCED_IN_ORDER)
			all.when = kind->when;
	}
	return all;
}

/*
 * Runs all jobs in one transaction. When one of them is over its budget, SQLite may have rolled the
 * transaction back: then the others run again without that job.
 */
static int run_batch(struct batcher *batcher, struct batch_context *run, bool writes,
		     struct problem *why)
{
	int result;
	do {
		*why = (struct problem){0};
		result = writes ? store_write_unsynced(batcher->store, run_jobs, run, why)
				: store_read(batcher->store, run_jobs, run, why);
	} while (result < 0 && why->code == PROBLEM_TOO_EXPENSIVE);
	return result;
}

/* Runs the jobs, if there are any, and reads the log. */
static int run_and_read(struct batcher *batcher, struct reports *batch, struct reports *events,
			struct problem *why)
{
	struct batch_context run = {.batcher = batcher, .batch = batch};
	struct job_kind need = batch_needs(batch);
	if (MUTANT(lost_wakeup))
		TRY(events_head(batcher->store, &batcher->pos, why));
	if (!STAILQ_EMPTY(batch))
		TRY(run_batch(batcher, &run, need.writes, why));
	else if (store_data_version(batcher->store) == batcher->version)
		return 0;
	if (need.when == REPORT_SYNCED_IN_ORDER)
		TRY(store_sync(batcher->store, why));
	return read_log(batcher, events, why);
}

/* The job outlives its events, because it is reported after them. */
static void spare_askers(const struct reports *batch, struct reports *events)
{
	const struct report *job;
	struct report *event;
	STAILQ_FOREACH(job, batch, link)
		if (job->job->kind->says_all)
			STAILQ_FOREACH(event, events, link)
				if (event->pos > job->job->before && event->pos <= job->pos)
					event->spared = job->job->conn;
}

/* Merges jobs and events by position; jobs that wait for the disk go into their own list. */
static void merge_reports(struct reports *batch, struct reports *events, struct reports *reported,
			  struct reports *awaiting_sync)
{
	while (!STAILQ_EMPTY(batch) || !STAILQ_EMPTY(events)) {
		struct report *job = STAILQ_FIRST(batch), *event = STAILQ_FIRST(events);
		if (event && (!job || event->pos <= job->pos)) {
			STAILQ_REMOVE_HEAD(events, link);
			STAILQ_INSERT_TAIL(reported, event, link);
		} else {
			bool wait = job->job->kind->when == REPORT_WHEN_SYNCED;
			STAILQ_REMOVE_HEAD(batch, link);
			STAILQ_INSERT_TAIL(wait ? awaiting_sync : reported, job, link);
		}
	}
}

void batch_run(struct batcher *batcher, struct reports *batch, struct reports *reported,
	       struct reports *awaiting_sync)
{
	struct reports events = STAILQ_HEAD_INITIALIZER(events);
	struct problem why = {0};
	if (run_and_read(batcher, batch, &events, &why) < 0) {
		log_problem(LOG_LEVEL_WARN, "store", &why);
		batch_fail(batch, &why);
		batcher->version = -1; /* the log may hold more than was read */
	}
	spare_askers(batch, &events);
	merge_reports(batch, &events, reported, awaiting_sync);
}
