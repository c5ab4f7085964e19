/* What the workers are doing: see watch.h. */
#include "config.h"

#include "cgi/watch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

#define REAL_US (2 * CLOCK_SECOND)
#define REAL_BUDGETS 60
#define REAL_WAITS 2 /* of store_wait_ms */
#define CPU_US CLOCK_SECOND
#define CPU_BUDGETS 4

int watch_create(int *fd_r, struct problem *why)
{
	int fd = memfd_create("workers", MFD_CLOEXEC);
	if (fd < 0 || ftruncate(fd, sizeof(struct watch_slot) * WORKERS_MAX) != 0)
		return problem_say(why, PROBLEM_CONFIG, "Cannot create shared memory: %s",
				   strerror(errno));
	*fd_r = fd;
	return 0;
}

struct watch_slot *watch_map(int fd)
{
	void *at = mmap(NULL, sizeof(struct watch_slot) * WORKERS_MAX, PROT_READ | PROT_WRITE,
			MAP_SHARED, fd, 0);
	return at == MAP_FAILED ? NULL : at;
}

static int64_t cpu_of(clockid_t id)
{
	struct timespec used;
	if (clock_gettime(id, &used) != 0)
		return 0;
	return (int64_t)used.tv_sec * CLOCK_SECOND + used.tv_nsec / 1000;
}

void watch_begin(struct watch_slot *slot, const char *request_id)
{
	snprintf(slot->request_id, sizeof(slot->request_id), "%s", request_id ? request_id : "-");
	atomic_store(&slot->cpu, cpu_of(CLOCK_PROCESS_CPUTIME_ID));
	atomic_store(&slot->since, clock_monotonic());
}

void watch_pause(struct watch_slot *slot)
{
	atomic_store(&slot->since, 0);
}

void watch_resume(struct watch_slot *slot)
{
	atomic_store(&slot->cpu, cpu_of(CLOCK_PROCESS_CPUTIME_ID));
	atomic_store(&slot->since, clock_monotonic());
}

struct watch_limits watch_limits(const struct settings *settings)
{
	return (struct watch_limits){
		.real = REAL_US + (REAL_BUDGETS * settings->request_ms +
				   REAL_WAITS * settings->store_wait_ms) *
					  1000,
		.cpu = CPU_US + CPU_BUDGETS * settings->request_ms * 1000,
	};
}

struct watch_limits watch_used(const struct watch_slot *slot, pid_t pid)
{
	clockid_t clock;
	int64_t since = atomic_load(&slot->since), cpu = atomic_load(&slot->cpu);
	if (since == 0 || clock_getcpuclockid(pid, &clock) != 0)
		return (struct watch_limits){0};
	struct watch_limits used = {.real = clock_monotonic() - since, .cpu = cpu_of(clock) - cpu};
	/* A request that has begun meanwhile starts again from zero. */
	return atomic_load(&slot->since) == since ? used : (struct watch_limits){0};
}

bool watch_overdue(const struct watch_limits *used, const struct watch_limits *limits)
{
	return used->real > limits->real || used->cpu > limits->cpu;
}
