/*
 * First answers: what was answered to a request that created something, kept for a day under the
 * key that its sender gave it, so that the same request sent again creates nothing twice.
 */
#ifndef REALM_ANSWERS_H
#define REALM_ANSWERS_H

#include <stddef.h>

#include "base/clock.h"
#include "store/store.h"

struct arena;

#define ANSWER_KEPT CLOCK_DAY
#define ANSWER_KEY 255  /* bytes of a key, at most */
#define REQUEST_HASH 32 /* bytes */

struct first_answer {
	int64_t user_id;
	const char *key;
	unsigned char request[REQUEST_HASH]; /* a hash of all that was asked */
	const char *location, *body;         /* location may be NULL */
};

/*
 * Both within the store_write() that creates. answer_find() fills in location and body, in the
 * arena, and returns 1, or 0 when the key is new; PROBLEM_IDEMPOTENCY_CONFLICT when it was used for
 * another request.
 */
int answer_find(struct arena *arena, struct store *store, struct first_answer *answer,
		struct problem *why);
int answer_keep(struct store *store, const struct first_answer *answer, struct problem *why);

#endif
