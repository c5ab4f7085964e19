/*
 * Mentions: a message mentions the members of its room that it names as @username (named.h). They
 * are found when it is written, and again when it is edited. Its sender is not mentioned by it.
 *
 * If the room's owner or a moderator writes @room, the message mentions the whole room: the members
 * who joined before it and have not left. No twin mentions the whole room.
 *
 * Each user that is mentioned is told by a `mention` event, however the room is muted: that
 * silences notifications, never data. A mention exists for its user as long as the message can be
 * read.
 */
#ifndef REALM_MENTIONS_H
#define REALM_MENTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/problem.h"
#include "store/shape.h"

struct arena;
struct named;
struct store;

extern const struct shape mention_event_shape; /* mention */

struct mentioning {
	const char *room_id, *message_id;
	int64_t seq, sender;
	bool by_twin;
};

/* Within the store_write() of a new message, behind its event. The message is queued for digests
 * (digest.h), whether it mentions a user or not. */
int mentions_add(struct arena *arena, struct store *store, const struct mentioning *message,
		 const struct named *named, struct problem *why);

/* Within the store_write() of an edit: the message mentions these instead of those before. */
int mentions_replace(struct arena *arena, struct store *store, const struct mentioning *message,
		     const struct named *named, struct problem *why);

#endif
