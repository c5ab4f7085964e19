/*
 * Connections that come and go: so many a second are opened, and each leaves as soon as it is
 * greeted, in one of the ways in which clients do. A server that is too slow gets them later, not
 * fewer.
 */
#include "bench/load/load.h"

#include <stdio.h>
#include <sys/socket.h>

enum { MOST_TIMES = 3 }; /* as long as it should take; then the server is too slow */

static uint64_t wanted, due, opened, closed;
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
	for (due++; opened < due && opened < wanted; opened++) {
		struct peer *peer = &load.peers[opened % load.peer_count];
		if (peer->fd >= 0)
			return;
		if (!peer_open(peer))
			die("nobody listens on %s", load.target);
	}
}

/* When all who came have left: what is there then is what stays. */
static void look(const struct mark *from, uint64_t begin)
{
	struct mark to = mark();
	printf("{\"connects\":%llu,\"since\":%.3f,\"rss\":%zu,\"descriptors\":%zu",
	       (unsigned long long)opened, (double)(to.ns - begin) / SECOND, server_rss(),
	       server_descriptors());
	print_span(from, &to);
	print_samples("greeting", &greeting);
	puts("}");
	fflush(stdout);
	greeting.count = 0;
}

static void run(void)
{
	uint64_t all = (uint64_t)(load.seconds * load.rate + 0.5), begin = now();
	uint64_t end = begin + (uint64_t)(load.seconds * SECOND) * MOST_TIMES;
	for (uint64_t round = 1; round <= load.rounds; round++) {
		struct mark from = mark();
		wanted = all * round / load.rounds;
		due = opened;
		ticks_start((uint64_t)(SECOND / load.rate), open_due);
		while (closed < wanted)
			if (!pump(PATIENCE_MS) || now() > end)
				die("%llu connections do not end, %llu are still to come",
				    (unsigned long long)(opened - closed),
				    (unsigned long long)(all - opened));
		ticks_stop();
		until_quiet();
		look(&from, begin);
	}
}

const struct scenario churn = {
	.name = "churn",
	.help = "--rate connections a second come and leave when they are greeted",
	.run = run,
	.greeted = greeted,
	.lost = lost,
};
