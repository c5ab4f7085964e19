/*
 * Direct rooms, of two users, and groups of three to eight: private rooms without a name or
 * invitations.
 *
 * The same users always have the same room. Nobody else enters it, and nobody has a higher rank
 * than the others in it: it is not renamed, and nobody is invited or removed. Who has left it comes
 * back by opening it again. While one of the two users of a direct room has blocked the other, the
 * room is closed: what was said stays readable, and nobody can write in it.
 */
#ifndef REALM_DIRECT_H
#define REALM_DIRECT_H

#include "base/fields.h"

struct arena;
struct store;

#define DIRECT_USERS 8

struct direct_new {
	struct ints user_ids;
};
extern const struct fields direct_new_fields;

/*
 * Opens the room of the user and these others, who are one to DIRECT_USERS - 1; equal ids count
 * once. Returns 1 when the room is new, else 0. A new room has all of them as members. An existing
 * one gets the user back, and if it is a direct room the other one, too. user_joined events tell
 * all members.
 *
 * PROBLEM_INVALID for the user's own id or for too many users, PROBLEM_USER_NOT_FOUND,
 * PROBLEM_CONTACT_REFUSED when a user who would be brought in does not want to be contacted,
 * PROBLEM_ROOM_CLOSED when administrators have closed or removed it.
 */
int direct_open(struct arena *arena, struct store *store, int64_t user_id,
		const struct ints *others, const char **room_id_r, struct problem *why);

/* Within store_write(), when the user is erased: the rooms of the user are never opened again.
 * Those without members are deleted. */
int direct_forget(struct store *store, int64_t user_id, struct problem *why);

#endif
