/* Named queries: prepared once, bound by a format string, always reset. See store.h. */
#include "store/statement.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "store/internal.h"
#include "store/schema.h"

static sqlite3_stmt *prepared(struct store *store, struct problem *why, enum query query)
{
	assert(query < QUERY__COUNT);
	sqlite3_stmt **statement = &store->statements[query];
	if (!*statement) {
		int code = sqlite3_prepare_v3(store->db, named_queries[query].sql, -1,
					      SQLITE_PREPARE_PERSISTENT, statement, NULL);
		if (code != SQLITE_OK) {
			store_problem(store, code, why);
			return NULL;
		}
	}
	assert(!sqlite3_stmt_busy(*statement));
	return *statement;
}

sqlite3_stmt *statement_start(struct store *store, struct problem *why, enum query query,
			      const char **format, va_list *args)
{
	sqlite3_stmt *statement = prepared(store, why, query);
	if (!statement)
		return NULL;
	int index = 0, code = SQLITE_OK;
	const char *at = *format;
	for (; *at && *at != '>' && code == SQLITE_OK; at++) {
		index++;
		switch (*at) {
		case 'i':
			code = sqlite3_bind_int(statement, index, va_arg(*args, int));
			break;
		case 'l':
			code = sqlite3_bind_int64(statement, index, va_arg(*args, int64_t));
			break;
		case 'd':
			code = sqlite3_bind_double(statement, index, va_arg(*args, double));
			break;
		case 't':
			code = sqlite3_bind_text(statement, index, va_arg(*args, const char *), -1,
						 SQLITE_STATIC);
			break;
		case 'b': {
			const void *bytes = va_arg(*args, const void *);
			size_t count = va_arg(*args, size_t);
			code = sqlite3_bind_blob64(statement, index, bytes, count, SQLITE_STATIC);
			break;
		}
		default:
			assert(false && "unknown letter in a bind format");
		}
	}
	assert(code != SQLITE_OK || index == sqlite3_bind_parameter_count(statement));
	*format = *at ? at + 1 : at;
	if (code != SQLITE_OK) {
		store_problem(store, code, why);
		statement_end(statement);
		return NULL;
	}
	return statement;
}

void statement_end(sqlite3_stmt *statement)
{
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
}

int statement_step(struct store *store, sqlite3_stmt *statement, struct problem *why)
{
	int code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		return 1;
	if (code != SQLITE_DONE)
		store_problem(store, code, why);
	statement_end(statement);
	return code == SQLITE_DONE ? 0 : -1;
}

static void read_outputs(struct arena *arena, sqlite3_stmt *statement, const char *format,
			 va_list *args)
{
	int column = 0;
	for (; *format; format++, column++) {
		switch (*format) {
		case 'i':
			*va_arg(*args, int *) = sqlite3_column_int(statement, column);
			break;
		case 'l':
			*va_arg(*args, int64_t *) = sqlite3_column_int64(statement, column);
			break;
		case 'd':
			*va_arg(*args, double *) = sqlite3_column_double(statement, column);
			break;
		case 't': {
			const char *text = (const char *)sqlite3_column_text(statement, column);
			*va_arg(*args, const char **) = text ? arena_strdup(arena, text) : NULL;
			break;
		}
		default:
			assert(false && "unknown letter in an output format");
		}
	}
	assert(column <= sqlite3_column_count(statement));
}

int store_get(struct arena *arena, struct store *store, struct problem *why, enum query query,
	      const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int result = -1;
	sqlite3_stmt *statement = statement_start(store, why, query, &format, &args);
	if (statement && (result = statement_step(store, statement, why)) > 0) {
		read_outputs(arena, statement, format, &args);
		statement_end(statement);
	}
	va_end(args);
	return result;
}

int store_each_v(struct store *store, struct problem *why, enum query query,
		 int (*each)(const struct row *row, void *context, struct problem *why),
		 void *context, const char *format, va_list *args)
{
	sqlite3_stmt *statement = statement_start(store, why, query, &format, args);
	if (!statement)
		return -1;
	struct row row = {.statement = statement};
	int step;
	while ((step = statement_step(store, statement, why)) > 0) {
		int verdict = each(&row, context, why);
		if (verdict == 0)
			continue;
		statement_end(statement);
		return verdict < 0 ? -1 : 0;
	}
	return step;
}

int store_each(struct store *store, struct problem *why, enum query query,
	       int (*each)(const struct row *row, void *context, struct problem *why),
	       void *context, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int result = store_each_v(store, why, query, each, context, format, &args);
	va_end(args);
	return result;
}

int store_exec(struct store *store, struct problem *why, enum query query, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int result = -1;
	sqlite3_stmt *statement = statement_start(store, why, query, &format, &args);
	if (statement) {
		result = statement_step(store, statement, why);
		assert(result <= 0);
	}
	va_end(args);
	return result < 0 ? -1 : sqlite3_changes(store->db);
}

int64_t store_last_id(const struct store *store)
{
	return sqlite3_last_insert_rowid(store->db);
}

int row_columns(const struct row *row)
{
	return sqlite3_column_count(row->statement);
}

bool row_null(const struct row *row, int column)
{
	return sqlite3_column_type(row->statement, column) == SQLITE_NULL;
}

int64_t row_int(const struct row *row, int column)
{
	return sqlite3_column_int64(row->statement, column);
}

double row_real(const struct row *row, int column)
{
	return sqlite3_column_double(row->statement, column);
}

const char *row_text(const struct row *row, int column, size_t *bytes_r)
{
	const char *text = (const char *)sqlite3_column_text(row->statement, column);
	if (bytes_r)
		*bytes_r = (size_t)sqlite3_column_bytes(row->statement, column);
	return text;
}

const void *row_blob(const struct row *row, int column, size_t *bytes_r)
{
	const void *blob = sqlite3_column_blob(row->statement, column);
	*bytes_r = (size_t)sqlite3_column_bytes(row->statement, column);
	return blob;
}
