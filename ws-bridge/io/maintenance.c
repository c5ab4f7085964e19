/* The maintenance thread: see maintenance.h. */
#include "ws-bridge/io/maintenance.h"

#include <pthread.h>
#include <stdbool.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "realm/erase.h"
#include "realm/forget.h"
#include "realm/indexing.h"
#include "realm/notes.h"
#include "realm/prune.h"
#include "realm/realm.h"
#include "realm/live_settings.h"
#include "realm/votes.h"
#include "store/lead.h"

#define EVERY_MS 250  /* often, so that a checkpoint moves few pages: writers wait for it */
#define RETRY_MS 5000 /* while another process does it, or after a failure */
#define INDEX_US (CLOCK_SECOND / 5)  /* for the search index each time */
#define SOON_MS 50                   /* while more texts wait for it */
#define PAUSE_US 2000                /* between its steps, in which others write */
#define PRUNE_US (60 * CLOCK_SECOND) /* while there is nothing to remove */

struct maintenance {
	const struct settings *settings; /* of aeon.conf */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stopping;

	/* Only the thread uses the rest. */
	struct leader *leader;
	struct store *store;
	struct live_settings live;
	int64_t prune_at, pruned;
	bool indexing; /* there is more to index, or a step has failed */
};

/* Returns false when the thread must stop. */
static bool wait_ms(struct maintenance *maintenance, int ms)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += ms % 1000 * 1000000L;
	until.tv_sec += ms / 1000 + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&maintenance->lock);
	if (!maintenance->stopping)
		pthread_cond_timedwait(&maintenance->wake, &maintenance->lock, &until);
	bool more = !maintenance->stopping;
	pthread_mutex_unlock(&maintenance->lock);
	return more;
}

/* Becomes the one process that does maintenance: returns 1, 0 when another one is it, or -1. */
static int become_maintainer(struct maintenance *maintenance, struct problem *why)
{
	const struct settings *settings = maintenance->settings;
	if (!maintenance->store) {
		TRY(realm_open(settings, STORE_SERVE, &maintenance->store, why));
		store_budget(maintenance->store, REALM_STEP_BUDGETS * settings->request_ms * 1000);
	}
	return store_lead(settings->database, (int)settings->store_wait_ms, &maintenance->leader,
			  why);
}

/* Removes some rows. The log line comes once, when all expired rows are gone. */
static int prune_some(struct maintenance *maintenance, struct problem *why)
{
	if (clock_monotonic() < maintenance->prune_at)
		return 0;
	TRY(live_settings_refresh(maintenance->store, &maintenance->live, why));
	int removed = realm_prune(maintenance->store, &maintenance->live.now, why);
	TRY(removed);
	maintenance->pruned += removed;
	if (removed > 0)
		return 0;
	maintenance->prune_at = clock_monotonic() + PRUNE_US;
	if (maintenance->pruned > 0)
		log_info("pruned", LOG_INT("rows", maintenance->pruned));
	maintenance->pruned = 0;
	return 0;
}

/* Indexes what waits, and then merges the index, a step at a time. */
static int index_some(struct maintenance *maintenance, struct problem *why)
{
	int64_t until = clock_monotonic() + INDEX_US;
	int done = 1;
	while (done > 0 && clock_monotonic() < until) {
		store_work_begin(maintenance->store);
		done = index_text(maintenance->store, why);
		if (done == 0)
			done = index_merge(maintenance->store, why);
		nanosleep(&(struct timespec){.tv_nsec = PAUSE_US * 1000}, NULL);
	}
	maintenance->indexing = done != 0;
	return done;
}

/* Often, so that nobody waits long to hear of votes. */
static int tell_votes(struct maintenance *maintenance, struct problem *why)
{
	TRY(live_settings_refresh(maintenance->store, &maintenance->live, why));
	return votes_tell(maintenance->store, maintenance->live.now.votes_ms * 1000, why);
}

static int maintenance_step(struct maintenance *maintenance, struct problem *why)
{
	struct checkpoint done;
	if (!maintenance->leader) {
		int leads = become_maintainer(maintenance, why);
		return leads < 0 ? health_note(HEALTH_CHECKPOINT, -1, why) : leads;
	}
	int moved = health_checkpoint(LEADER_BRIDGE, maintenance->leader, &done, why);
	TRY(moved);
	if (moved > 0 || maintenance->indexing)
		TRY(index_some(maintenance, why));
	store_work_begin(maintenance->store);
	TRY(erase_from_files(maintenance->store, maintenance->leader, why));
	TRY(forget_step(maintenance->store, why)); /* often: what is deleted must not be read */
	TRY(prune_some(maintenance, why));
	TRY(tell_votes(maintenance, why));
	return 1;
}

static void *run_maintenance(void *context)
{
	struct maintenance *maintenance = context;
	int done;
	do {
		struct problem why = {0};
		done = maintenance_step(maintenance, &why);
		if (done < 0)
			log_problem(LOG_LEVEL_WARN, "maintenance", &why);
	} while (wait_ms(maintenance, done <= 0               ? RETRY_MS
				      : maintenance->indexing ? SOON_MS
							      : EVERY_MS));
	store_resign(&maintenance->leader);
	store_close(&maintenance->store);
	return NULL;
}

int maintenance_start(const struct settings *settings, struct maintenance **maintenance_r,
		      struct problem *why)
{
	struct maintenance *maintenance = xcalloc(1, sizeof(*maintenance));
	maintenance->settings = settings;
	live_settings_start(&maintenance->live, settings);
	pthread_mutex_init(&maintenance->lock, NULL);
	pthread_cond_init(&maintenance->wake, NULL);
	if (pthread_create(&maintenance->thread, NULL, run_maintenance, maintenance) != 0) {
		free(maintenance);
		return problem_say(why, PROBLEM_INTERNAL,
				   "The maintenance thread cannot be started");
	}
	*maintenance_r = maintenance;
	return 0;
}

void maintenance_stop(struct maintenance **maintenance)
{
	struct maintenance *stopping = *maintenance;
	if (!stopping)
		return;
	pthread_mutex_lock(&stopping->lock);
	stopping->stopping = true;
	pthread_cond_signal(&stopping->wake);
	pthread_mutex_unlock(&stopping->lock);
	pthread_join(stopping->thread, NULL);
	free(stopping);
	*maintenance = NULL;
}
