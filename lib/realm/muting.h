/*
 * What a member wants to be notified of by a room: the room is muted for some time, or notifies of
 * all messages, of mentions, or of nothing. Both silence the notifications of clients and never
 * data: messages, counts and events come as before. Only the member's own clients hear of a change,
 * by a room_muted event. Leaving the room forgets it.
 */
#ifndef REALM_MUTING_H
#define REALM_MUTING_H

#include "base/buf.h"
#include "base/fields.h"
#include "store/shape.h"

struct arena;
struct store;

extern const struct shape room_mute_shape; /* room_muted */

struct room_mute {
	int64_t until; /* microseconds since 1970 */
};
extern const struct fields room_mute_fields;

/* The user must be inside. Mutes the room until that time; 0 or a time that has passed unmutes it.
 * Appends the new state to `out`. */
int room_mute(struct arena *arena, struct store *store, int64_t user_id, const char *room_id,
	      int64_t until, struct buf *out, struct problem *why);

struct room_notify {
	const char *notify; /* all, mentions or none */
};
extern const struct fields room_notify_fields;

/* The user must be inside. Appends the new state to `out`. */
int room_set_notify(struct arena *arena, struct store *store, int64_t user_id, const char *room_id,
		    const char *notify, struct buf *out, struct problem *why);

#endif
