/* The maintainer: see maintainer.h. */
#include "cgi/maintainer.h"

#include <signal.h>
#include <sysexits.h>

#include "base/children.h"
#include "base/clock.h"
#include "cgi/inherit.h"
#include "realm/maintenance.h"
#include "realm/settings.h"

bool maintainer_is_needed(const struct settings *settings)
{
	return settings->ws_bridges == 0;
}

int maintainer_run(const struct settings *settings)
{
	struct buf nothing = {0};
	int got = 0;
	if (!maintainer_is_needed(settings)) /* any more, after a reload */
		return EX_OK;
	struct maintenance *maintenance = maintenance_new(settings, LEADER_CGI);
	while (got == 0) {
		int pause_ms = maintenance_step(maintenance);
		got = children_wait(clock_monotonic() + pause_ms * INT64_C(1000));
	}
	maintenance_free(&maintenance);
	if (got == SIGHUP)
		inherit_exec(MAINTAINER_ROLE, &nothing);
	return EX_OK;
}
