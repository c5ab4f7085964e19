/* Child processes: see children.h. */
#include "base/children.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

#define GOOD_LIFE_US CLOCK_SECOND        /* a child that lived as long is started again at once */
#define DELAY_MIN_US (CLOCK_SECOND / 10) /* doubled each time */
#define DELAY_MAX_US (5 * CLOCK_SECOND)
#define KILL_US CLOCK_SECOND /* to wait for the end of killed children */

/* --- signals ---------------------------------------------------------------------------------- */

static void watched_signals(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGCHLD);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGHUP);
}

void children_block_signals(void)
{
	sigset_t signals;
	watched_signals(&signals);
	sigprocmask(SIG_BLOCK, &signals, NULL);
}

int children_wait(int64_t until)
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

/* --- ends ------------------------------------------------------------------------------------- */

static void log_end(const struct children *children, const struct child *child, pid_t pid,
		    int status)
{
	char cause[80];
	if (WIFSIGNALED(status))
		snprintf(cause, sizeof(cause), "signal %d (%s)", WTERMSIG(status),
			 strsignal(WTERMSIG(status)));
	else
		snprintf(cause, sizeof(cause), "exit code %d", WEXITSTATUS(status));
	log_warn(children->ended_event, LOG_TEXT("name", child->name), LOG_INT("pid", pid),
		 LOG_TEXT("cause", cause), LOG_INT("restart_in_ms", child->delay / 1000));
}

static void child_ended(struct children *children, struct child *child, int status)
{
	int64_t now = clock_monotonic();
	int64_t doubled = child->delay ? child->delay * 2 : DELAY_MIN_US;
	if (now - child->started >= GOOD_LIFE_US)
		child->delay = 0;
	else
		child->delay = doubled < DELAY_MAX_US ? doubled : DELAY_MAX_US;
	if (!children->stopping)
		log_end(children, child, child->pid, status);
	child->due = now + child->delay;
	child->restarts++;
	child->pid = 0;
}

static struct child *find_child(const struct children *children, pid_t pid)
{
	for (int i = 0; i < children->count; i++)
		if (children->all[i].pid == pid)
			return &children->all[i];
	return NULL;
}

/* A process that is no child was left to this process 1 by others; it is only removed. */
void children_reap(struct children *children)
{
	for (;;) {
		int status;
		siginfo_t info = {0};
		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0)
			return;
		struct child *child = find_child(children, info.si_pid);
		/* Before it is reaped, its number still names its group and no other one. */
		if (child && children->own_groups)
			kill(-info.si_pid, SIGKILL);
		if (waitpid(info.si_pid, &status, 0) == info.si_pid && child)
			child_ended(children, child, status);
	}
}

/* --- starts ----------------------------------------------------------------------------------- */

/* Returns true in the new process. */
static bool child_start(struct child *child, bool own_group)
{
	pid_t self = getpid(), pid = fork();
	if (pid == 0) {
		if (own_group)
			setsid();
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != self)
			raise(SIGTERM);
		return true;
	}
	child->pid = pid > 0 ? pid : 0;
	child->started = clock_monotonic();
	if (pid < 0) {
		log_error("fork_failed", LOG_TEXT("cause", strerror(errno)));
		child->due = child->started + DELAY_MAX_US;
	}
	return false;
}

struct child *children_start_due(struct children *children, int64_t *next_r)
{
	int64_t now = clock_monotonic();
	*next_r = now + 3600 * CLOCK_SECOND;
	for (int i = 0; i < children->count; i++) {
		struct child *child = &children->all[i];
		if (!child->pid && child->due <= now && child_start(child, children->own_groups))
			return child;
		if (!child->pid && child->due < *next_r)
			*next_r = child->due;
	}
	return NULL;
}

/* --- the end of all --------------------------------------------------------------------------- */

void children_signal(const struct children *children, int number)
{
	for (int i = 0; i < children->count; i++)
		if (children->all[i].pid)
			kill(children->all[i].pid, number);
}

static bool stage_runs(const struct children *children, int stage)
{
	for (int i = 0; i < children->count; i++)
		if (children->all[i].pid && children->all[i].stage == stage)
			return true;
	return false;
}

static void await_end_of_stage(struct children *children, int stage, int64_t end)
{
	while (stage_runs(children, stage) && clock_monotonic() < end) {
		children_wait(end);
		children_reap(children);
	}
}

static void end_stage(struct children *children, int stage, int64_t patience)
{
	for (int i = 0; i < children->count; i++) {
		const struct child *child = &children->all[i];
		if (child->pid && child->stage == stage)
			kill(child->pid, child->end_signal);
	}
	await_end_of_stage(children, stage, clock_monotonic() + patience);
}

static void kill_all(const struct children *children)
{
	for (int i = 0; i < children->count; i++) {
		pid_t pid = children->all[i].pid;
		if (pid)
			kill(children->own_groups ? -pid : pid, SIGKILL);
	}
}

void children_stop(struct children *children)
{
	children->stopping = true;
	for (int stage = 0; stage < CHILDREN_STAGES; stage++)
		end_stage(children, stage, children->stop_us);
	kill_all(children);
	int64_t end = clock_monotonic() + KILL_US;
	for (int stage = 0; stage < CHILDREN_STAGES; stage++)
		await_end_of_stage(children, stage, end);
}
