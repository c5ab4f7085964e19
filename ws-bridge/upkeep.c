/* The upkeep thread: see upkeep.h. */
#include "ws-bridge/upkeep.h"

#include <pthread.h>
#include <stdbool.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "realm/erase.h"
#include "realm/realm.h"
#include "realm/settings.h"
#include "realm/trim.h"
#include "store/checkpoint.h"

#define EVERY_MS 250                /* few pages at a time: writers wait meanwhile */
#define RETRY_MS 5000               /* when another process does it, or something is wrong */
#define TRIM_US (60 * CLOCK_SECOND) /* between looks, while there is nothing to remove */

struct upkeep {
	const struct settings *settings;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stopping;

	/* The thread's own. */
	struct checkpointer *checkpointer;
	struct store *store;
	int64_t trim_at, trimmed;
};

/* Returns false when it is time to stop. */
static bool pause_for(struct upkeep *upkeep, int ms)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += ms % 1000 * 1000000L;
	until.tv_sec += ms / 1000 + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&upkeep->lock);
	if (!upkeep->stopping)
		pthread_cond_timedwait(&upkeep->wake, &upkeep->lock, &until);
	bool go_on = !upkeep->stopping;
	pthread_mutex_unlock(&upkeep->lock);
	return go_on;
}

/* Takes the place of the one process that does this, if it is free: 1, or 0, or -1. */
static int take_place(struct upkeep *upkeep, struct problem *why)
{
	const struct settings *settings = upkeep->settings;
	if (!upkeep->store)
		TRY(realm_open(settings, STORE_SERVE, &upkeep->store, why));
	return checkpointer_open(settings->database, (int)settings->store_wait_ms,
				 &upkeep->checkpointer, why);
}

/* A little at a time. What was removed is told once all of it is gone. */
static int trim(struct upkeep *upkeep, struct problem *why)
{
	if (clock_monotonic() < upkeep->trim_at)
		return 0;
	int removed = realm_trim(upkeep->store, upkeep->settings, why);
	TRY(removed);
	upkeep->trimmed += removed;
	if (removed > 0)
		return 0;
	upkeep->trim_at = clock_monotonic() + TRIM_US;
	if (upkeep->trimmed > 0)
		log_info("trimmed", LOG_INT("rows", upkeep->trimmed));
	upkeep->trimmed = 0;
	return 0;
}

static int step(struct upkeep *upkeep, struct problem *why)
{
	struct checkpoint done;
	if (!upkeep->checkpointer)
		return take_place(upkeep, why);
	TRY(checkpointer_run(upkeep->checkpointer, &done, why));
	TRY(erase_from_files(upkeep->store, upkeep->checkpointer, why));
	TRY(trim(upkeep, why));
	return 1;
}

static void *run(void *context)
{
	struct upkeep *upkeep = context;
	int done;
	do {
		struct problem why = {0};
		done = step(upkeep, &why);
		if (done < 0)
			log_problem(LOG_LEVEL_WARN, "upkeep", &why);
	} while (pause_for(upkeep, done > 0 ? EVERY_MS : RETRY_MS));
	checkpointer_close(&upkeep->checkpointer);
	store_close(&upkeep->store);
	return NULL;
}

int upkeep_start(const struct settings *settings, struct upkeep **upkeep_r, struct problem *why)
{
	struct upkeep *upkeep = xcalloc(1, sizeof(*upkeep));
	upkeep->settings = settings;
	pthread_mutex_init(&upkeep->lock, NULL);
	pthread_cond_init(&upkeep->wake, NULL);
	if (pthread_create(&upkeep->thread, NULL, run, upkeep) != 0) {
		free(upkeep);
		return problem_say(why, PROBLEM_INTERNAL, "The upkeep thread cannot be started");
	}
	*upkeep_r = upkeep;
	return 0;
}

void upkeep_stop(struct upkeep **upkeep)
{
	struct upkeep *stopping = *upkeep;
	if (!stopping)
		return;
	pthread_mutex_lock(&stopping->lock);
	stopping->stopping = true;
	pthread_cond_signal(&stopping->wake);
	pthread_mutex_unlock(&stopping->lock);
	pthread_join(stopping->thread, NULL);
	free(stopping);
	*upkeep = NULL;
}
