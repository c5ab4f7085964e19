/* The maintenance thread: see maintenance.h. */
#include "ws-bridge/io/maintenance.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "base/memory.h"
#include "realm/maintenance.h"

struct maintenance_thread {
	const struct settings *settings; /* of aeon.conf */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stopping;
};

/* Returns false when the thread must stop. */
static bool wait_ms(struct maintenance_thread *thread, int ms)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += ms % 1000 * 1000000L;
	until.tv_sec += ms / 1000 + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&thread->lock);
	if (!thread->stopping)
		pthread_cond_timedwait(&thread->wake, &thread->lock, &until);
	bool more = !thread->stopping;
	pthread_mutex_unlock(&thread->lock);
	return more;
}

static void *run_maintenance(void *context)
{
	struct maintenance_thread *thread = context;
	struct maintenance *maintenance = maintenance_new(thread->settings, LEADER_BRIDGE);
	while (wait_ms(thread, maintenance_step(maintenance)))
		;
	maintenance_free(&maintenance);
	return NULL;
}

int maintenance_start(const struct settings *settings, struct maintenance_thread **thread_r,
		      struct problem *why)
{
	struct maintenance_thread *thread = xcalloc(1, sizeof(*thread));
	thread->settings = settings;
	pthread_mutex_init(&thread->lock, NULL);
	pthread_cond_init(&thread->wake, NULL);
	if (pthread_create(&thread->thread, NULL, run_maintenance, thread) != 0) {
		free(thread);
		return problem_say(why, PROBLEM_INTERNAL,
				   "The maintenance thread cannot be started");
	}
	*thread_r = thread;
	return 0;
}

void maintenance_stop(struct maintenance_thread **thread)
{
	struct maintenance_thread *stopping = *thread;
	if (!stopping)
		return;
	pthread_mutex_lock(&stopping->lock);
	stopping->stopping = true;
	pthread_cond_signal(&stopping->wake);
	pthread_mutex_unlock(&stopping->lock);
	pthread_join(stopping->thread, NULL);
	free(stopping);
	*thread = NULL;
}
