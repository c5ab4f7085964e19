/* Clocks, counters and latencies, and their output: see load.h. */
#define _GNU_SOURCE
#include "bench/load/load.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

void die(const char *format, ...)
{
	va_list args;
	fputs("wsload: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_FAILURE);
}

void *grown(void *memory, size_t count, size_t size)
{
	memory = reallocarray(memory, count, size);
	if (memory == NULL)
		die("out of memory");
	return memory;
}

static uint64_t clock_ns(clockid_t id)
{
	struct timespec t;
	if (clock_gettime(id, &t) < 0)
		die("the clock of the server cannot be read (has it ended?)");
	return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

uint64_t now(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

struct mark mark(void)
{
	struct mark m = {.ns = now(), .sent = load.sent};
	m.own_cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	for (size_t r = 0; r < load.room_count; r++)
		m.delivered += load.rooms[r].delivered;
	for (size_t i = 0; i < load.server_count; i++) {
		clockid_t process;
		if (clock_getcpuclockid(load.server[i], &process) != 0)
			die("no process %d", (int)load.server[i]);
		m.server_cpu += clock_ns(process);
	}
	return m;
}

size_t server_rss(void)
{
	char path[64];
	size_t pages = 0;
	snprintf(path, sizeof(path), "/proc/%d/statm", (int)load.server[0]);
	FILE *in = fopen(path, "r");
	if (in == NULL || fscanf(in, "%*u %zu", &pages) != 1)
		die("%s cannot be read (has the server ended?)", path);
	fclose(in);
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

size_t server_descriptors(void)
{
	char path[64];
	size_t count = 0;
	snprintf(path, sizeof(path), "/proc/%d/fd", (int)load.server[0]);
	DIR *folder = opendir(path);
	if (folder == NULL)
		die("%s cannot be read (has the server ended?)", path);
	for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
		count += entry->d_name[0] != '.';
	closedir(folder);
	return count;
}

void sample(struct samples *samples, uint64_t since)
{
	if (samples->count == samples->room) {
		samples->room = samples->room * 2 + 65536;
		samples->us = grown(samples->us, samples->room, sizeof(*samples->us));
	}
	samples->us[samples->count++] = (uint32_t)((now() - since) / 1000);
}

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

static uint32_t percentile(const struct samples *samples, size_t percent)
{
	return samples->us[(samples->count - 1) * percent / 100];
}

void print_samples(const char *name, struct samples *samples)
{
	if (samples->count == 0)
		return;
	qsort(samples->us, samples->count, sizeof(*samples->us), by_value);
	printf(",\"%s\":{\"p50\":%.3f,\"p99\":%.3f,\"max\":%.3f}", name,
	       percentile(samples, 50) / 1e3, percentile(samples, 99) / 1e3,
	       percentile(samples, 100) / 1e3);
}

void print_span(const struct mark *from, const struct mark *to)
{
	printf(",\"seconds\":%.6f,\"messages\":%llu,\"deliveries\":%llu,\"server_cpu\":%.6f,"
	       "\"load_cpu\":%.6f",
	       (double)(to->ns - from->ns) / SECOND, (unsigned long long)(to->sent - from->sent),
	       (unsigned long long)(to->delivered - from->delivered),
	       (double)(to->server_cpu - from->server_cpu) / SECOND,
	       (double)(to->own_cpu - from->own_cpu) / SECOND);
}
