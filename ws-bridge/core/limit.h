/*
 * How much a connection may send: a bucket of tokens that fills at a steady rate, and a count of
 * the seconds in a row in which more was asked of it.
 */
#ifndef WS_BRIDGE_CORE_LIMIT_H
#define WS_BRIDGE_CORE_LIMIT_H

#include <stdint.h>

struct limit {
	int64_t tokens; /* in millionths */
	int64_t at;     /* when they were counted, in microseconds */
	int64_t window; /* the last second that had a refusal */
	int refused;    /* how many such seconds there were in a row */
};

void limit_start(struct limit *limit, int64_t burst, int64_t now);

/* Returns 0 when one more may be sent now, else in how many milliseconds. */
int limit_take(struct limit *limit, int64_t rate, int64_t burst, int64_t now);

#endif
