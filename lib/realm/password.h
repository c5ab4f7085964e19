/* Passwords: the only place that knows how they are hashed. */
#ifndef REALM_PASSWORD_H
#define REALM_PASSWORD_H

#include <stdbool.h>

#include "base/problem.h"

#define PASSWORD_HASH 128 /* bytes of a hash, its NUL included */

/*
 * Whether this process may hash passwords; it may unless this says otherwise. A front end says so
 * for each request, by its route and its pool. Otherwise the functions below give
 * PROBLEM_OTHER_POOL before they change anything.
 */
void password_allow(bool allowed);

/* PROBLEM_OTHER_POOL when it may not. The functions below check it themselves. */
int password_check_allowed(struct problem *why);

/*
 * Hashes a password into PASSWORD_HASH bytes. Takes about 30 ms of CPU and 19 MiB, so it must not
 * run inside store_write().
 */
int password_hash(const char *password, char *hash, struct problem *why);

/* The same, for guess_password() alone. Returns 1, 0 or -1. */
int password_verify(const char *password, const char *hash, struct problem *why);

#endif
