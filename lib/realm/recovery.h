/*
 * What a code in a mail does: it proves an address, or sets a new password without the old one.
 *
 * Only an address that was proven gets a code for a new password. So a user who has typed the
 * address of another person wrongly does not lose the account to that person.
 */
#ifndef REALM_RECOVERY_H
#define REALM_RECOVERY_H

#include "base/fields.h"
#include "realm/password.h"

struct arena;
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
