/*
 * What a process hands to itself across exec: a role and some numbers, mostly descriptors.
 *
 * A master and its workers go on in a new version of the program without closing a socket: they
 * note what they hold in the environment, and the new program takes it from there.
 */
#ifndef CGI_INHERIT_H
#define CGI_INHERIT_H

#include <stdbool.h>

#include "base/buf.h"

/* Remembers the program's file and arguments; called first of all. */
void inherit_prepare(char **argv);

/* Whether this process goes on in that role. Its numbers then come by inherit_next(). */
bool inherit_role(const char *role);

/* The next number, or -1 at the end. */
int inherit_next(void);

/* `numbers` is a text such as " 3 7 8". Returns only when the exec failed. */
void inherit_exec(const char *role, const struct buf *numbers);

/* Lets a descriptor live through the exec. */
void inherit_keep(int fd);

#endif
