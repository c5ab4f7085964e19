/*
 * Connections that come and go: so many a second are opened, and each leaves as soon as it is
 * greeted, in one of the ways in which clients do. A server that is too slow gets them later, not
 * fewer.
 */
#include "bench/load/load.h"

#include <stdio.h>
#include <sys/socket.h>

static uint64_t due, opened, closed;
static struct samples greeting;

static void leave_politely(struct peer *peer)
{
	peer_send_close(peer);
}

static void leave(struct peer *peer)
{
	peer_close(peer);
	closed++;
}

/* As when a machine is gone, or a browser is killed. */
static void leave_rudely(struct peer *peer)
{
	const struct linger none = {.l_onoff = 1};
	setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
	leave(peer);
}

static void (*const ways[])(struct peer *peer) = {leave_politely, leave, leave_rudely};

static void greeted(struct peer *peer)
{
	static size_t way;
	sample(&greeting, peer->opened);
	ways[way++ % (sizeof(ways) / sizeof(*ways))](peer);
}

static void lost(struct peer *peer)
{
	(void)peer;
	closed++;
}

/* In turn, so that a user comes back as late as possible. */
static void open_due(uint64_t moment)
{
	(void)moment;
	for (due++; opened < due; opened++) {
		struct peer *peer = &load.peers[opened % load.peer_count];
		if (peer->fd >= 0)
			return;
		if (!peer_open(peer))
			die("nobody listens on %s", load.target);
	}
}

static void run(void)
{
	uint64_t all = (uint64_t)(load.seconds * (double)load.per_second);
	struct mark from = mark();
	ticks_start(SECOND / load.per_second, open_due);
	while (opened < all)
		pump(PATIENCE_MS);
	ticks_stop();
	while (closed < opened)
		if (!pump(PATIENCE_MS))
			die("%llu connections do not end", (unsigned long long)(opened - closed));
	struct mark to = mark();
	printf("{\"connects\":%llu", (unsigned long long)opened);
	print_span(&from, &to);
	print_samples("greeting", &greeting);
	puts("}");
}

const struct scenario churn = {
	.name = "churn",
	.help = "--rate connections a second come and leave when they are greeted",
	.run = run,
	.greeted = greeted,
	.lost = lost,
};
