/*
 * One reader that stands still, and what the others notice. The file names three rooms: one with
 * all the others, in which somebody speaks at a fixed rate; one of somebody who never stops telling
 * long stories; and in the third the one whom both rooms reach.
 *
 * The stories are told in both halves of a round. The only difference is that in one half, which
 * comes first in every other round, that one connection does not read.
 */
#include "bench/load/load.h"

#include <stdio.h>
#include <sys/epoll.h>

enum {
	AT_A_TIME = 64,
	STORIES = 20, /* for each message: a megabyte a second at the usual rate */
};

static struct room *others, *teller;
static struct peer *reader;

static void speak(uint64_t moment)
{
	say(others, moment, SHORT_TEXT);
	pass_turn(others);
	for (int i = 0; i < STORIES; i++)
		say(teller, moment, LONG_TEXT);
}

static void heard(struct peer *peer, const char *text, size_t len)
{
	if (load.sampling && peer->room == others)
		sample(&load.delivery, stamp_of(text, len));
}

static void pump_for(double seconds)
{
	uint64_t end = now() + (uint64_t)(seconds * SECOND);
	while (now() < end)
		pump(PATIENCE_MS);
}

static void lost(struct peer *peer)
{
	if (peer != reader)
		die("a connection broke that reads all it gets");
}

static void half(bool stands_still)
{
	load.delivery.count = 0;
	if (!peer_open(reader))
		die("nobody listens on %s", load.target);
	while (!reader->greeted)
		if (!pump(PATIENCE_MS))
			die("the reader was not greeted");
	if (stands_still)
		epoll_ctl(load.epoll, EPOLL_CTL_DEL, reader->fd, NULL);
	ticks_start((uint64_t)(SECOND * (double)others->count / load.rate), speak);
	pump_for(load.warm_up);
	load.sampling = true;
	pump_for(load.seconds);
	load.sampling = false;
	size_t rss = server_rss();
	ticks_stop();
	drain();
	if (reader->fd >= 0)
		peer_close(reader);
	until_quiet();
	printf("\"%s\":{\"rss\":%zu", stands_still ? "stuck" : "reads", rss);
	print_samples("delivery", &load.delivery);
	fputs("}", stdout);
}

static void run(void)
{
	if (load.room_count != 3 || load.rooms[1].count != 1 || load.rooms[2].count != 1)
		die("one room, a teller and a reader are wanted");
	others = &load.rooms[0];
	teller = &load.rooms[1];
	reader = &load.peers[load.rooms[2].first];
	reader->narrow = true;
	load.peer_count--; /* the last, who is opened for each half */
	peers_open(AT_A_TIME);
	until_quiet();
	fputs("[", stdout);
	for (uint64_t round = 0; round < load.rounds; round++) {
		fputs(round > 0 ? ",\n{" : "{", stdout);
		half(round % 2 > 0);
		fputs(",", stdout);
		half(round % 2 == 0);
		fputs("}", stdout);
	}
	puts("]");
}

const struct scenario stuck = {
	.name = "stuck",
	.help = "--rate deliveries a second, with one connection that reads and then does not",
	.run = run,
	.heard = heard,
	.lost = lost,
};
