/* What the programs have in common before they serve: protection, numbers, signals, exit codes. */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include <stdint.h>

#include "base/problem.h"

/*
 * The first step of every program, before it opens a file. New files and sockets are for their
 * owner alone, and the memory of this process, which has secrets, gets into no core file and no
 * debugger. With AEON_DEBUGGABLE=1 in the environment it may. It is not inherited through exec,
 * except for the mode of new files and the limit of cores.
 */
void process_protect(void);

/*
 * Reads the number of a process of several, from 1 to `most`, which is the setting of that name.
 * PROBLEM_INVALID.
 */
int process_number(const char *text, int64_t most, const char *setting, int *number_r,
		   struct problem *why);

/* Ignores the signals that must not end a server: SIGHUP, SIGPIPE, SIGXFSZ. */
void process_ignore_signals(void);

/* The exit code (sysexits.h) of a server that this problem ends. */
int process_exit_code(enum problem_code code);

#endif
