/*
 * What a code does: it proves an address, or sets a new password without the old one. Codes come in
 * mails, or from an administrator.
 *
 * Only an address that was proven gets a code for a new password. So a user who has typed the
 * address of another person wrongly does not lose the account to that person.
 */
#ifndef REALM_RECOVERY_H
#define REALM_RECOVERY_H

#include "base/fields.h"
#include "realm/password.h"

struct arena;
struct buf;
struct caller;
struct session;
struct store;

struct forgotten {
	const char *email;
};
extern const struct fields forgotten_fields;

/*
 * Queues a mail for the user of the address, if there is one. The result is the same in both cases.
 * PROBLEM_RATE_LIMITED when the network asks too often; PROBLEM_NOT_FOUND without a mail server.
 */
int recovery_ask(struct arena *arena, struct store *store, const struct caller *caller,
		 const struct forgotten *input, struct problem *why);

extern const struct shape password_code_shape;

/*
 * Writes a code with which the user can set a new password within a day, once. A code that the user
 * had before ends. PROBLEM_USER_NOT_FOUND; PROBLEM_FORBIDDEN unless `by` is an owner, or an
 * administrator and the user is none.
 */
int recovery_grant(struct store *store, const struct session *by, int64_t user_id, struct buf *out,
		   struct problem *why);

struct code_shown {
	const char *code;
};
extern const struct fields code_shown_fields;

struct recovery {
	const char *code, *password;
};
extern const struct fields recovery_fields;

struct new_password {
	char hash[PASSWORD_HASH];
};

/*
 * Checks the code and hashes the new password; not inside store_write(). The result is in the
 * arena. PROBLEM_CODE_INVALID; PROBLEM_INVALID as new_password_check(); PROBLEM_RATE_LIMITED.
 */
int recovery_prepare(struct arena *arena, struct store *store, const struct caller *caller,
		     const struct recovery *input, struct new_password **password_r,
		     struct problem *why);

/* Uses the code: sets the password and ends all logins. PROBLEM_CODE_INVALID. */
int recovery_run(struct store *store, const struct caller *caller, const struct recovery *input,
		 const struct new_password *password, struct problem *why);

/* Queues another mail that proves the address. PROBLEM_NOT_FOUND without a mail server. */
int address_ask(struct store *store, const struct session *session, struct problem *why);

/* Uses the code. PROBLEM_CODE_INVALID, PROBLEM_RATE_LIMITED. */
int address_verify(struct store *store, const struct caller *caller, const struct code_shown *input,
		   struct problem *why);

#endif
