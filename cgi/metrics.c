/*
 * /metrics: numbers for Prometheus and its like, as OpenMetrics text. Only the addresses of the
 * setting metrics_from get it; for others it does not exist.
 */
#include "cgi/metrics.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>

#include "base/shared.h"
#include "cgi/request.h"
#include "realm/health.h"
#include "realm/metrics.h"
#include "realm/projection.h"
#include "realm/settings.h"
#include "store/queries.h"

#define CONTENT "application/openmetrics-text; version=1.0.0; charset=utf-8"
#define ROUTES_MAX 256 /* more routes share the last place, which is that of unknown paths */
#define CLASSES 5      /* of the status: 1xx to 5xx */

/* --- requests --------------------------------------------------------------------------------- */

/* The upper bounds of the buckets; one bucket more has all above. */
static const struct {
	int64_t us;
	const char *le;
} bounds[] = {
	{1000, "0.001"},  {2500, "0.0025"}, {5000, "0.005"},  {10000, "0.01"},
	{25000, "0.025"}, {50000, "0.05"},  {100000, "0.1"},  {250000, "0.25"},
	{500000, "0.5"},  {1000000, "1.0"}, {2500000, "2.5"}, {10000000, "10.0"},
};
#define BOUNDS (sizeof(bounds) / sizeof(*bounds))

struct histogram {
	_Atomic int64_t buckets[BOUNDS + 1], sum_us;
};

struct requests {
	struct histogram by_route[ROUTES_MAX][CLASSES];
};
static struct requests own_requests, *requests = &own_requests;

/* The place of the route, counted through all tables. */
static size_t route_index(const struct route *route)
{
	size_t index = 0;
	for (const struct routes *const *table = all_routes; route && *table; table++) {
		if (route >= (*table)->rows && route < (*table)->rows + (*table)->count) {
			index += (size_t)(route - (*table)->rows);
			return index < ROUTES_MAX ? index : ROUTES_MAX - 1;
		}
		index += (*table)->count;
	}
	return ROUTES_MAX - 1;
}

void request_metrics_open(const struct settings *settings)
{
	uint64_t layout = BOUNDS;
	metrics_open(settings);
	if (requests != &own_requests)
		return;
	for (const struct routes *const *table = all_routes; *table; table++)
		for (size_t i = 0; i < (*table)->count; i++)
			layout = metrics_layout(layout, (*table)->rows[i].name);
	requests = shared_map(settings->run_dir, METRICS_REQUESTS_FILE, sizeof(*requests), layout);
}

void request_metrics_count(const struct route *route, int status, int64_t us)
{
	size_t bucket = 0;
	int group = status >= 100 && status < 600 ? status / 100 - 1 : CLASSES - 1;
	struct histogram *histogram = &requests->by_route[route_index(route)][group];
	while (bucket < BOUNDS && us > bounds[bucket].us)
		bucket++;
	atomic_fetch_add_explicit(&histogram->buckets[bucket], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&histogram->sum_us, us, memory_order_relaxed);
	metrics_count(METRIC_REQUESTS);
	metrics_add(METRIC_REQUEST_US, us);
}

/* --- the text --------------------------------------------------------------------------------- */

static void put_family(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(out, "# TYPE aeon_%s %s\n# HELP aeon_%s %s\n", name, type, name, help);
}

static void put_seconds(struct buf *out, int64_t us)
{
	buf_printf(out, " %" PRId64 ".%06" PRId64 "\n", us / 1000000, us % 1000000);
}

static void put_histogram(struct buf *out, const struct route *route, int group,
			  const struct histogram *histogram)
{
	char labels[300];
	int64_t count = 0;
	snprintf(labels, sizeof(labels), "method=\"%s\",route=\"%s\",status=\"%dxx\"",
		 route ? route->method : "", route ? route->path : "", group + 1);
	for (size_t i = 0; i <= BOUNDS; i++)
		count += histogram->buckets[i];
	if (count == 0)
		return;
	count = 0;
	for (size_t i = 0; i <= BOUNDS; i++) {
		count += histogram->buckets[i];
		buf_printf(out, "aeon_request_seconds_bucket{%s,le=\"%s\"} %" PRId64 "\n", labels,
			   i < BOUNDS ? bounds[i].le : "+Inf", count);
	}
	buf_printf(out, "aeon_request_seconds_count{%s} %" PRId64 "\n", labels, count);
	buf_printf(out, "aeon_request_seconds_sum{%s}", labels);
	put_seconds(out, histogram->sum_us);
}

static void put_route(struct buf *out, const struct route *route)
{
	for (int group = 0; group < CLASSES; group++)
		put_histogram(out, route, group, &requests->by_route[route_index(route)][group]);
}

static void put_requests(struct buf *out)
{
	put_family(out, "request_seconds", "histogram",
		   "Time to answer a request, without the time that a long poll waits.");
	buf_puts(out, "# UNIT aeon_request_seconds seconds\n");
	for (const struct routes *const *table = all_routes; *table; table++)
		for (size_t i = 0; i < (*table)->count; i++)
			put_route(out, &(*table)->rows[i]);
	put_route(out, NULL);
}

static void put_numbers(struct buf *out)
{
	struct metrics metrics;
#define FAMILY_ROW(constant, name, help) {name, help},
	static const struct {
		const char *name, *help;
	} counters[] = {METRIC_COUNTERS(FAMILY_ROW)}, gauges[] = {METRIC_GAUGES(FAMILY_ROW)};
	static const char *const doors[DOOR__COUNT] = {"rest", "websocket"};
	metrics_read(&metrics);
	for (int i = 0; i < METRIC_COUNTER__COUNT; i++) {
		put_family(out, counters[i].name, "counter", counters[i].help);
		buf_printf(out, "aeon_%s_total %" PRId64 "\n", counters[i].name,
			   metrics.counters[i]);
	}
	for (int i = 0; i < METRIC_GAUGE__COUNT; i++) {
		put_family(out, gauges[i].name, "gauge", gauges[i].help);
		buf_printf(out, "aeon_%s %" PRId64 "\n", gauges[i].name, metrics.gauges[i]);
	}
	put_family(out, "refusals", "counter", "Refused requests and messages by problem.");
	for (int door = 0; door < DOOR__COUNT; door++)
		for (int code = 0; code < PROBLEM__COUNT; code++)
			if (metrics.refusals[door][code])
				buf_printf(out,
					   "aeon_refusals_total{door=\"%s\",code=\"%s\"} %" PRId64
					   "\n",
					   doors[door], problem_info((enum problem_code)code)->code,
					   metrics.refusals[door][code]);
}

static int put_store(const struct sync_state *state, void *context, struct problem *why)
{
	struct buf *out = context;
	(void)why;
	buf_printf(out, "aeon_sync_behind{store=\"%s\"} %" PRId64 "\n", state->name, state->behind);
	return 0;
}

static int put_store_failing(const struct sync_state *state, void *context, struct problem *why)
{
	struct buf *out = context;
	(void)why;
	buf_printf(out, "aeon_sync_failing{store=\"%s\"} %d\n", state->name,
		   state->failure != NULL);
	return 0;
}

static void put_stores(struct request *rq)
{
	struct problem why = {0};
	put_family(rq->out, "sync_behind", "gauge", "Changes that a store does not have yet.");
	if (rq->store)
		sync_states(rq->store, put_store, rq->out, &why);
	put_family(rq->out, "sync_failing", "gauge", "1 while a store cannot be written to.");
	if (rq->store)
		sync_states(rq->store, put_store_failing, rq->out, &why);
}

static void put_vectors(struct request *rq)
{
	struct problem why = {0};
	int64_t waiting;
	put_family(rq->out, "vectors_waiting", "gauge", "Texts that wait for a vector.");
	if (rq->store && q_vectors_waiting(rq->store, &waiting, &why) > 0)
		buf_printf(rq->out, "aeon_vectors_waiting %" PRId64 "\n", waiting);
}

static void put_health(struct request *rq)
{
#define TASK_NAME(constant, name) name,
	static const char *const tasks[] = {HEALTH_TASKS(TASK_NAME)};
	struct buf *out = rq->out;
	struct problem why = {0};
	struct health health;
	request_store(rq, &why);
	health_measure(rq->store, rq->app->settings, !rq->app->is_cgi, &health, &why);
	put_family(out, "healthy", "gauge", "1 while this part of the realm is healthy.");
	for (int part = 0; part < HEALTH_PART__COUNT; part++)
		buf_printf(out, "aeon_healthy{part=\"%s\"} %d\n",
			   health_part_name((enum health_part)part), health.parts[part].good);
	put_family(out, "wal_bytes", "gauge", "Size of the write-ahead log.");
	buf_printf(out, "# UNIT aeon_wal_bytes bytes\naeon_wal_bytes %" PRId64 "\n",
		   health.wal_bytes);
	put_family(out, "disk_free_bytes", "gauge", "Free bytes on the disk of the database.");
	buf_puts(out, "# UNIT aeon_disk_free_bytes bytes\n");
	if (health.free_bytes != HEALTH_UNKNOWN)
		buf_printf(out, "aeon_disk_free_bytes %" PRId64 "\n", health.free_bytes);
	put_family(out, "tasks", "counter", "Ends of writes and of parts of the maintenance.");
	for (int task = 0; task < HEALTH_TASK__COUNT; task++)
		buf_printf(out,
			   "aeon_tasks_total{task=\"%s\",result=\"good\"} %" PRId64 "\n"
			   "aeon_tasks_total{task=\"%s\",result=\"failed\"} %" PRId64 "\n",
			   tasks[task], health.notes.good[task], tasks[task],
			   health.notes.bad[task]);
}

static int do_metrics(struct request *rq, struct problem *why)
{
	if (!request_comes_from(rq, rq->app->settings->metrics_from))
		return problem_set(why, PROBLEM_NOT_FOUND);
	put_requests(rq->out);
	put_numbers(rq->out);
	put_health(rq);
	put_stores(rq);
	put_vectors(rq);
	buf_puts(rq->out, "# EOF\n");
	return 0;
}

static const struct route routes[] = {
	{
		.name = "metrics",
		.method = "GET",
		.path = "/metrics",
		.access = ACCESS_PUBLIC,
		.status = 200,
		.type = CONTENT,
		.summary = "Get counters and gauges as OpenMetrics text; for addresses in "
			   "metrics_from",
		.problems = {PROBLEM_NOT_FOUND},
		.handle = do_metrics,
	},
};
const struct routes metric_routes = ROUTES("Metrics", routes);
