/*
 * Idempotency: the answer to a request that created something is kept for a day under the key that
 * its sender gave it (the Idempotency-Key header), so that the same request, sent again, creates
 * nothing twice. Of a request that waits for its answer, the number is kept by which its answer is
 * found.
 */
#ifndef REALM_IDEMPOTENCY_H
#define REALM_IDEMPOTENCY_H

#include <stddef.h>

#include "base/clock.h"
#include "store/store.h"

struct arena;

#define IDEMPOTENCY_LIFETIME CLOCK_DAY
#define IDEMPOTENCY_KEY_BYTES 255 /* at most */
#define REQUEST_HASH_BYTES 32

struct idempotent_answer {
	int64_t user_id;
	const char *key;
	unsigned char request_hash[REQUEST_HASH_BYTES]; /* of the whole request */
	int status;                                     /* of the first answer */
	const char *location, *body;                    /* location may be NULL */
	int64_t kept; /* not 0: the answer is made again from this number */
};

/*
 * Both are called within the store_write() that creates. idempotency_find() sets the members
 * from status on, in the arena, and returns 1; it returns 0 for a new key.
 * PROBLEM_IDEMPOTENCY_CONFLICT: the key was used for another request, or an administrator has
 * removed what it created.
 */
int idempotency_find(struct arena *arena, struct store *store, struct idempotent_answer *answer,
		     struct problem *why);
int idempotency_save(struct store *store, const struct idempotent_answer *answer,
		     struct problem *why);

#endif
