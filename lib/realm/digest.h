/*
 * The digest: a mail that tells a user who is away what was missed: messages in direct rooms and
 * groups, and mentions in other rooms.
 *
 * A message queues one for each user that it mentions or is sent to directly, due DIGEST_DELAY
 * later, unless one waits already. What it says is read when it is sent: what the user has not read
 * by then, may read then, and has not muted. If that is nothing, no mail is sent. So nothing of a
 * message is kept in a mail that waits. A user who is connected is not away: the digest waits until
 * the user has read everything or has gone, and then tells only what came while the user was away.
 *
 * Two attempts to send digests to one user are DIGEST_PAUSE apart, also when a process was killed
 * in the first one and nobody knows what became of it.
 */
#ifndef REALM_DIGEST_H
#define REALM_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/problem.h"

struct arena;
struct store;

#define DIGEST_DELAY (10 * 60 * CLOCK_SECOND)
#define DIGEST_PAUSE (3600 * CLOCK_SECOND)

/* Within the store_write() of a message that is new or has other mentions than before. Does nothing
 * in a realm without a mail server. `to_room`: it mentions the whole room. */
int digest_queue(struct store *store, const char *room_id, const char *message_id, int64_t sender,
		 bool to_room, struct problem *why);

/* Queues digests for some members of a room that a message mentions as a whole: 1, or 0 when there
 * is nothing to do, or -1. */
int digest_queue_some(struct arena *arena, struct store *store, struct problem *why);

enum digest_state {
	DIGEST_EMPTY,
	DIGEST_LATER, /* the user is connected */
	DIGEST_READY,
};

/* Reads what the user has missed up to the time `now`, at which the mail was claimed, as lines of
 * text in the arena. What comes later is for the next digest. A failure is -1, else it is an enum
 * digest_state. */
int digest_read(struct arena *arena, struct store *store, int64_t user_id, int64_t now,
		const char **text_r, struct problem *why);

#endif
