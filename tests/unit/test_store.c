/* lib/store: statements, transactions, migration, waiting. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/clock.h"
#include "store/internal.h"
#include "store/queries.h"
#include "tests/unit/test.h"

/* A database in a file. */
struct file {
	struct arena *arena;
	const char *path;
	struct store *one, *other;
};

static int file_setup(void **state)
{
	static struct file file;
	file = (struct file){.arena = arena_new()};
	file.path = scratch(file.arena, "x.db");
	MUST(store_open(file.path, STORE_MIGRATE, 50, &file.one, &why));
	MUST(store_open(file.path, STORE_SERVE, 50, &file.other, &why));
	*state = &file;
	return 0;
}

static int file_teardown(void **state)
{
	struct file *file = *state;
	store_close(&file->one);
	store_close(&file->other);
	arena_free(&file->arena);
	return 0;
}

static int put_value(struct store *store, void *value, struct problem *why)
{
	return q_meta_put(store, "key", value, why);
}

static const char *value_in(struct arena *arena, struct store *store)
{
	const char *value = "";
	MUST(q_meta_get(arena, store, "key", &value, &why));
	return value;
}

/* --- statements --- */

static void values_are_read_as_they_were_written(void **state)
{
	static const unsigned char hash[32] = {0, 1, 0, 255};
	struct fixture *f = *state;
	int64_t zoe, large = INT64_C(0x7edcba9876543210);
	int found;
	MUST(q_user_insert(f->store, "Zoé", "z@x.org", "z@x.org", "h", NULL, "", "user", false, 1,
			   &zoe, &why));
	struct q_login_account account;
	MUST(q_login_account(f->arena, f->store, "Zoé", "Zoé", &account, &why));
	assert_int_equal(account.user, zoe);
	assert_string_equal(account.password_hash, "h");
	assert_true(account.is_active);
	struct q_user_profile profile;
	MUST(found = q_user_profile(f->arena, f->store, zoe, &profile, &why));
	assert_int_equal(found, 1);
	assert_null(profile.full_name);
	assert_string_equal(profile.bio, "");
	struct q_session_by_hash session;
	MUST(q_session_insert(f->store, hash, sizeof(hash), zoe, NULL, 1, large, "h", &why));
	MUST(found = q_session_by_hash(f->arena, f->store, hash, sizeof(hash), 1, &session, &why));
	assert_int_equal(found, 1);
	assert_int_equal(session.expires_at, large);
	assert_string_equal(session.role, "user");
}

static void without_a_row_the_outputs_are_unchanged(void **state)
{
	struct fixture *f = *state;
	int64_t id = 77;
	int found;
	MUST(found = q_user_by_username(f->store, "nobody", &id, &why));
	assert_int_equal(found, 0);
	assert_int_equal(id, 77);
}

static int count_until(int64_t user, void *context, struct problem *why)
{
	int *count = context;
	(void)user, (void)why;
	return ++*count == 2;
}

static int refuse_row(int64_t user, void *context, struct problem *why)
{
	(void)user, (void)context;
	return problem_set(why, PROBLEM_FORBIDDEN);
}

static void a_callback_can_stop_or_fail_and_the_query_can_run_again(void **state)
{
	struct fixture *f = *state;
	const int64_t users[] = {f->ada, f->ben, f->cleo, f->dora};
	int count = 0;
	for (int i = 0; i < 4; i++)
		MUST(q_presence_put(f->store, users[i], "away", 1, NULL, true, &why));
	MUST(q_presence_latest(f->store, count_until, &count, &why));
	assert_int_equal(count, 2);
	REFUSED(FORBIDDEN, q_presence_latest(f->store, refuse_row, NULL, &why));
	MUST(q_presence_latest(f->store, count_until, &count, &why));
	assert_int_equal(count, 6);
}

static void exec_returns_the_number_of_changed_rows(void **state)
{
	struct fixture *f = *state;
	int changed;
	MUST(changed = q_user_set_role(f->store, f->ben, "admin", 1, &why));
	assert_int_equal(changed, 1);
	MUST(changed = q_user_set_role(f->store, 999, "admin", 1, &why));
	assert_int_equal(changed, 0);
}

/* A row is returned before the statement ends. The failure at the end must still be reported. */
static void a_foreign_key_is_checked_also_when_a_row_is_returned(void **state)
{
	struct fixture *f = *state;
	bool is_new;
	REFUSED(INTERNAL, q_relationship_put(f->store, f->ada, 999, "friend", 1, 1, "[]", NULL,
					     &is_new, &why));
}

static void a_failed_constraint_shows_no_sql_to_the_user(void **state)
{
	struct fixture *f = *state;
	struct problem why = {0};
	assert_int_equal(q_user_set_role(f->store, f->ben, "king", 1, &why), -1);
	assert_int_equal(why.code, PROBLEM_INTERNAL);
	assert_null(strstr(why.detail, "CHECK"));
	assert_non_null(strstr(why.cause, "CHECK"));
}

/* --- transactions --- */

static int fail_after_put(struct store *store, void *value, struct problem *why)
{
	TRY(put_value(store, value, why));
	return problem_set(why, PROBLEM_FORBIDDEN);
}

static void a_failed_write_is_rolled_back(void **state)
{
	struct fixture *f = *state;
	MUST(store_write(f->store, put_value, "first", &why));
	REFUSED(FORBIDDEN, store_write(f->store, fail_after_put, "second", &why));
	assert_string_equal(value_in(f->arena, f->store), "first");
}

static int fail_at_once(struct store *store, void *unused, struct problem *why)
{
	(void)store, (void)unused;
	return problem_set(why, PROBLEM_FORBIDDEN);
}

static int outer_with(struct store *store, int (*inner)(struct store *, void *, struct problem *),
		      struct problem *why)
{
	struct problem of_inner = {0};
	TRY(put_value(store, "outer", why));
	assert_int_equal(store_write(store, inner, "inner", &of_inner), -1);
	assert_int_equal(of_inner.code, PROBLEM_FORBIDDEN);
	return 7;
}

static int outer_of_refused_inner(struct store *store, void *unused, struct problem *why)
{
	(void)unused;
	return outer_with(store, fail_at_once, why);
}

static int outer_of_failed_inner(struct store *store, void *unused, struct problem *why)
{
	(void)unused;
	return outer_with(store, fail_after_put, why);
}

static void a_refused_inner_write_does_not_harm_the_outer_one(void **state)
{
	struct fixture *f = *state;
	int result;
	MUST(result = store_write(f->store, outer_of_refused_inner, NULL, &why));
	assert_int_equal(result, 7);
	assert_string_equal(value_in(f->arena, f->store), "outer");
}

static void an_inner_write_that_fails_half_done_rolls_everything_back(void **state)
{
	struct fixture *f = *state;
	MUST(store_write(f->store, put_value, "first", &why));
	REFUSED(STORE_FAILED, store_write(f->store, outer_of_failed_inner, NULL, &why));
	assert_string_equal(value_in(f->arena, f->store), "first");
	MUST(store_write(f->store, outer_of_refused_inner, NULL, &why));
	assert_string_equal(value_in(f->arena, f->store), "outer");
}

static int outer_fails(struct store *store, void *unused, struct problem *why)
{
	(void)unused;
	TRY(store_write(store, put_value, "inner", why));
	return problem_set(why, PROBLEM_FORBIDDEN);
}

static void a_failed_outer_write_rolls_everything_back(void **state)
{
	struct fixture *f = *state;
	MUST(store_write(f->store, put_value, "first", &why));
	REFUSED(FORBIDDEN, store_write(f->store, outer_fails, NULL, &why));
	assert_string_equal(value_in(f->arena, f->store), "first");
}

static void count_call(void *count)
{
	++*(int *)count;
}

static int change_nothing(struct store *store, void *unused, struct problem *why)
{
	(void)store, (void)unused, (void)why;
	return 0;
}

static void the_commit_hook_runs_once_for_each_commit_with_a_change(void **state)
{
	struct fixture *f = *state;
	int calls = 0;
	store_on_commit(f->store, count_call, &calls);
	MUST(store_write(f->store, put_value, "x", &why));
	assert_int_equal(calls, 1);
	MUST(store_write(f->store, outer_of_refused_inner, NULL, &why));
	assert_int_equal(calls, 2);
	MUST(store_write(f->store, change_nothing, NULL, &why));
	REFUSED(FORBIDDEN, store_write(f->store, outer_fails, NULL, &why));
	assert_int_equal(calls, 2);
}

/* The reports that the test received, in order. */
static char told[64];

static void hear(const char *text)
{
	strncat(told, text, sizeof(told) - strlen(told) - 1);
}

static int tell_twice(struct store *store, void *fails, struct problem *why)
{
	assert_string_equal(told, "");
	store_tell(store, hear, "one,");
	store_tell(store, hear, "two");
	TRY(q_user_set_role(store, 2, "admin", 1, why));
	return fails ? problem_set(why, PROBLEM_FORBIDDEN) : 0;
}

static void what_is_told_in_a_write_is_heard_after_its_commit_alone(void **state)
{
	struct fixture *f = *state;
	told[0] = '\0';
	REFUSED(FORBIDDEN, store_write(f->store, tell_twice, f, &why));
	assert_string_equal(told, "");
	MUST(store_write(f->store, tell_twice, NULL, &why));
	assert_string_equal(told, "one,two");
}

static void the_write_hook_can_refuse_a_write(void **state)
{
	struct fixture *f = *state;
	MUST(store_write(f->store, put_value, "first", &why));
	store_on_write(f->store, fail_at_once, NULL);
	REFUSED(FORBIDDEN, store_write(f->store, put_value, "second", &why));
	store_on_write(f->store, NULL, NULL);
	assert_string_equal(value_in(f->arena, f->store), "first");
	MUST(store_write(f->store, put_value, "third", &why));
}

/* --- budgets --- */

/* Days for hours of CPU time. */
static int count_days(struct store *store, void *out, struct problem *why)
{
	return q_days_of_user(store, 1, 20000, INT64_C(1) << 40, out, why);
}

static int put_and_count_days(struct store *store, void *out, struct problem *why)
{
	TRY(put_value(store, "lost", why));
	return count_days(store, out, why);
}

static void a_statement_over_the_budget_is_interrupted_and_the_handle_lives_on(void **state)
{
	struct fixture *f = *state;
	store_budget(f->store, 1000);
	store_work_begin(f->store);
	REFUSED(TOO_EXPENSIVE, count_days(f->store, &f->out, &why));
	REFUSED(TOO_EXPENSIVE, store_read(f->store, count_days, &f->out, &why));
	store_work_begin(f->store);
	buf_clear(&f->out);
	MUST(q_days_of_user(f->store, 1, 20000, 1, &f->out, &why));
	assert_non_null(strstr(take_output(f), "2024-10-04"));
}

static void a_write_over_the_budget_is_rolled_back(void **state)
{
	struct file *file = *state;
	struct buf out = {0};
	MUST(store_write(file->one, put_value, "kept", &why));
	store_budget(file->one, 1000);
	store_work_begin(file->one);
	REFUSED(TOO_EXPENSIVE, store_write(file->one, put_and_count_days, &out, &why));
	buf_free(&out);
	assert_string_equal(value_in(file->arena, file->other), "kept");
	MUST(store_write(file->other, put_value, "other", &why));
	store_work_begin(file->one);
	MUST(store_write(file->one, put_value, "one", &why));
	assert_string_equal(value_in(file->arena, file->other), "one");
}

static void between_pieces_of_work_nothing_is_interrupted(void **state)
{
	struct fixture *f = *state;
	store_budget(f->store, 1);
	MUST(q_days_of_user(f->store, 1, 20000, 5000, &f->out, &why));
	store_work_begin(f->store);
	REFUSED(TOO_EXPENSIVE, q_days_of_user(f->store, 1, 20000, 5000, &f->out, &why));
	store_work_end(f->store);
	MUST(q_days_of_user(f->store, 1, 20000, 5000, &f->out, &why));
}

/* --- hardening --- */

static void assert_not_allowed(struct store *store, const char *sql)
{
	sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	assert_int_not_equal(sqlite3_exec(store->db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static void a_handle_cannot_change_what_only_sqlite_itself_may_change(void **state)
{
	struct fixture *f = *state;
	assert_not_allowed(f->store, "UPDATE knowledge_text_data SET block = x''");
	assert_not_allowed(f->store, "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema");
	assert_not_allowed(f->store, "ATTACH ':memory:' AS other");
	assert_not_allowed(f->store, "SELECT zeroblob(100000000)");
	assert_not_allowed(f->store, "SELECT * FROM users WHERE \"no such column\" = 1");
}

/* --- several handles --- */

static int read_after_waiting(struct store *store, void *context, struct problem *outer_why)
{
	struct file *file = context;
	struct buf out = {0};
	(void)store, (void)outer_why;
	store_budget(file->other, 150000);
	store_work_begin(file->other);
	for (int i = 0; i < 4; i++) /* four times wait_ms */
		REFUSED(STORE_BUSY, store_write(file->other, put_value, "other", &why));
	MUST(q_days_of_user(file->other, 1, 20000, 100, &out, &why));
	buf_free(&out);
	return 0;
}

static void waiting_for_another_writer_costs_no_budget(void **state)
{
	struct file *file = *state;
	MUST(store_write(file->one, read_after_waiting, file, &why));
}

static int check_is_writing(struct store *store, void *context, struct problem *why)
{
	(void)store, (void)context, (void)why;
	assert_true(store_is_writing());
	return 0;
}

static int check_is_not_writing(struct store *store, void *context, struct problem *why)
{
	(void)store, (void)context, (void)why;
	assert_false(store_is_writing());
	return 0;
}

static void a_thread_knows_whether_it_has_a_write_transaction_open(void **state)
{
	struct fixture *f = *state;
	assert_false(store_is_writing());
	MUST(store_read(f->store, check_is_not_writing, NULL, &why));
	MUST(store_write(f->store, check_is_writing, NULL, &why));
	REFUSED(FORBIDDEN, store_write(f->store, fail_at_once, NULL, &why));
	assert_false(store_is_writing());
}

static int write_on_the_other(struct store *store, void *context, struct problem *outer_why)
{
	struct file *file = context;
	int64_t start = clock_monotonic();
	REFUSED(STORE_BUSY, store_write(file->other, put_value, "other", &why));
	assert_true(clock_monotonic() - start >= 50000); /* the handle's wait_ms */
	/* Readers do not wait. */
	assert_string_equal(value_in(file->arena, file->other), "before");
	return put_value(store, "after", outer_why);
}

static void a_writer_waits_for_another_writer_and_then_gives_up(void **state)
{
	struct file *file = *state;
	MUST(store_write(file->one, put_value, "before", &why));
	MUST(store_write(file->one, write_on_the_other, file, &why));
	assert_string_equal(value_in(file->arena, file->other), "after");
	MUST(store_write(file->other, put_value, "other", &why));
	assert_string_equal(value_in(file->arena, file->one), "other");
}

static void the_data_version_changes_with_commits_of_other_handles(void **state)
{
	struct file *file = *state;
	int64_t before = store_data_version(file->one);
	assert_true(before >= 0);
	assert_int_equal(store_data_version(file->one), before);
	MUST(store_write(file->other, put_value, "x", &why));
	assert_int_not_equal(store_data_version(file->one), before);
}

static void an_unsynced_write_is_visible_and_can_be_synced(void **state)
{
	struct file *file = *state;
	MUST(store_write_unsynced(file->one, put_value, "soon", &why));
	assert_string_equal(value_in(file->arena, file->other), "soon");
	MUST(store_sync(file->one, &why));
	MUST(store_sync(file->one, &why));
}

/* --- opening --- */

static void a_server_does_not_create_a_missing_database(void **state)
{
	struct file *file = *state;
	struct store *store = NULL;
	REFUSED(STORE_FAILED, store_open(arena_printf(file->arena, "%s.no", file->path),
					 STORE_SERVE, 50, &store, &why));
	assert_null(store);
	assert_int_equal(access(arena_printf(file->arena, "%s.no", file->path), F_OK), -1);
}

static void other_schema_versions_are_refused(void **state)
{
	struct file *file = *state;
	struct store *store = NULL;
	change_file(file->path, "PRAGMA user_version = 0");
	REFUSED(STORE_TOO_OLD, store_open(file->path, STORE_SERVE, 50, &store, &why));
	change_file(file->path, "PRAGMA user_version = 9999");
	REFUSED(STORE_TOO_NEW, store_open(file->path, STORE_SERVE, 50, &store, &why));
	REFUSED(STORE_TOO_NEW, store_open(file->path, STORE_MIGRATE, 50, &store, &why));
	assert_null(store);
}

static void a_foreign_file_is_refused_and_not_changed(void **state)
{
	struct file *file = *state;
	struct store *store = NULL;
	const char *foreign = arena_printf(file->arena, "%s.foreign", file->path);
	change_file(foreign, "CREATE TABLE mine (x)");
	REFUSED(STORE_DAMAGED, store_open(foreign, STORE_MIGRATE, 50, &store, &why));
	const char *text = arena_printf(file->arena, "%s.text", file->path);
	FILE *out = fopen(text, "we");
	for (int i = 0; i < 500; i++)
		fputs("no database\n", out);
	fclose(out);
	REFUSED(STORE_DAMAGED, store_open(text, STORE_MIGRATE, 50, &store, &why));
	struct stat status;
	assert_int_equal(stat(text, &status), 0);
	assert_int_equal(status.st_size, 6000);
}

int main(void)
{
#define IN_FILE(test) cmocka_unit_test_setup_teardown(test, file_setup, file_teardown)
	const struct CMUnitTest tests[] = {
		IN_REALM(values_are_read_as_they_were_written),
		IN_REALM(without_a_row_the_outputs_are_unchanged),
		IN_REALM(a_callback_can_stop_or_fail_and_the_query_can_run_again),
		IN_REALM(exec_returns_the_number_of_changed_rows),
		IN_REALM(a_foreign_key_is_checked_also_when_a_row_is_returned),
		IN_REALM(a_failed_constraint_shows_no_sql_to_the_user),
		IN_REALM(a_failed_write_is_rolled_back),
		IN_REALM(a_refused_inner_write_does_not_harm_the_outer_one),
		IN_REALM(an_inner_write_that_fails_half_done_rolls_everything_back),
		IN_REALM(a_failed_outer_write_rolls_everything_back),
		IN_REALM(what_is_told_in_a_write_is_heard_after_its_commit_alone),
		IN_REALM(the_write_hook_can_refuse_a_write),
		IN_REALM(the_commit_hook_runs_once_for_each_commit_with_a_change),
		IN_REALM(a_statement_over_the_budget_is_interrupted_and_the_handle_lives_on),
		IN_FILE(a_write_over_the_budget_is_rolled_back),
		IN_REALM(between_pieces_of_work_nothing_is_interrupted),
		IN_FILE(waiting_for_another_writer_costs_no_budget),
		IN_REALM(a_handle_cannot_change_what_only_sqlite_itself_may_change),
		IN_REALM(a_thread_knows_whether_it_has_a_write_transaction_open),
		IN_FILE(a_writer_waits_for_another_writer_and_then_gives_up),
		IN_FILE(the_data_version_changes_with_commits_of_other_handles),
		IN_FILE(an_unsynced_write_is_visible_and_can_be_synced),
		IN_FILE(a_server_does_not_create_a_missing_database),
		IN_FILE(other_schema_versions_are_refused),
		IN_FILE(a_foreign_file_is_refused_and_not_changed),
	};
	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
