/* Guesses of passwords: see guess.h. */
#include "realm/guess.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "realm/audit.h"
#include "realm/caller.h"
#include "realm/password.h"
#include "store/queries.h"

#define KEY_BYTES 16
#define FORGOTTEN CLOCK_DAY /* since the last failure */

/* A network of a user counts as known for so long, and so many of them. */
#define KNOWN_FOR (90 * CLOCK_DAY)
#define KNOWN_MOST 20

#define FREE_FAILURES 10 /* enough for a user who tries some own passwords */

/*
 * A bound: after `free` failures the next guess has to wait, and the wait doubles each time up to
 * the longest. A network has a short one, because many users may share it.
 */
struct bound {
	const char *scope;
	bool of_name, of_network, of_session;
	bool ends_by_success; /* a right password forgets all failures, not one */
	int free;
	int64_t longest_wait;
};
static const struct bound bounds[] = {
	{"name and network", .ends_by_success = true, .of_name = true, .of_network = true,
	 .free = FREE_FAILURES, .longest_wait = 900 * CLOCK_SECOND},
	{"session", .ends_by_success = true, .of_session = true, .free = FREE_FAILURES,
	 .longest_wait = 900 * CLOCK_SECOND},
	{"name", .of_name = true, .free = 100, .longest_wait = 900 * CLOCK_SECOND},
	{"network", .of_network = true, .free = 100, .longest_wait = 30 * CLOCK_SECOND},
};
#define BOUNDS (sizeof(bounds) / sizeof(*bounds))

struct key {
	const struct bound *bound;
	unsigned char bytes[KEY_BYTES];
};

/* A guess and the bounds that apply to it. */
struct attempt {
	int64_t now;
	struct key keys[BOUNDS];
	size_t count;
};

static void add_part(crypto_generichash_state *state, const char *text)
{
	crypto_generichash_update(state, (const unsigned char *)text, strlen(text) + 1);
}

/* The key is a hash, so that no typed name stays in the database. */
static void add_key(struct attempt *attempt, const struct bound *bound, const struct guess *guess,
		    const char *name)
{
	struct key *key = &attempt->keys[attempt->count++];
	char session[24];
	crypto_generichash_state state;
	snprintf(session, sizeof(session), "%lld", (long long)guess->session_id);
	key->bound = bound;
	crypto_generichash_init(&state, NULL, 0, KEY_BYTES);
	add_part(&state, bound->scope);
	add_part(&state, bound->of_name ? name : "");
	add_part(&state, bound->of_network ? guess->caller->network : "");
	add_part(&state, bound->of_session ? session : "");
	crypto_generichash_final(&state, key->bytes, KEY_BYTES);
}

static int find_bounds(struct arena *arena, struct store *store, const struct guess *guess,
		       struct attempt *attempt, struct problem *why)
{
	/* All texts that find one account as its name, or as its address, must give one key. */
	const char *name = utf8_key(arena, guess->name);
	const char *network = guess->caller->network;
	int known = q_login_network_known(store, guess->user_id, network, attempt->now - KNOWN_FOR,
					  why);
	TRY(known);
	for (const struct bound *bound = bounds; bound < bounds + BOUNDS; bound++) {
		bool applies = bound->of_session                     ? guess->session_id != 0
			       : bound->of_name && bound->of_network ? true
								     : !known && !guess->session_id;
		if (applies && (bound->of_name || bound->of_session || *network))
			add_key(attempt, bound, guess, name);
	}
	return 0;
}

static int64_t wait_after(const struct bound *bound, int64_t failures)
{
	if (failures < bound->free)
		return 0;
	int64_t doublings = failures - bound->free;
	int64_t wait = doublings < 10 ? CLOCK_SECOND << doublings : bound->longest_wait;
	return wait < bound->longest_wait ? wait : bound->longest_wait;
}

static int check_waits(struct store *store, const struct attempt *attempt, struct problem *why)
{
	int64_t longest = 0;
	for (const struct key *key = attempt->keys; key < attempt->keys + attempt->count; key++) {
		struct q_guesses_of past = {0};
		TRY(q_guesses_of(store, key->bytes, KEY_BYTES, &past, why));
		int64_t wait = wait_after(key->bound, past.failures);
		/* Another process may have noted a guess that began later. */
		int64_t left = wait > 0 ? past.last_failed + wait - attempt->now : 0;
		if (left > longest)
			longest = left;
	}
	if (longest == 0)
		return 0;
	problem_set(why, PROBLEM_TOO_MANY_LOGINS);
	why->retry_after_ms = (int)(longest / 1000) + 1;
	return -1;
}

/*
 * Counts the guess as failed before the password is verified, so that parallel guesses gain
 * nothing.
 */
static int count_failure(struct store *store, void *context, struct problem *why)
{
	const struct attempt *attempt = context;
	TRY(check_waits(store, attempt, why));
	TRY(q_guesses_forget(store, attempt->now - FORGOTTEN, why));
	for (const struct key *key = attempt->keys; key < attempt->keys + attempt->count; key++)
		TRY(q_guess_failed(store, key->bytes, KEY_BYTES, attempt->now, why));
	return 0;
}

/* Where a user has proved to be right, nothing is left to wait for; elsewhere the others stay. */
static int take_failure_back(struct store *store, void *context, struct problem *why)
{
	const struct attempt *attempt = context;
	for (const struct key *key = attempt->keys; key < attempt->keys + attempt->count; key++) {
		TRY(q_guess_succeeded(store, key->bytes, KEY_BYTES, key->bound->ends_by_success,
				      why));
		TRY(q_guess_less(store, key->bytes, KEY_BYTES, why));
	}
	return 0;
}

/* An unknown name is not in the log: it may be a password that was typed into the wrong field. */
static int note_wrong(struct store *store, void *context, struct problem *why)
{
	const struct guess *guess = context;
	char object[24];
	snprintf(object, sizeof(object), "%" PRId64, guess->user_id);
	struct audit_entry entry = {.action = AUDIT_LOGIN_FAILED,
				    .caller = guess->caller,
				    .actor = guess->session_id ? guess->user_id : 0,
				    .kind = guess->user_id ? "user" : NULL,
				    .object = guess->user_id ? object : NULL};
	return audit_merged(store, &entry, why);
}

int guess_password(struct arena *arena, struct store *store, const struct guess *guess,
		   const char *password, const char *hash, struct problem *why)
{
	struct attempt attempt = {.now = clock_now()};
	TRY(password_check_allowed(why));
	TRY(find_bounds(arena, store, guess, &attempt, why));
	/* Once before the write lock, since most guesses of an attacker end here. */
	TRY(check_waits(store, &attempt, why));
	TRY(store_write_unsynced(store, count_failure, &attempt, why));
	int right = password_verify(password, hash, why);
	struct guess wrong = *guess;
	if (right > 0)
		TRY(store_write_unsynced(store, take_failure_back, &attempt, why));
	else if (right == 0)
		TRY(store_write_unsynced(store, note_wrong, &wrong, why));
	return right;
}

int guess_remember_network(struct store *store, int64_t user_id, const struct caller *caller,
			   struct problem *why)
{
	int64_t now = clock_now();
	if (!*caller->network)
		return 0;
	TRY(q_login_network_put(store, user_id, caller->network, now, why));
	return q_login_networks_forget(store, user_id, now - KNOWN_FOR, KNOWN_MOST, why);
}
