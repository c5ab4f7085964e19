/* Datagrams between bridges: see peers.h. */
#include "ws-bridge/io/peers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/memory.h"
#include "realm/realm.h"
#include "realm/settings.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/peers.h"

#define AT_ONCE 64 /* datagrams taken in one turn of the loop */

struct peers {
	int fd, count;
	struct sockaddr_un mine, others[BRIDGES_MAX];
};

int peers_open(struct bridge *bridge, struct problem *why)
{
	const struct settings *settings = bridge->settings;
	struct peers *peers = bridge->peers = xcalloc(1, sizeof(*peers));
	realm_socket_path(settings, REALM_PEER, bridge->instance, &peers->mine);
	for (int i = 1; i <= settings->ws_bridges; i++)
		if (i != bridge->instance)
			realm_socket_path(settings, REALM_PEER, i, &peers->others[peers->count++]);
	unlink(peers->mine.sun_path);
	peers->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (bind(peers->fd, (const struct sockaddr *)&peers->mine, sizeof(peers->mine)) == 0)
		return 0;
	problem_say(why, PROBLEM_INTERNAL, "The socket %s cannot be created", peers->mine.sun_path);
	return problem_cause(why, "%s", strerror(errno));
}

void peers_close(struct bridge *bridge)
{
	if (!bridge->peers)
		return;
	unlink(bridge->peers->mine.sun_path);
	close(bridge->peers->fd);
	free(bridge->peers);
	bridge->peers = NULL;
}

int peers_fd(const struct bridge *bridge)
{
	return bridge->peers->fd;
}

void peers_write(const struct peers *peers, const struct buf *message)
{
	for (int i = 0; i < peers->count; i++)
		sendto(peers->fd, message->data, message->len, MSG_DONTWAIT | MSG_NOSIGNAL,
		       (const struct sockaddr *)&peers->others[i], sizeof(peers->others[i]));
}

void peers_receive(struct bridge *bridge)
{
	char datagram[PEER_MESSAGE_MAX];
	for (int i = 0; i < AT_ONCE; i++) {
		ssize_t bytes = recv(bridge->peers->fd, datagram, sizeof(datagram), 0);
		if (bytes < 0)
			return;
		peers_take(bridge, datagram, (size_t)bytes);
	}
}
