/* Rooms and their participants. A private room that one is not in does not exist:
 * PROBLEM_ROOM_NOT_FOUND. */
#ifndef REALM_ROOMS_H
#define REALM_ROOMS_H

#include "base/fields.h"
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
};
extern const struct fields room_filter_fields;

extern const struct shape room_shape;             /* with `participants` behind the row */
extern const struct shape room_info_shape;        /* the WebSocket's room_info */
extern const struct shape room_summary_shape;     /* without: what lists and room_info hold */
extern const struct shape room_participant_shape; /* one of `participants` */
extern const struct shape room_member_shape;      /* user_joined, user_left */
extern const struct shape room_co_member_shape;   /* the WebSocket's room_participants */
extern const struct shape room_pin_shape;         /* one of `pins` */
extern const struct shape read_marker_shape;      /* read_marker */

/* The creator is its owner and first participant; 0 for the realm itself, which is in no room. */
int room_create(struct arena *arena, struct store *store, int64_t creator,
		const struct room_new *input, const char **room_id_r, struct problem *why);

/* The room object with its participants (at most 1,000), as the viewer may see them. */
int room_show(struct store *store, int64_t viewer, const char *room_id, struct buf *out,
	      struct problem *why);

/* A room_info object of a room that the viewer may read, and the last entry of its log. */
int room_info(struct store *store, int64_t viewer, const char *room_id, struct buf *out,
	      int64_t *last_seq_r, struct problem *why);

int rooms_list(struct arena *arena, struct store *store, int64_t viewer,
	       const struct room_filter *filter, struct page *page, struct buf *out,
	       struct problem *why);

/*
 * Returns 1 when the user came in, and 0 when already there. PROBLEM_ROOM_FULL. The others are told
 * by a user_joined event.
 */
int room_join(struct arena *arena, struct store *store, int64_t user_id, const char *room_id,
	      struct problem *why);

/* Returns 1 when the user left, and 0 when not there. The others are told by a user_left event. */
int room_leave(struct arena *arena, struct store *store, int64_t user_id, const char *room_id,
	       struct problem *why);

/* 1 when the user is in the room, else -1: PROBLEM_FORBIDDEN, or PROBLEM_ROOM_NOT_FOUND when the
 * user may not know of it. */
int room_check_inside(struct store *store, int64_t user_id, const char *room_id,
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

struct room_reading {
	int64_t up_to_seq;
};
extern const struct fields room_reading_fields;

/* Notes how far the user, who must be inside, has read: returns 1 when that is further than before,
 * else 0. The others are told by a read_marker event. */
int room_read(struct arena *arena, struct store *store, int64_t user_id, const char *room_id,
	      int64_t up_to_seq, struct problem *why);

/* How far the user has read, as a read_marker_shape: 1, or 0 for who was never inside, or -1. */
int room_marker(struct store *store, int64_t user_id, const char *room_id, struct buf *out,
		struct problem *why);

/* The ids of the rooms that the user is in, as an arena array that ends with NULL. */
int rooms_of_user(struct arena *arena, struct store *store, int64_t user_id,
		  const char ***room_ids_r, struct problem *why);

/* Everybody in the viewer's rooms (at most 2,000 rows) as a JSON array of room_co_member_shape. */
int room_co_members(struct store *store, int64_t viewer, struct buf *out, struct problem *why);

/* Makes the realm's own rooms, unless they are there: returns how many were made, or -1. */
int rooms_make_default(struct arena *arena, struct store *store, struct problem *why);

#endif
