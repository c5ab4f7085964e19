/*
 * Who decides about a room: its owner, and moderators whom the owner has made. They invite and
 * remove members and may change the room; the owner alone gives roles and removes the room.
 *
 * Blocks do not matter between those in a room: who blocks the moderators cannot be kept there by
 * it.
 *
 * Everybody else is PROBLEM_FORBIDDEN, or PROBLEM_ROOM_NOT_FOUND when the room does not exist for
 * them.
 */
#ifndef REALM_MODERATION_H
#define REALM_MODERATION_H

#include "base/fields.h"
#include "store/shape.h"

struct arena;

struct room_invitation {
	int64_t user_id;
};
extern const struct fields room_invitation_fields;
extern const struct shape room_invitation_shape; /* its event, too */

struct room_role {
	const char *role; /* moderator or member */
};
extern const struct fields room_role_fields;

struct room_removal {
	bool ban;
};
extern const struct fields room_removal_fields;

struct room_change {
	const char *name, *description, *topic;
	bool is_public;
	int64_t max_participants;
	uint32_t given;
};
extern const struct fields room_change_fields; /* its rows stand in the order of the bits */

/* room_updated */
extern const struct shape room_settings_shape;
/* room_removed, for who is in it or invited no more */
extern const struct shape room_removed_shape;

/*
 * Lets the user see a private room and join it, and ends a ban. Returns 1, or 0 when the user is in
 * it or invited already. PROBLEM_USER_NOT_FOUND. The user is told by an invitation event.
 */
int room_invite(struct arena *arena, struct store *store, int64_t viewer, const char *room_id,
		int64_t user_id, struct problem *why);

/* The user's invitation, as the viewer sees it. */
int room_invitation_show(struct store *store, int64_t viewer, const char *room_id, int64_t user_id,
			 struct buf *out, struct problem *why);

/* PROBLEM_USER_NOT_FOUND when the user is not in the room. */
int room_set_role(struct arena *arena, struct store *store, int64_t viewer, const char *room_id,
		  int64_t user_id, const char *role, struct problem *why);

/* Removes a participant or takes an invitation back; who is banned cannot come again before being
 * invited. PROBLEM_USER_NOT_FOUND. */
int room_remove(struct arena *arena, struct store *store, int64_t viewer, const char *room_id,
		int64_t user_id, bool ban, struct problem *why);

/* Those in the room are told by a room_updated event. PROBLEM_INVALID when it would have more
 * participants than it may. */
int room_update(struct arena *arena, struct store *store, int64_t viewer, const char *room_id,
		const struct room_change *change, struct problem *why);

/* The room is gone for everybody at once, and its log goes step by step (prune.h). */
int room_delete(struct arena *arena, struct store *store, int64_t viewer, const char *room_id,
		struct problem *why);

#endif
