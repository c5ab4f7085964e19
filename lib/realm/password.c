/* Passwords: see password.h. */
#include "realm/password.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

#include "store/store.h"

/* OWASP's first choice for argon2id: t = 2, m = 19 MiB, p = 1. About 26 ms on a small machine. */
#define HASH_PASSES 2
#define HASH_BYTES (19 * 1024 * 1024)

static_assert(PASSWORD_HASH >= crypto_pwhash_STRBYTES, "a hash must fit");

static bool forbidden;

void password_allow(bool allowed)
{
	forbidden = !allowed;
}

int password_check_allowed(struct problem *why)
{
	assert(!store_is_writing());
	return forbidden ? problem_set(why, PROBLEM_OTHER_POOL) : 0;
}

int password_hash(const char *password, char *hash, struct problem *why)
{
	TRY(password_check_allowed(why));
	if (crypto_pwhash_str_alg(hash, password, strlen(password), HASH_PASSES, HASH_BYTES,
				  crypto_pwhash_ALG_ARGON2ID13) != 0)
		return problem_set(why, PROBLEM_INTERNAL);
	return 0;
}

int password_verify(const char *password, const char *hash, struct problem *why)
{
	TRY(password_check_allowed(why));
	return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}
