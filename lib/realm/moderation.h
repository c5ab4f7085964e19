/*
 * Moderation of a room. Its owner and its moderators invite users, remove users and change the
 * room. Only the owner gives roles, such as moderator, and deletes the room.
 *
 * Blocks do not count between members of a room: blocking a moderator does not protect a member
 * from moderation.
 *
 * For everybody else it is PROBLEM_FORBIDDEN, or PROBLEM_ROOM_NOT_FOUND when the room does not
 * exist for them.
 */
#ifndef REALM_MODERATION_H
#define REALM_MODERATION_H

#include "base/fields.h"
#include "store/shape.h"

struct arena;
struct session;

struct room_invitation {
	int64_t user_id;
};
extern const struct fields room_invitation_fields;
extern const struct shape room_invitation_shape; /* also the shape of its event */

extern const struct shape room_ban_shape, room_guest_shape;

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
extern const struct fields room_change_fields; /* the rows are in the order of the bits */
#define PRIVACY_GIVEN (UINT32_C(1) << 3)       /* the row of is_public */

/* room_updated */
extern const struct shape room_settings_shape;
/* room_removed, for a user who was removed; room_restored */
extern const struct shape room_removed_shape, room_restored_shape;

/*
 * Lets the user see and join a private room, and ends a ban. Returns 1, or 0 when the user is a
 * member or invited already. PROBLEM_USER_NOT_FOUND. An invitation event tells the user.
 */
int room_invite(struct arena *arena, struct store *store, int64_t viewer, const char *room_id,
		int64_t user_id, struct problem *why);

/* The user's invitation, as the viewer sees it. */
int room_invitation_show(struct store *store, int64_t viewer, const char *room_id, int64_t user_id,
			 struct buf *out, struct problem *why);

/* Writes a page of the viewer's invitations, the newest first, as a list of
 * room_invitation_shape. */
int room_invitations_list(struct store *store, int64_t viewer, struct page *page, struct buf *out,
			  struct problem *why);

/* PROBLEM_USER_NOT_FOUND when the user is not in the room. */
int room_set_role(struct arena *arena, struct store *store, int64_t viewer, const char *room_id,
		  int64_t user_id, const char *role, struct problem *why);

/*
 * Removes a member or takes an invitation back. A banned user cannot join again without an
 * invitation. PROBLEM_USER_NOT_FOUND, also for a ban of a user that has never been in the room and
 * of whom the viewer may not know.
 */
int room_remove(struct arena *arena, struct store *store, int64_t viewer, const char *room_id,
		int64_t user_id, bool ban, struct problem *why);

/* Replaces the name, and empties the description and the topic. Within store_write(). */
#define ROOM_CLEARED_NAME "Room"
int room_clear_texts(struct arena *arena, struct store *store, const char *room_id,
		     struct problem *why);

/* The users who are invited, without those hidden from the viewer, the highest id first. */
int room_guests(struct store *store, int64_t viewer, const char *room_id, struct page *page,
		struct buf *out, struct problem *why);

/* The bans of users that the viewer may ban, by user id, the highest first. */
int room_bans(struct store *store, int64_t viewer, const char *room_id, struct page *page,
	      struct buf *out, struct problem *why);

/* For moderators, independent of the user's privacy. PROBLEM_USER_NOT_FOUND without a ban. */
int room_unban(struct store *store, int64_t viewer, const char *room_id, int64_t user_id,
	       struct problem *why);

/*
 * Only a member makes the room private, because others could not see it any more. A room_updated
 * event tells the members. PROBLEM_INVALID when the room has more members than the
 * new limit.
 */
int room_update(struct arena *arena, struct store *store, int64_t viewer, const char *room_id,
		const struct room_change *change, struct problem *why);

/* The room is gone for everybody at once; its log is deleted step by step (prune.h). */
int room_delete(struct arena *arena, struct store *store, int64_t viewer, const char *room_id,
		struct problem *why);

/* Within store_write(): tells everybody that the room is gone, and ends memberships and
 * invitations. */
int room_send_away(struct store *store, const char *room_id, struct problem *why);

/*
 * For administrators of the realm: nobody can write in a closed room, join it or change it. Its
 * members can read and leave it, and delete their messages. `reason` is for the audit log, or NULL.
 * PROBLEM_ROOM_NOT_FOUND; PROBLEM_FORBIDDEN when the user may not moderate its owner.
 */
int room_set_closed(struct arena *arena, struct store *store, const struct session *by,
		    const char *room_id, bool closed, const char *reason, struct problem *why);

#endif
