/* Batches of jobs, and the tail of the log: see batch.h. */
#include "ws-bridge/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/mutant.h"
#include "store/store.h"
#include "ws-bridge/frame.h"
#include "realm/feed.h"

#define BATCH 32    /* jobs in one transaction; the loop sends the last one's while the next runs */
#define EVENTS 1000 /* read from the log at a time */

int batcher_open(struct batcher *batcher, struct store *store, struct problem *why)
{
	*batcher = (struct batcher){.store = store, .version = -1};
	return events_head(store, &batcher->pos, why);
}

void batcher_close(struct batcher *batcher)
{
	free(batcher->here);
}

void batcher_note_user(struct batcher *batcher, int64_t user_id, bool here)
{
	size_t byte = (size_t)user_id / 8;
	if (byte >= batcher->here_bytes) {
		size_t bytes = byte * 2 + 64;
		batcher->here = xrealloc(batcher->here, bytes);
		memset(batcher->here + batcher->here_bytes, 0, bytes - batcher->here_bytes);
		batcher->here_bytes = bytes;
	}
	unsigned char bit = (unsigned char)(1 << user_id % 8);
	batcher->here[byte] =
		(unsigned char)(here ? batcher->here[byte] | bit : batcher->here[byte] & ~bit);
}

bool batcher_has_user(const struct batcher *batcher, int64_t user_id)
{
	size_t byte = (size_t)user_id / 8;
	return byte < batcher->here_bytes && batcher->here[byte] >> user_id % 8 & 1;
}

/* --- the log ---------------------------------------------------------------------------------- */

struct reading {
	struct batcher *batcher;
	struct newses *events;
};

static int take_event(const struct event *event, void *context, struct problem *why)
{
	(void)why;
	struct reading *reading = context;
	struct news *news = xcalloc(1, sizeof(*news));
	news->pos = event->pos;
	news->kind = event->kind;
	news->user_id = event->user_id;
	news->other_id = event->other_id;
	news->seq = event->seq;
	if (event->room_id)
		snprintf(news->room_id, sizeof(news->room_id), "%s", event->room_id);
	news->frame =
		frame_message(event_name(event->kind), event->pos, event->data, event->data_bytes);
	news->frame->class = FRAME_EVENT;
	STAILQ_INSERT_TAIL(reading->events, news, link);
	reading->batcher->pos = event->pos;
	return 0;
}

/* Adds what the log has got since the last time. */
static int read_log(struct batcher *batcher, struct newses *events, struct problem *why)
{
	struct reading reading = {.batcher = batcher, .events = events};
	int64_t version = store_data_version(batcher->store);
	int count;
	do {
		count = events_after(batcher->store, batcher->pos, EVENTS, take_event, &reading,
				     why);
	} while (count == EVENTS);
	if (count < 0)
		return -1;
	batcher->version = version;
	return 0;
}

/* --- batches ---------------------------------------------------------------------------------- */

/* All of them write or none does: who only reads does not fail for want of the write lock. */
void batch_take(struct newses *asked, struct newses *batch)
{
	struct news *news;
	for (int i = 0; i < BATCH && (news = STAILQ_FIRST(asked)) != NULL; i++) {
		const struct news *first = STAILQ_FIRST(batch);
		if (first && first->job->kind->writes != news->job->kind->writes)
			return;
		STAILQ_REMOVE_HEAD(asked, link);
		STAILQ_INSERT_TAIL(batch, news, link);
	}
}

struct run {
	struct batcher *batcher;
	struct newses *batch;
};

/*
 * In a transaction, of which every call of the realm is a part: one that is refused takes nothing
 * else with it. But what a broken database did not take fails the batch as a whole.
 */
static int run_all(struct store *store, void *context, struct problem *why)
{
	const struct run *run = context;
	struct news *news;
	int64_t pos = 0;
	STAILQ_FOREACH(news, run->batch, link) {
		struct job *job = news->job;
		job->batcher = run->batcher;
		job->why = (struct problem){0};
		if (job->kind->run(store, job, &job->why) < 0 &&
		    job->why.code == PROBLEM_STORE_FAILED) {
			*why = job->why;
			return -1;
		}
		if (job->kind->told != TOLD_WHEN_SAFE)
			TRY(events_head(store, &pos, why));
		news->pos = pos;
	}
	return 0;
}

/* Where the log was in a transaction that failed is no place in it. */
void batch_fail(struct newses *jobs, const struct problem *why)
{
	struct news *news;
	STAILQ_FOREACH(news, jobs, link) {
		news->pos = 0;
		if (news->job->why.code == PROBLEM_NONE)
			news->job->why = *why;
	}
}

/* The sum of what the kinds in a batch need. */
static struct job_kind needs(const struct newses *batch)
{
	struct job_kind all = {.told = TOLD_IN_ORDER};
	const struct news *news;
	STAILQ_FOREACH(news, batch, link) {
		const struct job_kind *kind = news->job->kind;
		all.writes |= kind->writes;
		if (kind->told == TOLD_SAFE_IN_ORDER)
			all.told = kind->told;
	}
	return all;
}

/* Runs the jobs, if any, and reads the log. */
static int work(struct batcher *batcher, struct newses *batch, struct newses *events,
		struct problem *why)
{
	struct run run = {.batcher = batcher, .batch = batch};
	struct job_kind need = needs(batch);
	if (MUTANT(lost_wakeup))
		TRY(events_head(batcher->store, &batcher->pos, why));
	if (need.writes)
		TRY(store_write_unsynced(batcher->store, run_all, &run, why));
	else if (!STAILQ_EMPTY(batch))
		TRY(store_read(batcher->store, run_all, &run, why));
	else if (store_data_version(batcher->store) == batcher->version)
		return 0;
	if (need.told == TOLD_SAFE_IN_ORDER)
		TRY(store_sync(batcher->store, why));
	return read_log(batcher, events, why);
}

/* Merges jobs and events by position; jobs that wait for the disk go another way. */
static void merge(struct newses *batch, struct newses *events, struct newses *told,
		  struct newses *unsafe)
{
	while (!STAILQ_EMPTY(batch) || !STAILQ_EMPTY(events)) {
		struct news *job = STAILQ_FIRST(batch), *event = STAILQ_FIRST(events);
		if (event && (!job || event->pos <= job->pos)) {
			STAILQ_REMOVE_HEAD(events, link);
			STAILQ_INSERT_TAIL(told, event, link);
		} else {
			bool wait = job->job->kind->told == TOLD_WHEN_SAFE;
			STAILQ_REMOVE_HEAD(batch, link);
			STAILQ_INSERT_TAIL(wait ? unsafe : told, job, link);
		}
	}
}

void batch_run(struct batcher *batcher, struct newses *batch, struct newses *told,
	       struct newses *unsafe)
{
	struct newses events = STAILQ_HEAD_INITIALIZER(events);
	struct problem why = {0};
	if (work(batcher, batch, &events, &why) < 0) {
		log_problem(LOG_LEVEL_WARN, "store", &why);
		batch_fail(batch, &why);
		batcher->version = -1; /* the log may hold more than was read */
	}
	merge(batch, &events, told, unsafe);
}
