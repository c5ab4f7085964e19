/*
 * The rate limit of a connection: a bucket of tokens that fills at a steady rate, and a count of
 * the consecutive seconds in which the client sent too much.
 */
#ifndef WS_BRIDGE_CORE_LIMIT_H
#define WS_BRIDGE_CORE_LIMIT_H

#include <stdint.h>

struct limit {
	int64_t tokens; /* in millionths */
	int64_t at;     /* when they were counted, in microseconds */
	int64_t window; /* the last second that had a refusal */
	int refused;    /* how many consecutive seconds had one */
};

void limit_start(struct limit *limit, int64_t burst, int64_t now);

/* Returns 0 and takes a token when one more message is allowed now; else returns after how many
 * milliseconds one will be. */
int limit_take(struct limit *limit, int64_t rate, int64_t burst, int64_t now);

#endif
