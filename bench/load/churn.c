/*
 * Connections that come and go: --rate connections are opened per second, and each is closed when
 * it is greeted, in one of the ways in which clients close. With a slow server they come later, but
 * not fewer.
 */
#include "bench/load/load.h"

#include <stdio.h>
#include <sys/socket.h>

enum { MOST_TIMES = 3 }; /* times the planned duration; after that the server is too slow */

static uint64_t round_end, due, opened, closed;
static struct samples greeting;

static void close_with_frame(struct peer *peer)
{
	peer_send_close(peer);
}

static void close_at_once(struct peer *peer)
{
	peer_close(peer);
	closed++;
}

/* A reset, as when a browser is killed. */
static void close_with_reset(struct peer *peer)
{
	const struct linger none = {.l_onoff = 1};
	setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
	close_at_once(peer);
}

static void (*const close_ways[])(struct peer *peer) = {close_with_frame, close_at_once,
							close_with_reset};

static void churn_greeted(struct peer *peer)
{
	static size_t way;
	sample(&greeting, peer->opened);
	close_ways[way++ % (sizeof(close_ways) / sizeof(*close_ways))](peer);
}

static void churn_lost(struct peer *peer)
{
	(void)peer;
	closed++;
}

/* In turn, so that a user reconnects as late as possible. */
static void open_due(uint64_t moment)
{
	(void)moment;
	for (due++; opened < due && opened < round_end; opened++) {
		struct peer *peer = &load.peers[opened % load.peer_count];
		if (peer->fd >= 0)
			return;
		if (!peer_open(peer))
			die("no server listens on %s", load.target);
	}
}

/* Called when all connections of the round are closed, so that only leaks remain. */
static void print_round(const struct mark *from, uint64_t begin)
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

static void churn_run(void)
{
	uint64_t all = (uint64_t)(load.seconds * load.rate + 0.5), begin = now();
	uint64_t end = begin + (uint64_t)(load.seconds * SECOND) * MOST_TIMES;
	for (uint64_t round = 1; round <= load.rounds; round++) {
		struct mark from = mark();
		round_end = all * round / load.rounds;
		due = opened;
		ticks_start((uint64_t)(SECOND / load.rate), open_due);
		while (closed < round_end)
			if (!pump(PATIENCE_MS) || now() > end)
				die("%llu connections do not close, %llu were not opened",
				    (unsigned long long)(opened - closed),
				    (unsigned long long)(all - opened));
		ticks_stop();
		until_quiet();
		print_round(&from, begin);
	}
}

const struct scenario churn = {
	.name = "churn",
	.help = "open --rate connections a second, and close each when it is greeted",
	.run = churn_run,
	.greeted = churn_greeted,
	.lost = churn_lost,
};
