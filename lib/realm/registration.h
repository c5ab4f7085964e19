/*
 * Registration of users, by the mode that an operator sets.
 *
 * The setting `registration` says how: `open` lets everybody in, `invite` only with an invitation
 * (invites.h), `approval` makes the account wait for an administrator, and `closed` lets nobody in.
 * A setup code makes its user the realm's owner in every mode. There is one only while the realm
 * has no owner, and it works once.
 */
#ifndef REALM_REGISTRATION_H
#define REALM_REGISTRATION_H

#include "base/fields.h"
#include "realm/codes.h"
#include "realm/settings.h"
#include "store/shape.h"

struct arena;
struct caller;
struct session;

struct user_new {
	const char *username, *email, *password, *full_name, *bio;
	const char *invite_code, *setup_code;
};
extern const struct fields user_new_fields;

/*
 * A visitor registers. PROBLEM_USERNAME_TAKEN, PROBLEM_EMAIL_TAKEN; after some of these from one
 * network PROBLEM_RATE_LIMITED, so that nobody finds out which accounts exist. The same after
 * `registrations_per_network`, unless the visitor has an invitation or the setup code.
 * PROBLEM_INVALID for a common password. PROBLEM_REGISTRATION_CLOSED, PROBLEM_INVITE_INVALID,
 * PROBLEM_SETUP_CODE_INVALID. Takes about 30 ms of CPU and 19 MiB for the hash.
 */
int user_register(struct arena *arena, struct store *store, const struct settings *settings,
		  const struct caller *caller, const struct user_new *input, int64_t *id_r,
		  struct problem *why);

/* The operator adds a user with this role, in every mode. */
int user_add(struct arena *arena, struct store *store, const struct user_new *input,
	     const char *role, int64_t *id_r, struct problem *why);

/* --- the first owner --- */

/* Whether the realm has an owner: 1, 0 or -1. */
int owner_exists(struct store *store, struct problem *why);

/*
 * Makes a setup code while the realm has no owner: 1, or 0 when it has one. An earlier code ends.
 */
int setup_code_make(struct store *store, char code_r[CODE_TEXT], struct problem *why);

/* The user becomes the owner. PROBLEM_SETUP_CODE_INVALID. */
int setup_code_claim(struct store *store, const struct session *session, const char *code,
		     struct problem *why);

/* --- accounts that wait for approval; for administrators, else PROBLEM_FORBIDDEN --- */

/* The event that administrators receive. */
extern const struct shape registration_pending_shape;

int users_pending(struct store *store, const struct session *viewer, struct page *page,
		  struct buf *out, struct problem *why);

/* PROBLEM_USER_NOT_FOUND unless the account waits. A rejected account is erased. */
int user_approve(struct store *store, const struct session *by, int64_t user_id,
		 struct problem *why);
int user_reject(struct arena *arena, struct store *store, const struct session *by, int64_t user_id,
		struct problem *why);

/* Erases an account that has waited since before then: 1, 0 when there is none, or -1. */
int registration_expire(struct store *store, int64_t before, struct problem *why);

#endif
