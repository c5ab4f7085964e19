/*
 * Suspension: a user cannot sign in until a time, or until an administrator ends it.
 *
 * The user's sessions end at once, and a login answers PROBLEM_SUSPENDED. Nothing has to happen at
 * the end: the time is compared whenever it matters. What the user has said stays, unless
 * everything is removed, and others see the user as before. An admin may suspend users, an owner
 * also admins; an owner cannot be suspended. The rooms of a suspended owner belong to the
 * administrators meanwhile (room_ownerless in sql/fragments.sql).
 */
#ifndef REALM_SUSPENSION_H
#define REALM_SUSPENSION_H

#include "base/fields.h"
#include "store/shape.h"

struct arena;
struct session;

struct suspension {
	int64_t until; /* 0: without an end */
	const char *reason;
	bool remove_content;
};
extern const struct fields suspension_fields;
extern const struct shape suspension_shape;

/* PROBLEM_USER_NOT_FOUND, PROBLEM_FORBIDDEN. PROBLEM_INVALID when the end is not in the future. */
int user_suspend(struct arena *arena, struct store *store, const struct session *by,
		 int64_t user_id, const struct suspension *suspension, struct problem *why);

/* The same problems; nothing happens to a user who is not suspended. */
int user_unsuspend(struct arena *arena, struct store *store, const struct session *by,
		   int64_t user_id, struct problem *why);

/* Ends all sessions of the user. The same problems. */
int user_end_sessions(struct arena *arena, struct store *store, const struct session *by,
		      int64_t user_id, struct problem *why);

/* The users that are suspended now, by descending id. PROBLEM_FORBIDDEN. */
int suspensions_list(struct store *store, const struct session *viewer, struct page *page,
		     struct buf *out, struct problem *why);

#endif
