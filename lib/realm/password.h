/* Passwords: the only place that knows how they are hashed. */
#ifndef REALM_PASSWORD_H
#define REALM_PASSWORD_H

#include <stdbool.h>

#include "base/problem.h"

#define PASSWORD_HASH 128 /* bytes of a hash, its NUL included */

/* Hashes a password into PASSWORD_HASH bytes. Takes about 30 ms of CPU and 19 MiB. */
int password_hash(const char *password, char *hash, struct problem *why);

/* Takes as long as password_hash(). */
bool password_verify(const char *password, const char *hash);

#endif
