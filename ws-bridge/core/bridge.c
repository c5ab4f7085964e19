/* The state of the bridge: see bridge.h. */
#include "ws-bridge/core/bridge.h"

#include "realm/metrics.h"
#include "ws-bridge/core/store_thread.h"

#define MAX_JOBS 4096 /* that may wait for the database; further ones are refused */

void bridge_submit(struct bridge *bridge, struct job *job)
{
	bridge->jobs++;
	metrics_count(METRIC_JOBS);
	store_thread_submit(bridge->store_thread, job);
}

bool bridge_busy(const struct bridge *bridge)
{
	return bridge->jobs >= MAX_JOBS;
}
