/* The command line of wsload: see load.h. */
#include "bench/load/load.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

struct load load = {.warm_up = 0.5, .seconds = 3, .rate = 12500, .rounds = 3, .messages = 10};

static const struct scenario *const scenarios[] = {&bursts, &single, &rate,     &idle,
						   &churn,  &stuck,  &reconnect};
static const char *peers_file, *scenario_name, *processes = "";

/* An option's type: const char *, double, uint64_t, or bool (without a value). */
enum kind { TEXT, REAL, COUNT, FLAG };

static const struct {
	const char *name, *value;
	enum kind kind;
	void *to;
	const char *help;
} options[] = {
	{"target", "HOST:PORT|unix:PATH", TEXT, &load.target, "the server"},
	{"peers", "FILE", TEXT, &peers_file, "a line \"room path token\" for each connection"},
	{"scenario", "NAME", TEXT, &scenario_name, "a scenario of the list below"},
	{"server", "PID,…", TEXT, &processes, "server processes, for CPU and memory"},
	{"silent", NULL, FLAG, &load.silent, "the server sends no greeting"},
	{"warm-up", "S", REAL, &load.warm_up, "seconds before the measurement"},
	{"seconds", "S", REAL, &load.seconds, "seconds of measurement, or of patience"},
	{"rate", "N", REAL, &load.rate, "deliveries or connections per second"},
	{"rounds", "N", COUNT, &load.rounds, "number of rounds"},
	{"messages", "N", COUNT, &load.messages, "messages in each room"},
};

enum {
	OPTIONS = sizeof(options) / sizeof(*options),
	SCENARIOS = sizeof(scenarios) / sizeof(*scenarios),
};

static void usage(void)
{
	fputs("usage: wsload OPTIONS\n", stderr);
	for (int i = 0; i < OPTIONS; i++)
		fprintf(stderr, "  --%-9s %-20s %s\n", options[i].name,
			options[i].value ? options[i].value : "", options[i].help);
	fputs("scenarios:\n", stderr);
	for (int i = 0; i < SCENARIOS; i++)
		fprintf(stderr, "  %-11s %s\n", scenarios[i]->name, scenarios[i]->help);
	exit(EXIT_FAILURE);
}

static void option_set(int option, const char *value)
{
	switch (options[option].kind) {
	case TEXT:
		*(const char **)options[option].to = value;
		break;
	case REAL:
		*(double *)options[option].to = atof(value);
		break;
	case COUNT:
		*(uint64_t *)options[option].to = strtoull(value, NULL, 10);
		break;
	case FLAG:
		*(bool *)options[option].to = true;
		break;
	}
}

static void options_parse(int argc, char **argv)
{
	struct option known[OPTIONS + 1] = {0};
	for (int i = 0; i < OPTIONS; i++)
		known[i] = (struct option){.name = options[i].name,
					   .has_arg = options[i].kind == FLAG ? no_argument
									      : required_argument,
					   .val = i};
	for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
		if (option == '?')
			usage();
		option_set(option, optarg);
	}
	for (int i = 0; i < SCENARIOS && scenario_name != NULL; i++)
		if (strcmp(scenarios[i]->name, scenario_name) == 0)
			load.scenario = scenarios[i];
	if (load.scenario == NULL || load.target == NULL || peers_file == NULL || load.rate <= 0)
		usage();
}

static void processes_parse(const char *text)
{
	for (char *end; *text && load.server_count < MOST_PROCESSES; text = end + (*end == ','))
		load.server[load.server_count++] = (pid_t)strtol(text, &end, 10);
}

int main(int argc, char **argv)
{
	options_parse(argc, argv);
	processes_parse(processes);
	load.epoll = epoll_create1(0);
	peers_read(peers_file);
	if (load.scenario->opening > 0)
		peers_open(load.scenario->opening);
	load.scenario->run();
	return 0;
}
