/* Maintenance: see maintenance.h. */
#include "realm/maintenance.h"

#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "realm/erase.h"
#include "realm/forget.h"
#include "realm/indexing.h"
#include "realm/live_settings.h"
#include "realm/minutes.h"
#include "realm/prune.h"
#include "realm/realm.h"
#include "realm/votes.h"
#include "store/lead.h"

#define EVERY_MS 250  /* often, so that a checkpoint moves few pages: writers wait for it */
#define RETRY_MS 5000 /* while another process does it, or after a failure */
#define INDEX_US (CLOCK_SECOND / 5)  /* for the search index each time */
#define SOON_MS 50                   /* while more texts wait for it */
#define PAUSE_US 2000                /* between its steps, in which others write */
#define PAUSE_TIMES 9                /* so many times longer than a step, while others write */
#define PRUNE_US (60 * CLOCK_SECOND) /* while there is nothing to remove */

struct maintenance {
	const struct settings *settings; /* of aeon.conf */
	enum health_leader program;
	struct leader *leader;
	struct store *store;
	struct live_settings live;
	struct minutes minutes;
	int64_t prune_at, pruned;
	bool indexing;   /* there is more to index, or a step has failed */
	int64_t version; /* of the data after the last step: others change it */
};

struct maintenance *maintenance_new(const struct settings *settings, enum health_leader program)
{
	struct maintenance *m = xcalloc(1, sizeof(*m));
	m->settings = settings;
	m->program = program;
	live_settings_start(&m->live, settings);
	return m;
}

void maintenance_free(struct maintenance **maintenance)
{
	struct maintenance *m = *maintenance;
	if (!m)
		return;
	store_resign(&m->leader);
	store_close(&m->store);
	free(m);
	*maintenance = NULL;
}

/* Becomes the one process that does maintenance: returns 1, 0 when another one is it, or -1. */
static int become_maintainer(struct maintenance *m, struct problem *why)
{
	const struct settings *settings = m->settings;
	if (!m->store) {
		TRY(realm_open(settings, STORE_SERVE, &m->store, why));
		store_budget(m->store, REALM_STEP_BUDGETS * settings->request_ms * 1000);
	}
	return store_lead(settings->database, (int)settings->store_wait_ms, &m->leader, why);
}

/* Removes some rows. The log line comes once, when all expired rows are gone. */
static int prune_some(struct maintenance *m, struct problem *why)
{
	if (clock_monotonic() < m->prune_at)
		return 0;
	TRY(live_settings_refresh(m->store, &m->live, why));
	int removed = realm_prune(m->store, &m->live.now, why);
	TRY(removed);
	m->pruned += removed;
	if (removed > 0)
		return 0;
	m->prune_at = clock_monotonic() + PRUNE_US;
	if (m->pruned > 0)
		log_info("pruned", LOG_INT("rows", m->pruned));
	m->pruned = 0;
	return 0;
}

/* While others write, the index has a tenth of the time and falls behind: messages come first. */
static void pause_after_step(struct maintenance *m, int64_t step_us)
{
	int64_t version = store_data_version(m->store), pause = PAUSE_US;
	if (version != m->version && step_us * PAUSE_TIMES > pause)
		pause = step_us * PAUSE_TIMES < INDEX_US ? step_us * PAUSE_TIMES : INDEX_US;
	m->version = version;
	nanosleep(&(struct timespec){.tv_nsec = pause * 1000}, NULL);
}

/* Indexes what waits, and then merges the index, a step at a time. */
static int index_some(struct maintenance *m, struct problem *why)
{
	int64_t until = clock_monotonic() + INDEX_US;
	int done = 1;
	while (done > 0 && clock_monotonic() < until) {
		int64_t began = clock_monotonic();
		store_work_begin(m->store);
		done = index_text(m->store, why);
		if (done == 0)
			done = index_merge(m->store, why);
		pause_after_step(m, clock_monotonic() - began);
	}
	m->indexing = done != 0;
	return done;
}

/* Often, so that nobody waits long to hear of votes. */
static int tell_votes(struct maintenance *m, struct problem *why)
{
	TRY(live_settings_refresh(m->store, &m->live, why));
	return votes_tell(m->store, m->live.now.votes_ms * 1000, why);
}

static int run_step(struct maintenance *m, struct problem *why)
{
	struct checkpoint done;
	if (!m->leader) {
		int leads = become_maintainer(m, why);
		return leads < 0 ? health_note(HEALTH_CHECKPOINT, -1, why) : leads;
	}
	int moved = health_checkpoint(m->program, m->leader, &done, why);
	TRY(moved);
	if (moved > 0 || m->indexing)
		TRY(index_some(m, why));
	store_work_begin(m->store);
	TRY(erase_from_files(m->store, m->leader, why));
	TRY(forget_step(m->store, why)); /* often: what is deleted must not be read */
	TRY(prune_some(m, why));
	TRY(tell_votes(m, why));
	TRY(minutes_step(&m->minutes, m->store, m->settings, why));
	return 1;
}

int maintenance_step(struct maintenance *m)
{
	struct problem why = {0};
	int done = run_step(m, &why);
	if (done < 0)
		log_problem(LOG_LEVEL_WARN, "maintenance", &why);
	return done <= 0 ? RETRY_MS : m->indexing ? SOON_MS : EVERY_MS;
}
