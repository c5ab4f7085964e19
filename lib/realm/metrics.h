/*
 * Counters and gauges of a realm's programs, in shared memory (base/shared.h); cgi/metrics.c prints
 * them.
 *
 * A counter is one number for all processes. Each adds to it by one atomic instruction, so a
 * killed process takes nothing back. A gauge is a number of each process, which counts only while
 * that process lives.
 */
#ifndef REALM_METRICS_H
#define REALM_METRICS_H

#include <stdint.h>

#include "base/problem.h"

struct settings;

enum metric_door { DOOR_REST, DOOR_WEBSOCKET, DOOR__COUNT };

/* X(constant, name without its prefix and _total, help) */
#define METRIC_COUNTERS(X)                                                                         \
	X(WORKER_STARTS, "worker_starts", "Worker processes that were started.")                   \
	X(REQUESTS, "requests", "Requests that workers have answered.")                            \
	X(REQUEST_US, "request_microseconds", "Time to answer them, in all.")                      \
	X(WS_MESSAGES, "websocket_messages", "Messages that clients have sent by WebSocket.")      \
	X(JOBS, "bridge_jobs", "Jobs that bridges have given to the database.")                    \
	X(TURNS, "twin_turns", "Turns that twins have run.")                                       \
	X(ANSWERS, "twin_answers", "Answers and drafts that twins have written.")                  \
	X(MAILS_SENT, "mails_sent", "Mails that the mail server has accepted.")                    \
	X(MAILS_FAILED, "mails_failed", "Attempts to send a mail that have failed.")               \
	X(FACTS_KEPT, "twin_facts", "Facts that twins have learned.")                              \
	X(FACTS_REFUSED, "twin_facts_refused",                                                     \
	  "Facts of a language model that its texts do not say, or that were too many.")           \
	X(PATHS_NEO4J, "paths_by_neo4j", "Paths between users that Neo4j has found.")              \
	X(PATHS_SEARCHED, "paths_searched",                                                        \
	  "Paths between users that were searched for in "                                         \
	  "the database.")
/* X(constant, name without its prefix, help) */
#define METRIC_GAUGES(X)                                                                           \
	X(WS_CONNECTIONS, "websocket_connections", "Open WebSockets.")                             \
	X(JOBS_WAITING, "bridge_jobs_waiting", "Jobs of bridges that are not done yet.")           \
	X(WORKER_CONNECTIONS, "worker_connections", "Connections of the web server to workers.")   \
	X(REQUESTS_PARKED, "requests_parked", "Requests that wait for events.")

#define METRIC_ENUM(constant, ...) METRIC_##constant,
enum metric_counter { METRIC_COUNTERS(METRIC_ENUM) METRIC_COUNTER__COUNT };
#define GAUGE_ENUM(constant, ...) GAUGE_##constant,
enum metric_gauge { METRIC_GAUGES(GAUGE_ENUM) METRIC_GAUGE__COUNT };

#define METRICS_FILE "metrics"           /* in run_dir */
#define METRICS_REQUESTS_FILE "requests" /* cgi/metrics.c has it */

/* Forgets all numbers: the programs that start next begin with zeros. */
void metrics_forget(const struct settings *settings);

/* Call after fork. Before it the numbers are this process's own. */
void metrics_open(const struct settings *settings);

void metrics_add(enum metric_counter counter, int64_t count);
void metrics_count(enum metric_counter counter); /* adds 1 */
void metrics_count_refusal(enum metric_door door, enum problem_code code);

/* Sets a gauge of this process. For one thread. */
void metrics_set(enum metric_gauge gauge, int64_t value);

struct metrics {
	int64_t counters[METRIC_COUNTER__COUNT];
	int64_t refusals[DOOR__COUNT][PROBLEM__COUNT];
	int64_t gauges[METRIC_GAUGE__COUNT]; /* of all living processes */
};
void metrics_read(struct metrics *metrics_r);

/* A number for shared_map() that changes when one of the names does. */
uint64_t metrics_layout(uint64_t layout, const char *name);

#endif
