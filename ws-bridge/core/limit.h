/*
 * A client that sends too much: counts the consecutive seconds in which it was refused. The budget
 * that refuses is the user's (realm/budget.h).
 */
#ifndef WS_BRIDGE_CORE_LIMIT_H
#define WS_BRIDGE_CORE_LIMIT_H

#include <stdint.h>

struct limit {
	int64_t second; /* the last one that had a refusal */
	int refused;    /* how many consecutive seconds had one */
};

/* Returns how many consecutive seconds have had a refusal, this one included. */
int limit_refused(struct limit *limit, int64_t now);

#endif
