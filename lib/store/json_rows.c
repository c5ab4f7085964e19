/* Rows as JSON: see json_rows.h. */
#include "store/json_rows.h"

#include <stdio.h>

#include "base/json_out.h"
#include "store/internal.h"
#include "store/schema.h"
#include "store/shape.h"

/* A NULL text is null, even if the shape does not say that it may be. */
static void add_text(struct buf *out, sqlite3_stmt *statement, int column, bool json)
{
	const char *text = (const char *)sqlite3_column_text(statement, column);
	size_t bytes = (size_t)sqlite3_column_bytes(statement, column);
	if (!text)
		jw_null(out);
	else if (json)
		jw_raw(out, text, bytes);
	else
		jw_text_n(out, text, bytes);
}

static void add_value(struct buf *out, sqlite3_stmt *statement, int column, enum property_type type)
{
	switch (type) {
	case PROPERTY_INT:
		jw_int(out, sqlite3_column_int64(statement, column));
		break;
	case PROPERTY_REAL:
		jw_real(out, sqlite3_column_double(statement, column));
		break;
	case PROPERTY_BOOL:
		jw_bool(out, sqlite3_column_int64(statement, column) != 0);
		break;
	case PROPERTY_TIME:
		jw_time(out, sqlite3_column_int64(statement, column));
		break;
	case PROPERTY_TEXT:
		add_text(out, statement, column, false);
		break;
	case PROPERTY_ANY:
	case PROPERTY_OBJECT:
	case PROPERTY_TEXTS:
	case PROPERTY_INTS:
	case PROPERTY_LIST:
	case PROPERTY_PART:
		add_text(out, statement, column, true);
		break;
	}
}

static void add_object(struct buf *out, struct store *store, enum query query)
{
	sqlite3_stmt *statement = store->statements[query];
	const struct shape *shape = named_queries[query].shape;
	int columns = shape_columns(shape);
	jw_open(out, '{');
	for (int i = 0; i < columns; i++) {
		const struct property *property = &shape->properties[i];
		jw_key(out, property->name);
		if (property->nullable && sqlite3_column_type(statement, i) == SQLITE_NULL)
			jw_null(out);
		else
			add_value(out, statement, i, property->type);
	}
	jw_close(out, '}');
}

int statement_object(struct store *store, enum query query, const union value *takes,
		     struct buf *out, struct problem *why)
{
	int found = statement_start(store, query, takes, why);
	if (found == 0)
		found = statement_next(store, query, why);
	if (found > 0)
		add_object(out, store, query);
	return statement_end(store, query, found);
}

int statement_objects(struct store *store, enum query query, const union value *takes,
		      int (*each)(int64_t key, const struct buf *json, void *context,
				  struct problem *why),
		      void *context, struct problem *why)
{
	struct buf json = {0};
	int result = statement_start(store, query, takes, why);
	while (result == 0 && (result = statement_next(store, query, why)) > 0) {
		buf_clear(&json);
		add_object(&json, store, query);
		result = each(sqlite3_column_int64(store->statements[query],
						   shape_columns(named_queries[query].shape)),
			      &json, context, why);
	}
	buf_free(&json);
	return statement_end(store, query, result < 0 ? -1 : 0);
}

static void note_next(struct page *page, struct store *store, enum query query)
{
	sqlite3_stmt *statement = store->statements[query];
	int key = shape_columns(named_queries[query].shape);
	if (sqlite3_column_count(statement) == key)
		key = 0;
	snprintf(page->next, sizeof(page->next), "%s",
		 (const char *)sqlite3_column_text(statement, key));
}

int statement_list(struct store *store, enum query query, const union value *takes,
		   struct page *page, struct buf *out, struct problem *why)
{
	int rows = 0;
	bool more = false;
	jw_open(out, '[');
	int result = statement_start(store, query, takes, why);
	while (result == 0 && !more && (result = statement_next(store, query, why)) > 0) {
		result = 0;
		more = page && rows == page->limit;
		if (more)
			continue;
		add_object(out, store, query);
		if (page && ++rows == page->limit)
			note_next(page, store, query);
	}
	jw_close(out, ']');
	if (page && !more)
		page->next[0] = '\0';
	return statement_end(store, query, result);
}
