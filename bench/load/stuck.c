/*
 * One reader that stops reading, and the latency of all others. The file has three rooms: one with
 * all the others, which get messages at a fixed rate; one of a sender of long messages; and one
 * with only the reader, which is a member of both other rooms.
 *
 * The long messages are sent in both halves of a round. In one half the reader does not read; this
 * half comes first in every other round.
 */
#include "bench/load/load.h"

#include <stdio.h>
#include <sys/epoll.h>

enum {
	OPEN_AT_ONCE = 64,
	LONG_MESSAGES =
		20, /* long messages for each short one: a megabyte a second at the default rate */
};

static struct room *others, *long_sender;
static struct peer *reader;

static void send_all(uint64_t moment)
{
	send_chat(others, moment, SHORT_TEXT);
	pass_turn(others);
	for (int i = 0; i < LONG_MESSAGES; i++)
		send_chat(long_sender, moment, LONG_TEXT);
}

static void stuck_chat_received(struct peer *peer, const char *text, size_t len)
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

static void stuck_lost(struct peer *peer)
{
	if (peer != reader)
		die("a connection broke that reads everything");
}

static void run_half(bool reader_stops)
{
	load.delivery.count = 0;
	if (!peer_open(reader))
		die("no server listens on %s", load.target);
	while (!reader->greeted)
		if (!pump(PATIENCE_MS))
			die("the reader was not greeted");
	if (reader_stops)
		epoll_ctl(load.epoll, EPOLL_CTL_DEL, reader->fd, NULL);
	ticks_start((uint64_t)(SECOND * (double)others->count / load.rate), send_all);
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
	printf("\"%s\":{\"rss\":%zu", reader_stops ? "stuck" : "reads", rss);
	print_samples("delivery", &load.delivery);
	fputs("}", stdout);
}

static void stuck_run(void)
{
	if (load.room_count != 3 || load.rooms[1].count != 1 || load.rooms[2].count != 1)
		die("the file must have a room, a sender and a reader");
	others = &load.rooms[0];
	long_sender = &load.rooms[1];
	reader = &load.peers[load.rooms[2].first];
	reader->small_buffers = true;
	load.peer_count--; /* the reader is the last one, and is opened for each half */
	peers_open(OPEN_AT_ONCE);
	until_quiet();
	fputs("[", stdout);
	for (uint64_t round = 0; round < load.rounds; round++) {
		fputs(round > 0 ? ",\n{" : "{", stdout);
		run_half(round % 2 > 0);
		fputs(",", stdout);
		run_half(round % 2 == 0);
		fputs("}", stdout);
	}
	puts("]");
}

const struct scenario stuck = {
	.name = "stuck",
	.help = "--rate deliveries a second, with one connection that alternately reads and stops",
	.run = stuck_run,
	.chat_received = stuck_chat_received,
	.lost = stuck_lost,
};
