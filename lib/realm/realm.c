/*
 * Where a program enters the realm: see realm.h.
 *
 * After each commit one byte goes to the bridge's datagram socket, never blocking. A lost poke
 * costs the bridge a short poll, never an event, so nothing here is checked.
 */
#include "realm/realm.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <sodium.h>

#include "realm/settings.h"

static struct {
	int fd;
	struct sockaddr_un to;
} poker = {.fd = -1};

void realm_poke_path(const struct settings *settings, char *path, size_t size)
{
	snprintf(path, size, "%s/poke.sock", settings->run_dir);
}

static void poke(void *unused)
{
	(void)unused;
	sendto(poker.fd, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL, (const struct sockaddr *)&poker.to,
	       sizeof(poker.to));
}

static void poker_open(const struct settings *settings)
{
	if (poker.fd >= 0)
		return;
	poker.to.sun_family = AF_UNIX;
	realm_poke_path(settings, poker.to.sun_path, sizeof(poker.to.sun_path));
	poker.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

bool realm_bridge_alive(const struct settings *settings)
{
	poker_open(settings);
	/* A socket whose owner died refuses; a full one (EAGAIN) has an owner. */
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool alive = connect(fd, (const struct sockaddr *)&poker.to, sizeof(poker.to)) == 0;
	close(fd);
	return alive;
}

int realm_open(const struct settings *settings, enum store_mode mode, struct store **store_r,
	       struct problem *why)
{
	if (sodium_init() < 0)
		return problem_set(why, PROBLEM_INTERNAL);
	TRY(store_open(settings->database, mode, (int)settings->store_wait_ms, store_r, why));
	poker_open(settings);
	store_on_commit(*store_r, poke, NULL);
	return 0;
}
