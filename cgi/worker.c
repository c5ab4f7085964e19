/*
 * A worker: see worker.h. Only this file uses the FastCGI library.
 *
 * The worker closes connections itself, because the library waits up to two seconds for the other
 * side to close first.
 */
#include "config.h"

#include "cgi/worker.h"

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "cgi/app.h"
#include "cgi/gateway.h"
#include "cgi/inherit.h"
#include "cgi/metrics.h"
#include "cgi/watch.h"
#include "realm/metrics.h"
#include "realm/settings.h"

#define CONNECTIONS_MAX 900 /* the library calls select(), which allows 1,024 descriptors */
#define STALL_SECONDS 30    /* longest pause within a request; then the connection is closed */
#define DRAIN_US (2 * CLOCK_SECOND)
#define REST_MAX (1024 * 1024) /* unread bytes of a body; above this the connection is closed */
#define EVENTS 64

#define PARKED_MAX 256 /* parked requests; each new event serves all of them again */
#define CHECK_MS 100   /* milliseconds between checks for new events */

struct connection {
	FCGX_Request fcgi;
	int64_t arrived_at, parked_until; /* of its request; parked_until 0: not parked */
	int64_t user_id;                  /* whose request is parked */
	int64_t kept;                     /* by that request; see app.h */
	struct connection *next, **link;  /* in the list of all */
};

struct worker {
	struct app app;
	int listener, epoll, signals;
	int watch_fd, index;
	struct watch_slot *slot;
	struct connection *connections;
	int count, parked;
	int64_t next_check; /* of the parked ones */
	int signal;         /* that has arrived, or 0 */
};

/* --- one request ------------------------------------------------------------------------------ */

struct stream {
	FCGX_Request *fcgi;
	struct watch_slot *slot;
};

static ssize_t read_stream(void *context, char *to, size_t most)
{
	const struct stream *stream = context;
	watch_pause(stream->slot);
	int count = FCGX_GetStr(to, (int)most, stream->fcgi->in);
	watch_resume(stream->slot);
	return count > 0 ? count : 0;
}

static void write_stream(void *context, const char *bytes, size_t count)
{
	const struct stream *stream = context;
	watch_pause(stream->slot);
	FCGX_PutStr(bytes, (int)count, stream->fcgi->out);
	watch_resume(stream->slot);
}

/* Reads the rest of the body, so that the next request starts in the right place. */
static bool read_rest(struct stream *stream)
{
	char scratch[8192];
	size_t limit = REST_MAX;
	while (limit > 0) {
		if (read_stream(stream, scratch, sizeof(scratch)) < (ssize_t)sizeof(scratch))
			return true;
		limit -= sizeof(scratch);
	}
	return false;
}

static void connection_park(struct worker *worker, struct connection *connection, int64_t until)
{
	worker->parked += (until != 0) - (connection->parked_until != 0);
	connection->parked_until = until;
}

/* Whether as many requests of the user as allowed are parked already. */
static bool user_is_parked(const struct worker *worker, int64_t user_id)
{
	int64_t count = 0;
	for (const struct connection *at = worker->connections; at; at = at->next)
		count += at->parked_until && at->user_id == user_id;
	return count >= worker->app.settings->user_parked;
}

/*
 * Answers the request, or parks it if it may wait. Returns whether the connection stays open.
 * `waited` is that of app_serve().
 */
static bool connection_answer(struct worker *worker, struct connection *connection, int64_t waited)
{
	FCGX_Request *fcgi = &connection->fcgi;
	int64_t now = clock_monotonic();
	struct stream stream = {fcgi, worker->slot};
	struct gateway gateway = {.variables = fcgi->envp,
				  .stream = &stream,
				  .read = read_stream,
				  .write = write_stream};
	watch_begin(worker->slot, FCGX_GetParam("HTTP_X_REQUEST_ID", fcgi->envp));
	worker->app.kept = connection->kept;
	int64_t left = app_serve(&worker->app, &gateway, waited);
	if (left > 0 && waited == 0 && user_is_parked(worker, worker->app.user_id))
		left = app_serve(&worker->app, &gateway, APP_CANNOT_WAIT);
	connection->user_id = worker->app.user_id;
	connection->kept = worker->app.kept;
	bool is_read = read_rest(&stream);
	watch_pause(worker->slot);
	connection_park(worker, connection, left > 0 && is_read ? now + left : 0);
	if (connection->parked_until)
		return true;
	bool keep_open = is_read && fcgi->keepConnection;
	fcgi->keepConnection = 1;
	FCGX_Finish_r(fcgi);
	return keep_open && fcgi->ipcFd >= 0;
}

static bool connection_serve(struct worker *worker, struct connection *connection)
{
	if (FCGX_Accept_r(&connection->fcgi) != 0)
		return false;
	connection->arrived_at = clock_monotonic();
	connection->kept = 0;
	bool may_wait = !worker->signal && worker->parked < PARKED_MAX;
	return connection_answer(worker, connection, may_wait ? 0 : APP_CANNOT_WAIT);
}

/* --- connections ------------------------------------------------------------------------------ */

static void accept_connections(struct worker *worker, bool more)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE,
				    .data.ptr = &worker->listener};
	epoll_ctl(worker->epoll, more ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, worker->listener, &event);
}

static void connection_open(struct worker *worker, int fd)
{
	struct connection *connection = xcalloc(1, sizeof(*connection));
	const struct timeval stall = {.tv_sec = STALL_SECONDS};
	struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = connection};
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &stall, sizeof(stall));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &stall, sizeof(stall));
	FCGX_InitRequest(&connection->fcgi, -1, FCGI_FAIL_ACCEPT_ON_INTR);
	connection->fcgi.ipcFd = fd;
	connection->fcgi.keepConnection = 1;
	connection->next = worker->connections;
	connection->link = &worker->connections;
	if (connection->next)
		connection->next->link = &connection->next;
	worker->connections = connection;
	epoll_ctl(worker->epoll, EPOLL_CTL_ADD, fd, &event);
	if (++worker->count == CONNECTIONS_MAX)
		accept_connections(worker, false);
}

static void connection_close(struct worker *worker, struct connection *connection)
{
	int fd = connection->fcgi.ipcFd;
	connection_park(worker, connection, 0);
	connection->fcgi.ipcFd = -1;
	FCGX_Free(&connection->fcgi, 0);
	if (fd >= 0)
		close(fd);
	*connection->link = connection->next;
	if (connection->next)
		connection->next->link = connection->link;
	free(connection);
	if (worker->count-- == CONNECTIONS_MAX)
		accept_connections(worker, true);
}

/* Whether the other side has closed and nothing is left to read. */
static bool has_ended(int fd)
{
	char byte;
	return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

/*
 * The event's source is a connection or one of the worker's own two descriptors. While a request is
 * parked, the only event of its connection is its end.
 */
static void worker_handle(struct worker *worker, const struct epoll_event *event)
{
	void *source = event->data.ptr;
	struct connection *connection = source;
	bool closed = event->events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR);
	if (source == &worker->signals) {
		struct signalfd_siginfo info;
		if (read(worker->signals, &info, sizeof(info)) == sizeof(info))
			worker->signal = (int)info.ssi_signo;
	} else if (source == &worker->listener) {
		int fd = accept4(worker->listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0)
			connection_open(worker, fd);
	} else if (connection->parked_until || (closed && has_ended(connection->fcgi.ipcFd)) ||
		   !connection_serve(worker, connection)) {
		connection_close(worker, connection);
	}
}

/* A signal ends the worker or executes it again, so that all parked requests are answered. */
static void worker_check_parked(struct worker *worker)
{
	int64_t now = clock_monotonic();
	if (worker->parked == 0 || (now < worker->next_check && !worker->signal))
		return;
	worker->next_check = now + CHECK_MS * 1000;
	bool all = app_changed(&worker->app) || worker->signal;
	for (struct connection *each = worker->connections, *next; each; each = next) {
		next = each->next;
		int64_t waited = worker->signal ? APP_CANNOT_WAIT : now - each->arrived_at + 1;
		if (each->parked_until && (all || each->parked_until <= now) &&
		    !connection_answer(worker, each, waited))
			connection_close(worker, each);
	}
}

/* --- the loop --------------------------------------------------------------------------------- */

/* Handles events, after waiting up to wait_ms for the first (-1: for ever). False: there was none.
 */
static bool worker_turn(struct worker *worker, int wait_ms)
{
	struct epoll_event events[EVENTS];
	int count = epoll_wait(worker->epoll, events, EVENTS, wait_ms);
	for (int i = 0; i < count; i++)
		worker_handle(worker, &events[i]);
	return count > 0;
}

/* Between requests a connection is only a descriptor, so it can be inherited. */
static void worker_reexec(struct worker *worker)
{
	struct buf numbers = {0};
	buf_printf(&numbers, " %d %d %d", worker->listener, worker->watch_fd, worker->index);
	inherit_keep(worker->listener);
	inherit_keep(worker->watch_fd);
	for (struct connection *each = worker->connections; each; each = each->next) {
		buf_printf(&numbers, " %d", each->fcgi.ipcFd);
		inherit_keep(each->fcgi.ipcFd);
	}
	inherit_exec(WORKER_ROLE, &numbers);
	buf_free(&numbers);
}

/* Answers the requests that have arrived. */
static void worker_drain(struct worker *worker)
{
	int64_t end = clock_monotonic() + DRAIN_US;
	while (worker_turn(worker, 0) && clock_monotonic() < end)
		;
}

/*
 * Signals are epoll events like all others: epoll_pwait() would accept a signal only when no event
 * is ready.
 */
static void watch_signals(struct worker *worker)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = &worker->signals};
	sigset_t signals;
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	signal(SIGPIPE, SIG_IGN);
	worker->signals = signalfd(-1, &signals, SFD_CLOEXEC);
	epoll_ctl(worker->epoll, EPOLL_CTL_ADD, worker->signals, &event);
}

int worker_inherit(const struct settings *settings, bool fast)
{
	int listener = inherit_next(), watch_fd = inherit_next();
	fcntl(watch_fd, F_SETFD, FD_CLOEXEC);
	return worker_run(settings, fast, listener, watch_fd, inherit_next());
}

int worker_run(const struct settings *settings, bool fast, int listener, int watch_fd, int index)
{
	struct worker worker = {.app = {.settings = settings, .fast = fast},
				.listener = listener,
				.watch_fd = watch_fd,
				.index = index};
	worker.epoll = epoll_create1(EPOLL_CLOEXEC);
	struct watch_slot *slots = watch_map(watch_fd);
	worker.slot = slots ? &slots[index] : NULL;
	if (worker.epoll < 0 || !slots || FCGX_Init() != 0) {
		log_error("worker_failed", LOG_TEXT("cause", strerror(errno)));
		return EX_OSERR;
	}
	request_metrics_open(settings);
	metrics_count(METRIC_WORKER_STARTS);
	watch_signals(&worker);
	accept_connections(&worker, true);
	for (int fd; (fd = inherit_next()) >= 0;) {
		fcntl(fd, F_SETFD, FD_CLOEXEC);
		connection_open(&worker, fd);
	}
	while (worker.signal == 0 || worker.signal == SIGHUP) {
		worker.signal = 0;
		metrics_set(GAUGE_WORKER_CONNECTIONS, worker.count);
		metrics_set(GAUGE_REQUESTS_PARKED, worker.parked);
		worker_turn(&worker, worker.parked ? CHECK_MS : -1);
		worker_check_parked(&worker);
		if (worker.signal == SIGHUP)
			worker_reexec(&worker);
	}
	worker_drain(&worker);
	while (worker.connections)
		connection_close(&worker, worker.connections);
	app_free(&worker.app);
	return EX_OK;
}
