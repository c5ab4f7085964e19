/* Chat in every room, in one of three patterns, and the time of its delivery. */
#include "bench/load/load.h"

#include <stdio.h>

enum {
	BURST = 4,         /* messages per room and round */
	OPEN_AT_ONCE = 64, /* connections opened together; below any listen backlog */
};

static bool sending;
static size_t next_room;

static void burst_round(void)
{
	for (size_t r = 0; r < load.room_count; r++)
		for (int i = 0; i < BURST; i++) {
			send_chat(&load.rooms[r], now(), SHORT_TEXT);
			pass_turn(&load.rooms[r]);
		}
	drain();
}

static void send_due(uint64_t moment)
{
	struct room *room = &load.rooms[next_room];
	if (!sending)
		return;
	send_chat(room, moment, SHORT_TEXT);
	pass_turn(room);
	next_room = (next_room + 1) % load.room_count;
}

static void chat_start(void)
{
	sending = true;
	if (load.scenario == &rate)
		ticks_start((uint64_t)(SECOND * (double)load.rooms[0].count / load.rate), send_due);
	for (size_t r = 0; load.scenario == &single && r < load.room_count; r++)
		send_chat(&load.rooms[r], now(), SHORT_TEXT);
}

static void chat_run_for(double seconds)
{
	uint64_t end = now() + (uint64_t)(seconds * SECOND);
	while (now() < end) {
		if (load.scenario == &bursts)
			burst_round();
		else if (!pump(PATIENCE_MS))
			die("the server has stopped sending");
	}
}

static void chat_run(void)
{
	until_quiet();
	chat_start();
	chat_run_for(load.warm_up);
	load.sampling = true;
	struct mark from = mark();
	chat_run_for(load.seconds);
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

/* When a sender receives its own message, the next member sends. */
static void send_next(struct peer *peer, const char *text, size_t len)
{
	struct room *room = peer->room;
	if (!sending || peer != &load.peers[room->first + room->turn] ||
	    stamp_of(text, len) != room->stamp)
		return;
	pass_turn(room);
	send_chat(room, now(), SHORT_TEXT);
}

static void sample_delivery(struct peer *peer, const char *text, size_t len)
{
	(void)peer;
	if (load.sampling)
		sample(&load.delivery, stamp_of(text, len));
}

const struct scenario bursts = {
	.name = "bursts",
	.help = "4 members of every room send at once; the next 4 when all have received it",
	.opening = OPEN_AT_ONCE,
	.run = chat_run,
};
const struct scenario single = {
	.name = "single",
	.help = "one member of every room sends; the next when the sender has received it",
	.opening = OPEN_AT_ONCE,
	.run = chat_run,
	.chat_received = send_next,
};
const struct scenario rate = {
	.name = "rate",
	.help = "--rate deliveries a second in total, at fixed times",
	.opening = OPEN_AT_ONCE,
	.run = chat_run,
	.chat_received = sample_delivery,
};
