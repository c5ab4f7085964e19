/* A client that sends too much: see limit.h. */
#include "ws-bridge/core/limit.h"

#include "base/clock.h"

int limit_refused(struct limit *limit, int64_t now)
{
	int64_t second = now / CLOCK_SECOND;
	if (second != limit->second)
		limit->refused = second == limit->second + 1 ? limit->refused + 1 : 1;
	limit->second = second;
	return limit->refused;
}
