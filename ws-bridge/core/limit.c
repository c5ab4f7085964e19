/* The rate limit: see limit.h. */
#include "ws-bridge/core/limit.h"

#define TOKEN 1000000  /* so that a rate per second is a whole number per microsecond */
#define SECOND 1000000 /* in microseconds */

void limit_start(struct limit *limit, int64_t burst, int64_t now)
{
	*limit = (struct limit){.tokens = burst * TOKEN, .at = now, .window = -1};
}

static void limit_refill(struct limit *limit, int64_t rate, int64_t burst, int64_t now)
{
	int64_t full = burst * TOKEN, missing = full - limit->tokens, passed = now - limit->at;
	/* Compare by division: the product of a long pause and the rate could overflow. */
	limit->tokens = passed > missing / rate ? full : limit->tokens + passed * rate;
	limit->at = now;
}

int limit_take(struct limit *limit, int64_t rate, int64_t burst, int64_t now)
{
	limit_refill(limit, rate, burst, now);
	if (limit->tokens >= TOKEN) {
		limit->tokens -= TOKEN;
		return 0;
	}
	int64_t window = now / SECOND;
	if (window != limit->window)
		limit->refused = window == limit->window + 1 ? limit->refused + 1 : 1;
	limit->window = window;
	return (int)((TOKEN - limit->tokens) / rate / 1000) + 1;
}
