/* lib/realm/health: what the notes of the realm's own work mean. The test sets the clock. */
#include <unistd.h>

#include <sqlite3.h>

#include "base/clock.h"
#include "realm/health.h"
#include "realm/metrics.h"
#include "realm/minutes.h"
#include "realm/realm.h"
#include "realm/session.h"
#include "realm/settings.h"
#include "store/lead.h"
#include "store/queries.h"
#include "tests/unit/test.h"

static int64_t later; /* microseconds that the test has set the clocks forward */

int64_t __real_clock_now(void);
int64_t __real_clock_monotonic(void);
int64_t __wrap_clock_now(void);
int64_t __wrap_clock_monotonic(void);
int64_t __wrap_clock_now(void)
{
	return __real_clock_now() + later;
}
int64_t __wrap_clock_monotonic(void)
{
	return __real_clock_monotonic() + later;
}

static void pass_seconds(int seconds)
{
	later += seconds * CLOCK_SECOND;
}

struct realm {
	struct arena *arena;
	struct settings settings;
	struct store *store;
};

/* The shared memory is mapped once in this process, so each test begins an hour later. */
static int realm_setup(void **state)
{
	static struct realm realm;
	realm = (struct realm){.arena = arena_new(),
			       .settings = {.store_wait_ms = 50, .smtp_url = ""}};
	const char *path = scratch(realm.arena, "x.db");
	realm.settings.database = path;
	realm.settings.run_dir = arena_strndup(realm.arena, path, strlen(path) - 5);
	MUST(realm_open(&realm.settings, STORE_MIGRATE, &realm.store, &why));
	pass_seconds(3600);
	for (enum health_task task = 0; task < HEALTH_TASK__COUNT; task++)
		health_note(task, 0, NULL);
	*state = &realm;
	return 0;
}

static int realm_teardown(void **state)
{
	struct realm *realm = *state;
	store_close(&realm->store);
	arena_free(&realm->arena);
	return 0;
}

static struct health measured_by(struct realm *realm, bool has_pool)
{
	struct health health;
	struct problem why = {0};
	health_measure(realm->store, &realm->settings, has_pool, &health, &why);
	return health;
}

static struct health measured(struct realm *realm)
{
	return measured_by(realm, true);
}

static const char *heartbeat(struct realm *realm)
{
	const char *value = "";
	MUST(q_meta_get(realm->arena, realm->store, "heartbeat", &value, &why));
	return value;
}

static void note_failure(enum health_task task, const char *cause)
{
	struct problem why = {0};
	problem_set(&why, PROBLEM_STORE_FAILED);
	problem_cause(&why, "%s", cause);
	assert_int_equal(health_note(task, -1, &why), -1);
}

static void a_realm_that_works_is_healthy(void **state)
{
	struct health health = measured(*state);
	assert_true(health.all_good);
	assert_true(health.notes.since_good[HEALTH_WRITE] >= 0);
	assert_int_equal(health.notes.since_bad[HEALTH_CHECKPOINT], HEALTH_UNKNOWN);
}

static void while_others_write_nothing_is_written_to_measure(void **state)
{
	for (int i = 0; i < 5; i++) {
		pass_seconds(4);
		health_note(HEALTH_WRITE, 0, NULL);
		assert_true(measured(*state).all_good);
	}
	assert_string_equal(heartbeat(*state), "");
}

static void when_nobody_writes_a_row_is_written_at_most_every_two_seconds(void **state)
{
	pass_seconds(7);
	assert_true(measured(*state).all_good);
	const char *first = heartbeat(*state);
	assert_string_not_equal(first, "");
	for (int i = 0; i < 100; i++)
		assert_true(measured(*state).all_good);
	assert_string_equal(heartbeat(*state), first);
	pass_seconds(7);
	assert_true(measured(*state).all_good);
	assert_string_not_equal(heartbeat(*state), first);
}

static void a_held_lock_is_found_without_other_writes(void **state)
{
	struct realm *realm = *state;
	sqlite3 *other;
	assert_int_equal(sqlite3_open(realm->settings.database, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	pass_seconds(7);
	struct health health = measured(realm);
	assert_false(health.all_good);
	assert_non_null(strstr(health.parts[HEALTH_WRITES].reason, "database is locked"));
	sqlite3_close(other);
}

static void a_failed_write_counts_for_ten_seconds(void **state)
{
	note_failure(HEALTH_WRITE, "disk full");
	health_note(HEALTH_WRITE, 0, NULL); /* a small one may still succeed */
	struct health health = measured(*state);
	assert_false(health.parts[HEALTH_WRITES].good);
	assert_non_null(strstr(health.parts[HEALTH_WRITES].reason, "disk full"));
	assert_true(health.parts[HEALTH_MAINTENANCE].good);
	pass_seconds(11);
	health_note(HEALTH_WRITE, 0, NULL);
	assert_true(measured(*state).all_good);
}

static void each_task_that_ended_badly_counts_until_it_ends_well(void **state)
{
	for (enum health_task task = HEALTH_CHECKPOINT; task < HEALTH_TASK__COUNT; task++) {
		note_failure(task, "input/output error");
		pass_seconds(60);
		health_note(HEALTH_WRITE, 0, NULL);
		health_note(task == HEALTH_CHECKPOINT ? HEALTH_PRUNING : HEALTH_CHECKPOINT, 0,
			    NULL);
		struct health health = measured(*state);
		assert_true(health.parts[HEALTH_WRITES].good);
		assert_false(health.parts[HEALTH_MAINTENANCE].good);
		assert_non_null(
			strstr(health.parts[HEALTH_MAINTENANCE].reason, "input/output error"));
		health_note(task, 0, NULL);
		assert_true(measured(*state).all_good);
	}
}

static void the_leader_is_named_while_it_works(void **state)
{
	struct realm *realm = *state;
	struct leader *leader;
	struct checkpoint done;
	MUST(store_lead(realm->settings.database, 50, &leader, &why));
	MUST(health_checkpoint(LEADER_CTL, leader, &done, &why));
	struct health health = measured(realm);
	assert_string_equal(health.leader, "aeonctl");
	assert_int_equal(health.notes.leader_pid, getpid());
	store_resign(&leader);
	pass_seconds(60);
	health_note(HEALTH_WRITE, 0, NULL);
	assert_null(measured(realm).leader);
}

static void workers_without_a_maintainer_are_a_fault_and_cgi_programs_are_none(void **state)
{
	pass_seconds(31);
	health_note(HEALTH_WRITE, 0, NULL);
	assert_true(measured_by(*state, false).all_good);
	struct health health = measured_by(*state, true);
	assert_false(health.all_good);
	assert_string_equal(health.parts[HEALTH_MAINTENANCE].reason,
			    "No process has done the maintenance for 31 s");
	health_note(HEALTH_CHECKPOINT, 0, NULL);
	assert_true(measured_by(*state, true).all_good);
}

static void without_the_database_the_rest_is_still_measured(void **state)
{
	struct realm *realm = *state;
	struct problem why = {0};
	struct health health;
	problem_set(&why, PROBLEM_STORE_FAILED);
	health_measure(NULL, &realm->settings, true, &health, &why);
	assert_false(health.all_good);
	assert_false(health.parts[HEALTH_DATABASE].good);
	assert_true(health.parts[HEALTH_DISK].good);
	assert_true(health.free_bytes > 0);
}

static void a_minute_has_what_happened_in_it_and_a_day_of_them_is_kept(void **state)
{
	struct realm *realm = *state;
	const struct session owner = {.role = "owner"}, other = {.role = "user"};
	struct minutes minutes = {0};
	struct buf *out = buf_in(realm->arena);
	metrics_add(METRIC_REQUESTS, 5);
	MUST(minutes_step(&minutes, realm->store, &realm->settings, &why));
	pass_seconds(60);
	metrics_add(METRIC_REQUESTS, 3);
	metrics_add(METRIC_REQUEST_US, 6000);
	metrics_count_refusal(DOOR_REST, PROBLEM_FORBIDDEN);
	MUST(minutes_step(&minutes, realm->store, &realm->settings, &why));
	MUST(minutes_step(&minutes, realm->store, &realm->settings, &why));
	MUST(minutes_list(realm->store, &owner, &(struct minutes_filter){MINUTES_KEPT}, out, &why));
	assert_non_null(strstr(out->data, "\"requests\":3,\"mean_ms\":2.0,\"refused\":1,"));
	assert_null(strstr(out->data, "\"requests\":5"));
	REFUSED(FORBIDDEN,
		minutes_list(realm->store, &other, &(struct minutes_filter){1}, out, &why));

	pass_seconds(86400);
	health_note(HEALTH_WRITE, 0, NULL);
	MUST(minutes_step(&minutes, realm->store, &realm->settings, &why)); /* of a part of it */
	pass_seconds(60);
	health_note(HEALTH_WRITE, 0, NULL);
	MUST(minutes_step(&minutes, realm->store, &realm->settings, &why));
	buf_clear(out);
	MUST(minutes_list(realm->store, &owner, &(struct minutes_filter){MINUTES_KEPT}, out, &why));
	assert_non_null(strstr(out->data, "\"requests\":0,"));
	assert_null(strstr(out->data, "\"requests\":3,"));
}

#define OF_REALM(test) cmocka_unit_test_setup_teardown(test, realm_setup, realm_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		OF_REALM(a_realm_that_works_is_healthy),
		OF_REALM(while_others_write_nothing_is_written_to_measure),
		OF_REALM(when_nobody_writes_a_row_is_written_at_most_every_two_seconds),
		OF_REALM(a_held_lock_is_found_without_other_writes),
		OF_REALM(a_failed_write_counts_for_ten_seconds),
		OF_REALM(each_task_that_ended_badly_counts_until_it_ends_well),
		OF_REALM(the_leader_is_named_while_it_works),
		OF_REALM(workers_without_a_maintainer_are_a_fault_and_cgi_programs_are_none),
		OF_REALM(without_the_database_the_rest_is_still_measured),
		OF_REALM(a_minute_has_what_happened_in_it_and_a_day_of_them_is_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
