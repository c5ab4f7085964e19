/* aeon.fcgi: the REST interface, as a CGI program or as a pool of FastCGI workers. */
#include "config.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/process.h"
#include "cgi/app.h"
#include "cgi/gateway.h"
#include "cgi/inherit.h"
#include "cgi/master.h"
#include "cgi/metrics.h"
#include "cgi/nginx.h"
#include "realm/erase.h"
#include "realm/forget.h"
#include "realm/indexing.h"
#include "realm/notes.h"
#include "realm/settings.h"
#include "realm/prune.h"
#include "realm/votes.h"
#include "store/lead.h"

#define PROGRAM "aeon.fcgi"
#define WAL_LARGE (4 * 1024 * 1024) /* bytes; above this a CGI process does the maintenance */
#define PRUNE_STEPS 8
#define INDEX_STEPS 16
#define MERGE_STEPS 256
#define LIFE_SECONDS 300 /* longest time for one CGI request; a client may read very slowly */

static const char usage[] =
	"Usage: " PROGRAM " [--config FILE]\n"
	"       " PROGRAM " [--config FILE] --listen unix:PATH [--workers N] [--pool NAME]\n"
	"       " PROGRAM " --nginx-routes\n"
	"       " PROGRAM " [--config FILE] --nginx-settings\n"
	"\n"
	"Without --listen, answers one CGI request from the environment and standard input.\n"
	"\n"
	"  --listen unix:PATH  serve FastCGI on this socket until SIGTERM; SIGHUP reloads the\n"
	"                      program and its configuration\n"
	"  --workers N         number of worker processes, 1 to 64 (the\n"
	"                      setting workers by default)\n"
	"  --pool NAME         the pool's name in the log (\"default\" by default). The pool "
	"\"fast\"\n"
	"                      hashes no passwords: nginx passes such requests to the pool "
	"\"slow\"\n"
	"  --config FILE       the configuration file (AEON_CONFIG by default)\n"
	"  --nginx-routes      print a part of nginx's configuration: which pool answers which "
	"route\n"
	"  --nginx-settings    print another part of it: the settings that nginx must know\n"
	"  --help              print this help\n"
	"  --version           print the version\n";

static int fail(int code, const char *message)
{
	fprintf(stderr, PROGRAM ": %s\n", message);
	return code;
}

static void prune(struct app *app, struct problem *why)
{
	int removed = app_store(app, why) == 0;
	if (app->store)
		store_work_end(app->store);
	for (int i = 0; i < PRUNE_STEPS && removed > 0; i++)
		removed = realm_prune(app->store, app->settings, why);
}

/* Long texts that wait for the index: more than one when another process has failed. */
static int index_texts(struct store *store, struct problem *why)
{
	int done = 1;
	for (int i = 0; i < INDEX_STEPS && done > 0; i++)
		done = index_text(store, why);
	return done;
}

/* What other users wait for, and what must not be read any more. */
static void do_urgent(struct app *app)
{
	struct problem why = {0};
	if (!app->store)
		return;
	if (index_texts(app->store, &why) >= 0 && forget_step(app->store, &why) >= 0)
		votes_tell(app->store, app->settings->votes_ms * 1000, &why);
	if (why.code)
		log_problem(LOG_LEVEL_WARN, "maintenance", &why);
}

static int merge_index(struct app *app, struct problem *why)
{
	int done = app->store ? 1 : 0;
	for (int i = 0; i < MERGE_STEPS && done > 0; i++)
		done = index_merge(app->store, why);
	return done;
}

/* On a host that only runs CGI programs no other process does the maintenance. */
static void maintain(struct app *app)
{
	const struct settings *settings = app->settings;
	struct leader *leader = NULL;
	struct checkpoint done;
	struct problem why = {0};
	do_urgent(app);
	if (store_log_bytes(settings->database) <= WAL_LARGE &&
	    !(app->store && prune_pending(app->store, &why) > 0))
		return;
	if (store_lead(settings->database, (int)settings->store_wait_ms, &leader, &why) > 0 &&
	    health_checkpoint(LEADER_CGI, leader, &done, &why) >= 0 &&
	    merge_index(app, &why) >= 0 &&
	    (!app->store || erase_from_files(app->store, leader, &why) >= 0) &&
	    leader_empty_log(leader, &why) >= 0)
		prune(app, &why);
	store_resign(&leader);
	if (why.code)
		log_problem(LOG_LEVEL_WARN, "maintenance", &why);
}

static int serve_cgi(const struct settings *settings)
{
	const struct gateway gateway = gateway_cgi();
	struct app app = {.settings = settings, .is_cgi = true};
	if (!gateway_get(&gateway, "REQUEST_METHOD")) {
		fputs(usage, stderr);
		return EX_USAGE;
	}
	signal(SIGPIPE, SIG_IGN); /* a client that has disconnected must not end the maintenance */
	alarm(LIFE_SECONDS);
	request_metrics_open(settings);
	app_serve(&app, &gateway, APP_CANNOT_WAIT);
	alarm(0);
	close(STDOUT_FILENO); /* ends the answer, so that the client need not wait any longer */
	maintain(&app);
	app_free(&app);
	return EX_OK;
}

/* settings NULL: prints the routes. */
static int print_for_nginx(const struct settings *settings)
{
	struct buf out = {0};
	if (settings)
		nginx_print_settings(settings, &out);
	else
		nginx_print_routes(&out);
	fputs(buf_text(&out), stdout);
	buf_free(&out);
	return EX_OK;
}

/* Returns -1 to go on, or an exit code. */
static int parse_options(int argc, char **argv, struct pool *pool, bool *nginx)
{
	static const struct option options[] = {
		{"listen", required_argument, NULL, 'l'},
		{"workers", required_argument, NULL, 'w'},
		{"pool", required_argument, NULL, 'p'},
		{"config", required_argument, NULL, 'c'},
		{"nginx-routes", no_argument, NULL, 'n'},
		{"nginx-settings", no_argument, NULL, 's'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'v'},
		{0},
	};
	char *end = "";
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		switch (option) {
		case 'l':
			if (strncmp(optarg, "unix:", 5) != 0 || !optarg[5])
				return fail(EX_USAGE, "--listen needs unix:PATH");
			pool->path = optarg + 5;
			break;
		case 'w':
			pool->workers = (int)strtol(optarg, &end, 10);
			if (*end || pool->workers < 1 || pool->workers > WORKERS_MAX)
				return fail(EX_USAGE, "--workers needs a number from 1 to 64");
			break;
		case 'p':
			pool->name = optarg;
			break;
		case 'c':
			pool->config = optarg;
			break;
		case 'n':
			return print_for_nginx(NULL);
		case 's':
			*nginx = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return EX_OK;
		case 'v':
			puts(PROGRAM " " PACKAGE_VERSION);
			return EX_OK;
		default:
			return EX_USAGE;
		}
	}
	return optind < argc ? fail(EX_USAGE, "unexpected argument; see --help") : -1;
}

int main(int argc, char **argv)
{
	struct pool pool = {.name = "default"};
	bool nginx = false;
	static struct settings settings; /* used until the process ends */
	struct problem why = {0};
	process_protect();
	inherit_prepare(argv);
	signal(SIGXFSZ, SIG_IGN); /* a file at its size limit is then an error like a full disk */
	/* A web server may put a request's query string on a CGI program's command line. */
	int exit_code = getenv("GATEWAY_INTERFACE") ? -1 : parse_options(argc, argv, &pool, &nginx);
	if (exit_code >= 0)
		return exit_code;
	if (settings_load(pool.config, &settings, &why) < 0)
		return fail(EX_CONFIG, why.detail);
	if (nginx)
		return print_for_nginx(&settings);
	log_setup(PROGRAM, (enum log_level)settings.log_level);
	if (!pool.path)
		return serve_cgi(&settings);
	if (!pool.workers)
		pool.workers = (int)settings.workers;
	int code = master_run(&settings, &pool, &why);
	return code < 0 ? fail(EX_CANTCREAT, why.detail) : code;
}
