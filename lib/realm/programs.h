/*
 * The programs of a realm and their states, in a file of the run directory.
 *
 * `aeonctl run` writes the file, and health reads it. Without `aeonctl run` there is no such file,
 * and nothing is known of the programs.
 */
#ifndef REALM_PROGRAMS_H
#define REALM_PROGRAMS_H

#include <sys/types.h>

#include "base/problem.h"

struct arena;
struct settings;

enum program_state {
	PROGRAM_DOWN,     /* it ended, and its next start is due later */
	PROGRAM_STARTING, /* it does not accept connections yet */
	PROGRAM_UP,
};

struct program_status {
	const char *name;
	enum program_state state;
	pid_t pid; /* 0: it does not run */
	int64_t restarts;
};

/* Replaces the file. `programs` ends with a NULL name. */
int programs_write(const struct settings *settings, const struct program_status *programs,
		   struct problem *why);

/* When all programs have ended: removes the file, and the file of the users' budgets. */
void programs_remove(const struct settings *settings);

/*
 * The names of the programs that are not up, such as "slow, nginx", in the arena. NULL when all are
 * up, or when no `aeonctl run` is running here.
 */
const char *programs_not_up(struct arena *arena, const struct settings *settings);

#endif
