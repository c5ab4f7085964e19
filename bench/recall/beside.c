/* A table of sqlite-vec: see beside.h. */
#include "bench/recall/beside.h"

#include <stdio.h>
#include <stdlib.h>

#include <sqlite3.h>

struct beside {
	sqlite3 *db;
	sqlite3_stmt *add, *ask;
	size_t dimension;
};

static void must(struct beside *beside, int code)
{
	if (code == SQLITE_OK || code == SQLITE_DONE)
		return;
	fprintf(stderr, "sqlite-vec: %s\n", sqlite3_errmsg(beside->db));
	exit(2);
}

struct beside *beside_open(const char *extension, size_t dimension)
{
	struct beside *beside = calloc(1, sizeof(*beside));
	char table[100];
	beside->dimension = dimension;
	snprintf(table, sizeof(table), "CREATE VIRTUAL TABLE near USING vec0(vector int8[%zu])",
		 dimension);
	must(beside, sqlite3_open(":memory:", &beside->db));
	must(beside, sqlite3_enable_load_extension(beside->db, 1));
	must(beside, sqlite3_load_extension(beside->db, extension, "sqlite3_vec_init", NULL));
	must(beside, sqlite3_exec(beside->db, table, NULL, NULL, NULL));
	must(beside,
	     sqlite3_prepare_v2(beside->db, "INSERT INTO near (vector) VALUES (vec_int8(?))", -1,
				&beside->add, NULL));
	must(beside, sqlite3_prepare_v2(beside->db,
					"SELECT rowid, distance FROM near "
					"WHERE vector MATCH vec_int8(?) AND k = ?",
					-1, &beside->ask, NULL));
	return beside;
}

static void run(struct beside *beside, sqlite3_stmt *statement, const int8_t *vector)
{
	int code;
	must(beside,
	     sqlite3_bind_blob(statement, 1, vector, (int)beside->dimension, SQLITE_STATIC));
	while ((code = sqlite3_step(statement)) == SQLITE_ROW)
		;
	must(beside, code);
	must(beside, sqlite3_reset(statement));
}

void beside_add(struct beside *beside, const int8_t *vector)
{
	run(beside, beside->add, vector);
}

void beside_ask(struct beside *beside, const int8_t *vector, int most)
{
	must(beside, sqlite3_bind_int(beside->ask, 2, most));
	run(beside, beside->ask, vector);
}

void beside_close(struct beside **beside)
{
	sqlite3_finalize((*beside)->add);
	sqlite3_finalize((*beside)->ask);
	sqlite3_close((*beside)->db);
	free(*beside);
	*beside = NULL;
}
