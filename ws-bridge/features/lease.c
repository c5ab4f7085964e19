/*
 * The lease of this bridge in the database: its users count as connected only while it is renewed
 * (realm/bridges.h). Each renewal also forgets the users of bridges that are gone.
 */
#include "base/arena.h"
#include "base/log.h"
#include "realm/bridges.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/job.h"
#include "ws-bridge/features/features.h"
#include "ws-bridge/features/presence.h"

#define RENEW_MS (BRIDGE_LEASE_SECONDS * 1000 / 2)

struct lease_job {
	struct job job;
	struct bridge *bridge;
	int64_t connections, rooms;
	int in_time;
	const int64_t *forgotten; /* users of bridges that are gone */
	size_t forgotten_count;
};

static int lease_run_job(struct store *store, struct job *job, struct problem *why)
{
	struct lease_job *lease = container_of(job, struct lease_job, job);
	TRY(lease->in_time = bridge_renew(store, lease->bridge->instance, lease->connections,
					  lease->rooms, why));
	return bridges_forget(job->arena, store, &lease->forgotten, &lease->forgotten_count, why);
}

static void lease_done(struct job *job)
{
	const struct lease_job *lease = container_of(job, struct lease_job, job);
	if (job->why.code != PROBLEM_NONE) {
		log_problem(LOG_LEVEL_WARN, "lease", &job->why);
		return;
	}
	if (!lease->in_time)
		presence_repeat(lease->bridge);
	for (size_t i = 0; i < lease->forgotten_count; i++)
		presence_forgotten(lease->bridge, lease->forgotten[i]);
}

static const struct job_kind lease_kind = {
	.writes = true, .when = REPORT_IN_ORDER, .run = lease_run_job, .done = lease_done};

static void lease_renew(struct timer *timer)
{
	struct bridge *bridge = container_of(timer, struct bridge, lease);
	if (bridge->stopping)
		return;
	struct lease_job *lease = job_new(arena_new(), sizeof(*lease), &lease_kind, NULL);
	lease->bridge = bridge;
	lease->connections = (int64_t)bridge->conn_count;
	lease->rooms = (int64_t)bridge->hub.rooms.count;
	bridge_submit(bridge, &lease->job);
	wheel_set(&bridge->wheel, timer, RENEW_MS, lease_renew);
}

static void lease_start(struct bridge *bridge)
{
	lease_renew(&bridge->lease);
}

const struct feature lease_feature = {.bridge_opened = lease_start};
