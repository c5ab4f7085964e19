/*
 * The store thread: see store_thread.h.
 *
 * A second thread waits for the disk. What is committed while it waits is safe with the next sync,
 * so the store thread never stands still, and the busier it is the more jobs share a sync.
 */
#include "ws-bridge/core/store_thread.h"

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
#include "realm/presence.h"
#include "realm/realm.h"
#include "store/store.h"
#include "ws-bridge/core/batch.h"
#include "ws-bridge/core/bridge.h"

#define LOOK_MS 100      /* how late a write may be noticed whose wakeup was lost */
#define UNCOLLECTED 4096 /* reports that may wait for the loop; then the log waits instead */

struct store_thread {
	pthread_t thread, sync_thread;
	pthread_mutex_t lock; /* over the next group */
	pthread_cond_t collected, committed;
	struct reports asked, told;
	struct reports unsafe; /* jobs that are committed, and told when the disk has them */
	size_t told_count;
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

const char *store_thread_epoch(const struct store_thread *worker)
{
	return worker->epoch;
}

/* --- between the threads ---------------------------------------------------------------------- */

void store_thread_submit(struct store_thread *worker, struct job *job)
{
	pthread_mutex_lock(&worker->lock);
	bool first = STAILQ_EMPTY(&worker->asked);
	STAILQ_INSERT_TAIL(&worker->asked, &job->report, link);
	pthread_mutex_unlock(&worker->lock);
	if (first)
		eventfd_write(worker->wake_fd, 1);
}

void store_thread_collect(struct store_thread *worker, struct reports *list)
{
	pthread_mutex_lock(&worker->lock);
	STAILQ_CONCAT(list, &worker->told);
	worker->told_count = 0;
	pthread_cond_broadcast(&worker->collected);
	pthread_mutex_unlock(&worker->lock);
}

/* Reports the list, which is empty then. Waits while the loop is far behind. */
static void tell(struct store_thread *worker, struct reports *list)
{
	size_t count = 0;
	struct report *report;
	STAILQ_FOREACH(report, list, link)
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

/* Hands jobs that are committed to the sync thread. */
static void commit(struct store_thread *worker, struct reports *jobs)
{
	if (STAILQ_EMPTY(jobs))
		return;
	pthread_mutex_lock(&worker->lock);
	STAILQ_CONCAT(&worker->unsafe, jobs);
	pthread_cond_signal(&worker->committed);
	pthread_mutex_unlock(&worker->lock);
}

/* Waits for something to do and takes a batch of jobs. Returns false when all is done for good. */
static bool next_batch(struct store_thread *worker, struct reports *batch)
{
	struct pollfd fds[] = {{.fd = worker->wake_fd, .events = POLLIN},
			       {.fd = worker->wakeup_fd, .events = POLLIN}};
	eventfd_t wakes;
	char wakeups[64];
	pthread_mutex_lock(&worker->lock);
	bool idle = STAILQ_EMPTY(&worker->asked) && !worker->stopping;
	pthread_mutex_unlock(&worker->lock);
	if (idle && poll(fds, 2, LOOK_MS) > 0) {
		eventfd_read(worker->wake_fd, &wakes);
		while (recv(worker->wakeup_fd, wakeups, sizeof(wakeups), MSG_DONTWAIT) > 0)
			;
	}
	pthread_mutex_lock(&worker->lock);
	batch_take(&worker->asked, batch);
	bool more = !worker->stopping || !STAILQ_EMPTY(batch);
	pthread_mutex_unlock(&worker->lock);
	return more;
}

static void *run_worker(void *context)
{
	struct store_thread *worker = context;
	struct reports batch = STAILQ_HEAD_INITIALIZER(batch);
	while (next_batch(worker, &batch)) {
		struct reports told = STAILQ_HEAD_INITIALIZER(told);
		struct reports unsafe = STAILQ_HEAD_INITIALIZER(unsafe);
		batch_run(&worker->batcher, &batch, &told, &unsafe);
		tell(worker, &told);
		commit(worker, &unsafe);
	}
	return NULL;
}

/* --- the sync thread -------------------------------------------------------------------------- */

/* Waits for jobs that are committed and takes them all. Returns false when there will be none. */
static bool next_unsafe(struct store_thread *worker, struct reports *jobs)
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
	struct store_thread *worker = context;
	struct reports jobs = STAILQ_HEAD_INITIALIZER(jobs);
	while (next_unsafe(worker, &jobs)) {
		struct problem why = {0};
		if (!MUTANT(ack_before_sync) && store_sync_all(worker->syncer, &why) < 0) {
			log_problem(LOG_LEVEL_WARN, "sync", &why);
			batch_fail(&jobs, &why);
		}
		tell(worker, &jobs);
	}
	return NULL;
}

/* --- beginning and end ------------------------------------------------------------------------ */

/* The position comes before everything else, so that no event is missed. */
static int open_store(struct store_thread *worker, const struct settings *settings, int instance,
		      struct problem *why)
{
	TRY(realm_open(settings, STORE_SERVE, &worker->store, why));
	TRY(batcher_open(&worker->batcher, worker->store, why));
	TRY(realm_epoch(worker->arena, worker->store, &worker->epoch, why));
	TRY(realm_open(settings, STORE_SERVE, &worker->syncer, why));
	return bridge_start(worker->store, instance, why);
}

static void release(struct store_thread *worker)
{
	store_close(&worker->store);
	store_close(&worker->syncer);
	close(worker->wake_fd);
	batcher_close(&worker->batcher);
	arena_free(&worker->arena);
	free(worker);
}

int store_thread_start(const struct settings *settings, int instance, int wakeup_fd,
		       void (*wake)(void *context), void *context, struct store_thread **worker_r,
		       struct problem *why)
{
	struct store_thread *worker = xcalloc(1, sizeof(*worker));
	worker->arena = arena_new();
	worker->wakeup_fd = wakeup_fd;
	worker->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	worker->wake = wake;
	worker->context = context;
	STAILQ_INIT(&worker->asked);
	STAILQ_INIT(&worker->told);
	STAILQ_INIT(&worker->unsafe);
	pthread_mutex_init(&worker->lock, NULL);
	pthread_cond_init(&worker->collected, NULL);
	pthread_cond_init(&worker->committed, NULL);
	if (open_store(worker, settings, instance, why) < 0) {
		release(worker);
		return -1;
	}
	if (pthread_create(&worker->sync_thread, NULL, run_syncer, worker) != 0 ||
	    pthread_create(&worker->thread, NULL, run_worker, worker) != 0)
		out_of_memory(); /* or of threads: nothing that this process could mend */
	*worker_r = worker;
	return 0;
}

static void end_thread(struct store_thread *worker, bool *flag, pthread_cond_t *waited_for,
		       pthread_t thread)
{
	pthread_mutex_lock(&worker->lock);
	*flag = true;
	pthread_cond_broadcast(waited_for);
	pthread_mutex_unlock(&worker->lock);
	eventfd_write(worker->wake_fd, 1);
	pthread_join(thread, NULL);
}

void store_thread_stop(struct store_thread **worker)
{
	struct store_thread *stopping = *worker;
	if (!stopping)
		return;
	end_thread(stopping, &stopping->stopping, &stopping->collected, stopping->thread);
	end_thread(stopping, &stopping->all_committed, &stopping->committed, stopping->sync_thread);
	for (struct report *report; (report = STAILQ_FIRST(&stopping->told)) != NULL;) {
		STAILQ_REMOVE_HEAD(&stopping->told, link);
		report_free(report);
	}
	release(stopping);
	*worker = NULL;
}
