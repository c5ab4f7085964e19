/*
 * Within ctl/ only: what a command of aeonctl is, and what it gets.
 *
 * A command is a row: its words, what it takes, what it needs, and one function that writes its
 * answer as one JSON value. main.c prints that as it is (--json) or for people, so no command says
 * a thing twice.
 */
#ifndef CTL_CTL_H
#define CTL_CTL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/problem.h"
#include "realm/settings.h"
#include "store/store.h"

struct arena;

/* The options that some commands take; all take --config, --database, --json and --help. */
enum {
	TAKES_PASSWORD = 1 << 0, /* --password-stdin, --generate */
	TAKES_ROLE = 1 << 1,
	TAKES_FORCE = 1 << 2,
};

struct ctl {
	struct arena *arena;
	struct settings settings;
	struct store *store; /* NULL unless the command needs one */
	struct buf *out;     /* the answer */
	char **args;         /* behind the command's words, as many as it wants; then NULL */
	const char *config;  /* --config, or NULL */
	const char *database;
	const char *role;
	bool force, generate, password_stdin, json;
};

enum command_needs {
	NEEDS_NOTHING,
	NEEDS_SETTINGS,
	NEEDS_REALM,    /* an existing database */
	NEEDS_MIGRATED, /* made or brought up to date first */
};

struct command {
	const char *name; /* one word or two; NULL ends a table */
	const char *arguments;
	const char *help;
	int takes; /* options */
	int args;  /* how many, exactly */
	enum command_needs needs;
	/* 0, or -1 with a problem, or the exit code to end with */
	int (*run)(struct ctl *ctl, struct problem *why);
	const char *columns; /* of a list, for people; NULL: all */
};

extern const struct command realm_commands[]; /* init.c */
extern const struct command user_commands[];  /* users.c */
extern const struct command maintenance_commands[];
extern const struct command recount_commands[];
extern const struct command backup_commands[];
extern const struct command demo_commands[];
extern const struct command doctor_commands[];

/* "aeonctl: …" on stderr. Returns the exit code. */
int refuse(int exit_code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The settings, with --database in its place. */
int ctl_settings(struct ctl *ctl, struct problem *why);

/* The exit code that stands for a problem. */
int exit_code_of(enum problem_code code);

/* A new password, in the arena: from stdin, made up (*made_r), or asked for twice on the terminal.
 * NULL after refusing. */
const char *new_password(struct ctl *ctl, bool *made_r);

/* A bar on the terminal; nothing when stderr is none. It goes when done reaches total. */
void progress(const char *what, int done, int total);

/* A JSON value as people read it: an object as lines, a list as a table. */
void print_plain(const char *json, const char *columns);

#endif
