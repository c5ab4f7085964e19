/*
 * Every migration, over a database with rows in every table: no value may be lost, and every way to
 * the schema of today ends in the same one, which is that of sql/schema.sql.
 *
 * ROWS_FOLDER has a file for each migration, which fills the tables that the migration made.
 * Triggers fill some of them.
 */
#include <stdio.h>
#include <stdlib.h>

#include "store/queries.h"
#include "tests/queries/database.h"
#include "tests/unit/test.h"

static const char *text_of_file(struct arena *arena, const char *path)
{
	char block[4096];
	struct buf *text = buf_in(arena);
	FILE *file = fopen(path, "r");
	if (!file)
		fail_msg("%s cannot be read", path);
	for (size_t bytes; (bytes = fread(block, 1, sizeof(block), file)) > 0;)
		buf_add(text, block, bytes);
	fclose(file);
	return buf_text(text);
}

static void schema_sql_is_what_the_migrations_make(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	sqlite3 *db = database_at(newest_version(), ":memory:");
	if (strcmp(text_of_file(arena, SQL_FOLDER "/schema.sql"), schema_of(db, arena)) != 0)
		fail_msg("sql/schema.sql is not the schema of the migrations: `make schema`");
	sqlite3_close(db);
	arena_free(&arena);
}

/* A database of that version with rows in every table. */
static sqlite3 *filled_at(struct arena *arena, int version, const char *path)
{
	sqlite3 *db = database_open(path);
	database_run(db, "foreign keys", "PRAGMA foreign_keys = ON");
	for (int i = 0; i < version; i++) {
		const char *rows =
			arena_printf(arena, "%s/%s.sql", ROWS_FOLDER, migrations[i].name);
		database_migrate(db, &migrations[i], i + 1);
		database_run(db, rows, text_of_file(arena, rows));
	}
	return db;
}

/* Calls each() for the rows of the statement, with its text columns. Returns the sum of what it
 * returns. */
static int sum_of(sqlite3 *db, const char *sql, int (*each)(sqlite3 *, sqlite3_stmt *))
{
	sqlite3_stmt *statement;
	int sum = 0;
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	while (sqlite3_step(statement) == SQLITE_ROW)
		sum += each(db, statement);
	sqlite3_finalize(statement);
	return sum;
}

static int number(sqlite3 *db, sqlite3_stmt *row)
{
	(void)db;
	return sqlite3_column_int(row, 0);
}

/* The tables that hold rows of their own; %s is the database's name within the connection. */
#define TABLES                                                                                     \
	"SELECT name FROM pragma_table_list WHERE schema = '%s' AND type = 'table' "               \
	"AND name NOT LIKE 'sqlite\\_%%' ESCAPE '\\'"

static int is_empty(sqlite3 *db, sqlite3_stmt *row)
{
	const char *table = (const char *)sqlite3_column_text(row, 0);
	char *sql = sqlite3_mprintf("SELECT NOT EXISTS (SELECT 1 FROM %s)", table);
	int empty = sum_of(db, sql, number);
	sqlite3_free(sql);
	if (empty)
		print_error("%s: the fixture has no row for it\n", table);
	return empty;
}

static int empty_tables(sqlite3 *db)
{
	char *sql = sqlite3_mprintf(TABLES, "main");
	int count = sum_of(db, sql, is_empty);
	sqlite3_free(sql);
	return count;
}

/* Whether a table of `before` has another number of rows now, or other values in a column. */
static int has_changed(sqlite3 *db, sqlite3_stmt *row)
{
	const char *table = (const char *)sqlite3_column_text(row, 0);
	const char *columns = (const char *)sqlite3_column_text(row, 1);
	if (!columns) {
		if (strcmp(table, "login_failures") == 0)
			return 0; /* counts of one day, which later versions keep in another form */
		print_error("%s: no such table any more\n", table);
		return 1;
	}
	/* A migration notes there what another store may hold from now on. */
	int may_grow = strcmp(table, "projected") == 0;
	if (strcmp(table, "text_vectors") == 0)
		columns = "model, place, block"; /* the form of blocks changes: test_vectors.c */
	char *sql = sqlite3_mprintf(
		"SELECT (NOT %d AND (SELECT count(*) FROM before.%s) <> (SELECT count(*) FROM "
		"main.%s)) OR EXISTS (SELECT %s FROM before.%s EXCEPT SELECT %s FROM main.%s)",
		may_grow, table, table, columns, table, columns, table);
	int changed = sum_of(db, sql, number);
	sqlite3_free(sql);
	if (changed)
		print_error("%s: a row is missing, or has other values\n", table);
	return changed;
}

/* How many tables of the copy at `before` lack a row in `db`, in the columns that both have. */
static int changed_tables(sqlite3 *db, const char *before)
{
	char *attach = sqlite3_mprintf("ATTACH %Q AS before", before);
	database_run(db, "attach", attach);
	char *tables = sqlite3_mprintf(TABLES, "before");
	char *sql = sqlite3_mprintf(
		"SELECT t.name, (SELECT group_concat('quote(' || b.name || ')') "
		"                FROM pragma_table_xinfo(t.name, 'before') b "
		"                JOIN pragma_table_xinfo(t.name, 'main') m ON m.name = b.name) "
		"FROM (%s) t",
		tables);
	int count = sum_of(db, sql, has_changed);
	sqlite3_free(sql);
	sqlite3_free(tables);
	sqlite3_free(attach);
	return count;
}

static const char *copy_of(sqlite3 *db, struct arena *arena)
{
	const char *path = scratch(arena, "before.db");
	char *sql = sqlite3_mprintf("VACUUM INTO %Q", path);
	database_run(db, "copy", sql);
	sqlite3_free(sql);
	return path;
}

static void every_table_has_a_row_to_be_migrated(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (int version = 0; version <= newest_version(); version++) {
		sqlite3 *db = filled_at(arena, version, ":memory:");
		assert_int_equal(empty_tables(db), 0);
		sqlite3_close(db);
	}
	arena_free(&arena);
}

/* Whether the query, with all rows from :first to :end, finds something. */
static bool finds(sqlite3 *db, enum query query)
{
	sqlite3_stmt *statement;
	assert_int_equal(sqlite3_prepare_v2(db, named_queries[query].sql, -1, &statement, NULL),
			 SQLITE_OK);
	sqlite3_bind_int64(statement, 1, 0);
	sqlite3_bind_int64(statement, 2, INT64_MAX);
	bool found = sqlite3_step(statement) == SQLITE_ROW;
	sqlite3_finalize(statement);
	return found;
}

static void every_way_to_todays_schema_keeps_all_rows(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	const char *newest = text_of_file(arena, SQL_FOLDER "/schema.sql");
	for (int version = 0; version <= newest_version(); version++) {
		struct store *store;
		const char *path = scratch(arena, "x.db");
		sqlite3 *db = filled_at(arena, version, path);
		const char *before = copy_of(db, arena);
		sqlite3_close(db);
		MUST(store_open(path, STORE_MIGRATE, 50, &store, &why));
		store_close(&store);
		db = database_open(path);
		assert_string_equal(schema_of(db, arena), newest);
		assert_int_equal(changed_tables(db, before), 0);
		assert_false(finds(db, Q_CHECK_TEXT_BYTES));
		sqlite3_close(db);
	}
	arena_free(&arena);
}

/* --- the test of the test: migrations that are no part of the program ------------------------- */

/* How many tables have changed when this migration follows those of the program. */
static int changed_by(const char *sql)
{
	struct arena *arena = arena_new();
	struct migration another = {"another", sql};
	sqlite3 *db = filled_at(arena, newest_version(), ":memory:");
	const char *before = copy_of(db, arena);
	database_migrate(db, &another, newest_version() + 1);
	int changed = changed_tables(db, before);
	sqlite3_close(db);
	arena_free(&arena);
	return changed;
}

static void a_migration_may_add_columns_and_indexes(void **state)
{
	(void)state;
	assert_int_equal(changed_by("ALTER TABLE users ADD COLUMN pronouns TEXT;"
				    "CREATE INDEX users_by_name ON users (full_name);"),
			 0);
}

static void a_migration_that_loses_or_changes_a_row_is_noticed(void **state)
{
	(void)state;
	assert_int_equal(changed_by("DELETE FROM room_bans;"), 1);
	assert_int_equal(changed_by("UPDATE user_relationships SET created_at = 7 WHERE id = 1;"),
			 1);
	assert_int_equal(changed_by("UPDATE users SET username = upper(username);"), 1);
	assert_int_equal(changed_by("INSERT INTO guesses VALUES (randomblob(16), 1, 1);"), 1);
	assert_int_equal(changed_by("DROP TABLE guesses;"), 1);
}

static void a_table_without_a_row_is_noticed(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	sqlite3 *db = filled_at(arena, newest_version(), ":memory:");
	database_run(db, "another", "CREATE TABLE empty (id INTEGER PRIMARY KEY)");
	assert_int_equal(empty_tables(db), 1);
	sqlite3_close(db);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(schema_sql_is_what_the_migrations_make),
		cmocka_unit_test(every_table_has_a_row_to_be_migrated),
		cmocka_unit_test(every_way_to_todays_schema_keeps_all_rows),
		cmocka_unit_test(a_migration_may_add_columns_and_indexes),
		cmocka_unit_test(a_migration_that_loses_or_changes_a_row_is_noticed),
		cmocka_unit_test(a_table_without_a_row_is_noticed),
	};
	return cmocka_run_group_tests_name("migrations", tests, NULL, NULL);
}
