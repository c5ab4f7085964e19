/*
 * State that a process passes to itself through exec: a role and some numbers, mostly descriptors.
 *
 * A master and its workers can replace their program without closing a socket. Before exec they
 * write their descriptors into an environment variable, and the new program reads it.
 */
#ifndef CGI_INHERIT_H
#define CGI_INHERIT_H

#include <stdbool.h>

#include "base/buf.h"

/* Remembers the program's file and arguments. Must be called first in main(). */
void inherit_prepare(char **argv);

/* Whether this process was executed again in that role. inherit_next() then gives its numbers. */
bool inherit_role(const char *role);

/* The next number, or -1 at the end. */
int inherit_next(void);

/* Executes the program's file again. `numbers` is a text such as " 3 7 8". Returns on failure. */
void inherit_exec(const char *role, const struct buf *numbers);

/* Keeps a descriptor open through exec. */
void inherit_keep(int fd);

#endif
