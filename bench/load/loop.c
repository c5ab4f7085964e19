/* The event loop and its timer: see load.h. */
#include "bench/load/load.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum {
	EVENTS = 256,      /* connections served per epoll_wait() */
	QUIET_MS = 300,    /* time without an event, after which a server is quiet */
	MOST_QUIET_S = 10, /* the longest wait for it: with pings it may never come */
};

static struct {
	struct source source;
	int fd;
	uint64_t interval, next;
	void (*due)(uint64_t moment);
} ticks;

void watch(int fd, struct source *source)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = source};
	if (epoll_ctl(load.epoll, EPOLL_CTL_ADD, fd, &event) < 0)
		die("epoll: %s", strerror(errno));
}

bool pump(int wait_ms)
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(load.epoll, events, EVENTS, wait_ms);
	for (int i = 0; i < n; i++) {
		struct source *source = events[i].data.ptr;
		source->ready(source);
	}
	return n > 0;
}

static void on_ticks(struct source *source)
{
	uint64_t passed = 0;
	(void)source;
	if (read(ticks.fd, &passed, sizeof(passed)) < 0)
		return;
	for (; passed > 0; passed--, ticks.next += ticks.interval)
		ticks.due(ticks.next);
}

static struct timespec timespec_of(uint64_t ns)
{
	return (struct timespec){(time_t)(ns / SECOND), (long)(ns % SECOND)};
}

void ticks_start(uint64_t interval, void (*due)(uint64_t moment))
{
	ticks.source.ready = on_ticks;
	ticks.interval = interval;
	ticks.next = now() + interval;
	ticks.due = due;
	struct itimerspec when = {timespec_of(interval), timespec_of(ticks.next)};
	ticks.fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	timerfd_settime(ticks.fd, TFD_TIMER_ABSTIME, &when, NULL);
	watch(ticks.fd, &ticks.source);
}

void ticks_stop(void)
{
	close(ticks.fd);
}

static uint64_t on_their_way(void)
{
	uint64_t missing = 0;
	for (const struct room *room = load.rooms; room < load.rooms + load.room_count; room++)
		if (room->delivered < room->expected)
			missing += room->expected - room->delivered;
	return missing;
}

void drain(void)
{
	while (on_their_way() > 0)
		if (!pump(PATIENCE_MS))
			die("%llu deliveries are missing", (unsigned long long)on_their_way());
}

void until_quiet(void)
{
	uint64_t end = now() + (uint64_t)MOST_QUIET_S * SECOND;
	while (pump(QUIET_MS) && now() < end)
		;
}
