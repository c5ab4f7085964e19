/*
 * The master: see master.h.
 *
 * Signals are always blocked and taken one by one with sigtimedwait(), so there are no handlers and
 * no races with them.
 */
#include "cgi/master.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "cgi/inherit.h"
#include "cgi/worker.h"
#include "realm/settings.h"

#define BACKLOG 1024
#define TAKE_OVER_US CLOCK_SECOND        /* to wait for the workers of a killed master to end */
#define STOP_US (10 * CLOCK_SECOND)      /* to wait for workers to finish their requests */
#define GOOD_LIFE_US CLOCK_SECOND        /* a worker that lived as long is replaced at once */
#define DELAY_MIN_US (CLOCK_SECOND / 10) /* before another one is replaced; doubled each time */
#define DELAY_MAX_US (5 * CLOCK_SECOND)

struct slot {
	pid_t pid; /* 0: no worker */
	int64_t started, due, delay;
};

struct master {
	const struct settings *settings;
	const struct pool *pool;
	int listener;
	bool stopping;
	struct slot slots[WORKERS_MAX];
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
	    chmod(path, 0666) != 0 || listen(fd, BACKLOG) != 0) {
		problem_say(why, PROBLEM_CONFIG, "Cannot listen on %s: %s", path, strerror(errno));
		close(fd);
		return -1;
	}
	*listener_r = fd;
	return 0;
}

/* --- workers ---------------------------------------------------------------------------------- */

/* Returns true in the new worker. */
static bool start_worker(struct slot *slot)
{
	pid_t self = getpid(), pid = fork();
	if (pid == 0) {
		/* A worker ends with its master: the next master starts workers of its own. */
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != self)
			raise(SIGTERM);
		return true;
	}
	slot->pid = pid > 0 ? pid : 0;
	slot->started = clock_monotonic();
	if (pid < 0) {
		log_error("fork_failed", LOG_TEXT("cause", strerror(errno)));
		slot->due = slot->started + DELAY_MAX_US;
	}
	return false;
}

static void worker_ended(struct master *master, pid_t pid, int status)
{
	int64_t now = clock_monotonic();
	for (int i = 0; i < master->pool->workers; i++) {
		struct slot *slot = &master->slots[i];
		if (slot->pid != pid)
			continue;
		bool good = now - slot->started >= GOOD_LIFE_US;
		int64_t doubled = slot->delay ? slot->delay * 2 : DELAY_MIN_US;
		slot->delay = good ? 0 : doubled < DELAY_MAX_US ? doubled : DELAY_MAX_US;
		slot->due = now + slot->delay;
		slot->pid = 0;
		if (master->stopping)
			return;
		log_warn("worker_ended", LOG_TEXT("pool", master->pool->name),
			 LOG_INT("worker", pid),
			 LOG_INT("signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0),
			 LOG_INT("exit", WIFEXITED(status) ? WEXITSTATUS(status) : 0),
			 LOG_INT("restart_in_ms", slot->delay / 1000));
	}
}

static void reap_workers(struct master *master)
{
	int status;
	for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
		worker_ended(master, pid, status);
}

static void signal_workers(const struct master *master, int number)
{
	for (int i = 0; i < master->pool->workers; i++)
		if (master->slots[i].pid)
			kill(master->slots[i].pid, number);
}

static bool any_worker(const struct master *master)
{
	for (int i = 0; i < master->pool->workers; i++)
		if (master->slots[i].pid)
			return true;
	return false;
}

/* Starts the workers that are due. Returns true in a new worker; `next_r` is the next due time. */
static bool start_due_workers(struct master *master, int64_t *next_r)
{
	int64_t now = clock_monotonic();
	*next_r = now + 3600 * CLOCK_SECOND;
	for (int i = 0; i < master->pool->workers; i++) {
		struct slot *slot = &master->slots[i];
		if (!slot->pid && slot->due <= now && start_worker(slot))
			return true;
		if (!slot->pid && slot->due < *next_r)
			*next_r = slot->due;
	}
	return false;
}

/* --- life ------------------------------------------------------------------------------------- */

static void watched_signals(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGCHLD);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGHUP);
}

/* Returns the next signal, or 0 at that time. */
static int wait_for_signal(int64_t until)
{
	sigset_t signals;
	int64_t left = until - clock_monotonic();
	if (left < 0)
		left = 0;
	const struct timespec wait = {.tv_sec = left / CLOCK_SECOND,
				      .tv_nsec = left % CLOCK_SECOND * 1000};
	watched_signals(&signals);
	int number = sigtimedwait(&signals, NULL, &wait);
	return number > 0 ? number : 0;
}

/* Removes the socket file first, so that a new master can create its own. */
static int master_stop(struct master *master)
{
	unlink(master->pool->path);
	master->stopping = true;
	log_info("stopping", LOG_TEXT("pool", master->pool->name));
	signal_workers(master, SIGTERM);
	int64_t end = clock_monotonic() + STOP_US;
	while (any_worker(master) && clock_monotonic() < end) {
		wait_for_signal(end);
		reap_workers(master);
	}
	signal_workers(master, SIGKILL);
	return EX_OK;
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
	signal_workers(master, SIGHUP);
	buf_printf(&numbers, " %d", master->listener);
	for (int i = 0; i < master->pool->workers; i++)
		if (master->slots[i].pid)
			buf_printf(&numbers, " %d", master->slots[i].pid);
	inherit_keep(master->listener);
	inherit_exec(MASTER_ROLE, &numbers);
	buf_free(&numbers);
}

static void master_inherit(struct master *master)
{
	master->listener = inherit_next();
	fcntl(master->listener, F_SETFD, FD_CLOEXEC);
	for (int i = 0, pid; i < master->pool->workers && (pid = inherit_next()) > 0; i++)
		master->slots[i] = (struct slot){.pid = pid, .started = clock_monotonic()};
}

int master_run(const struct settings *settings, const struct pool *pool, struct problem *why)
{
	struct master master = {.settings = settings, .pool = pool};
	sigset_t signals;
	int64_t next;
	watched_signals(&signals);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	if (inherit_role(WORKER_ROLE))
		return worker_run(settings, inherit_next());
	if (inherit_role(MASTER_ROLE))
		master_inherit(&master);
	else
		TRY(listen_at(pool->path, &master.listener, why));
	log_info("listening", LOG_TEXT("pool", pool->name), LOG_TEXT("socket", pool->path),
		 LOG_INT("workers", pool->workers));
	for (;;) {
		reap_workers(&master);
		if (start_due_workers(&master, &next))
			return worker_run(settings, master.listener);
		switch (wait_for_signal(next)) {
		case SIGHUP:
			master_reexec(&master);
			break;
		case SIGTERM:
		case SIGINT:
			return master_stop(&master);
		}
	}
}
