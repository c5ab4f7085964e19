/* Requests and their durations by route, counted by all workers together, for /metrics. */
#ifndef CGI_METRICS_H
#define CGI_METRICS_H

#include <stdint.h>

struct route;
struct settings;

/* Call after fork; also opens realm/metrics.h. */
void request_metrics_open(const struct settings *settings);

/* `route` NULL: there is none for the path. `us`: without the time that the request waited. */
void request_metrics_count(const struct route *route, int status, int64_t us);

#endif
