/*
 * The store thread: see store_thread.h.
 *
 * A second thread waits for the disk. Jobs that are committed while it waits share the next sync.
 * So the store thread never waits for the disk, and the busier it is, the more jobs share a sync.
 */
#include "ws-bridge/io/store_thread.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/mutant.h"
#include "realm/bridges.h"
#include "realm/epoch.h"
#include "realm/realm.h"
#include "store/store.h"
#include "ws-bridge/core/batch.h"
#include "ws-bridge/core/store_thread.h"

#define LOOK_MS 100      /* how late the thread may notice a write when the wakeup was lost */
#define UNCOLLECTED 4096 /* reports that may wait for the loop; then the store thread waits */

struct store_thread {
	pthread_t thread, sync_thread;
	pthread_mutex_t lock; /* over the next group */
	pthread_cond_t collected, committed;
	struct reports submitted, reported;
	struct reports awaiting_sync; /* jobs that are committed */
	size_t reported_count;
	bool stopping, all_committed;

	int wake_fd, wakeup_fd;
	void (*wake)(void *);
	void *context;
	const char *epoch;
	struct arena *arena; /* of the epoch */

	struct store *store; /* the store thread's own, like the batcher */
	struct batcher batcher;
	struct store *syncer; /* the sync thread's own */
};

const char *store_thread_epoch(const struct store_thread *thread)
{
	return thread->epoch;
}

/* --- between the threads ---------------------------------------------------------------------- */

void store_thread_submit(struct store_thread *thread, struct job *job)
{
	pthread_mutex_lock(&thread->lock);
	bool first = STAILQ_EMPTY(&thread->submitted);
	STAILQ_INSERT_TAIL(&thread->submitted, &job->report, link);
	pthread_mutex_unlock(&thread->lock);
	if (first)
		eventfd_write(thread->wake_fd, 1);
}

void store_thread_collect(struct store_thread *thread, struct reports *list)
{
	pthread_mutex_lock(&thread->lock);
	STAILQ_CONCAT(list, &thread->reported);
	thread->reported_count = 0;
	pthread_cond_broadcast(&thread->collected);
	pthread_mutex_unlock(&thread->lock);
}

/* Hands the list to the loop and empties it. Waits while too many reports are not collected. */
static void report_all(struct store_thread *thread, struct reports *list)
{
	size_t count = 0;
	struct report *report;
	STAILQ_FOREACH(report, list, link)
		count++;
	if (!count)
		return;
	pthread_mutex_lock(&thread->lock);
	while (thread->reported_count >= UNCOLLECTED && !thread->stopping)
		pthread_cond_wait(&thread->collected, &thread->lock);
	STAILQ_CONCAT(&thread->reported, list);
	thread->reported_count += count;
	pthread_mutex_unlock(&thread->lock);
	thread->wake(thread->context);
}

/* Hands jobs that are committed to the sync thread. */
static void hand_to_sync(struct store_thread *thread, struct reports *jobs)
{
	if (STAILQ_EMPTY(jobs))
		return;
	pthread_mutex_lock(&thread->lock);
	STAILQ_CONCAT(&thread->awaiting_sync, jobs);
	pthread_cond_signal(&thread->committed);
	pthread_mutex_unlock(&thread->lock);
}

/* Waits for work and takes a batch of jobs. Returns false when all work is done for good. */
static bool next_batch(struct store_thread *thread, struct reports *batch)
{
	struct pollfd fds[] = {{.fd = thread->wake_fd, .events = POLLIN},
			       {.fd = thread->wakeup_fd, .events = POLLIN}};
	eventfd_t wakes;
	char wakeups[64];
	pthread_mutex_lock(&thread->lock);
	bool idle = STAILQ_EMPTY(&thread->submitted) && !thread->stopping;
	pthread_mutex_unlock(&thread->lock);
	if (idle && poll(fds, 2, LOOK_MS) > 0) {
		eventfd_read(thread->wake_fd, &wakes);
		while (recv(thread->wakeup_fd, wakeups, sizeof(wakeups), MSG_DONTWAIT) > 0)
			;
	}
	pthread_mutex_lock(&thread->lock);
	batch_take(&thread->submitted, batch);
	bool more = !thread->stopping || !STAILQ_EMPTY(batch);
	pthread_mutex_unlock(&thread->lock);
	return more;
}

static void *run_store_thread(void *context)
{
	struct store_thread *thread = context;
	struct reports batch = STAILQ_HEAD_INITIALIZER(batch);
	while (next_batch(thread, &batch)) {
		struct reports reported = STAILQ_HEAD_INITIALIZER(reported);
		struct reports awaiting_sync = STAILQ_HEAD_INITIALIZER(awaiting_sync);
		batch_run(&thread->batcher, &batch, &reported, &awaiting_sync);
		report_all(thread, &reported);
		hand_to_sync(thread, &awaiting_sync);
	}
	return NULL;
}

/* --- the sync thread -------------------------------------------------------------------------- */

/* Waits for jobs that are committed and takes them all. Returns false when none will come. */
static bool next_committed(struct store_thread *thread, struct reports *jobs)
{
	pthread_mutex_lock(&thread->lock);
	while (STAILQ_EMPTY(&thread->awaiting_sync) && !thread->all_committed)
		pthread_cond_wait(&thread->committed, &thread->lock);
	STAILQ_CONCAT(jobs, &thread->awaiting_sync);
	pthread_mutex_unlock(&thread->lock);
	return !STAILQ_EMPTY(jobs);
}

static void *run_sync_thread(void *context)
{
	struct store_thread *thread = context;
	struct reports jobs = STAILQ_HEAD_INITIALIZER(jobs);
	while (next_committed(thread, &jobs)) {
		struct problem why = {0};
		if (!MUTANT(ack_before_sync) && store_sync_all(thread->syncer, &why) < 0) {
			log_problem(LOG_LEVEL_WARN, "sync", &why);
			batch_fail(&jobs, &why);
		}
		report_all(thread, &jobs);
	}
	return NULL;
}

/* --- beginning and end ------------------------------------------------------------------------ */

/* The position is read before everything else, so that no event is missed. */
static int open_stores(struct store_thread *thread, const struct settings *settings, int instance,
		       struct problem *why)
{
	TRY(realm_open(settings, STORE_SERVE, &thread->store, why));
	TRY(batcher_open(&thread->batcher, thread->store, why));
	TRY(realm_epoch(thread->arena, thread->store, &thread->epoch, why));
	TRY(realm_open(settings, STORE_SERVE, &thread->syncer, why));
	return bridge_start(thread->store, instance, why);
}

static void store_thread_free(struct store_thread *thread)
{
	store_close(&thread->store);
	store_close(&thread->syncer);
	close(thread->wake_fd);
	batcher_close(&thread->batcher);
	arena_free(&thread->arena);
	free(thread);
}

int store_thread_start(const struct settings *settings, int instance, int wakeup_fd,
		       void (*wake)(void *context), void *context, struct store_thread **thread_r,
		       struct problem *why)
{
	struct store_thread *thread = xcalloc(1, sizeof(*thread));
	thread->arena = arena_new();
	thread->wakeup_fd = wakeup_fd;
	thread->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	thread->wake = wake;
	thread->context = context;
	STAILQ_INIT(&thread->submitted);
	STAILQ_INIT(&thread->reported);
	STAILQ_INIT(&thread->awaiting_sync);
	pthread_mutex_init(&thread->lock, NULL);
	pthread_cond_init(&thread->collected, NULL);
	pthread_cond_init(&thread->committed, NULL);
	if (open_stores(thread, settings, instance, why) < 0) {
		store_thread_free(thread);
		return -1;
	}
	if (pthread_create(&thread->sync_thread, NULL, run_sync_thread, thread) != 0 ||
	    pthread_create(&thread->thread, NULL, run_store_thread, thread) != 0)
		out_of_memory(); /* or out of threads, which this process cannot mend either */
	*thread_r = thread;
	return 0;
}

static void end_thread(struct store_thread *thread, bool *flag, pthread_cond_t *waited_for,
		       pthread_t ending)
{
	pthread_mutex_lock(&thread->lock);
	*flag = true;
	pthread_cond_broadcast(waited_for);
	pthread_mutex_unlock(&thread->lock);
	eventfd_write(thread->wake_fd, 1);
	pthread_join(ending, NULL);
}

void store_thread_stop(struct store_thread **thread)
{
	struct store_thread *stopping = *thread;
	if (!stopping)
		return;
	end_thread(stopping, &stopping->stopping, &stopping->collected, stopping->thread);
	end_thread(stopping, &stopping->all_committed, &stopping->committed, stopping->sync_thread);
	for (struct report *report; (report = STAILQ_FIRST(&stopping->reported)) != NULL;) {
		STAILQ_REMOVE_HEAD(&stopping->reported, link);
		report_free(report);
	}
	store_thread_free(stopping);
	*thread = NULL;
}
