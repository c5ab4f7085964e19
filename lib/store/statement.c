/* Named queries: prepared once per handle, always reset. See statement.h. */
#include "store/statement.h"

#include <assert.h>

#include "base/arena.h"
#include "store/internal.h"
#include "store/schema.h"

static int statement_prepare(struct store *store, enum query query, struct problem *why)
{
	sqlite3_stmt **statement = &store->statements[query];
	if (*statement)
		return 0;
	int code = sqlite3_prepare_v3(store->db, named_queries[query].sql, -1,
				      SQLITE_PREPARE_PERSISTENT, statement, NULL);
	return code == SQLITE_OK ? 0 : store_problem(store, code, why);
}

static int value_bind(sqlite3_stmt *statement, int index, enum value_type type, union value value)
{
	switch (type) {
	case VALUE_INT:
	case VALUE_BOOL:
	case VALUE_TIME:
		return sqlite3_bind_int64(statement, index, value.integer);
	case VALUE_REAL:
		return sqlite3_bind_double(statement, index, value.real);
	case VALUE_TEXT:
	case VALUE_JSON:
		return sqlite3_bind_text(statement, index, value.text, -1, SQLITE_STATIC);
	case VALUE_BLOB:
		return sqlite3_bind_blob64(statement, index, value.blob.bytes, value.blob.size,
					   SQLITE_STATIC);
	}
	return SQLITE_MISUSE;
}

int statement_start(struct store *store, enum query query, const union value *takes,
		    struct problem *why)
{
	TRY(statement_prepare(store, query, why));
	sqlite3_stmt *statement = store->statements[query];
	assert(!sqlite3_stmt_busy(statement));
	const struct named_query *named = &named_queries[query];
	for (int i = 0; i < named->take_count; i++) {
		int code = value_bind(statement, i + 1, named->takes[i].type, takes[i]);
		if (code != SQLITE_OK)
			return store_problem(store, code, why);
	}
	return 0;
}

int statement_next(struct store *store, enum query query, struct problem *why)
{
	int code = sqlite3_step(store->statements[query]);
	if (code == SQLITE_ROW)
		return 1;
	return code == SQLITE_DONE ? 0 : store_problem(store, code, why);
}

int statement_end(struct store *store, enum query query, int result)
{
	sqlite3_stmt *statement = store->statements[query];
	if (statement) {
		sqlite3_reset(statement);
		sqlite3_clear_bindings(statement);
	}
	return result;
}

static void column_read(sqlite3_stmt *statement, int column, enum value_type type, void *to)
{
	switch (type) {
	case VALUE_INT:
	case VALUE_TIME:
		*(int64_t *)to = sqlite3_column_int64(statement, column);
		break;
	case VALUE_BOOL:
		*(bool *)to = sqlite3_column_int64(statement, column) != 0;
		break;
	case VALUE_REAL:
		*(double *)to = sqlite3_column_double(statement, column);
		break;
	case VALUE_TEXT:
	case VALUE_JSON:
		*(const char **)to = (const char *)sqlite3_column_text(statement, column);
		break;
	case VALUE_BLOB:
		*(struct blob *)to =
			(struct blob){.bytes = sqlite3_column_blob(statement, column),
				      .size = (size_t)sqlite3_column_bytes(statement, column)};
		break;
	}
}

static void row_read(struct store *store, enum query query, void *row)
{
	const struct named_query *named = &named_queries[query];
	for (int i = 0; i < named->give_count; i++)
		column_read(store->statements[query], i, named->gives[i].type,
			    (char *)row + named->gives[i].offset);
}

static void row_keep_texts(struct arena *arena, enum query query, void *row)
{
	const struct named_query *named = &named_queries[query];
	for (int i = 0; i < named->give_count; i++) {
		if (named->gives[i].type != VALUE_TEXT && named->gives[i].type != VALUE_JSON)
			continue;
		const char **text = (const char **)(void *)((char *)row + named->gives[i].offset);
		*text = *text ? arena_strdup(arena, *text) : NULL;
	}
}

int statement_row(struct store *store, enum query query, void *row, struct problem *why)
{
	int found = statement_next(store, query, why);
	if (found > 0)
		row_read(store, query, row);
	return found;
}

int statement_exec(struct store *store, enum query query, const union value *takes,
		   struct problem *why)
{
	int result = statement_start(store, query, takes, why);
	if (result == 0)
		result = statement_next(store, query, why);
	assert(result <= 0);
	return statement_end(store, query, result < 0 ? -1 : sqlite3_changes(store->db));
}

/* RETURNING would cost a temporary table: a fifteenth of the time that a message takes. */
int statement_insert(struct store *store, enum query query, const union value *takes, int64_t *id_r,
		     struct problem *why)
{
	int inserted = statement_exec(store, query, takes, why);
	if (inserted > 0)
		*id_r = sqlite3_last_insert_rowid(store->db);
	return inserted;
}

/*
 * SQLite checks foreign keys at the end of a statement that changes rows, so the statement must get
 * there.
 */
static int run_to_end(struct store *store, enum query query, struct problem *why)
{
	int more = 1;
	while (more > 0 && !sqlite3_stmt_readonly(store->statements[query]))
		more = statement_next(store, query, why);
	return more < 0 ? -1 : 1;
}

int statement_one(struct arena *arena, struct store *store, enum query query,
		  const union value *takes, void *row, struct problem *why)
{
	int found = statement_start(store, query, takes, why);
	if (found == 0)
		found = statement_next(store, query, why);
	if (found > 0 && row) {
		row_read(store, query, row);
		if (arena)
			row_keep_texts(arena, query, row);
	}
	if (found > 0)
		found = run_to_end(store, query, why);
	return statement_end(store, query, found);
}
