/*
 * Rooms and their members. A private room does not exist for users who are neither members nor
 * invited: PROBLEM_ROOM_NOT_FOUND.
 */
#ifndef REALM_ROOMS_H
#define REALM_ROOMS_H

#include "base/fields.h"
#include "base/uuid.h"
#include "store/shape.h"

struct arena;

struct room_new {
	const char *name, *description, *topic;
	bool is_public, is_aeon_room;
	int64_t max_participants;
};
extern const struct fields room_new_fields;

struct room_filter {
	int is_public, is_aeon_room, joined; /* -1: either */
	const char *q;                       /* beginnings of words */
	const char *sort;                    /* new or activity */
};
extern const struct fields room_filter_fields;

extern const struct shape room_shape;             /* a summary, then `participants`, `pins` */
extern const struct shape room_info_shape;        /* of room_info */
extern const struct shape room_summary_shape;     /* of lists */
extern const struct shape my_room_shape;          /* of a member's lists by activity */
extern const struct shape listed_room_shape;      /* of both */
extern const struct shape room_participant_shape; /* one of `participants` */
extern const struct shape room_member_shape;      /* user_joined, user_left */
extern const struct shape room_co_member_shape;   /* of room_participants */
extern const struct shape room_pin_shape;         /* one of `pins` */
extern const struct shape read_marker_shape;      /* read_marker */

/* The creator is its owner and first member; 0 for a room of the realm, which has no owner. */
int room_create(struct arena *arena, struct store *store, int64_t creator,
		const struct room_new *input, const char **room_id_r, struct problem *why);

/* Writes the room with its first 1,000 members, as the viewer may see them. */
int room_show(struct store *store, int64_t viewer, const char *room_id, struct buf *out,
	      struct problem *why);

/* Writes a room_info of a room that the viewer may read, and gives the last seq of its log. */
int room_info(struct store *store, int64_t viewer, const char *room_id, struct buf *out,
	      int64_t *last_seq_r, struct problem *why);

/*
 * Writes a page of the rooms that the viewer may see, newest first. With sort=activity it has the
 * viewer's own rooms as my_room_shape, the one with the latest message first; PROBLEM_INVALID
 * without `joined`, and with `q`.
 */
int rooms_list(struct arena *arena, struct store *store, int64_t viewer,
	       const struct room_filter *filter, struct page *page, struct buf *out,
	       struct problem *why);

/* Within store_write(): the user, who is not a member, becomes one. A user_joined event tells the
 * members. */
int room_enter(struct arena *arena, struct store *store, int64_t user_id, const char *room_id,
	       const char *role, struct problem *why);

/*
 * Returns 1 when the user joined, 0 when already a member. PROBLEM_ROOM_FULL. A user_joined event
 * tells the others.
 */
int room_join(struct arena *arena, struct store *store, int64_t user_id, const char *room_id,
	      struct problem *why);

/*
 * Within store_write(): tells a user who is no longer a member, or no longer invited. The room's
 * own events do not reach that user.
 */
int room_tell_removed(struct arena *arena, struct store *store, int64_t user_id,
		      const char *room_id, struct problem *why);

/*
 * Within store_write(): ends the invitations by the inviter to that user, or to all users if it is
 * 0. room_removed events tell the invited users.
 */
int rooms_uninvite_by(struct store *store, int64_t inviter, int64_t user_id, struct problem *why);

/*
 * Returns 1 when the user left, 0 when not a member. A user_left event tells the others. It also
 * declines an invitation, and tells the user's other devices.
 */
int room_leave(struct arena *arena, struct store *store, int64_t user_id, const char *room_id,
	       struct problem *why);

/*
 * Returns 1 when the user is a member, else -1: PROBLEM_FORBIDDEN, or PROBLEM_ROOM_NOT_FOUND when
 * the room does not exist for the user.
 */
int room_check_inside(struct store *store, int64_t user_id, const char *room_id,
		      struct problem *why);

/* Returns 1 when the viewer may read the room's log, else PROBLEM_ROOM_NOT_FOUND. */
int room_check_readable(struct store *store, int64_t viewer, const char *room_id,
			struct problem *why);

/* The ranks of a room, lowest first. */
enum room_rank { RANK_MEMBER, RANK_MODERATOR, RANK_OWNER };

/* The user's rank in the room; -1 in *rank_r when the user is not in it. Returns 0 or -1. */
int room_rank(struct store *store, int64_t user_id, const char *room_id, int64_t *rank_r,
	      struct problem *why);

/* Returns 0 when the user has that rank or a higher one in the room. Else PROBLEM_FORBIDDEN, or
 * what room_check_inside() says of a user who is not in it. */
int room_check_rank(struct store *store, int64_t user_id, const char *room_id, enum room_rank least,
		    struct problem *why);

/* Within store_write(): the rank with which the user acts in the room: that of its owner for an
 * administrator of the realm when the room has no owner who could act. */
int room_acting_rank(struct store *store, int64_t user_id, const char *room_id, int64_t *rank_r,
		     struct problem *why);

/* PROBLEM_ROOM_CLOSED for a closed room, as a direct room is while one of its users has blocked the
 * other. */
int room_check_open(struct store *store, const char *room_id, struct problem *why);

struct room_reading {
	int64_t up_to_seq;
	bool unread; /* what comes after it is unread again */
};
extern const struct fields room_reading_fields;

/*
 * Moves the read marker of a member, back only with `unread`: returns 1 when it moved, else 0. A
 * read_marker event tells the others.
 */
int room_read(struct arena *arena, struct store *store, int64_t user_id, const char *room_id,
	      const struct room_reading *input, struct problem *why);

/*
 * Writes the read marker as a read_marker_shape: 1, or 0 for a user who was never a member, or -1.
 */
int room_marker(struct store *store, int64_t user_id, const char *room_id, struct buf *out,
		struct problem *why);

/* The ids of the rooms that the user is in, as an arena array that ends with NULL. */
int rooms_of_user(struct arena *arena, struct store *store, int64_t user_id,
		  const char ***room_ids_r, struct problem *why);

/* A place in the list of the members of all rooms of a user. Zeroed: its beginning. */
struct co_members_place {
	char room_id[UUID_TEXT];
	int64_t user_id;
};

/*
 * Writes the members of the viewer's rooms after that place, as a JSON array of
 * room_co_member_shape, as many as fit into `most` bytes; and moves the place. Returns 1 when
 * more follow, 0 at the end, or -1.
 */
int room_co_members(struct arena *arena, struct store *store, int64_t viewer,
		    struct co_members_place *place, size_t most, struct buf *out,
		    struct problem *why);

/* Creates the default rooms that are missing: returns how many were created, or -1. */
int rooms_make_default(struct arena *arena, struct store *store, struct problem *why);

#endif
