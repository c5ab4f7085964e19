/*
 * Presence: which users are connected, away or offline. A bridge sets the presence of its users; it
 * counts only while the bridge's lease runs (bridges.h).
 *
 * A user who asks by REST is present for a minute after the last request, or until the last session
 * ends. While the user has a
 * WebSocket open, requests do not count: a client that closes its WebSocket is gone.
 */
#ifndef REALM_PRESENCE_H
#define REALM_PRESENCE_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/fields.h"
#include "store/shape.h"

struct arena;

extern const struct shape presence_shape; /* of presence_update */

struct presence_input {
	const char *status; /* "connected" or "away" */
};
extern const struct fields presence_input_fields;

/*
 * Sets how the user is connected to a bridge: "connected", "away" or "offline". room_id NULL keeps
 * the current room. Returns 1 when others must be told, 0 when the presence has not changed because
 * of another bridge.
 */
int presence_set(struct arena *arena, struct store *store, int64_t user_id, const char *status,
		 const char *room_id, int bridge, struct problem *why);

/*
 * The user says by REST to be connected or away, or, with NULL, asks for something else: then the
 * status stays as it is. Not synced.
 */
int presence_ask(struct arena *arena, struct store *store, int64_t user_id, const char *status,
		 struct problem *why);

/*
 * Notes a request of the user, unless another one was noted a moment ago, or a bridge has the user.
 * It never waits for the write lock: PROBLEM_STORE_BUSY, and the next request tries again.
 */
int presence_note(struct arena *arena, struct store *store, int64_t user_id, struct problem *why);

/* Within store_write(), after sessions of the user have ended: without another session, the
 * presence by REST ends, too. */
int presence_sessions_ended(struct store *store, int64_t user_id, struct problem *why);

/*
 * Writes the presence of `user_id` as `viewer` may see it: 1, or 0 and nothing is written, or -1.
 */
int presence_show(struct store *store, int64_t viewer, int64_t user_id, struct buf *out,
		  struct problem *why);

/* The same as all viewers see it who may see it: 1, or 0 when it differs between them, or -1. */
int presence_show_all(struct store *store, int64_t user_id, struct buf *out, struct problem *why);

/* The same as viewers see it who may not see it: offline. */
int presence_show_hidden(struct store *store, int64_t user_id, struct buf *out,
			 struct problem *why);

/* Presences that a viewer may see. */
/* So long a deleted room keeps its members: telling thousands of them takes a while. */
#define PRESENCE_LEFT_US (600 * CLOCK_SECOND)

struct presence_query {
	int64_t viewer;
	const char *room_id; /* those of its connected members; NULL: those of friends */
	bool left;           /* the viewer has left it, or with room_id NULL all rooms since
			      * PRESENCE_LEFT_US before `since`: its members, as they may be seen
			      * now */
	bool co_members;     /* and of the members of the viewer's rooms; with room_id NULL: */
	bool connected;      /* those of connected users */
	int64_t since;       /* and those that changed at or after this time; INT64_MAX: none */
	int64_t after;       /* the user to go on after; 0: from the beginning */
};

/* Calls each() for each of them in the order of ids, at most `limit` and until it returns above 0.
 */
int presence_list(struct store *store, const struct presence_query *query, int limit,
		  int (*each)(int64_t user_id, const struct buf *presence, void *context,
			      struct problem *why),
		  void *context, struct problem *why);

/* Lists the users that hear the presence of `user_id`: their ids, sorted, in the arena. `all`: also
 * the co-members and friends that may not see it. */
int presence_audience(struct arena *arena, struct store *store, int64_t user_id, bool all,
		      const int64_t **users_r, size_t *count_r, struct problem *why);

/* Sets *user_id to the next larger id of a connected user in the room. With `all`, users who have
 * left the room count, too. Returns 1, 0 after the last user, or -1. */
int presence_next_of_room(struct store *store, const char *room_id, bool all, int64_t *user_id,
			  struct problem *why);

/* Lists the present and former participants of the room, without `user_id` and users hidden from
 * that user: their ids, sorted, in the arena. */
int presence_participants(struct arena *arena, struct store *store, int64_t user_id,
			  const char *room_id, const int64_t **users_r, size_t *count_r,
			  struct problem *why);

/* Within store_write(). Whether `viewer` is told of the presence of `user_id`, unless one of them
 * has blocked the other: 1, 0 or -1. */
int presence_is_told(struct store *store, int64_t viewer, int64_t user_id, struct problem *why);

/* The privacy setting for the presence of a user. */
enum presence_circle { CIRCLE_NOBODY, CIRCLE_FRIENDS, CIRCLE_EVERYONE };
int presence_circle(struct store *store, int64_t user_id, int64_t *circle_r, struct problem *why);

/* Within store_write(), after that setting may have changed: tells those who see more or less than
 * before. Nobody else learns of the change. */
int presence_tell_circle(struct store *store, int64_t user_id, int64_t before, struct problem *why);

/* Within store_write(). Has the presence of `user_id` told again: to `viewer`; 0: to all. */
int presence_tell_again(struct store *store, int64_t user_id, int64_t viewer, struct problem *why);

/* The same of all users who are in the room now. */
int presence_tell_room(struct store *store, const char *room_id, struct problem *why);

#endif
