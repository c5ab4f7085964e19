/* The minutes of the last day: see minutes.h. */
#include "realm/minutes.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/json_out.h"
#include "realm/health.h"
#include "realm/metrics.h"
#include "realm/session.h"
#include "store/queries.h"
#include "store/store.h"

#define MINUTE_US (60 * CLOCK_SECOND)

static const struct field filter_rows[] = {
	FIELD(struct minutes_filter, last, INT, .min = 1, .max = MINUTES_KEPT,
	      .default_value = "1440", .help = "How many minutes, up to now."),
};
const struct fields minutes_filter_fields = FIELDS(struct minutes_filter, filter_rows);

static const struct property minute_properties[] = {
	PROPERTY("at", TIME, .help = "The beginning of the minute."),
	PROPERTY("requests", INT, .help = "Requests that were answered."),
	PROPERTY("mean_ms", REAL, .help = "The mean time to answer one."),
	PROPERTY("refused", INT, .help = "Refused requests and messages."),
	PROPERTY("messages", INT, .help = "Messages of clients by WebSocket."),
	PROPERTY("connections", INT, .help = "Open WebSockets at the end of the minute."),
	PROPERTY("wal_bytes", INT, .help = "Size of the write-ahead log then."),
	PROPERTY("load", REAL, .help = "The load average of the machine over one minute."),
	PROPERTY("reasons", TEXTS, .help = "A sentence for each part that was not healthy."),
};
const struct shape minute_shape = SHAPE("Minute", minute_properties);

static struct minutes count_now(const struct metrics *metrics)
{
	struct minutes now = {
		.minute = clock_now() / MINUTE_US,
		.requests = metrics->counters[METRIC_REQUESTS],
		.request_us = metrics->counters[METRIC_REQUEST_US],
		.messages = metrics->counters[METRIC_WS_MESSAGES],
	};
	for (int door = 0; door < DOOR__COUNT; door++)
		for (int code = 0; code < PROBLEM__COUNT; code++)
			now.refused += metrics->refusals[door][code];
	return now;
}

/* A counter that is smaller than before has begun again. */
static int64_t grown(int64_t now, int64_t before)
{
	return now >= before ? now - before : now;
}

struct minute_row {
	const struct minutes *before, *now;
	const struct health *health;
	int64_t connections, load;
	struct buf reasons;
};

static int put(struct store *store, void *context, struct problem *why)
{
	const struct minute_row *row = context;
	const struct minutes *before = row->before, *now = row->now;
	TRY(q_minute_put(store, now->minute - 1, grown(now->requests, before->requests),
			 grown(now->request_us, before->request_us),
			 grown(now->refused, before->refused),
			 grown(now->messages, before->messages), row->connections,
			 row->health->wal_bytes, row->load, row->reasons.data, why));
	return q_minutes_prune(store, now->minute - MINUTES_KEPT, why);
}

int minutes_step(struct minutes *minutes, struct store *store, const struct settings *settings,
		 struct problem *why)
{
	struct metrics metrics;
	struct health health;
	double load = 0;
	if (clock_now() / MINUTE_US == minutes->minute)
		return 0;
	metrics_read(&metrics);
	const struct minutes now = count_now(&metrics), before = *minutes;
	*minutes = now;
	if (before.minute != now.minute - 1) /* a part of a minute says nothing */
		return 0;
	health_measure(store, settings, true, &health, why);
	getloadavg(&load, 1);
	struct minute_row row = {.before = &before,
				 .now = &now,
				 .health = &health,
				 .connections = metrics.gauges[GAUGE_WS_CONNECTIONS],
				 .load = (int64_t)(load * 100)};
	health_reasons(&health, &row.reasons);
	int result = store_write_unsynced(store, put, &row, why);
	buf_free(&row.reasons);
	return result < 0 ? -1 : 0;
}

int minutes_list(struct store *store, const struct session *viewer,
		 const struct minutes_filter *filter, struct buf *out, struct problem *why)
{
	if (!is_administrator(viewer))
		return problem_set(why, PROBLEM_FORBIDDEN);
	return q_minutes_from(store, clock_now() / MINUTE_US - filter->last, out, why);
}
