/*
 * The health and the load of the realm in each minute of the last day, for administrators. The
 * process that does the maintenance adds a row each minute; while no process does it there is no
 * row.
 */
#ifndef REALM_MINUTES_H
#define REALM_MINUTES_H

#include "base/fields.h"
#include "store/shape.h"

struct session;
struct settings;

#define MINUTES_KEPT 1440

/* What the counters said at the end of the last minute. Zeroed: nothing is known. */
struct minutes {
	int64_t minute, requests, request_us, refused, messages;
};

/* Call often: in a new minute it adds the row of the last one, and drops the oldest. */
int minutes_step(struct minutes *minutes, struct store *store, const struct settings *settings,
		 struct problem *why);

struct minutes_filter {
	int64_t last;
};
extern const struct fields minutes_filter_fields;
extern const struct shape minute_shape;

/* Writes the rows of the `last` minutes as a JSON array, the oldest first. PROBLEM_FORBIDDEN. */
int minutes_list(struct store *store, const struct session *viewer,
		 const struct minutes_filter *filter, struct buf *out, struct problem *why);

#endif
