/*
 * The way of a program into the realm: see realm.h.
 *
 * After each commit the health is noted, and one byte goes to the datagram socket of each bridge,
 * without blocking. A lost wakeup costs a bridge a short poll, never an event, so errors do not
 * matter here.
 */
#include "realm/realm.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <sodium.h>

#include "realm/notes.h"
#include "realm/settings.h"

static struct {
	int fd;
	int64_t bridges;
	int myself; /* this bridge, which needs no wakeup from itself; 0: none */
	struct sockaddr_un to[BRIDGES_MAX];
} waker = {.fd = -1};

void realm_socket_path(const struct settings *settings, const char *name, int bridge,
		       struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(address->sun_path, sizeof(address->sun_path), "%s/%s-%d.sock", settings->run_dir,
		 name, bridge);
}

static void note_commit(void *unused)
{
	(void)unused;
	health_note(HEALTH_WRITE, 0, NULL);
	for (int i = 0; i < waker.bridges; i++)
		if (i + 1 != waker.myself)
			sendto(waker.fd, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL,
			       (const struct sockaddr *)&waker.to[i], sizeof(waker.to[i]));
}

static void note_failure(const struct problem *why)
{
	health_note(HEALTH_WRITE, -1, why);
}

void realm_is_bridge(int bridge)
{
	waker.myself = bridge;
}

static void waker_open(const struct settings *settings)
{
	if (waker.fd >= 0)
		return;
	waker.bridges = settings->ws_bridges;
	for (int i = 0; i < waker.bridges; i++)
		realm_socket_path(settings, "wakeup", i + 1, &waker.to[i]);
	waker.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

bool realm_bridge_alive(const struct settings *settings, int bridge)
{
	struct sockaddr_un address;
	realm_socket_path(settings, "wakeup", bridge, &address);
	/* A socket refuses when its owner died; a full one (EAGAIN) has an owner. */
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool alive = connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0;
	close(fd);
	return alive;
}

uint32_t realm_bridges_alive(const struct settings *settings)
{
	uint32_t alive = 0;
	for (int bridge = 1; bridge <= settings->ws_bridges; bridge++)
		if (realm_bridge_alive(settings, bridge))
			alive |= UINT32_C(1) << bridge;
	return alive;
}

int realm_open(const struct settings *settings, enum store_mode mode, struct store **store_r,
	       struct problem *why)
{
	if (sodium_init() < 0)
		return problem_set(why, PROBLEM_INTERNAL);
	TRY(store_open(settings->database, mode, (int)settings->store_wait_ms, store_r, why));
	store_budget(*store_r, settings->request_ms * 1000);
	store_set_text_quota(*store_r, settings->quota_bytes);
	waker_open(settings);
	health_open(settings);
	store_on_commit(*store_r, note_commit, NULL);
	store_on_failure(*store_r, note_failure);
	return 0;
}
