/*
 * Guesses of passwords. Everything that asks a user for the password goes through here, so all of
 * it counts against one throttle.
 *
 * A guess counts against the account and the network that it comes from, so a stranger does not
 * keep a user out. Against many networks there is a far higher bound for the account alone, and
 * against many accounts one for the network alone. Neither applies in a network from which the user
 * has signed in before. The account is the name that was typed: names without an account, user
 * names and addresses are all throttled alike, and the answer does not tell which of them exist.
 */
#ifndef REALM_GUESS_H
#define REALM_GUESS_H

#include "store/store.h"

struct arena;
struct caller;

struct guess {
	const char *name;   /* as it was typed, or the name of the session's user */
	int64_t user_id;    /* 0: there is no such account */
	int64_t session_id; /* that asks for the password again; 0: a login */
	const struct caller *caller;
};

/*
 * Whether the hash is of this password: 1, 0 or -1. PROBLEM_TOO_MANY_LOGINS when the guess came too
 * early; then nothing is verified. A wrong one is in the audit log. Takes as long as
 * password_hash(), and may not run inside store_write().
 */
int guess_password(struct arena *arena, struct store *store, const struct guess *guess,
		   const char *password, const char *hash, struct problem *why);

/* Within store_write(): the user has signed in from the caller's network. */
int guess_remember_network(struct store *store, int64_t user_id, const struct caller *caller,
			   struct problem *why);

#endif
