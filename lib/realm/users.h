/* Accounts. Passwords are kept as argon2id hashes, which never leave this module. */
#ifndef REALM_USERS_H
#define REALM_USERS_H

#include "base/fields.h"
#include "store/shape.h"

struct arena;
struct session;

#define EMAIL_PATTERN "^[^@[:space:][:cntrl:]]+@[^@[:space:][:cntrl:]]+\\.[^@[:space:][:cntrl:].]+$"
#define EMAIL_WRONG "value is not a valid email address"

/* What no pattern can say of an address; `email_key` is its utf8_key(). PROBLEM_INVALID. */
int email_check(struct arena *arena, const char *email_key, struct problem *why);

/*
 * PROBLEM_USERNAME_TAKEN or PROBLEM_EMAIL_TAKEN when another user than `self` has it. username may
 * be NULL.
 */
int user_check_free(struct store *store, const char *username, const char *email_key, int64_t self,
		    struct problem *why);

enum { USER_CHANGE_FULL_NAME = 1 << 0, USER_CHANGE_BIO = 1 << 1, USER_CHANGE_EMAIL = 1 << 2 };
struct user_change {
	const char *full_name, *bio, *email;
	const char *password, *old_password; /* for account_set_password() */
	uint32_t given; /* USER_CHANGE_…: what to set; NULL clears it (not the email) */
};
extern const struct fields user_change_fields; /* the rows are in the order of the bits */

extern const struct shape user_shape;

/* Writes the account as its owner sees it. */
int user_show(struct store *store, int64_t user_id, struct buf *out, struct problem *why);

int user_update(struct arena *arena, struct store *store, const struct session *by,
		const struct user_change *change, struct problem *why);

/* All users, newest first; for administrators. viewer 0: the operator. */
int users_list(struct store *store, int64_t viewer, struct page *page, struct buf *out,
	       struct problem *why);

/* For administrators; username in any case. PROBLEM_USER_NOT_FOUND. */
int user_id_of(struct store *store, const char *username, int64_t *id_r, struct problem *why);
int user_set_password(struct store *store, const struct session *by, int64_t user_id,
		      const char *password, struct problem *why); /* ends all sessions */
int user_set_role(struct store *store, const struct session *by, int64_t user_id, const char *role,
		  struct problem *why);
int user_set_active(struct store *store, const struct session *by, int64_t user_id, bool active,
		    struct problem *why); /* disabling ends all sessions */

/*
 * For an invitation, a share or an interaction. PROBLEM_USER_NOT_FOUND unless the other user
 * exists, is active, neither has blocked the other, and the other one is discoverable or has
 * something in common with the viewer. PROBLEM_CONTACT_REFUSED when the user does not want to be
 * contacted by the viewer.
 */
int user_check_contact(struct store *store, int64_t viewer, int64_t other, struct problem *why);

#endif
