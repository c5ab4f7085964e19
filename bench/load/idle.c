/*
 * Idle connections that only answer pings, until standard input ends. They are opened one after the
 * other, so that the time to open one depends only on the server.
 */
#include "bench/load/load.h"

#include <stdio.h>
#include <unistd.h>

enum { TIMED = 100 }; /* timed connections, from the 100th on and at the end */

static struct samples early, late;
static bool ended;

static void idle_greeted(struct peer *peer)
{
	if (load.greeted > load.peer_count - TIMED)
		sample(&late, peer->opened);
	else if (load.greeted >= TIMED && load.greeted < 2 * TIMED)
		sample(&early, peer->opened);
}

static void on_input(struct source *source)
{
	char rest[64];
	(void)source;
	ended = read(STDIN_FILENO, rest, sizeof(rest)) <= 0;
}

static void idle_run(void)
{
	struct source input = {on_input};
	printf("{\"connections\":%zu", load.peer_count);
	print_samples("early", &early);
	print_samples("late", &late);
	puts("}");
	fflush(stdout);
	watch(STDIN_FILENO, &input);
	while (!ended)
		pump(-1);
}

const struct scenario idle = {
	.name = "idle",
	.help = "stay idle until standard input ends",
	.opening = 1,
	.run = idle_run,
	.greeted = idle_greeted,
};
