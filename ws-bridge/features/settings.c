/* The settings that change while the bridge runs (realm/live_settings.h): it looks twice a second.
 */
#include "base/arena.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/job.h"
#include "ws-bridge/features/features.h"

#define LOOK_MS 500

struct settings_job {
	struct job job;
	struct bridge *bridge;
	struct live_settings live;
	int changed;
};

static int settings_run_job(struct store *store, struct job *job, struct problem *why)
{
	struct settings_job *look = container_of(job, struct settings_job, job);
	TRY(look->changed = live_settings_refresh(store, &look->live, why));
	return 0;
}

static void settings_done(struct job *job)
{
	const struct settings_job *look = container_of(job, struct settings_job, job);
	struct bridge *bridge = look->bridge;
	/* A database that fails is reported by the lease; the settings stay as they are. */
	if (job->why.code == PROBLEM_NONE && look->changed)
		bridge->live = look->live;
}

static const struct job_kind settings_kind = {
	.when = REPORT_IN_ORDER, .run = settings_run_job, .done = settings_done};

static void settings_look(struct timer *timer)
{
	struct bridge *bridge = container_of(timer, struct bridge, settings_due);
	if (bridge->stopping)
		return;
	struct settings_job *look = job_new(arena_new(), sizeof(*look), &settings_kind, NULL);
	look->bridge = bridge;
	look->live = bridge->live;
	bridge_submit(bridge, &look->job);
	wheel_set(&bridge->wheel, timer, LOOK_MS, settings_look);
}

static void settings_start(struct bridge *bridge)
{
	live_settings_start(&bridge->live, bridge->settings);
	bridge->settings = &bridge->live.now;
	settings_look(&bridge->settings_due);
}

const struct feature settings_feature = {.bridge_opened = settings_start};
