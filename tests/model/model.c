/*
 * The bridge's core in a simulated world. Its clients are random but seeded: they connect, talk,
 * join, leave, read slowly, lose their connection and come back. The store thread and the disk take
 * their time, other processes write, and the bridge is killed and starts again.
 *
 * After each commit the truth is read from the log. Every frame that a client reads is compared
 * with it: the order must be right, and nothing may come twice, be missing, or be something that
 * the client may not see. Now and then nothing new happens, until every client has everything.
 *
 *	model [--seed N] [--steps N]
 */
#include <getopt.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "tests/model/client.h"

#define STEPS 1000000
#define QUIET_EVERY 5000
#define QUIET_TURNS 4000

static void sockets_turn(void)
{
	struct socket *sockets[CLIENTS];
	for (int i = 0; i < CLIENTS; i++)
		sockets[i] = clients[i].socket;
	loop_turns(sockets, CLIENTS);
}

static void store_turn(void)
{
	store_turns();
	truth_learns();
}

static void kill_and_begin(void)
{
	for (int i = 0; i < CLIENTS; i++)
		client_loses(&clients[i]);
	bridge_kill();
	bridge_begin();
}

static void step(void)
{
	switch (any(8)) {
	case 0:
	case 1:
		store_turn();
		break;
	case 2:
		disk_syncs();
		break;
	case 3:
	case 4:
		sockets_turn();
		break;
	default:
		client_turns(&clients[any(CLIENTS)], false);
	}
	time_passes(any(chance(2000) ? 20000000 : 4000));
	if (chance(20000))
		kill_and_begin();
}

/* What some client lacks, or NULL. */
static const char *lacking(int *who)
{
	for (*who = 0; *who < CLIENTS; ++*who) {
		const char *what = client_lacks(&clients[*who]);
		if (what)
			return what;
	}
	return NULL;
}

/* Nothing new happens until every client has everything. */
static void go_quiet(void)
{
	const char *what;
	int who;
	for (int turn = 0; (what = lacking(&who)) != NULL; turn++) {
		HOLDS(turn < QUIET_TURNS, "client %d lacks %s", who, what);
		for (int i = 0; i < CLIENTS; i++)
			client_turns(&clients[i], true);
		sockets_turn();
		store_turn();
		disk_syncs();
		time_passes(20000);
	}
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"seed", required_argument, NULL, 's'},
						{"steps", required_argument, NULL, 'n'},
						{NULL, 0, NULL, 0}};
	const char *wanted = getenv("AEON_MODEL_STEPS");
	uint64_t seed = (uint64_t)time(NULL);
	int64_t steps = wanted ? atoll(wanted) : STEPS;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option == '?')
			return 64;
		*(option == 's' ? (int64_t *)&seed : &steps) = atoll(optarg);
	}
	printf("1..1\n# seed %llu, %lld steps\n", (unsigned long long)seed, (long long)steps);
	fflush(stdout);
	world_open(seed);
	truth_open();
	bridge_begin();
	clients_open();
	for (world.step = 1; world.step <= steps; world.step++) {
		step();
		if (world.step % QUIET_EVERY == 0)
			go_quiet();
	}
	clients_close();
	bridge_kill();
	printf("ok 1 - clients see what happened # %lld events\n", (long long)truth.pos);
	truth_close();
	world_close();
	return 0;
}
