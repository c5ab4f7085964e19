/* lib/store/checkpoint, backup and check: no committed write is lost. */
#include "config.h"

#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "realm/epoch.h"
#include "realm/events.h"
#include "realm/feed.h"
#include "store/backup.h"
#include "store/check.h"
#include "store/lead.h"
#include "tests/unit/test.h"

struct file {
	struct arena *arena;
	const char *path;
	struct store *store;
};

static int file_setup(void **state)
{
	static struct file file;
	file = (struct file){.arena = arena_new()};
	file.path = scratch(file.arena, "x.db");
	MUST(store_open(file.path, STORE_MIGRATE, 50, &file.store, &why));
	*state = &file;
	return 0;
}

static int file_teardown(void **state)
{
	struct file *file = *state;
	store_close(&file->store);
	arena_free(&file->arena);
	return 0;
}

static int add_events(struct store *store, void *context, struct problem *why)
{
	int *count = context;
	struct buf data = {0};
	buf_puts(&data, "{\"x\":\"some text to fill a page now and then\"}");
	for (int i = 0; i < *count; i++)
		TRY(event_append(store,
				 &(struct event){.kind = EVENT_KNOWLEDGE_VOTED,
						 .user_id = 1,
						 .data = data.data},
				 why));
	buf_free(&data);
	return 0;
}

static void write_events(struct file *file, int count)
{
	MUST(store_write(file->store, add_events, &count, &why));
}

static int count_event(const struct event *event, void *count, struct problem *why)
{
	(void)event, (void)why;
	++*(int *)count;
	return 0;
}

static int count_events(const char *path)
{
	struct store *store;
	int count = 0;
	MUST(store_open(path, STORE_SERVE, 50, &store, &why));
	MUST(events_after(store, 0, 1000000, count_event, &count, &why));
	store_close(&store);
	return count;
}

static void note_finding(void *context, const char *what)
{
	struct buf *found = context;
	buf_printf(found, "%s\n", what);
}

static const char *findings_of(struct arena *arena, const char *path)
{
	struct store *store;
	struct buf *found = buf_in(arena);
	MUST(store_open(path, STORE_SERVE, 50, &store, &why));
	MUST(store_check(store, note_finding, found, &why));
	store_close(&store);
	return buf_text(found);
}

/* --- the checkpoint --- */

static void a_checkpoint_moves_all_pages_and_loses_nothing(void **state)
{
	struct file *file = *state;
	struct leader *leader;
	struct checkpoint done;
	MUST(store_lead(file->path, 50, &leader, &why));
	for (int round = 1; round <= 5; round++) {
		write_events(file, 300);
		int moved;
		MUST(moved = leader_checkpoint(leader, &done, &why));
		assert_int_equal(moved, 1);
		assert_true(done.wal_pages > 0);
		assert_int_equal(done.moved_pages, done.wal_pages);
		assert_int_equal(count_events(file->path), round * 300);
	}
	store_resign(&leader);
	/* The WAL is no longer needed. */
	store_close(&file->store);
	unlink(arena_printf(file->arena, "%s-wal", file->path));
	assert_int_equal(count_events(file->path), 1500);
	assert_string_equal(findings_of(file->arena, file->path), "");
}

static void the_wal_starts_from_its_beginning_after_a_checkpoint(void **state)
{
	struct file *file = *state;
	struct leader *leader;
	struct checkpoint done;
	MUST(store_lead(file->path, 50, &leader, &why));
	long long largest = 0;
	for (int round = 0; round < 20; round++) {
		write_events(file, 300);
		MUST(leader_checkpoint(leader, &done, &why));
		if (round == 3)
			largest = store_log_bytes(file->path);
	}
	assert_in_range(store_log_bytes(file->path), 1, largest + 65536);
	store_resign(&leader);
}

static void a_checkpoint_without_a_new_commit_moves_nothing(void **state)
{
	struct file *file = *state;
	struct leader *leader;
	struct checkpoint done;
	int moved;
	MUST(store_lead(file->path, 50, &leader, &why));
	write_events(file, 1);
	MUST(leader_checkpoint(leader, &done, &why));
	MUST(moved = leader_checkpoint(leader, &done, &why));
	assert_int_equal(moved, 0);
	write_events(file, 1);
	MUST(moved = leader_checkpoint(leader, &done, &why));
	assert_int_equal(moved, 1);
	store_resign(&leader);
}

static void a_database_has_at_most_one_leader(void **state)
{
	struct file *file = *state;
	struct leader *first, *second = NULL;
	int opened;
	MUST(store_lead(file->path, 50, &first, &why));
	MUST(opened = store_lead(file->path, 50, &second, &why));
	assert_int_equal(opened, 0);
	assert_null(second);
	store_resign(&first);
	MUST(opened = store_lead(file->path, 50, &second, &why));
	assert_int_equal(opened, 1);
	store_resign(&second);
}

static int checkpoint_inside(struct store *store, void *context, struct problem *outer_why)
{
	(void)store, (void)outer_why;
	struct checkpoint done;
	REFUSED(STORE_BUSY, leader_checkpoint(context, &done, &why));
	return 0;
}

static void a_checkpoint_does_not_run_during_a_write(void **state)
{
	struct file *file = *state;
	struct leader *leader;
	struct checkpoint done;
	MUST(store_lead(file->path, 20, &leader, &why));
	write_events(file, 10);
	MUST(store_write(file->store, checkpoint_inside, leader, &why));
	MUST(leader_checkpoint(leader, &done, &why));
	assert_int_equal(done.moved_pages, done.wal_pages);
	store_resign(&leader);
}

#define WRITERS 4
#define WRITES 100

static pid_t writer_of(struct file *file)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid > 0)
		return pid;
	MUST(store_open(file->path, STORE_SERVE, 10000, &file->store, &why));
	for (int i = 0; i < WRITES; i++)
		write_events(file, 1);
	store_close(&file->store);
	_exit(0);
}

/* Each commit may restart the WAL. */
static void checkpoints_without_a_pause_lose_nothing(void **state)
{
	struct file *file = *state;
	struct leader *leader;
	struct checkpoint done;
	pid_t pids[WRITERS];
	int running = WRITERS, status;
	store_close(&file->store);
	for (int i = 0; i < WRITERS; i++)
		pids[i] = writer_of(file);
	MUST(store_lead(file->path, 10000, &leader, &why));
	while (running > 0) {
		MUST(leader_checkpoint(leader, &done, &why));
		for (int i = 0; i < WRITERS; i++)
			if (pids[i] && waitpid(pids[i], &status, WNOHANG) == pids[i]) {
				assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
				pids[i] = 0;
				running--;
			}
	}
	store_resign(&leader);
	assert_int_equal(count_events(file->path), WRITERS * WRITES);
	assert_string_equal(findings_of(file->arena, file->path), "");
}

static int checkpoint_while_reading(const struct event *event, void *context, struct problem *why)
{
	struct checkpoint done;
	(void)event;
	return leader_checkpoint(context, &done, why);
}

static void a_reader_delays_neither_checkpoints_nor_writes(void **state)
{
	struct file *file = *state;
	struct leader *leader;
	MUST(store_lead(file->path, 50, &leader, &why));
	write_events(file, 100);
	MUST(events_after(file->store, 0, 1, checkpoint_while_reading, leader, &why));
	write_events(file, 100);
	assert_int_equal(count_events(file->path), 200);
	store_resign(&leader);
}

/* --- erased content --- */

#define ROWS 1000
#define SECRET "Xanthippe"

/*
 * Fills the pages of two B-trees in random order, so that rows move from page to page, and deletes
 * the rows with the secret. The sizes also need pages for what does not fit beside other rows.
 */
static void write_and_delete_secrets(struct arena *arena, const char *path)
{
	struct buf *sql = buf_in(arena);
	buf_puts(sql, "CREATE TABLE by_number (id INTEGER PRIMARY KEY, text TEXT);"
		      "CREATE TABLE by_text (id INTEGER, text TEXT, PRIMARY KEY (text, id))"
		      " WITHOUT ROWID;");
	for (int i = 0; i < ROWS; i++)
		buf_printf(sql,
			   "INSERT INTO by_number SELECT random(),"
			   " '%s' || substr(hex(zeroblob(3000)), 1, 4 + abs(random()) %% %d);"
			   "INSERT INTO by_text SELECT id, text FROM by_number"
			   " ORDER BY random() LIMIT 1 ON CONFLICT DO NOTHING;",
			   i % 4 ? "known" : SECRET, i % 20 ? 1500 : 6000);
	buf_puts(sql, "DELETE FROM by_number WHERE text LIKE '" SECRET "%';"
		      "DELETE FROM by_text WHERE text LIKE '" SECRET "%'");
	change_file(path, buf_text(sql));
}

static bool file_has(struct arena *arena, const char *path, const char *word)
{
	struct stat status;
	FILE *file = fopen(path, "re");
	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &status), 0);
	size_t bytes = (size_t)status.st_size;
	char *all = arena_alloc(arena, bytes);
	assert_int_equal(fread(all, 1, bytes, file), bytes);
	fclose(file);
	return memmem(all, bytes, word, strlen(word)) != NULL;
}

static void deleted_rows_leave_no_byte_in_the_files(void **state)
{
	struct file *file = *state;
	struct leader *leader;
	struct checkpoint done;
	int emptied;
	const char *log = arena_printf(file->arena, "%s-wal", file->path);
	MUST(store_lead(file->path, 50, &leader, &why));
	write_and_delete_secrets(file->arena, file->path);
	assert_true(file_has(file->arena, log, SECRET));
	MUST(leader_checkpoint(leader, &done, &why));
	MUST(emptied = leader_empty_log(leader, &why));
	assert_int_equal(emptied, 1);
	assert_false(file_has(file->arena, log, SECRET));
	assert_true(file_has(file->arena, file->path, "known"));
	assert_false(file_has(file->arena, file->path, SECRET));
	store_resign(&leader);
	assert_string_equal(findings_of(file->arena, file->path), "");
}

static void a_backup_has_no_byte_of_deleted_rows(void **state)
{
	struct file *file = *state;
	const char *copy = arena_printf(file->arena, "%s.copy", file->path);
	write_and_delete_secrets(file->arena, file->path);
	MUST(store_backup(file->store, &(struct backup){.file = copy}, &why));
	assert_true(file_has(file->arena, copy, "known"));
	assert_false(file_has(file->arena, copy, SECRET));
	assert_string_equal(findings_of(file->arena, copy), "");
}

static int empty_while_reading(const struct event *event, void *context, struct problem *why)
{
	struct checkpoint done;
	(void)event;
	TRY(leader_checkpoint(context, &done, why));
	assert_int_equal(leader_empty_log(context, why), 0);
	return 0;
}

static void the_log_is_emptied_when_the_last_reader_has_ended(void **state)
{
	struct file *file = *state;
	struct leader *leader;
	struct checkpoint done;
	int emptied;
	MUST(store_lead(file->path, 50, &leader, &why));
	write_events(file, 100);
	MUST(events_after(file->store, 0, 1, empty_while_reading, leader, &why));
	MUST(leader_checkpoint(leader, &done, &why));
	MUST(emptied = leader_empty_log(leader, &why));
	assert_int_equal(emptied, 1);
	store_resign(&leader);
}

/* --- the backup --- */

static const char *epoch_of(struct arena *arena, const char *path)
{
	struct store *store;
	const char *epoch = NULL;
	MUST(store_open(path, STORE_SERVE, 50, &store, &why));
	MUST(realm_epoch(arena, store, &epoch, &why));
	store_close(&store);
	return epoch;
}

static void a_backup_is_one_complete_file(void **state)
{
	struct file *file = *state;
	const char *copy = arena_printf(file->arena, "%s.copy", file->path);
	struct stat status;
	write_events(file, 3000);
	MUST(store_backup(file->store, &(struct backup){.file = copy}, &why));
	assert_int_equal(stat(copy, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_int_equal(access(arena_printf(file->arena, "%s.partial", copy), F_OK), -1);
	assert_int_equal(access(arena_printf(file->arena, "%s-wal", copy), F_OK), -1);
	assert_int_equal(count_events(copy), 3000);
	assert_string_equal(findings_of(file->arena, copy), "");
}

static void a_backup_has_a_new_epoch(void **state)
{
	struct file *file = *state;
	const char *copy = arena_printf(file->arena, "%s.copy", file->path);
	const char *before = epoch_of(file->arena, file->path);
	MUST(store_backup(file->store, &(struct backup){.file = copy}, &why));
	assert_string_equal(epoch_of(file->arena, file->path), before);
	assert_string_not_equal(epoch_of(file->arena, copy), before);
}

static struct file *busy_file;

static void write_meanwhile(int done, int total)
{
	(void)done, (void)total;
	write_events(busy_file, 100);
}

static void a_backup_ends_while_others_write(void **state)
{
	struct file *file = *state;
	const char *copy = arena_printf(file->arena, "%s.copy", file->path);
	struct file other = {.arena = file->arena, .path = file->path};
	write_events(file, 20000);
	MUST(store_open(file->path, STORE_SERVE, 50, &other.store, &why));
	busy_file = &other;
	MUST(store_backup(file->store, &(struct backup){.file = copy, .progress = write_meanwhile},
			  &why));
	store_close(&other.store);
	/* The copy has the state at the start of the backup. */
	assert_int_equal(count_events(copy), 20000);
	assert_true(count_events(file->path) > 20000);
	assert_string_equal(findings_of(file->arena, copy), "");
}

static void a_backup_replaces_a_file_only_on_request(void **state)
{
	struct file *file = *state;
	const char *copy = arena_printf(file->arena, "%s.copy", file->path);
	MUST(store_backup(file->store, &(struct backup){.file = copy}, &why));
	write_events(file, 5);
	REFUSED(INVALID, store_backup(file->store, &(struct backup){.file = copy}, &why));
	assert_int_equal(count_events(copy), 0);
	MUST(store_backup(file->store, &(struct backup){.file = copy, .replace = true}, &why));
	assert_int_equal(count_events(copy), 5);
}

static void a_backup_never_replaces_the_database(void **state)
{
	struct file *file = *state;
	const char *linked = arena_printf(file->arena, "%s.link", file->path);
	assert_int_equal(link(file->path, linked), 0);
	REFUSED(INVALID,
		store_backup(file->store, &(struct backup){.file = linked, .replace = true}, &why));
}

static void a_backup_into_a_missing_folder_fails(void **state)
{
	struct file *file = *state;
	REFUSED(STORE_FAILED,
		store_backup(file->store, &(struct backup){.file = "/nonexistent/x.db"}, &why));
	write_events(file, 1); /* the handle still works */
}

/* --- the check --- */

static void a_reference_to_a_missing_row_is_found(void **state)
{
	struct file *file = *state;
	change_file(file->path, "INSERT INTO sessions (token_hash, user_id, created_at, expires_at)"
				" VALUES (randomblob(32), 99, 1, 1)");
	assert_string_equal(findings_of(file->arena, file->path),
			    "Row 1 of sessions refers to a missing row of users.\n");
}

static void a_damaged_page_is_found(void **state)
{
	struct file *file = *state;
	const char *copy = arena_printf(file->arena, "%s.copy", file->path);
	write_events(file, 3000);
	MUST(store_backup(file->store, &(struct backup){.file = copy}, &why));
	FILE *raw = fopen(copy, "r+e");
	fseek(raw, -4096 * 3, SEEK_END);
	for (int i = 0; i < 4096; i++)
		fputc(0xa5, raw);
	fclose(raw);
	assert_true(strlen(findings_of(file->arena, copy)) > 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, file_setup, file_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_checkpoint_moves_all_pages_and_loses_nothing),
		TEST(the_wal_starts_from_its_beginning_after_a_checkpoint),
		TEST(a_checkpoint_without_a_new_commit_moves_nothing),
		TEST(a_database_has_at_most_one_leader),
		TEST(a_checkpoint_does_not_run_during_a_write),
		TEST(checkpoints_without_a_pause_lose_nothing),
		TEST(deleted_rows_leave_no_byte_in_the_files),
		TEST(a_backup_has_no_byte_of_deleted_rows),
		TEST(the_log_is_emptied_when_the_last_reader_has_ended),
		TEST(a_reader_delays_neither_checkpoints_nor_writes),
		TEST(a_backup_is_one_complete_file),
		TEST(a_backup_has_a_new_epoch),
		TEST(a_backup_ends_while_others_write),
		TEST(a_backup_replaces_a_file_only_on_request),
		TEST(a_backup_never_replaces_the_database),
		TEST(a_backup_into_a_missing_folder_fails),
		TEST(a_reference_to_a_missing_row_is_found),
		TEST(a_damaged_page_is_found),
	};
	return cmocka_run_group_tests_name("maintenance", tests, NULL, NULL);
}
