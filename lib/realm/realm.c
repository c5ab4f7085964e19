/*
 * The way of a program into the realm: see realm.h.
 *
 * After each commit the health is noted, and one byte goes to the datagram socket of each bridge,
 * without blocking; after one that queues a turn, one goes to each process of aeon-twin. A lost
 * wakeup costs the receiver a short poll, never an event, so errors do not matter here.
 */
#include "realm/realm.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <sodium.h>

#include "realm/notes.h"
#include "realm/settings.h"

/* The sockets of one kind of process. */
struct listeners {
	int64_t count;
	struct sockaddr_un to[BRIDGES_MAX > TWINS_MAX ? BRIDGES_MAX : TWINS_MAX];
};

static struct {
	int fd;
	struct listeners bridges, twins;
	int myself; /* this bridge, which needs no wakeup from itself; 0: none */
} waker = {.fd = -1};

void realm_socket_path(const struct settings *settings, const char *name, int number,
		       struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(address->sun_path, sizeof(address->sun_path), "%s/%s-%d.sock", settings->run_dir,
		 name, number);
}

static void wake(const struct listeners *listeners, int but)
{
	for (int i = 0; i < listeners->count; i++)
		if (i + 1 != but)
			sendto(waker.fd, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL,
			       (const struct sockaddr *)&listeners->to[i],
			       sizeof(listeners->to[i]));
}

static void note_commit(void *unused)
{
	(void)unused;
	health_note(HEALTH_WRITE, 0, NULL);
	wake(&waker.bridges, waker.myself);
}

static void note_failure(const struct problem *why)
{
	health_note(HEALTH_WRITE, -1, why);
}

void realm_wake_twins(const char *unused)
{
	(void)unused;
	wake(&waker.twins, 0);
}

void realm_is_bridge(int bridge)
{
	waker.myself = bridge;
}

static void set_listeners(struct listeners *listeners, const struct settings *settings,
			  const char *name, int64_t count)
{
	listeners->count = count;
	for (int i = 0; i < count; i++)
		realm_socket_path(settings, name, i + 1, &listeners->to[i]);
}

static void waker_open(const struct settings *settings)
{
	if (waker.fd >= 0)
		return;
	set_listeners(&waker.bridges, settings, REALM_BRIDGE, settings->ws_bridges);
	set_listeners(&waker.twins, settings, REALM_TWIN, settings->twins);
	waker.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

bool realm_listens(const struct settings *settings, const char *name, int number)
{
	struct sockaddr_un address;
	realm_socket_path(settings, name, number, &address);
	/* A socket refuses when its owner died; a full one (EAGAIN) has an owner. */
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool listens = connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0;
	close(fd);
	return listens;
}

uint32_t realm_listeners(const struct settings *settings, const char *name, int64_t count)
{
	uint32_t alive = 0;
	for (int number = 1; number <= count; number++)
		if (realm_listens(settings, name, number))
			alive |= UINT32_C(1) << number;
	return alive;
}

int realm_listen(const struct settings *settings, const char *name, int number, int *fd_r,
		 struct problem *why)
{
	struct sockaddr_un address;
	realm_socket_path(settings, name, number, &address);
	if (realm_listens(settings, name, number))
		return problem_say(why, PROBLEM_STORE_BUSY,
				   "Another process uses the socket %.150s. Stop it first.",
				   address.sun_path);
	unlink(address.sun_path);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0) {
		*fd_r = fd;
		return 0;
	}
	problem_say(why, PROBLEM_INTERNAL, "The socket %.150s cannot be created", address.sun_path);
	problem_cause(why, "%s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

void realm_unlisten(const struct settings *settings, const char *name, int number, int fd)
{
	struct sockaddr_un address;
	realm_socket_path(settings, name, number, &address);
	unlink(address.sun_path);
	close(fd);
}

int realm_open(const struct settings *settings, enum store_mode mode, struct store **store_r,
	       struct problem *why)
{
	if (sodium_init() < 0)
		return problem_set(why, PROBLEM_INTERNAL);
	TRY(store_open(settings->database, mode, (int)settings->store_wait_ms, store_r, why));
	store_budget(*store_r, settings->request_ms * 1000);
	settings_apply(settings, *store_r);
	waker_open(settings);
	health_open(settings);
	store_on_commit(*store_r, note_commit, NULL);
	store_on_failure(*store_r, note_failure);
	return 0;
}
