/* What users do with their own accounts, and administrators with the accounts of others. */
#ifndef REALM_ACCOUNTS_H
#define REALM_ACCOUNTS_H

#include "base/fields.h"
#include "realm/password.h"
#include "realm/sessions.h"
#include "store/shape.h"

struct arena;

/* --- one's own --- */

extern const struct shape session_shape;

/* The user's sessions, newest first. `current` is the session of the request. */
int sessions_list(struct store *store, const struct session *current, struct page *page,
		  struct buf *out, struct problem *why);

/* Ends one of the user's sessions and its connections. PROBLEM_NOT_FOUND. */
int session_end(struct store *store, const struct session *current, int64_t session_id,
		struct problem *why);

/* Ends all sessions of the user but `current`, and their connections. */
int sessions_end_others(struct store *store, const struct session *current, struct problem *why);

/*
 * Whether it is the password of the session's user: 1, 0 or -1, as guess_password(). For what a
 * token alone must not do.
 */
int account_check_password(struct arena *arena, struct store *store, const struct session *session,
			   const char *password, struct problem *why);

/* Before exporting and erasing, which a token alone must not allow. */
struct confirmation {
	const char *password; /* or NULL */
};
extern const struct fields confirmation_fields;

/*
 * Whether the user is really there: the password is right, or without one the login is not older
 * than five minutes. PROBLEM_PASSWORD_REQUIRED, PROBLEM_TOO_MANY_LOGINS. Not inside store_write().
 */
int account_confirm(struct arena *arena, struct store *store, const struct session *session,
		    const char *password, struct problem *why);

/*
 * The same before the address changes, which is possible five times a day, so that a user cannot
 * try which addresses have an account: PROBLEM_RATE_LIMITED.
 */
int account_confirm_email(struct arena *arena, struct store *store, const struct session *session,
			  const char *password, struct problem *why);

/* A new password, hashed, and the hash of the one that it replaces. */
struct password_change {
	const char *before;
	char hash[PASSWORD_HASH];
};

/*
 * Prepares a new password outside of store_write(), since it takes twice as long as a login.
 * PROBLEM_INVALID when `old` is not the current password or new_password_check() refuses the new
 * one, PROBLEM_TOO_MANY_LOGINS as guess_password(). The change is in the arena.
 */
int account_prepare_password(struct arena *arena, struct store *store,
			     const struct session *session, const char *old, const char *password,
			     struct password_change **change_r, struct problem *why);

/*
 * Sets it, and ends all sessions except `current`. PROBLEM_TOKEN_INVALID when the password has
 * changed meanwhile.
 */
int account_set_password(struct store *store, const struct session *current,
			 const struct password_change *change, struct problem *why);

struct privacy {
	const char *presence, *relationships, *network, *contact; /* everyone, friends or nobody */
	int discoverable;
	uint32_t given;
};
extern const struct fields privacy_fields; /* the rows are in the order of the bits */
extern const struct shape privacy_shape;

int privacy_show(struct store *store, int64_t user_id, struct buf *out, struct problem *why);
int privacy_set(struct store *store, int64_t user_id, const struct privacy *privacy,
		struct problem *why);

/* --- others' --- */

/*
 * A user as the viewer sees it. The email is shown to the user and to administrators.
 * PROBLEM_USER_NOT_FOUND for a blocked, disabled or erased user; administrators see them.
 */
int user_profile(struct store *store, const struct session *viewer, int64_t user_id,
		 struct buf *out, struct problem *why);

/*
 * The user's own profile as a user sees it who has nothing in common with the user.
 * PROBLEM_USER_NOT_FOUND for a user who is not discoverable.
 */
int user_as_stranger(struct store *store, int64_t user_id, struct buf *out, struct problem *why);

struct user_moderation {
	const char *role;
	int is_active; /* -1: unchanged */
};
extern const struct fields user_moderation_fields;

/*
 * The owner may change every user, but the realm keeps an owner (PROBLEM_LAST_OWNER). An admin may
 * disable and enable users. PROBLEM_FORBIDDEN, PROBLEM_USER_NOT_FOUND.
 */
int user_moderate(struct arena *arena, struct store *store, const struct session *viewer,
		  int64_t user_id, const struct user_moderation *change, struct problem *why);

/*
 * Within store_write(): PROBLEM_LAST_OWNER when the user is the only owner and there are other
 * users.
 */
int check_not_last_owner(struct store *store, int64_t user_id, struct problem *why);

#endif
