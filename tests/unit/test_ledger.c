/* realm/ledger: what is spent never exceeds a ceiling. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "realm/ledger.h"
#include "realm/settings.h"
#include "store/queries.h"
#include "tests/unit/test.h"

static struct settings ceilings(int64_t realm, int64_t twin, int64_t asker)
{
	return (struct settings){
		.tokens_per_day = realm, .tokens_per_twin = twin, .tokens_per_asker = asker};
}

/* Reserves, and returns the id of the call; 0 when a ceiling does not allow it. */
static int64_t reserve(struct fixture *f, const struct settings *settings, int64_t twin,
		       int64_t asker, int64_t tokens)
{
	int64_t id, until;
	const struct ledger_call call = {.provider = "llm",
					 .model = "m",
					 .twin_id = twin,
					 .asker_id = asker,
					 .tokens = tokens};
	MUST(ledger_reserve(f->store, settings, &call, &id, &until, &why));
	assert_true(until > clock_now() && until <= clock_now() + CLOCK_DAY);
	return id;
}

static int64_t spent_by_realm(struct fixture *f)
{
	struct q_spend_of_day spent;
	MUST(q_spend_of_day(f->store, clock_now() / CLOCK_DAY, 0, 0, &spent, &why));
	return spent.realm;
}

static void each_ceiling_holds_alone(void **state)
{
	struct fixture *f = *state;
	const struct settings realm = ceilings(100, 1000, 1000), twin = ceilings(1000, 100, 1000),
			      asker = ceilings(1000, 1000, 100);
	assert_int_equal(reserve(f, &realm, f->ben, f->ada, 101), 0);
	assert_int_equal(reserve(f, &twin, f->ben, f->ben, 101), 0);
	assert_int_equal(reserve(f, &asker, f->ben, f->ada, 101), 0);
	assert_int_equal(spent_by_realm(f), 0);
	assert_true(reserve(f, &asker, f->ben, f->ada, 100) > 0);
	assert_int_equal(reserve(f, &asker, f->cleo, f->ada, 1), 0);
	assert_true(reserve(f, &asker, f->ben, f->dora, 100) > 0);
}

static void a_part_of_a_twins_tokens_is_for_its_owner(void **state)
{
	struct fixture *f = *state;
	const struct settings settings = ceilings(1000, 100, 1000);
	assert_int_equal(reserve(f, &settings, f->ben, f->ada, 76), 0);
	assert_true(reserve(f, &settings, f->ben, f->ada, 75) > 0);
	assert_int_equal(reserve(f, &settings, f->ben, f->cleo, 1), 0);
	assert_true(reserve(f, &settings, f->ben, f->ben, 25) > 0);
	assert_int_equal(reserve(f, &settings, f->ben, f->ben, 1), 0);
}

static int reserve_in_background(struct fixture *f, const struct settings *settings, int64_t tokens)
{
	int64_t id, until;
	int reserved = 0;
	const struct ledger_call call = {.provider = "llm",
					 .model = "m",
					 .twin_id = f->ben,
					 .asker_id = f->ben,
					 .is_background = true,
					 .tokens = tokens};
	MUST(reserved = ledger_reserve(f->store, settings, &call, &id, &until, &why));
	return reserved;
}

static void work_that_nobody_waits_for_leaves_the_rest_for_answers(void **state)
{
	struct fixture *f = *state;
	const struct settings each[] = {ceilings(100, 1000, 1000), ceilings(1000, 100, 1000),
					ceilings(1000, 1000, 100)};
	for (int i = 0; i < 3; i++)
		assert_int_equal(reserve_in_background(f, &each[i], 51), 0);
	assert_int_equal(reserve_in_background(f, &each[1], 50), 1);
	assert_int_equal(reserve_in_background(f, &each[1], 1), 0);
	assert_true(reserve(f, &each[1], f->ben, f->ben, 50) > 0);
}

static void a_settled_call_costs_what_was_spent_and_never_more_than_reserved(void **state)
{
	struct fixture *f = *state;
	const struct settings settings = ceilings(1000, 1000, 1000);
	int64_t id = reserve(f, &settings, f->ben, f->ada, 100);
	assert_int_equal(spent_by_realm(f), 100);
	MUST(ledger_settle(f->store, id, 30, &why));
	assert_int_equal(spent_by_realm(f), 30);
	MUST(ledger_settle(f->store, id, 0, &why)); /* once */
	assert_int_equal(spent_by_realm(f), 30);
	const int64_t lies[] = {LEDGER_UNKNOWN, INT64_MIN, 101, INT64_MAX};
	for (int i = 0; i < 4; i++) {
		id = reserve(f, &settings, f->ben, f->ada, 100);
		MUST(ledger_settle(f->store, id, lies[i], &why));
		assert_int_equal(spent_by_realm(f), 30 + (i + 1) * 100);
	}
}

/* --- processes that are killed ---------------------------------------------------------------- */

#define WORKERS 8
#define RUNS 1000
#define USERS 4
#define REALM_CEILING 40000
#define TWIN_CEILING 14000
#define ASKER_CEILING 12000

/* What the provider has really worked, and how many runs have begun; shared by all processes. */
struct bill {
	int runs;
	int64_t realm, twins[USERS + 1], askers[USERS + 1];
};

static void perhaps_die(void)
{
	if (random() % 16 == 0)
		raise(SIGKILL);
}

static void provider_works(struct bill *bill, const struct ledger_call *call, int64_t tokens)
{
	__atomic_add_fetch(&bill->realm, tokens, __ATOMIC_SEQ_CST);
	__atomic_add_fetch(&bill->twins[call->twin_id], tokens, __ATOMIC_SEQ_CST);
	__atomic_add_fetch(&bill->askers[call->asker_id], tokens, __ATOMIC_SEQ_CST);
}

/* One call by an adversarial provider. */
static int run_call(struct store *store, const struct settings *settings, struct bill *bill,
		    struct problem *why)
{
	int64_t id, until;
	struct ledger_call call = {.provider = "llm",
				   .model = "m",
				   .twin_id = 1 + random() % USERS,
				   .asker_id = 1 + random() % USERS,
				   .tokens = random() % 400};
	perhaps_die();
	int reserved = ledger_reserve(store, settings, &call, &id, &until, why);
	if (reserved <= 0)
		return reserved;
	perhaps_die();
	int64_t real = random() % (call.tokens + 1);
	const int64_t says[] = {real, LEDGER_UNKNOWN, INT64_MAX, -5};
	provider_works(bill, &call, real);
	perhaps_die();
	TRY(ledger_settle(store, id, says[random() % 4], why));
	perhaps_die();
	return 1;
}

static void work(const char *path, struct bill *bill, unsigned seed)
{
	const struct settings settings = ceilings(REALM_CEILING, TWIN_CEILING, ASKER_CEILING);
	struct store *store;
	struct problem why = {0};
	srandom(seed);
	if (store_open(path, STORE_SERVE, 60000, &store, &why) < 0)
		_exit(1);
	while (__atomic_fetch_add(&bill->runs, 1, __ATOMIC_SEQ_CST) < RUNS)
		if (run_call(store, &settings, bill, &why) < 0)
			_exit(1);
	_exit(0);
}

static void start_worker(const char *path, struct bill *bill, unsigned seed)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		work(path, bill, seed);
}

/* A realm in a file. */
static const char *realm_file(struct fixture *f)
{
	const char *path = scratch(f->arena, "aeon.db");
	struct store *store;
	int64_t id;
	MUST(store_open(path, STORE_MIGRATE, 60000, &store, &why));
	for (int i = 0; i < USERS; i++) {
		const char *name = arena_printf(f->arena, "user%d", i);
		MUST(q_user_insert(store, name, name, name, "none", NULL, NULL, "user", false, 0,
				   &id, &why));
	}
	store_close(&store);
	return path;
}

static void
what_a_provider_really_worked_is_within_the_ceilings_though_processes_are_killed(void **state)
{
	struct fixture *f = *state;
	const char *path = realm_file(f);
	unsigned seed = (unsigned)getpid(), killed = 0;
	struct bill *bill = mmap(NULL, sizeof(*bill), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	print_message("seed %u\n", seed);
	for (unsigned i = 0; i < WORKERS; i++)
		start_worker(path, bill, seed + i);
	for (int status; wait(&status) > 0;) {
		if (WIFEXITED(status)) {
			assert_int_equal(WEXITSTATUS(status), 0);
			continue;
		}
		start_worker(path, bill, seed + WORKERS + killed++);
	}
	assert_true(killed > 0);
	assert_true(bill->realm > 0 && bill->realm <= REALM_CEILING);
	for (int user = 1; user <= USERS; user++) {
		assert_true(bill->twins[user] <= TWIN_CEILING);
		assert_true(bill->askers[user] <= ASKER_CEILING);
	}
	munmap(bill, sizeof(*bill));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_REALM(each_ceiling_holds_alone),
		IN_REALM(a_part_of_a_twins_tokens_is_for_its_owner),
		IN_REALM(work_that_nobody_waits_for_leaves_the_rest_for_answers),
		IN_REALM(a_settled_call_costs_what_was_spent_and_never_more_than_reserved),
		IN_REALM(
			what_a_provider_really_worked_is_within_the_ceilings_though_processes_are_killed),
	};
	return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
