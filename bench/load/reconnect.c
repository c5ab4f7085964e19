/*
 * Clients that lose their server and reconnect as clients/js does: after a random part of a second,
 * then of delays that double with each failure, with `resume` from their last position. A client is
 * complete when it has received every seq of its room up to --messages, without a gap.
 */
#define _GNU_SOURCE
#include "bench/load/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	OPEN_AT_ONCE = 64,
	TICK = 10 * MILLISECOND,
	FIRST_DELAY_MS = 1000, /* most milliseconds before the first attempt, as in clients/js */
	LONGEST_DELAY_MS = 30000,
	SLOT = 100 * MILLISECOND,
	SLOTS = 600,
};

/* A client's state beside its connection. */
struct client {
	uint64_t seq, pos; /* everything up to here was received */
	unsigned failures;
	uint64_t due; /* time of the next attempt; 0: none */
	bool away;    /* has lost its connection and not resumed yet */
	bool resumed;
};

static struct client *clients; /* with the index of its peer */
static char epoch[64];
static uint64_t broken; /* the time at which the first connection broke */
static size_t complete;
static struct samples back, resumed, whole;
static unsigned attempts[SLOTS], welcomes[SLOTS];

static struct client *client_of(const struct peer *peer)
{
	return &clients[peer - load.peers];
}

static void count_in(unsigned *slots)
{
	uint64_t slot = (now() - broken) / SLOT;
	if (slot < SLOTS)
		slots[slot]++;
}

/* --- reconnecting ----------------------------------------------------------------------------- */

static void reconnect_lost(struct peer *peer)
{
	struct client *client = client_of(peer);
	uint64_t most = FIRST_DELAY_MS;
	for (unsigned i = 0; i < client->failures && most < LONGEST_DELAY_MS; i++)
		most *= 2;
	if (most > LONGEST_DELAY_MS)
		most = LONGEST_DELAY_MS;
	if (broken == 0)
		broken = now();
	double fixed = client->failures++ > 0 ? (double)most / 2 : 0;
	client->away = true;
	client->due =
		now() + (uint64_t)((fixed + drand48() * ((double)most - fixed)) * MILLISECOND) + 1;
}

static void try_again(uint64_t moment)
{
	(void)moment;
	for (size_t i = 0; i < load.peer_count; i++) {
		if (clients[i].due == 0 || clients[i].due > now())
			continue;
		clients[i].due = 0;
		count_in(attempts);
		if (!peer_open(&load.peers[i]))
			reconnect_lost(&load.peers[i]);
	}
}

static void reconnect_greeted(struct peer *peer)
{
	struct client *client = client_of(peer);
	char text[256];
	if (!client->away)
		return;
	client->failures = 0;
	count_in(welcomes);
	sample(&back, broken);
	int len =
		snprintf(text, sizeof(text), "{\"type\":\"resume\",\"epoch\":\"%s\",\"pos\":%llu}",
			 epoch, (unsigned long long)client->pos);
	peer_send(peer, text, (size_t)len);
}

/* --- receiving -------------------------------------------------------------------------------- */

static void note_if_complete(struct client *client)
{
	if (!client->resumed || client->away || client->seq != load.messages)
		return;
	sample(&whole, broken);
	complete++;
}

/* Before the end of resume, new messages may come before missed ones; they come again later. */
static void reconnect_chat_received(struct peer *peer, const char *text, size_t len)
{
	struct client *client = client_of(peer);
	uint64_t seq = number_after(text, len, "\"seq\":");
	if (seq <= client->seq)
		return;
	if (seq > client->seq + 1) {
		if (!client->away)
			die("number %llu follows %llu", (unsigned long long)seq,
			    (unsigned long long)client->seq);
		return;
	}
	client->seq = seq;
	if (!client->away)
		client->pos = number_after(text, len, "\"pos\":");
	note_if_complete(client);
}

static void on_resumed(struct client *client, const char *text, size_t len)
{
	if (!contains(text, len, "\"epoch_changed\":false") || !contains(text, len, "\"gaps\":[]"))
		die("a client could not resume: %.*s", (int)len, text);
	client->pos = number_after(text, len, "\"pos\":");
	client->away = false;
	client->resumed = true;
	sample(&resumed, broken);
	note_if_complete(client);
}

static void on_welcome(struct client *client, const char *text, size_t len)
{
	static const char key[] = "\"epoch\":\"";
	const char *at = memmem(text, len, key, strlen(key));
	if (client->away)
		return;
	if (at == NULL || sscanf(at + strlen(key), "%63[^\"]", epoch) != 1)
		die("a welcome without an epoch");
	client->pos = number_after(text, len, "\"pos\":");
}

static void reconnect_other_received(struct peer *peer, const char *text, size_t len)
{
	struct client *client = client_of(peer);
	if (contains(text, len, "\"type\":\"welcome\""))
		on_welcome(client, text, len);
	else if (contains(text, len, "\"type\":\"resumed\""))
		on_resumed(client, text, len);
}

/* --- the scenario ----------------------------------------------------------------------------- */

static void print_slots(const char *name, const unsigned *slots)
{
	size_t last = SLOTS;
	while (last > 0 && slots[last - 1] == 0)
		last--;
	printf(",\"%s\":[", name);
	for (size_t i = 0; i < last; i++)
		printf("%s%u", i > 0 ? "," : "", slots[i]);
	fputs("]", stdout);
}

static void reconnect_run(void)
{
	clients = grown(NULL, load.peer_count, sizeof(*clients));
	memset(clients, 0, load.peer_count * sizeof(*clients));
	srand48(1);
	peers_open(OPEN_AT_ONCE);
	until_quiet();
	puts("ready");
	fflush(stdout);
	ticks_start(TICK, try_again);
	uint64_t end = now() + (uint64_t)(load.seconds * SECOND);
	while (complete < load.peer_count && now() < end)
		pump(PATIENCE_MS);
	struct mark to = mark();
	printf("{\"clients\":%zu,\"complete\":%zu,\"broken\":%llu,\"load_cpu\":%.3f",
	       load.peer_count, complete, (unsigned long long)broken, (double)to.own_cpu / SECOND);
	print_samples("back", &back);
	print_samples("resumed", &resumed);
	print_samples("whole", &whole);
	print_slots("attempts", attempts);
	print_slots("welcomes", welcomes);
	puts("}");
}

const struct scenario reconnect = {
	.name = "reconnect",
	.help = "lose the server, reconnect, and receive all --messages of each room",
	.run = reconnect_run,
	.greeted = reconnect_greeted,
	.chat_received = reconnect_chat_received,
	.other_received = reconnect_other_received,
	.lost = reconnect_lost,
};
