/*
 * realm/guess: how many guesses of a password are verified, and that they keep no user out.
 *
 * The linker replaces the clock and the hash, so that a day of guesses takes a second.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "realm/accounts.h"
#include "realm/guess.h"
#include "realm/password.h"
#include "realm/sessions.h"
#include "tests/unit/clock.h"
#include "tests/unit/test.h"

static int verified;

/* The password of the fixture's users is their hash. */
int __wrap_password_verify(const char *password, const char *hash, struct problem *why);
int __wrap_password_verify(const char *password, const char *hash, struct problem *why)
{
	(void)why;
	assert_false(store_is_writing());
	verified++;
	return strcmp(password, hash) == 0;
}
#define FREE 10 /* failures before an account waits */
#define RIGHT "none"

static int guesses_setup(void **state)
{
	now = INT64_C(1800000000) * CLOCK_SECOND;
	verified = 0;
	return fixture_setup(state);
}

/* Signs in from 10.0.NETWORK.9, or from an unknown address (-1). Returns the problem's code. */
static enum problem_code log_in(struct fixture *f, const char *name, const char *password,
				int network)
{
	char address[32], prefix[32];
	struct problem why = {0};
	struct token token;
	snprintf(address, sizeof(address), "10.0.%d.9", network);
	snprintf(prefix, sizeof(prefix), "10.0.%d.0/24", network);
	struct caller caller = {.address = address, .network = prefix};
	const struct login login = {.username = name, .password = password};
	session_open(f->arena, f->store, &login, network < 0 ? &caller_unknown : &caller, CLOCK_DAY,
		     &token, &why);
	return why.code;
}

static void a_network_waits_after_ten_failures_and_a_login_there_forgets_them(void **state)
{
	struct fixture *f = *state;
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 4; i++)
			assert_int_equal(log_in(f, "ada", "wrong", 1), PROBLEM_LOGIN_FAILED);
		assert_int_equal(log_in(f, "ada", RIGHT, 1), PROBLEM_NONE);
	}
	for (int i = 0; i < FREE; i++)
		assert_int_equal(log_in(f, "ADA ", "wrong", 1), PROBLEM_LOGIN_FAILED);
	int before = verified;
	assert_int_equal(log_in(f, "ada", RIGHT, 1), PROBLEM_TOO_MANY_LOGINS);
	assert_int_equal(verified, before);
	assert_int_equal(log_in(f, "ada", RIGHT, 2), PROBLEM_NONE);
	assert_int_equal(log_in(f, "ben", RIGHT, 1), PROBLEM_NONE);
	now += CLOCK_SECOND;
	assert_int_equal(log_in(f, "ada", RIGHT, 1), PROBLEM_NONE);
}

static void devices_that_sign_in_at_the_same_time_do_not_keep_each_other_out(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(log_in(f, "ada", "wrong", 1), PROBLEM_LOGIN_FAILED);
	now -= CLOCK_SECOND / 1000; /* this guess has begun before the other one was noted */
	assert_int_equal(log_in(f, "ada", RIGHT, 1), PROBLEM_NONE);
}

static void an_account_has_a_bound_of_its_own_that_spares_known_networks(void **state)
{
	struct fixture *f = *state;
	int refused = 0;
	assert_int_equal(log_in(f, "ada", RIGHT, 200), PROBLEM_NONE);
	verified = 0;
	for (int network = 0; network < 50; network++)
		for (int i = 0; i < FREE; i++)
			refused += log_in(f, "ada", "wrong", network) == PROBLEM_TOO_MANY_LOGINS;
	assert_int_equal(verified, 100);
	assert_int_equal(refused, 50 * FREE - 100);
	assert_int_equal(log_in(f, "ada", RIGHT, 201), PROBLEM_TOO_MANY_LOGINS);
	assert_int_equal(log_in(f, "ada", RIGHT, 200), PROBLEM_NONE);
	/* A network is known for 90 days. */
	now += 91 * CLOCK_DAY;
	for (int network = 0; network < 21; network++)
		for (int i = 0; i < FREE; i++)
			log_in(f, "ada", "wrong", network);
	assert_int_equal(log_in(f, "ada", RIGHT, 200), PROBLEM_TOO_MANY_LOGINS);
}

static void a_network_has_a_bound_over_all_accounts_that_spares_its_users(void **state)
{
	struct fixture *f = *state;
	char name[24];
	assert_int_equal(log_in(f, "ada", RIGHT, 7), PROBLEM_NONE);
	verified = 0;
	for (int i = 0; i < 200; i++) {
		snprintf(name, sizeof(name), "user-%d", i);
		log_in(f, name, "wrong", 7);
	}
	assert_int_equal(verified, 100);
	assert_int_equal(log_in(f, "ben", RIGHT, 7), PROBLEM_TOO_MANY_LOGINS);
	assert_int_equal(log_in(f, "ada", RIGHT, 7), PROBLEM_NONE);
	assert_int_equal(log_in(f, "ben", RIGHT, 8), PROBLEM_NONE);
	now += 30 * CLOCK_SECOND;
	assert_int_equal(log_in(f, "ben", RIGHT, 7), PROBLEM_NONE);
}

static void callers_without_an_address_share_no_bound_but_that_of_the_account(void **state)
{
	struct fixture *f = *state;
	char name[24];
	for (int i = 0; i < 200; i++) {
		snprintf(name, sizeof(name), "user-%d", i);
		assert_int_equal(log_in(f, name, "wrong", -1), PROBLEM_LOGIN_FAILED);
	}
	for (int i = 0; i < FREE; i++)
		assert_int_equal(log_in(f, "ada", "wrong", -1), PROBLEM_LOGIN_FAILED);
	assert_int_equal(log_in(f, "ada", RIGHT, -1), PROBLEM_TOO_MANY_LOGINS);
	assert_int_equal(log_in(f, "ben", RIGHT, -1), PROBLEM_NONE);
}

static void names_addresses_and_what_does_not_exist_are_throttled_alike(void **state)
{
	struct fixture *f = *state;
	const char *const names[] = {"ada", "ada@example.org", "nobody", "nobody@example.org"};
	enum problem_code first[130];
	for (size_t n = 0; n < 4; n++) {
		for (int i = 0; i < 130; i++) {
			enum problem_code code =
				log_in(f, names[n], "wrong", (int)n * 60 + i / FREE);
			if (n == 0)
				first[i] = code;
			assert_int_equal(code, first[i]);
		}
	}
	assert_int_equal(first[0], PROBLEM_LOGIN_FAILED);
	assert_int_equal(first[129], PROBLEM_TOO_MANY_LOGINS);
}

static void every_text_that_finds_an_account_counts_as_one(void **state)
{
	struct fixture *f = *state;
	const char *const texts[] = {"ben@example.org", "BEN@Example.org", "be\u00adn@example.org",
				     "\uff22\uff25\uff2e@example.org", " ben@example.org "};
	for (size_t i = 0; i < FREE; i++)
		assert_int_equal(log_in(f, texts[i % 5], "wrong", 1), PROBLEM_LOGIN_FAILED);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(log_in(f, texts[i], "wrong", 1), PROBLEM_TOO_MANY_LOGINS);
}

static void asking_again_counts_with_the_logins_of_the_network(void **state)
{
	struct fixture *f = *state;
	struct caller caller = {.address = "10.0.1.9", .network = "10.0.1.0/24"};
	struct session session = {.id = 1, .user_id = f->ada, .username = "ada", .caller = &caller};
	int right;
	MUST(right = account_check_password(f->arena, f->store, &session, RIGHT, &why));
	assert_int_equal(right, 1);
	for (int i = 0; i < FREE; i++) {
		MUST(right = account_check_password(f->arena, f->store, &session, "wrong", &why));
		assert_int_equal(right, 0);
	}
	REFUSED(TOO_MANY_LOGINS, account_check_password(f->arena, f->store, &session, RIGHT, &why));
	assert_int_equal(log_in(f, "ada", RIGHT, 1), PROBLEM_TOO_MANY_LOGINS);
	/* A stolen token gains nothing by changing its network. */
	caller.network = "10.0.2.0/24";
	REFUSED(TOO_MANY_LOGINS, account_check_password(f->arena, f->store, &session, RIGHT, &why));
	assert_int_equal(log_in(f, "ada", RIGHT, 2), PROBLEM_NONE);
}

/* The figures of a long attack; its last line is also for a reader. AEON_GUESSES says how many
 * guesses. */
static void of_many_guesses_from_fifty_networks_few_are_verified(void **state)
{
	struct fixture *f = *state;
	const int64_t guesses = setting("AEON_GUESSES", 20000);
	const int logins = 100;
	assert_true(guesses >= logins);
	assert_int_equal(log_in(f, "ada", RIGHT, 200), PROBLEM_NONE);
	verified = 0;
	for (int64_t i = 0; i < guesses; i++) {
		log_in(f, "ada", "wrong", (int)(i % 50));
		if (i % (guesses / logins) == 0)
			assert_int_equal(log_in(f, "ada", RIGHT, 200), PROBLEM_NONE);
		now += CLOCK_DAY / guesses;
		arena_reset(f->arena);
	}
	verified -= logins;
	print_message("# of %lld guesses within a day %d were verified\n", (long long)guesses,
		      verified);
	assert_in_range(verified, 100, 250);
}

int main(void)
{
#define GUESSES(test) cmocka_unit_test_setup_teardown(test, guesses_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		GUESSES(a_network_waits_after_ten_failures_and_a_login_there_forgets_them),
		GUESSES(devices_that_sign_in_at_the_same_time_do_not_keep_each_other_out),
		GUESSES(an_account_has_a_bound_of_its_own_that_spares_known_networks),
		GUESSES(a_network_has_a_bound_over_all_accounts_that_spares_its_users),
		GUESSES(callers_without_an_address_share_no_bound_but_that_of_the_account),
		GUESSES(names_addresses_and_what_does_not_exist_are_throttled_alike),
		GUESSES(every_text_that_finds_an_account_counts_as_one),
		GUESSES(asking_again_counts_with_the_logins_of_the_network),
		GUESSES(of_many_guesses_from_fifty_networks_few_are_verified),
	};
	return cmocka_run_group_tests_name("guesses", tests, NULL, NULL);
}
