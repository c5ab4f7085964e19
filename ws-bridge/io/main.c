/* aeon-ws, the WebSocket bridge: the command line. Exit codes are those of sysexits.h. */
#include <getopt.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sysexits.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/process.h"
#include "config.h"
#include "realm/settings.h"
#include "ws-bridge/core/asyncapi.h"
#include "ws-bridge/io/loop.h"

static const char usage[] =
	"Usage: aeon-ws [--config FILE] [--instance K] --listen unix:/PATH | ADDRESS:PORT\n\n"
	"Serves the WebSockets of an AEON realm: chat, presence, typing and live events.\n\n"
	"  --listen WHERE   the socket to serve; the realm's web server connects to it\n"
	"  --instance K     the number of this bridge, from 1 (the default) to ws_bridges\n"
	"  --config FILE    the configuration file (default: the one that AEON_CONFIG names)\n"
	"  --asyncapi       print the description of the WebSocket as AsyncAPI 3.0\n"
	"  --help           print this text\n"
	"  --version        print the version of the program\n\n"
	"Exit codes are those of sysexits.h: 64 wrong usage, 65 a database of another version,\n"
	"69 no database, 73 a socket cannot be created, 75 busy, 78 wrong configuration.\n";

static int report_failure(const struct problem *why)
{
	fprintf(stderr, "aeon-ws: %s%s%s\n", why->detail, why->cause[0] ? ": " : "", why->cause);
	return process_exit_code(why->code);
}

/* Each connection is a descriptor, so the program takes as many as it may have. */
static void raise_limits(void)
{
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
}

static int serve(const char *config, const char *instance, const char *listen)
{
	struct settings settings;
	struct problem why = {0};
	int number;
	if (settings_load(config, &settings, &why) < 0 ||
	    process_number(instance, settings.ws_bridges, "ws_bridges", &number, &why) < 0)
		return report_failure(&why);
	log_setup("aeon-ws", (enum log_level)settings.log_level);
	process_ignore_signals();
	raise_limits();
	return loop_run(&settings, number, listen, &why) == 0 ? EX_OK : report_failure(&why);
}

static void print_asyncapi(void)
{
	struct buf out = {0};
	asyncapi_put(&out);
	puts(buf_text(&out));
	buf_free(&out);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"listen", required_argument, NULL, 'l'},
		{"config", required_argument, NULL, 'c'},
		{"instance", required_argument, NULL, 'i'},
		{"asyncapi", no_argument, NULL, 'a'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'v'},
		{NULL, 0, NULL, 0},
	};
	const char *config = NULL, *listen = NULL, *instance = "1";
	process_protect();
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		switch (option) {
		case 'l':
			listen = optarg;
			break;
		case 'c':
			config = optarg;
			break;
		case 'i':
			instance = optarg;
			break;
		case 'a':
			print_asyncapi();
			return EX_OK;
		case 'h':
			fputs(usage, stdout);
			return EX_OK;
		case 'v':
			puts("aeon-ws " PACKAGE_VERSION);
			return EX_OK;
		default:
			fputs(usage, stderr);
			return EX_USAGE;
		}
	}
	if (!listen || optind < argc) {
		fputs(usage, stderr);
		return EX_USAGE;
	}
	return serve(config, instance, listen);
}
