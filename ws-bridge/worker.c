/*
 * The store thread: see worker.h.
 *
 * A second thread waits for the disk. What is committed while it waits is safe with the next sync,
 * so the store thread never stands still, and the busier it is the more jobs share a sync.
 */
#include "ws-bridge/worker.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/memory.h"
#include "realm/presence.h"
#include "realm/realm.h"
#include "store/store.h"
#include "ws-bridge/bridge.h"
#include "ws-bridge/frame.h"

#define LOOK_MS 100 /* how late a write may be noticed whose poke was lost */
#define BATCH 32    /* jobs in one transaction; the loop sends the last one's while the next runs */
#define EVENTS 1000 /* read from the log at a time */
#define UNCOLLECTED 4096 /* reports that may wait for the loop; then the log waits instead */

struct worker {
	pthread_t thread, sync_thread;
	pthread_mutex_t lock; /* over the next group */
	pthread_cond_t collected, committed;
	struct newses asked, told;
	struct newses unsafe; /* jobs that are committed, and told when the disk has them */
	size_t told_count;
	bool stopping, all_committed;

	int wake_fd, poke_fd;
	void (*wake)(void *);
	void *context;
	const char *epoch;
	struct arena *arena; /* of the epoch */

	/* The store thread's own. */
	struct store *store;
	int64_t pos;         /* of the last event that was read */
	int64_t version;     /* of the data, when the log was last read */
	unsigned char *here; /* a bit per user id */
	size_t here_bytes;

	struct store *syncer; /* the sync thread's own */
};

void *job_new(struct arena *arena, size_t size, const struct job_kind *kind, struct conn *conn)
{
	struct job *job = arena_alloc(arena, size);
	job->kind = kind;
	job->arena = arena;
	job->conn = conn;
	job->news.job = job;
	return job;
}

void job_free(struct job *job)
{
	struct arena *arena = job->arena;
	arena_free(&arena);
}

void news_free(struct news *news)
{
	frame_release(&news->frame);
	free(news);
}

const char *worker_epoch(const struct worker *worker)
{
	return worker->epoch;
}

void worker_note_user(struct worker *worker, int64_t user_id, bool here)
{
	size_t byte = (size_t)user_id / 8;
	if (byte >= worker->here_bytes) {
		size_t bytes = byte * 2 + 64;
		worker->here = xrealloc(worker->here, bytes);
		memset(worker->here + worker->here_bytes, 0, bytes - worker->here_bytes);
		worker->here_bytes = bytes;
	}
	unsigned char bit = (unsigned char)(1 << user_id % 8);
	worker->here[byte] =
		(unsigned char)(here ? worker->here[byte] | bit : worker->here[byte] & ~bit);
}

bool worker_has_user(const struct worker *worker, int64_t user_id)
{
	size_t byte = (size_t)user_id / 8;
	return byte < worker->here_bytes && worker->here[byte] >> user_id % 8 & 1;
}

/* --- between the threads ---------------------------------------------------------------------- */

void worker_submit(struct worker *worker, struct job *job)
{
	pthread_mutex_lock(&worker->lock);
	bool first = STAILQ_EMPTY(&worker->asked);
	STAILQ_INSERT_TAIL(&worker->asked, &job->news, link);
	pthread_mutex_unlock(&worker->lock);
	if (first)
		eventfd_write(worker->wake_fd, 1);
}

void worker_collect(struct worker *worker, struct newses *list)
{
	pthread_mutex_lock(&worker->lock);
	STAILQ_CONCAT(list, &worker->told);
	worker->told_count = 0;
	pthread_cond_broadcast(&worker->collected);
	pthread_mutex_unlock(&worker->lock);
}

/* Reports the list, which is empty then. Waits while the loop is far behind. */
static void tell(struct worker *worker, struct newses *list)
{
	size_t count = 0;
	struct news *news;
	STAILQ_FOREACH(news, list, link)
		count++;
	if (!count)
		return;
	pthread_mutex_lock(&worker->lock);
	while (worker->told_count >= UNCOLLECTED && !worker->stopping)
		pthread_cond_wait(&worker->collected, &worker->lock);
	STAILQ_CONCAT(&worker->told, list);
	worker->told_count += count;
	pthread_mutex_unlock(&worker->lock);
	worker->wake(worker->context);
}

/* All of them write or none does: who only reads does not fail for want of the write lock. */
static void take_batch(struct newses *asked, struct newses *batch)
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

/* Waits for something to do and takes a batch of jobs. Returns false when all is done for good. */
static bool next_batch(struct worker *worker, struct newses *batch)
{
	struct pollfd fds[] = {{.fd = worker->wake_fd, .events = POLLIN},
			       {.fd = worker->poke_fd, .events = POLLIN}};
	eventfd_t wakes;
	char pokes[64];
	pthread_mutex_lock(&worker->lock);
	bool idle = STAILQ_EMPTY(&worker->asked) && !worker->stopping;
	pthread_mutex_unlock(&worker->lock);
	if (idle && poll(fds, 2, LOOK_MS) > 0) {
		eventfd_read(worker->wake_fd, &wakes);
		while (recv(worker->poke_fd, pokes, sizeof(pokes), MSG_DONTWAIT) > 0)
			;
	}
	pthread_mutex_lock(&worker->lock);
	take_batch(&worker->asked, batch);
	bool more = !worker->stopping || !STAILQ_EMPTY(batch);
	pthread_mutex_unlock(&worker->lock);
	return more;
}

/* --- the log ---------------------------------------------------------------------------------- */

/* Who joined or left stands in the event's data alone. */
static int64_t user_in(const struct event *event)
{
	json_t *data = json_loadb(event->data, event->data_bytes, 0, NULL);
	int64_t id = json_integer_value(json_object_get(data, "user_id"));
	json_decref(data);
	return id;
}

struct reading {
	struct worker *worker;
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
	if (event->room_id)
		snprintf(news->room_id, sizeof(news->room_id), "%s", event->room_id);
	if (event->kind == EVENT_USER_JOINED || event->kind == EVENT_USER_LEFT)
		news->user_id = user_in(event);
	news->frame =
		frame_message(event_name(event->kind), event->pos, event->data, event->data_bytes);
	news->frame->live = true;
	STAILQ_INSERT_TAIL(reading->events, news, link);
	reading->worker->pos = event->pos;
	return 0;
}

/* Adds what the log has got since the last time. */
static int read_log(struct worker *worker, struct newses *events, struct problem *why)
{
	struct reading reading = {.worker = worker, .events = events};
	int64_t version = store_data_version(worker->store);
	int count;
	do {
		count = events_after(worker->store, worker->pos, EVENTS, take_event, &reading, why);
	} while (count == EVENTS);
	if (count < 0)
		return -1;
	worker->version = version;
	return 0;
}

/* --- batches ---------------------------------------------------------------------------------- */

struct run {
	struct worker *worker;
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
		if (job->kind->run(run->worker, store, job, &job->why) < 0 &&
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
static void fail(struct newses *batch, const struct problem *why)
{
	struct news *news;
	STAILQ_FOREACH(news, batch, link) {
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

/* Hands jobs that are committed to the sync thread. */
static void commit(struct worker *worker, struct newses *jobs)
{
	if (STAILQ_EMPTY(jobs))
		return;
	pthread_mutex_lock(&worker->lock);
	STAILQ_CONCAT(&worker->unsafe, jobs);
	pthread_cond_signal(&worker->committed);
	pthread_mutex_unlock(&worker->lock);
}

/* Merges jobs and events by position; jobs that wait for the disk go another way. */
static void report(struct worker *worker, struct newses *batch, struct newses *events)
{
	struct newses list = STAILQ_HEAD_INITIALIZER(list);
	struct newses unsafe = STAILQ_HEAD_INITIALIZER(unsafe);
	while (!STAILQ_EMPTY(batch) || !STAILQ_EMPTY(events)) {
		struct news *job = STAILQ_FIRST(batch), *event = STAILQ_FIRST(events);
		if (event && (!job || event->pos <= job->pos)) {
			STAILQ_REMOVE_HEAD(events, link);
			STAILQ_INSERT_TAIL(&list, event, link);
		} else {
			bool wait = job->job->kind->told == TOLD_WHEN_SAFE;
			STAILQ_REMOVE_HEAD(batch, link);
			STAILQ_INSERT_TAIL(wait ? &unsafe : &list, job, link);
		}
	}
	tell(worker, &list);
	commit(worker, &unsafe);
}

static void run_batch(struct worker *worker, struct newses *batch)
{
	struct newses events = STAILQ_HEAD_INITIALIZER(events);
	struct run run = {.worker = worker, .batch = batch};
	struct job_kind need = needs(batch);
	struct problem why = {0};
	int done = need.writes ? store_write_unsynced(worker->store, run_all, &run, &why)
			       : store_read(worker->store, run_all, &run, &why);
	if (done == 0 && need.told == TOLD_SAFE_IN_ORDER)
		done = store_sync(worker->store, &why);
	if (done == 0)
		done = read_log(worker, &events, &why);
	if (done < 0) {
		log_problem(LOG_LEVEL_WARN, "store", &why);
		fail(batch, &why);
		worker->version = -1; /* the log may hold more than was read */
	}
	report(worker, batch, &events);
}

/* News by others alone. When that fails the next look tries again. */
static void look(struct worker *worker)
{
	struct newses events = STAILQ_HEAD_INITIALIZER(events);
	struct newses no_jobs = STAILQ_HEAD_INITIALIZER(no_jobs);
	struct problem why = {0};
	if (store_data_version(worker->store) == worker->version)
		return;
	if (read_log(worker, &events, &why) < 0)
		log_problem(LOG_LEVEL_WARN, "event_log", &why);
	report(worker, &no_jobs, &events);
}

static void *run_worker(void *context)
{
	struct worker *worker = context;
	struct newses batch = STAILQ_HEAD_INITIALIZER(batch);
	while (next_batch(worker, &batch)) {
		if (STAILQ_EMPTY(&batch))
			look(worker);
		else
			run_batch(worker, &batch);
	}
	return NULL;
}

/* --- the sync thread -------------------------------------------------------------------------- */

/* Waits for jobs that are committed and takes them all. Returns false when there will be none. */
static bool next_unsafe(struct worker *worker, struct newses *jobs)
{
	pthread_mutex_lock(&worker->lock);
	while (STAILQ_EMPTY(&worker->unsafe) && !worker->all_committed)
		pthread_cond_wait(&worker->committed, &worker->lock);
	STAILQ_CONCAT(jobs, &worker->unsafe);
	pthread_mutex_unlock(&worker->lock);
	return !STAILQ_EMPTY(jobs);
}

static void *run_syncer(void *context)
{
	struct worker *worker = context;
	struct newses jobs = STAILQ_HEAD_INITIALIZER(jobs);
	while (next_unsafe(worker, &jobs)) {
		struct problem why = {0};
		if (store_sync_all(worker->syncer, &why) < 0) {
			log_problem(LOG_LEVEL_WARN, "sync", &why);
			fail(&jobs, &why);
		}
		tell(worker, &jobs);
	}
	return NULL;
}

/* --- beginning and end ------------------------------------------------------------------------ */

/* The position comes before everything else, so that no event is missed. */
static int open_store(struct worker *worker, const struct settings *settings, struct problem *why)
{
	TRY(realm_open(settings, STORE_SERVE, &worker->store, why));
	store_on_commit(worker->store, NULL, NULL); /* what is written here is read here */
	TRY(events_head(worker->store, &worker->pos, why));
	TRY(realm_epoch(worker->arena, worker->store, &worker->epoch, why));
	worker->version = -1;
	TRY(realm_open(settings, STORE_SERVE, &worker->syncer, why));
	return bridge_start(worker->store, BRIDGE_INSTANCE, why);
}

static void release(struct worker *worker)
{
	store_close(&worker->store);
	store_close(&worker->syncer);
	close(worker->wake_fd);
	free(worker->here);
	arena_free(&worker->arena);
	free(worker);
}

int worker_start(const struct settings *settings, int poke_fd, void (*wake)(void *context),
		 void *context, struct worker **worker_r, struct problem *why)
{
	struct worker *worker = xcalloc(1, sizeof(*worker));
	worker->arena = arena_new();
	worker->poke_fd = poke_fd;
	worker->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	worker->wake = wake;
	worker->context = context;
	STAILQ_INIT(&worker->asked);
	STAILQ_INIT(&worker->told);
	STAILQ_INIT(&worker->unsafe);
	pthread_mutex_init(&worker->lock, NULL);
	pthread_cond_init(&worker->collected, NULL);
	pthread_cond_init(&worker->committed, NULL);
	if (open_store(worker, settings, why) < 0) {
		release(worker);
		return -1;
	}
	if (pthread_create(&worker->sync_thread, NULL, run_syncer, worker) != 0 ||
	    pthread_create(&worker->thread, NULL, run_worker, worker) != 0)
		out_of_memory(); /* or of threads: nothing that this process could mend */
	*worker_r = worker;
	return 0;
}

static void end_thread(struct worker *worker, bool *flag, pthread_cond_t *waited_for,
		       pthread_t thread)
{
	pthread_mutex_lock(&worker->lock);
	*flag = true;
	pthread_cond_broadcast(waited_for);
	pthread_mutex_unlock(&worker->lock);
	eventfd_write(worker->wake_fd, 1);
	pthread_join(thread, NULL);
}

void worker_stop(struct worker **worker)
{
	struct worker *stopping = *worker;
	if (!stopping)
		return;
	end_thread(stopping, &stopping->stopping, &stopping->collected, stopping->thread);
	end_thread(stopping, &stopping->all_committed, &stopping->committed, stopping->sync_thread);
	for (struct news *news; (news = STAILQ_FIRST(&stopping->told)) != NULL;) {
		STAILQ_REMOVE_HEAD(&stopping->told, link);
		if (news->job)
			job_free(news->job);
		else
			news_free(news);
	}
	release(stopping);
	*worker = NULL;
}
