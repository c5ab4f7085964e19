/* The master: see master.h. */
#include "cgi/master.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/children.h"
#include "base/clock.h"
#include "base/log.h"
#include "cgi/inherit.h"
#include "cgi/maintainer.h"
#include "cgi/watch.h"
#include "cgi/worker.h"
#include "realm/settings.h"

#define BACKLOG 1024
#define TAKE_OVER_US CLOCK_SECOND   /* to wait for the workers of a killed master to end */
#define STOP_US (10 * CLOCK_SECOND) /* to wait for workers to finish their requests */
#define WATCH_US CLOCK_SECOND       /* between looks at what the workers are doing */

struct master {
	const struct pool *pool;
	int listener, watch_fd;
	struct watch_slot *watch;            /* one for each worker */
	struct child slots[WORKERS_MAX + 1]; /* the workers, and perhaps a maintainer */
	struct children children;            /* of these slots */
};

/* --- the socket ------------------------------------------------------------------------------- */

/* A socket file without a listener is left over from a killed process. */
static int remove_stale(const struct sockaddr_un *address, struct problem *why)
{
	int64_t end = clock_monotonic() + TAKE_OVER_US;
	for (;;) {
		int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		bool alive = connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0;
		bool refused = !alive && errno == ECONNREFUSED;
		close(fd);
		if (refused)
			unlink(address->sun_path);
		if (!alive)
			return 0;
		if (clock_monotonic() > end)
			return problem_say(why, PROBLEM_CONFIG,
					   "Another process listens on %s already",
					   address->sun_path);
		nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
	}
}

static int listen_at(const char *path, int *listener_r, struct problem *why)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof(address.sun_path))
		return problem_say(why, PROBLEM_CONFIG,
				   "The path of the socket is longer than %zu bytes",
				   sizeof(address.sun_path) - 1);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	TRY(remove_stale(&address, why));
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
	    fchmodat(AT_FDCWD, path, 0660, AT_SYMLINK_NOFOLLOW) != 0 || listen(fd, BACKLOG) != 0) {
		problem_say(why, PROBLEM_CONFIG, "Cannot listen on %s: %s", path, strerror(errno));
		close(fd);
		return -1;
	}
	*listener_r = fd;
	return 0;
}

/* --- life ------------------------------------------------------------------------------------- */

/* Removes the socket file first, so that a new master can create its own. */
static int master_stop(struct master *master)
{
	unlink(master->pool->path);
	log_info("stopping", LOG_TEXT("pool", master->pool->name));
	children_stop(&master->children);
	return EX_OK;
}

/* Kills the workers that have been in one request for too long. They are replaced like others. */
static void kill_overdue_workers(const struct master *master, const struct watch_limits *limits)
{
	for (int i = 0; i < master->pool->workers; i++) {
		pid_t pid = master->slots[i].pid;
		struct watch_slot *slot = &master->watch[i];
		if (!pid)
			watch_pause(slot); /* it may have died at work */
		struct watch_limits used = pid ? watch_used(slot, pid) : (struct watch_limits){0};
		if (!watch_overdue(&used, limits))
			continue;
		log_error("worker_overdue", LOG_TEXT("pool", master->pool->name),
			  LOG_INT("worker", pid), LOG_TEXT("request_id", slot->request_id),
			  LOG_INT("ms", used.real / 1000), LOG_INT("cpu_ms", used.cpu / 1000));
		kill(pid, SIGKILL);
	}
}

/* Workers execute the file themselves, so they survive when the master's exec fails. */
static void master_reexec(struct master *master)
{
	struct buf numbers = {0};
	struct settings settings;
	struct problem why = {0};
	if (settings_load(master->pool->config, &settings, &why) < 0) {
		log_problem(LOG_LEVEL_ERROR, "reload_refused", &why);
		return;
	}
	children_signal(&master->children, SIGHUP);
	buf_printf(&numbers, " %d %d", master->listener, master->watch_fd);
	for (int i = 0; i < master->children.count; i++)
		buf_printf(&numbers, " %d", master->slots[i].pid);
	inherit_keep(master->listener);
	inherit_keep(master->watch_fd);
	inherit_exec(MASTER_ROLE, &numbers);
	buf_free(&numbers);
}

static void master_inherit(struct master *master)
{
	master->listener = inherit_next();
	master->watch_fd = inherit_next();
	fcntl(master->listener, F_SETFD, FD_CLOEXEC);
	fcntl(master->watch_fd, F_SETFD, FD_CLOEXEC);
	for (int i = 0, pid; i < master->children.count && (pid = inherit_next()) >= 0; i++) {
		master->slots[i].pid = pid;
		master->slots[i].started = clock_monotonic();
	}
}

static void master_prepare(struct master *master, const struct settings *settings)
{
	int workers = master->pool->workers;
	for (int i = 0; i < workers; i++)
		master->slots[i] =
			(struct child){.name = master->pool->name, .end_signal = SIGTERM};
	master->slots[workers] = (struct child){.name = "maintenance", .end_signal = SIGTERM};
	master->children = (struct children){.all = master->slots,
					     .count = workers + maintainer_is_needed(settings),
					     .ended_event = "worker_ended",
					     .stop_us = STOP_US};
}

static int master_open(struct master *master, struct problem *why)
{
	if (inherit_role(MASTER_ROLE)) {
		master_inherit(master);
	} else {
		TRY(listen_at(master->pool->path, &master->listener, why));
		TRY(watch_create(&master->watch_fd, why));
	}
	master->watch = watch_map(master->watch_fd);
	return master->watch ? 0
			     : problem_say(why, PROBLEM_CONFIG, "Cannot map shared memory: %s",
					   strerror(errno));
}

/* In a new process. */
static int child_run(const struct master *master, const struct settings *settings, int slot)
{
	bool fast = strcmp(master->pool->name, POOL_FAST) == 0;
	if (slot == master->pool->workers)
		return maintainer_run(settings);
	return worker_run(settings, fast, master->listener, master->watch_fd, slot);
}

int master_run(const struct settings *settings, const struct pool *pool, struct problem *why)
{
	struct master master = {.pool = pool};
	struct watch_limits limits = watch_limits(settings);
	struct child *started;
	int64_t next, look;
	master_prepare(&master, settings);
	children_block_signals();
	if (inherit_role(WORKER_ROLE))
		return worker_inherit(settings, strcmp(pool->name, POOL_FAST) == 0);
	if (inherit_role(MAINTAINER_ROLE))
		return maintainer_run(settings);
	TRY(master_open(&master, why));
	log_info("listening", LOG_TEXT("pool", pool->name), LOG_TEXT("socket", pool->path),
		 LOG_INT("workers", pool->workers));
	for (;;) {
		children_reap(&master.children);
		kill_overdue_workers(&master, &limits);
		started = children_start_due(&master.children, &next);
		if (started)
			return child_run(&master, settings, (int)(started - master.slots));
		look = clock_monotonic() + WATCH_US;
		switch (children_wait(next < look ? next : look)) {
		case SIGHUP:
			master_reexec(&master);
			break;
		case SIGTERM:
		case SIGINT:
			return master_stop(&master);
		}
	}
}
