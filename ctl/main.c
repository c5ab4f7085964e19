/*
 * aeonctl, the administrator's program: finds the command, opens the database that it needs, and
 * prints its answer.
 *
 * Only this file opens the database, so all commands report its problems in the same words. Exit
 * codes are those of sysexits.h.
 */
#include <errno.h>
#include <getopt.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/process.h"
#include "config.h"
#include "ctl/ctl.h"
#include "realm/realm.h"

static const struct command *const groups[] = {
	realm_commands,   user_commands,        audit_commands,   moderation_commands,
	setting_commands, maintenance_commands, recount_commands, backup_commands,
	demo_commands,    doctor_commands,      run_commands,
};
#define GROUP_COUNT (sizeof(groups) / sizeof(*groups))

int refuse(int exit_code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fputs("aeonctl: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	return exit_code;
}

int exit_code_of(enum problem_code code)
{
	switch (code) {
	case PROBLEM_INVALID:
	case PROBLEM_USERNAME_TAKEN:
	case PROBLEM_EMAIL_TAKEN:
	case PROBLEM_STORE_DAMAGED:
	case PROBLEM_STORE_TOO_NEW:
	case PROBLEM_STORE_TOO_OLD:
		return EX_DATAERR;
	case PROBLEM_USER_NOT_FOUND:
		return EX_NOUSER;
	case PROBLEM_STORE_BUSY:
		return EX_TEMPFAIL;
	case PROBLEM_STORE_FAILED:
		return EX_UNAVAILABLE;
	case PROBLEM_CONFIG:
		return EX_CONFIG;
	default:
		return EX_SOFTWARE;
	}
}

/* Adds a field table's faults as "username: String should have …; email: …". */
static void add_faults(struct buf *line, const char *errors)
{
	json_t *faults = json_loads(errors, 0, NULL), *fault;
	size_t i;
	json_array_foreach(faults, i, fault) {
		json_t *loc = json_object_get(fault, "loc");
		buf_printf(line, "%s%s: %s", i ? "; " : "",
			   json_string_value(json_array_get(loc, json_array_size(loc) - 1)),
			   json_string_value(json_object_get(fault, "msg")));
	}
	json_decref(faults);
}

static int refuse_problem(const struct ctl *ctl, const struct problem *why)
{
	struct buf *line = buf_in(ctl->arena);
	if (why->errors)
		add_faults(line, why->errors);
	else
		buf_puts(line, why->detail);
	if (why->cause[0])
		buf_printf(line, ": %s", why->cause);
	return refuse(exit_code_of(why->code), "%s", buf_text(line));
}

static const char *option_usage(const struct ctl *ctl, int takes)
{
	static const struct {
		int takes;
		const char *usage;
	} options[] = {
		{TAKES_PASSWORD, " [--password-stdin | --generate]"},
		{TAKES_ROLE, " [--role ROLE]"},
		{TAKES_FORCE, " [--force]"},
		{TAKES_FILTER, " [--actor NAME] [--action NAME] [--since TIME]"},
		{TAKES_SUSPENSION, " [--until TIME] [--remove-content]"},
		{TAKES_RUN, " [--nginx FILE] [--ready TEXT]"},
		{TAKES_STORE, " [--chroma | --neo4j]"},
	};
	struct buf *text = buf_in(ctl->arena);
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		if (takes & options[i].takes)
			buf_puts(text, options[i].usage);
	return buf_text(text);
}

static void print_command_help(const struct ctl *ctl, const struct command *command)
{
	printf("Usage: aeonctl %s%s%s%s\n\n%s\n", command->name, *command->arguments ? " " : "",
	       command->arguments, option_usage(ctl, command->takes), command->help);
}

static void print_help(void)
{
	puts("Usage: aeonctl [OPTION...] COMMAND [ARGUMENT...]\n\nCommands:");
	for (size_t i = 0; i < GROUP_COUNT; i++)
		for (const struct command *c = groups[i]; c->name; c++) {
			int width = printf("  %s %s", c->name, c->arguments);
			printf("%*s%.*s\n", width < 30 ? 30 - width : 1, "",
			       (int)strcspn(c->help, "\n"), c->help);
		}
	puts("\nOptions:\n"
	     "  --config FILE      use this configuration file instead of AEON_CONFIG\n"
	     "  --database FILE    use this database instead of the configured one\n"
	     "  --json             print the answer as JSON\n"
	     "  --help             print this help, or the help of a command\n"
	     "  --version          print the version\n\n"
	     "Exit codes are those of sysexits.h: 64 wrong usage, 65 wrong data, 66 no database,\n"
	     "67 no such user, 69 unavailable, 73 cannot create, 75 busy, 78 wrong configuration.");
}

/* Finds the command that the words begin with; *words_r is the number of words in its name. */
static const struct command *find_command(char **words, int count, int *words_r)
{
	for (size_t i = 0; i < GROUP_COUNT; i++) {
		for (const struct command *c = groups[i]; c->name; c++) {
			size_t first = strcspn(c->name, " ");
			bool two = c->name[first] != '\0';
			if (count < 1 + two || strlen(words[0]) != first ||
			    strncmp(words[0], c->name, first) != 0 ||
			    (two && strcmp(words[1], c->name + first + 1) != 0))
				continue;
			*words_r = 1 + two;
			return c;
		}
	}
	return NULL;
}

int ctl_settings(struct ctl *ctl, struct problem *why)
{
	const char *file = ctl->config ? ctl->config : getenv("AEON_CONFIG");
	if (file)
		TRY(owner_borrow(file, why));
	int loaded = settings_load(file, &ctl->settings, why);
	TRY(owner_return(why));
	TRY(loaded);
	if (ctl->database)
		ctl->settings.database = ctl->database;
	return owner_become(ctl->settings.database, why);
}

int check_files(struct ctl *ctl, enum command_needs needs)
{
	const char *database = ctl->settings.database;
	const char *folder = dirname(arena_strdup(ctl->arena, database));
	if (needs == NEEDS_REALM && access(database, F_OK) != 0)
		return refuse(EX_NOINPUT, "there is no database %s; create it with 'aeonctl init'",
			      database);
	if (access(folder, W_OK | X_OK) != 0)
		return refuse(EX_CANTCREAT, "cannot write to the directory %s: %s", folder,
			      strerror(errno));
	return 0;
}

static int command_run(struct ctl *ctl, const struct command *command, struct problem *why)
{
	if (command->needs >= NEEDS_SETTINGS)
		TRY(ctl_settings(ctl, why));
	if (command->needs >= NEEDS_REALM) {
		int refused = check_files(ctl, command->needs);
		if (refused)
			return refused;
	}
	/* init and migrate open the database themselves. */
	if (command->needs == NEEDS_REALM)
		TRY(realm_open(&ctl->settings, STORE_SERVE, &ctl->store, why));
	return command->run(ctl, why);
}

static int command_run_and_print(struct ctl *ctl, const struct command *command)
{
	struct problem why = {0};
	int result = command_run(ctl, command, &why);
	if (result < 0)
		result = refuse_problem(ctl, &why);
	if (ctl->json && ctl->out->len)
		puts(ctl->out->data);
	else if (ctl->out->len)
		print_plain(ctl->out->data, command->columns);
	if (fflush(stdout) != 0 || ferror(stdout))
		result = refuse(EX_IOERR, "cannot write the answer: %s", strerror(errno));
	return result;
}

enum { WANT_HELP = 1 << 8, WANT_VERSION = 1 << 9, WRONG_OPTION = 1 << 10 };

/* Returns the TAKES_… and WANT_… of all options. */
static int read_options(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
		{"config", required_argument, NULL, 'c'},
		{"database", required_argument, NULL, 'd'},
		{"json", no_argument, NULL, 'j'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'v'},
		{"force", no_argument, NULL, 'f'},
		{"generate", no_argument, NULL, 'g'},
		{"password-stdin", no_argument, NULL, 'p'},
		{"role", required_argument, NULL, 'r'},
		{"actor", required_argument, NULL, 'u'},
		{"action", required_argument, NULL, 'a'},
		{"since", required_argument, NULL, 's'},
		{"until", required_argument, NULL, 'e'},
		{"remove-content", no_argument, NULL, 'o'},
		{"nginx", required_argument, NULL, 'n'},
		{"ready", required_argument, NULL, 'R'},
		{"chroma", no_argument, NULL, 'C'},
		{"neo4j", no_argument, NULL, 'N'},
		{0},
	};
	int letter, seen = 0;
	while ((letter = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (letter) {
		case 'c':
			ctl->config = optarg;
			break;
		case 'd':
			ctl->database = optarg;
			break;
		case 'j':
			ctl->json = true;
			break;
		case 'h':
			seen |= WANT_HELP;
			break;
		case 'v':
			seen |= WANT_VERSION;
			break;
		case 'f':
			ctl->force = true;
			seen |= TAKES_FORCE;
			break;
		case 'g':
			ctl->generate = true;
			seen |= TAKES_PASSWORD;
			break;
		case 'p':
			ctl->password_stdin = true;
			seen |= TAKES_PASSWORD;
			break;
		case 'u':
			ctl->actor = optarg;
			seen |= TAKES_FILTER;
			break;
		case 'a':
			ctl->action = optarg;
			seen |= TAKES_FILTER;
			break;
		case 'e':
			ctl->until = optarg;
			seen |= TAKES_SUSPENSION;
			break;
		case 'o':
			ctl->remove_content = true;
			seen |= TAKES_SUSPENSION;
			break;
		case 's':
			ctl->since = optarg;
			seen |= TAKES_FILTER;
			break;
		case 'r':
			ctl->role = optarg;
			seen |= TAKES_ROLE;
			break;
		case 'n':
			ctl->nginx = optarg;
			seen |= TAKES_RUN;
			break;
		case 'R':
			ctl->ready = optarg;
			seen |= TAKES_RUN;
			break;
		case 'C':
			ctl->refilled = "chroma";
			seen |= TAKES_STORE;
			break;
		case 'N':
			ctl->refilled = "neo4j";
			seen |= TAKES_STORE;
			break;
		default:
			seen |= WRONG_OPTION;
		}
	}
	return seen;
}

static int dispatch(struct ctl *ctl, int argc, char **argv)
{
	int seen = read_options(ctl, argc, argv), words = 0;
	const struct command *command = find_command(argv + optind, argc - optind, &words);
	if (seen & WRONG_OPTION)
		return EX_USAGE;
	if (seen & WANT_VERSION)
		return printf("aeonctl %s\n", PACKAGE_VERSION) < 0;
	if (seen & WANT_HELP && (command || optind == argc)) {
		if (command)
			print_command_help(ctl, command);
		else
			print_help();
		return EX_OK;
	}
	if (optind == argc)
		return refuse(EX_USAGE, "no command given; see 'aeonctl --help'");
	if (!command)
		return refuse(EX_USAGE, "unknown command '%s'; see 'aeonctl --help'", argv[optind]);
	if (seen & ~command->takes || argc - optind - words != command->args)
		return refuse(EX_USAGE, "usage: aeonctl %s%s%s%s", command->name,
			      *command->arguments ? " " : "", command->arguments,
			      option_usage(ctl, command->takes));
	ctl->args = argv + optind + words;
	return command_run_and_print(ctl, command);
}

int main(int argc, char **argv)
{
	process_protect();
	log_setup("aeonctl", LOG_LEVEL_WARN);
	struct ctl ctl = {.arena = arena_new()};
	ctl.out = buf_in(ctl.arena);
	int result = dispatch(&ctl, argc, argv);
	store_close(&ctl.store);
	arena_free(&ctl.arena);
	return result;
}
