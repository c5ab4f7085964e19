/*
 * A simulation around the bridge's core. Random clients connect, send, join, leave, read slowly,
 * lose their connection and reconnect. The store thread and the disk are slow, other processes
 * write, and the bridge is killed and restarted.
 *
 * After each commit the expected events are read from the log. Every frame that a client receives
 * is compared with them: the order must be right, and no event may be repeated, missing or hidden
 * from the client. From time to time the clients stop sending until each has received everything,
 * and believes of the presence of all users what REST says. Then some of them type.
 *
 *	model [--seed 1] [--steps 1000000]
 */
#include <getopt.h>
#include <string.h>

#include "base/clock.h"
#include "tests/model/client.h"
#include "tests/model/presence.h"
#include "tests/model/typing.h"

#define STEPS 1000000
#define QUIET_EVERY 5000
#define QUIET_TURNS 4000
#define PRESENCE_TURNS 1200            /* two minutes */
#define TYPING_TOLD (2 * CLOCK_SECOND) /* longer than the pause between two indicators */
#define TYPING_OVER (8 * CLOCK_SECOND) /* and the time-out */

static void run_loop(void)
{
	struct socket *sockets[CLIENTS];
	for (int i = 0; i < CLIENTS; i++)
		sockets[i] = clients[i].socket;
	sim_run_loop(sockets, CLIENTS);
}

static void run_store(void)
{
	sim_run_batch();
	expected_update();
}

static void restart_bridge(void)
{
	for (int i = 0; i < CLIENTS; i++)
		client_disconnect(&clients[i]);
	sim_kill_bridge();
	sim_start_bridge();
}

static void simulation_step(void)
{
	switch (random_below(8)) {
	case 0:
	case 1:
		run_store();
		break;
	case 2:
		sim_sync_disk();
		break;
	case 3:
	case 4:
		run_loop();
		break;
	default:
		client_step(&clients[random_below(CLIENTS)], false);
	}
	sim_advance_clock(random_below(chance(2000) ? 20000000 : 4000));
	if (chance(20000))
		restart_bridge();
}

/* What the first client that is not complete waits for, or NULL. */
static const char *waiting_client(int *number)
{
	for (*number = 0; *number < CLIENTS; ++*number) {
		const char *what = client_waits_for(&clients[*number]);
		if (what)
			return what;
	}
	return NULL;
}

/* One turn without new commands. */
static void quiet_turn(void)
{
	for (int i = 0; i < CLIENTS; i++)
		client_step(&clients[i], true);
	run_loop();
	run_store();
	sim_sync_disk();
	sim_advance_clock(20000);
}

/* Runs without new commands until every client has received everything. */
static void settle(void)
{
	const char *what;
	int number;
	for (int turn = 0; (what = waiting_client(&number)) != NULL; turn++) {
		HOLDS(turn < QUIET_TURNS, "client %d still waits for %s", number, what);
		quiet_turn();
	}
}

/* Runs until all clients believe what REST says. By then the presence of users who asked by REST
 * has ended. */
static void settle_presences(void)
{
	char difference[128];
	for (int turn = 0; !presence_agrees(difference); turn++) {
		HOLDS(turn < PRESENCE_TURNS, "%s", difference);
		sim_advance_clock(80000);
		settle();
		quiet_turn();
	}
}

static void check_typing(int64_t us)
{
	char difference[128];
	for (int64_t end = sim.now + us; sim.now < end; sim_advance_clock(80000))
		quiet_turn();
	settle();
	HOLDS(typing_agrees(difference), "%s", difference);
}

/* What a client believes of typing follows from what was said, and ends with the time-out. */
static void try_typing(void)
{
	typing_open();
	check_typing(TYPING_OVER);
	typing_begin();
	check_typing(TYPING_TOLD);
	typing_go_on();
	check_typing(TYPING_TOLD);
	typing_time_out();
	check_typing(TYPING_OVER);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"seed", required_argument, NULL, 's'},
						{"steps", required_argument, NULL, 'n'},
						{NULL, 0, NULL, 0}};
	const char *wanted = getenv("AEON_MODEL_STEPS");
	uint64_t seed = 1;
	int64_t steps = wanted ? atoll(wanted) : STEPS;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option == '?')
			return 64;
		*(option == 's' ? (int64_t *)&seed : &steps) = atoll(optarg);
	}
	printf("1..1\n# seed %llu, %lld steps\n", (unsigned long long)seed, (long long)steps);
	fflush(stdout);
	sim_open(seed);
	expected_open();
	sim_start_bridge();
	clients_open();
	for (sim.step = 1; sim.step <= steps; sim.step++) {
		simulation_step();
		if (sim.step % QUIET_EVERY == 0)
			settle(), settle_presences(), try_typing();
	}
	clients_close();
	sim_kill_bridge();
	printf("ok 1 - every client receives the expected events # %lld events\n",
	       (long long)expected.pos);
	expected_close();
	sim_close();
	return 0;
}
