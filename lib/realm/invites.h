/*
 * Invitations to the realm: a code with which users register, as often as the invitation allows.
 * Administrators make them; the database has only the hash of a code. An invitation may lead into a
 * room, if its maker may invite to that room: then users who register with it are in the room, and
 * users of the realm join the room by it.
 */
#ifndef REALM_INVITES_H
#define REALM_INVITES_H

#include "base/fields.h"
#include "store/shape.h"

struct arena;
struct session;

struct invite_new {
	int64_t uses, expires_at;
	const char *room_id;
};
extern const struct fields invite_new_fields;
extern const struct shape invite_shape;

/* For administrators, else PROBLEM_FORBIDDEN. The answer of invite_make() alone has the code. It
 * has the problems of room_check_rank() for the room. */
int invite_make(struct arena *arena, struct store *store, const struct session *by,
		const struct invite_new *input, struct buf *out, struct problem *why);
int invites_list(struct store *store, const struct session *viewer, struct page *page,
		 struct buf *out, struct problem *why);
int invite_end(struct store *store, const struct session *by, int64_t invite_id,
	       struct problem *why); /* PROBLEM_NOT_FOUND */

struct invite {
	int64_t id; /* 0: none */
	int64_t maker;
	const char *room_id; /* or NULL */
};

/*
 * The invitation of a code that can still be used. PROBLEM_INVITE_INVALID without one, and for code
 * NULL.
 */
int invite_check(struct arena *arena, struct store *store, const char *code,
		 struct invite *invite_r, struct problem *why);

/*
 * Within store_write(): a user has registered with the invitation. Counts it, and brings the user
 * into its room. Where the room is full, closed or not the maker's any more, the user stays
 * outside.
 */
int invite_use(struct arena *arena, struct store *store, const struct invite *invite,
	       int64_t user_id, struct problem *why);

/*
 * The user joins the room of an invitation, as often as the invitation allows; its id goes to
 * *room_id_r. Returns 1, or 0 for a member of the room. PROBLEM_INVITE_INVALID, also where the
 * maker may not invite to the room any more, or one of the two has blocked the other; and the
 * problems of room_join().
 */
int invite_join(struct arena *arena, struct store *store, int64_t user_id, const char *code,
		const char **room_id_r, struct problem *why);

#endif
