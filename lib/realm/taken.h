/*
 * The client_ids of changes that were made. A client that has not seen the acknowledgement of a
 * change sends it again; it is then not made again, since somebody may have changed the message
 * meanwhile.
 *
 * A user's client_id names one message or one change. Messages keep theirs (messages.h), and
 * changes that had no effect are remembered, too. Only a hash of the request is kept, so a text
 * that was edited or deleted is not.
 */
#ifndef REALM_TAKEN_H
#define REALM_TAKEN_H

#include <stdint.h>

#include "base/clock.h"
#include "base/problem.h"

struct store;

#define TAKEN_LIFETIME (30 * CLOCK_DAY) /* then a change that is sent again is a new one */
#define TAKEN_HASH_BYTES 16

struct taken {
	int64_t user_id;
	const char *client_id;
	unsigned char request_hash[TAKEN_HASH_BYTES];
	int64_t seq; /* of the change in its room; 0: nothing had to change */
	int64_t made_at;
};

/* Sets the hash to that of the parts of the request; a NULL ends them. */
void taken_hash(struct taken *taken, const char *const *parts);

/*
 * Both within the store_write() of the change. taken_find() sets seq and made_at and returns 1, or
 * 0 for a new client_id. PROBLEM_IDEMPOTENCY_CONFLICT: the user has used it for something else.
 */
int taken_find(struct store *store, struct taken *taken, struct problem *why);
int taken_save(struct store *store, const struct taken *taken, struct problem *why);

#endif
