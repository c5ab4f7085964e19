/*
 * Attempts that are counted, so that nobody finds out by trying which accounts exist.
 *
 * An attempt counts before it is known how it ends, and stays counted when it fails.
 */
#ifndef REALM_ATTEMPTS_H
#define REALM_ATTEMPTS_H

#include <stdint.h>

#include "base/problem.h"

struct store;

/*
 * Counts one attempt of `who` at `what`. PROBLEM_RATE_LIMITED beyond `most` attempts within
 * `within_us`, with the time after which the next one counts. Not inside store_write(), which might
 * undo it.
 */
int attempt_count(struct store *store, const char *what, const char *who, int64_t most,
		  int64_t within_us, struct problem *why);

/* Forgets the attempts, when one has succeeded. */
int attempts_end(struct store *store, const char *what, const char *who, struct problem *why);

#endif
