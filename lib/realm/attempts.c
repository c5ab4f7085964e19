/* Attempts that are counted: see attempts.h. */
#include "realm/attempts.h"

#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "store/queries.h"

#define KEY_BYTES 16
#define FORGOTTEN CLOCK_DAY /* the longest `within_us` */

struct attempt {
	unsigned char key[KEY_BYTES];
	int64_t most, within, now;
};

static int count_attempt(struct store *store, void *context, struct problem *why)
{
	const struct attempt *a = context;
	struct q_attempts_of past = {0};
	TRY(q_attempts_of(store, a->key, sizeof(a->key), &past, why));
	bool over = past.since + a->within <= a->now;
	if (!over && past.count >= a->most) {
		problem_set(why, PROBLEM_RATE_LIMITED);
		why->retry_after_ms = (int)((past.since + a->within - a->now) / 1000) + 1;
		return -1;
	}
	TRY(q_attempts_forget(store, a->now - FORGOTTEN, why));
	TRY(q_attempt_put(store, a->key, sizeof(a->key), over ? 1 : past.count + 1,
			  over ? a->now : past.since, why));
	return 0;
}

static struct attempt attempt_of(const char *what, const char *who)
{
	struct attempt a = {.now = clock_now()};
	crypto_generichash_state state;
	crypto_generichash_init(&state, NULL, 0, sizeof(a.key));
	crypto_generichash_update(&state, (const unsigned char *)what, strlen(what) + 1);
	crypto_generichash_update(&state, (const unsigned char *)who, strlen(who));
	crypto_generichash_final(&state, a.key, sizeof(a.key));
	return a;
}

int attempt_count(struct store *store, const char *what, const char *who, int64_t most,
		  int64_t within_us, struct problem *why)
{
	struct attempt a = attempt_of(what, who);
	a.most = most;
	a.within = within_us;
	return store_write_unsynced(store, count_attempt, &a, why);
}

static int forget_attempts(struct store *store, void *context, struct problem *why)
{
	const struct attempt *a = context;
	return q_attempt_delete(store, a->key, sizeof(a->key), why);
}

int attempts_end(struct store *store, const char *what, const char *who, struct problem *why)
{
	struct attempt a = attempt_of(what, who);
	return store_write_unsynced(store, forget_attempts, &a, why);
}
