/* What the migrations make: see sql/schema.sql. */
#include <stdio.h>
#include <stdlib.h>

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

static void every_way_to_todays_schema_ends_in_the_same(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	const char *fresh = text_of_file(arena, SQL_FOLDER "/schema.sql");
	for (int version = 0; version <= newest_version(); version++) {
		struct store *store;
		const char *path = scratch(arena, "x.db");
		sqlite3_close(database_at(version, path));
		MUST(store_open(path, STORE_MIGRATE, 50, &store, &why));
		store_close(&store);
		sqlite3 *db = database_open(path);
		assert_string_equal(schema_of(db, arena), fresh);
		sqlite3_close(db);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(schema_sql_is_what_the_migrations_make),
		cmocka_unit_test(every_way_to_todays_schema_ends_in_the_same),
	};
	return cmocka_run_group_tests_name("migrations", tests, NULL, NULL);
}
