/* Chat in every room, in one of three patterns, and how fast it is delivered. */
#include "bench/load/load.h"

#include <stdio.h>

enum {
	BURST = 4,      /* messages per room and round */
	AT_A_TIME = 64, /* connections opened; below any listen backlog */
};

static bool sending;
static size_t next_room;

static void burst_round(void)
{
	for (size_t r = 0; r < load.room_count; r++)
		for (int i = 0; i < BURST; i++) {
			say(&load.rooms[r], now(), SHORT_TEXT);
			pass_turn(&load.rooms[r]);
		}
	drain();
}

static void say_next(uint64_t moment)
{
	struct room *room = &load.rooms[next_room];
	if (!sending)
		return;
	say(room, moment, SHORT_TEXT);
	pass_turn(room);
	next_room = (next_room + 1) % load.room_count;
}

static void start(void)
{
	sending = true;
	if (load.scenario == &rate)
		ticks_start((uint64_t)(SECOND * (double)load.rooms[0].count / load.rate), say_next);
	for (size_t r = 0; load.scenario == &single && r < load.room_count; r++)
		say(&load.rooms[r], now(), SHORT_TEXT);
}

static void run_for(double seconds)
{
	uint64_t end = now() + (uint64_t)(seconds * SECOND);
	while (now() < end) {
		if (load.scenario == &bursts)
			burst_round();
		else if (!pump(PATIENCE_MS))
			die("the server has fallen silent");
	}
}

static void run(void)
{
	until_quiet();
	start();
	run_for(load.warm_up);
	load.sampling = true;
	struct mark from = mark();
	run_for(load.seconds);
	struct mark to = mark();
	sending = load.sampling = false;
	if (load.scenario == &rate)
		ticks_stop();
	drain();
	until_quiet(); /* the last acknowledgements */
	printf("{\"connections\":%zu,\"sent\":%llu,\"acked\":%llu", load.peer_count,
	       (unsigned long long)load.sent, (unsigned long long)load.acked);
	print_span(&from, &to);
	print_samples("delivery", &load.delivery);
	print_samples("ack", &load.ack);
	puts("}");
}

/* Whoever has spoken hears it, and the next one speaks. */
static void answer(struct peer *peer, const char *text, size_t len)
{
	struct room *room = peer->room;
	if (!sending || peer != &load.peers[room->first + room->turn] ||
	    stamp_of(text, len) != room->stamp)
		return;
	pass_turn(room);
	say(room, now(), SHORT_TEXT);
}

static void time_it(struct peer *peer, const char *text, size_t len)
{
	(void)peer;
	if (load.sampling)
		sample(&load.delivery, stamp_of(text, len));
}

const struct scenario bursts = {
	.name = "bursts",
	.help = "4 members of every room speak at once, again when all have heard it",
	.opening = AT_A_TIME,
	.run = run,
};
const struct scenario single = {
	.name = "single",
	.help = "in every room one speaks, and when that one has heard it, the next",
	.opening = AT_A_TIME,
	.run = run,
	.heard = answer,
};
const struct scenario rate = {
	.name = "rate",
	.help = "--rate deliveries a second in all, whatever the server does",
	.opening = AT_A_TIME,
	.run = run,
	.heard = time_it,
};
