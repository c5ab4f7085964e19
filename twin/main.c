/* aeon-twin, which answers for the users' twins: the command line. Exit codes are those of
 * sysexits.h. */
#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/log.h"
#include "base/process.h"
#include "realm/settings.h"
#include "twin/loop.h"

static const char usage[] =
	"Usage: aeon-twin [--config FILE] [--instance K]\n\n"
	"Answers for the twins of an AEON realm: in AEON rooms, to other twins, and to their "
	"owners.\n\n"
	"  --instance K     the number of this process, from 1 (the default) to twins\n"
	"  --config FILE    the configuration file (default: the one that AEON_CONFIG names)\n"
	"  --help           print this text\n"
	"  --version        print the version of the program\n\n"
	"Exit codes are those of sysexits.h: 64 wrong usage, 65 a database of another version,\n"
	"69 no database, 73 a socket cannot be created, 75 busy, 78 wrong configuration.\n";

static int report_failure(const struct problem *why)
{
	fprintf(stderr, "aeon-twin: %s%s%s\n", why->detail, why->cause[0] ? ": " : "", why->cause);
	return process_exit_code(why->code);
}

static int answer(const char *config, const char *instance)
{
	struct settings settings;
	struct problem why = {0};
	int number;
	if (settings_load(config, &settings, &why) < 0 ||
	    process_number(instance, settings.twins, "twins", &number, &why) < 0)
		return report_failure(&why);
	log_setup("aeon-twin", (enum log_level)settings.log_level);
	process_ignore_signals();
	return loop_run(&settings, number, &why) == 0 ? EX_OK : report_failure(&why);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"config", required_argument, NULL, 'c'},
		{"instance", required_argument, NULL, 'i'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'v'},
		{NULL, 0, NULL, 0},
	};
	const char *config = NULL, *instance = "1";
	process_protect();
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		switch (option) {
		case 'c':
			config = optarg;
			break;
		case 'i':
			instance = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			return EX_OK;
		case 'v':
			puts("aeon-twin " PACKAGE_VERSION);
			return EX_OK;
		default:
			fputs(usage, stderr);
			return EX_USAGE;
		}
	}
	if (optind < argc) {
		fputs(usage, stderr);
		return EX_USAGE;
	}
	return answer(config, instance);
}
