/* What people do with their own account, and administrators with those of others. */
#ifndef REALM_ACCOUNTS_H
#define REALM_ACCOUNTS_H

#include "base/fields.h"
#include "realm/sessions.h"
#include "store/shape.h"

struct arena;

/* --- one's own --- */

extern const struct shape session_shape;

/* The user's logins, newest first; `current` is the session that asks. */
int sessions_list(struct store *store, const struct session *current, struct page *page,
		  struct buf *out, struct problem *why);

/* Ends one of the user's logins, and what is open for it. PROBLEM_NOT_FOUND. */
int session_end(struct store *store, int64_t user_id, int64_t session_id, struct problem *why);

/* Ends all logins but `current`. PROBLEM_INVALID when `old` is not the present password. Takes
 * twice as much as a login. */
int account_set_password(struct arena *arena, struct store *store, const struct session *current,
			 const char *old, const char *password, struct problem *why);

struct privacy {
	const char *presence, *relationships, *network; /* everyone, friends or nobody */
	int discoverable;
	uint32_t given;
};
extern const struct fields privacy_fields; /* its rows stand in the order of the bits */
extern const struct shape privacy_shape;

int privacy_show(struct store *store, int64_t user_id, struct buf *out, struct problem *why);
int privacy_set(struct store *store, int64_t user_id, const struct privacy *privacy,
		struct problem *why);

/* --- others' --- */

/* A user as the viewer sees it: email only of oneself and to administrators. PROBLEM_USER_NOT_FOUND
 * for who is blocked, disabled or erased, but to administrators. */
int user_profile(struct store *store, const struct session *viewer, int64_t user_id,
		 struct buf *out, struct problem *why);

struct user_moderation {
	const char *role;
	int is_active; /* -1: as it is */
};
extern const struct fields user_moderation_fields;

bool is_administrator(const struct session *session);

/*
 * The owner may change anybody, but not leave the realm without an owner (PROBLEM_LAST_OWNER); an
 * admin may disable and enable users. PROBLEM_FORBIDDEN, PROBLEM_USER_NOT_FOUND.
 */
int user_moderate(struct arena *arena, struct store *store, const struct session *viewer,
		  int64_t user_id, const struct user_moderation *change, struct problem *why);

/* PROBLEM_LAST_OWNER when the user is the only owner, and others are there. Within store_write().
 */
int check_not_last_owner(struct store *store, int64_t user_id, struct problem *why);

#endif
