/* Counters and gauges: see metrics.h. */
#include "realm/metrics.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

#include "base/shared.h"
#include "realm/settings.h"

#define PROCESSES 256 /* that may have gauges at the same time; those of others do not count */

struct process {
	_Atomic int32_t pid; /* 0: free */
	_Atomic int64_t gauges[METRIC_GAUGE__COUNT];
};

struct numbers {
	_Atomic int64_t counters[METRIC_COUNTER__COUNT];
	_Atomic int64_t refusals[DOOR__COUNT][PROBLEM__COUNT];
	struct process processes[PROCESSES];
};

static struct numbers own_numbers, *numbers = &own_numbers;
static struct process no_process, *process = &no_process;

uint64_t metrics_layout(uint64_t layout, const char *name)
{
	for (layout ^= UINT64_C(0xcbf29ce484222325); *name; name++) /* FNV-1a */
		layout = (layout ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
	return layout;
}

static bool is_alive(int32_t pid)
{
	return pid > 0 && (kill(pid, 0) == 0 || errno == EPERM);
}

/* Takes the place that this process has from before an exec, or that of a dead one. */
static void claim_process(void)
{
	int32_t self = getpid();
	process = &no_process;
	for (int i = 0; i < PROCESSES && process == &no_process; i++)
		if (numbers->processes[i].pid == self)
			process = &numbers->processes[i];
	for (int i = 0; i < PROCESSES && process == &no_process; i++) {
		int32_t owner = numbers->processes[i].pid;
		if (!is_alive(owner) &&
		    atomic_compare_exchange_strong(&numbers->processes[i].pid, &owner, self))
			process = &numbers->processes[i];
	}
	for (int gauge = 0; gauge < METRIC_GAUGE__COUNT; gauge++)
		process->gauges[gauge] = 0;
}

void metrics_open(const struct settings *settings)
{
	uint64_t layout = 0;
	for (int code = 0; code < PROBLEM__COUNT; code++)
		layout = metrics_layout(layout, problem_info((enum problem_code)code)->code);
	if (numbers == &own_numbers)
		numbers = shared_map(settings->run_dir, METRICS_FILE, sizeof(*numbers), layout);
	claim_process();
}

void metrics_forget(const struct settings *settings)
{
	shared_remove(settings->run_dir, METRICS_FILE);
	shared_remove(settings->run_dir, METRICS_REQUESTS_FILE);
}

void metrics_add(enum metric_counter counter, int64_t count)
{
	atomic_fetch_add_explicit(&numbers->counters[counter], count, memory_order_relaxed);
}

void metrics_count(enum metric_counter counter)
{
	metrics_add(counter, 1);
}

void metrics_count_refusal(enum metric_door door, enum problem_code code)
{
	atomic_fetch_add_explicit(&numbers->refusals[door][code], 1, memory_order_relaxed);
}

void metrics_set(enum metric_gauge gauge, int64_t value)
{
	atomic_store_explicit(&process->gauges[gauge], value, memory_order_relaxed);
}

void metrics_read(struct metrics *metrics_r)
{
	*metrics_r = (struct metrics){0};
	for (int i = 0; i < METRIC_COUNTER__COUNT; i++)
		metrics_r->counters[i] = numbers->counters[i];
	for (int door = 0; door < DOOR__COUNT; door++)
		for (int code = 0; code < PROBLEM__COUNT; code++)
			metrics_r->refusals[door][code] = numbers->refusals[door][code];
	for (int i = 0; i < PROCESSES; i++)
		for (int gauge = 0;
		     gauge < METRIC_GAUGE__COUNT && is_alive(numbers->processes[i].pid); gauge++)
			metrics_r->gauges[gauge] += numbers->processes[i].gauges[gauge];
}
