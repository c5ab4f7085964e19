/* Sets of ids: the SQL functions, the iterator, and the single encoding of a set. */
#include <stdio.h>
#include <stdlib.h>

#include <sqlite3.h>

#include "store/ids.h"
#include "tests/unit/test.h"

#define OWNER 7
#define FIRST (3 * (int64_t)IDS_RANGE) /* the first id of the tested range */

static int ids_setup(void **state)
{
	sqlite3 *db;
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(ids_register(db), SQLITE_OK);
	*state = db;
	return 0;
}

static int ids_teardown(void **state)
{
	return sqlite3_close(*state);
}

/* The first column of the only row. ?1 is the number, ?2 the set. */
static sqlite3_value *value_of(sqlite3 *db, const char *sql, int64_t number, sqlite3_value *set)
{
	sqlite3_stmt *statement;
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	sqlite3_bind_int64(statement, 1, number);
	if (set)
		sqlite3_bind_value(statement, 2, set);
	sqlite3_value *value = sqlite3_step(statement) == SQLITE_ROW
				       ? sqlite3_value_dup(sqlite3_column_value(statement, 0))
				       : NULL;
	sqlite3_finalize(statement);
	return value;
}

static int64_t number_of(sqlite3 *db, const char *sql, int64_t number)
{
	sqlite3_value *value = value_of(db, sql, number, NULL);
	int64_t result = sqlite3_value_int64(value);
	sqlite3_value_free(value);
	return result;
}

static void change_set(sqlite3 *db, sqlite3_value **set, int64_t id, bool is_in)
{
	sqlite3_value *changed = value_of(
		db, is_in ? "SELECT ids_add(?2, ?1)" : "SELECT ids_remove(?2, ?1)", id, *set);
	sqlite3_value_free(*set);
	*set = changed;
}

/* The set has exactly the ids of the range that the model has, in order. */
static void assert_set(sqlite3_value *set, const bool *model)
{
	struct ids_iterator ids;
	size_t bytes = (size_t)sqlite3_value_bytes(set);
	const void *blob = sqlite3_value_blob(set);
	int64_t id, number = 0;
	ids_begin(&ids, (int64_t)OWNER << 32 | FIRST / IDS_RANGE, blob, bytes);
	for (; number < IDS_RANGE; number++) {
		assert_int_equal(ids_has(blob, bytes, FIRST + number), model[number]);
		if (model[number]) {
			assert_true(ids_next(&ids, &id));
			assert_int_equal(id, FIRST + number);
		}
	}
	assert_false(ids_next(&ids, &id));
}

static void assert_same_bytes(sqlite3_value *one, sqlite3_value *other)
{
	assert_int_equal(sqlite3_value_bytes(one), sqlite3_value_bytes(other));
	if (sqlite3_value_bytes(one) > 0)
		assert_memory_equal(sqlite3_value_blob(one), sqlite3_value_blob(other),
				    (size_t)sqlite3_value_bytes(one));
}

static void a_key_has_the_owner_and_the_range_of_its_set(void **state)
{
	static const int64_t ids[] = {0, 1, IDS_RANGE - 1, IDS_RANGE, FIRST, 1LL << 40};
	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
		int64_t key = number_of(*state, "SELECT ids_key(2000000000, ?1)", ids[i]);
		assert_int_equal(ids_owner(key), 2000000000);
		assert_int_equal(ids_first(key), ids[i] / IDS_RANGE * IDS_RANGE);
		assert_int_equal(number_of(*state, "SELECT ids_owner(?1)", key), 2000000000);
		assert_int_equal(number_of(*state, "SELECT ids_first(?1)", key), ids_first(key));
	}
	assert_true(number_of(*state, "SELECT ids_key(6, ?1)", (1LL << 48) - 1) <
		    number_of(*state, "SELECT ids_key(7, ?1)", 0));
}

/* From no id to 9000 ids and back, in random order. In between the encoding becomes a bitmap. */
static void a_set_has_exactly_the_ids_that_were_added_and_not_removed(void **state)
{
	static bool model[IDS_RANGE];
	static int order[IDS_RANGE];
	sqlite3 *db = *state;
	sqlite3_value *set = value_of(db, "SELECT x''", 0, NULL);
	srand(1);
	for (int i = 0; i < IDS_RANGE; i++) {
		int other = rand() % (i + 1);
		order[i] = order[other];
		order[other] = i;
	}
	memset(model, 0, sizeof(model));
	for (int i = 0; i < 9000; i++) {
		model[order[i]] = true;
		change_set(db, &set, FIRST + order[i], true);
		if (i < 3 || i % 500 == 0 || (i >= 4094 && i <= 4097))
			assert_set(set, model);
	}
	for (int i = 0; i < 9000; i++) {
		model[order[i]] = false;
		change_set(db, &set, FIRST + order[i], false);
		if (i > 8996 || i % 500 == 0 || (i >= 4902 && i <= 4905))
			assert_set(set, model);
	}
	assert_int_equal(sqlite3_value_bytes(set), 0);
	sqlite3_value_free(set);
}

/* Sets are compared as BLOBs. */
static void equal_sets_have_equal_bytes(void **state)
{
	sqlite3 *db = *state;
	for (int count = 4090; count <= 4100; count++) {
		sqlite3_value *grown = value_of(db, "SELECT x''", 0, NULL), *shrunk, *whole;
		whole = value_of(
			db,
			"WITH RECURSIVE n (n) AS (VALUES (0) UNION ALL SELECT n + 1 FROM n "
			"WHERE n < ?1 - 1) SELECT ids_of(5 * n) FROM n",
			count, NULL);
		shrunk = value_of(db,
				  "SELECT ids_of(value) FROM json_each('[1, 3, 4, 1, 8, 20001]')",
				  0, NULL);
		for (int i = count - 1; i >= 0; i--) {
			change_set(db, &grown, 5 * (int64_t)i, true);
			change_set(db, &grown, 5 * (int64_t)i, true);
			change_set(db, &shrunk, 5 * (int64_t)i, true);
		}
		for (int i = 0; i < 5; i++)
			change_set(db, &shrunk, (int64_t[]){1, 3, 4, 8, 20001}[i], false);
		assert_same_bytes(whole, grown);
		assert_same_bytes(whole, shrunk);
		sqlite3_value_free(whole);
		sqlite3_value_free(grown);
		sqlite3_value_free(shrunk);
	}
}

static void the_set_of_no_rows_is_empty(void **state)
{
	assert_int_equal(number_of(*state, "SELECT ids_of(1) = x'' FROM (SELECT 1) WHERE ?1", 0),
			 1);
}

/* A damaged database file may have any bytes. */
static void a_damaged_set_can_be_read_and_a_change_repairs_it(void **state)
{
	sqlite3 *db = *state;
	static const size_t sizes[] = {1, 4095, IDS_BITMAP_BYTES - 1, IDS_BITMAP_BYTES + 2, 60001};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct ids_iterator ids;
		unsigned char *bytes = malloc(sizes[i]);
		int64_t id, count = 0;
		memset(bytes, 0xff, sizes[i]);
		ids_begin(&ids, 0, bytes, sizes[i]);
		while (ids_next(&ids, &id))
			count++;
		assert_int_equal(count, sizes[i] / 2);
		assert_false(ids_has(bytes, sizes[i], 5));
		free(bytes);
		assert_int_equal(number_of(db,
					   "SELECT ids_remove(ids_add(zeroblob(?1), 5), 0) "
					   "     = ids_of(5) FROM (SELECT 1)",
					   (int64_t)sizes[i]),
				 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_has_the_owner_and_the_range_of_its_set),
		cmocka_unit_test(a_set_has_exactly_the_ids_that_were_added_and_not_removed),
		cmocka_unit_test(equal_sets_have_equal_bytes),
		cmocka_unit_test(the_set_of_no_rows_is_empty),
		cmocka_unit_test(a_damaged_set_can_be_read_and_a_change_repairs_it),
	};
	return cmocka_run_group_tests_name("ids", tests, ids_setup, ids_teardown);
}
