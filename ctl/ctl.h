/*
 * Used only in ctl/: a command of aeonctl, and the state that it runs with.
 *
 * A command is a row: its name, arguments, options and needs, and a function that writes its answer
 * as one JSON value. main.c prints the answer as JSON (--json) or as plain text, so no command
 * formats its output itself.
 */
#ifndef CTL_CTL_H
#define CTL_CTL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/problem.h"
#include "realm/settings.h"
#include "store/shape.h"

struct arena;

/* Options of single commands. All commands take --config, --database, --json and --help. */
enum {
	TAKES_PASSWORD = 1 << 0, /* --password-stdin, --generate */
	TAKES_ROLE = 1 << 1,
	TAKES_FORCE = 1 << 2,
	TAKES_FILTER = 1 << 3,     /* --actor, --action, --since */
	TAKES_RUN = 1 << 4,        /* --nginx, --ready */
	TAKES_SUSPENSION = 1 << 5, /* --until, --remove-content */
	TAKES_STORE = 1 << 6,      /* --chroma, --neo4j */
};

struct ctl {
	struct arena *arena;
	struct settings settings;
	struct store *store; /* NULL unless the command needs one */
	struct buf *out;     /* the answer */
	char **args;         /* the command's arguments; ends with NULL */
	const char *config;  /* --config, or NULL */
	const char *database;
	const char *role;
	const char *actor, *action, *since;
	const char *until;
	bool remove_content;
	const char *nginx, *ready; /* of run, or NULL */
	const char *refilled;      /* the store that is filled again, or NULL */
	bool force, generate, password_stdin, json;
};

enum command_needs {
	NEEDS_NOTHING,
	NEEDS_SETTINGS,
	NEEDS_REALM,    /* an existing database */
	NEEDS_MIGRATED, /* a database that is created or migrated first */
};

struct command {
	const char *name; /* one word or two; NULL ends a table */
	const char *arguments;
	const char *help;
	int takes; /* TAKES_… */
	int args;  /* exact number of arguments */
	enum command_needs needs;
	/* Returns 0, -1 with a problem, or an exit code. */
	int (*run)(struct ctl *ctl, struct problem *why);
	const char *columns; /* of a list as plain text; NULL: all */
};

extern const struct command realm_commands[]; /* init.c */
extern const struct command user_commands[];  /* users.c */
extern const struct command audit_commands[];
extern const struct command moderation_commands[];
extern const struct command setting_commands[];
extern const struct command maintenance_commands[];
extern const struct command recount_commands[];
extern const struct command backup_commands[];
extern const struct command demo_commands[];
extern const struct command doctor_commands[];
extern const struct command run_commands[];

/* Prints "aeonctl: …" on stderr. Returns the exit code. */
int refuse(int exit_code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Loads the settings; --database overrides theirs. Root then becomes the user that the database
 * belongs to.
 */
int ctl_settings(struct ctl *ctl, struct problem *why);

/* Finds problems that SQLite has no clear message for. Returns 0, or an exit code after refuse().
 */
int check_files(struct ctl *ctl, enum command_needs needs);

/* Root becomes the user that a file belongs to, also if the file does not exist yet. */
int owner_become(const char *path, struct problem *why);

/* Root has only that user's rights until owner_return(). */
int owner_borrow(const char *path, struct problem *why);
int owner_return(struct problem *why);

/* The exit code for a problem. */
int exit_code_of(enum problem_code code);

/*
 * A new password, in the arena: from stdin, generated (*generated_r is then true), or asked for
 * twice on the terminal. Returns NULL after refuse().
 */
const char *new_password(struct ctl *ctl, bool *generated_r);

/* Writes all pages of a list as one. */
int write_all_pages(struct ctl *ctl,
		    int (*list)(struct ctl *, struct page *, struct buf *out, void *context,
				struct problem *),
		    void *context, struct problem *why);

/* Has a store emptied and filled again, and waits for it with a progress bar. In stores.c. */
int refill(struct ctl *ctl, const char *store, struct problem *why);

/* What aeon-probe prints, with this argument or NULL; "" when it cannot run. The arena owns it. */
const char *ask_probe(struct ctl *ctl, const char *argument);

/* The folder of this program, where the others are, too. In run.c. */
const char *own_folder(struct arena *arena);

/* Shows a progress bar if stderr is a terminal, and removes it when `done` reaches `total`. */
void progress(const char *what, int done, int total);

/* Prints a JSON value as plain text: an object as lines, a list as a table. */
void print_plain(const char *json, const char *columns);

#endif
