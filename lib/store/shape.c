/* Rows as JSON: see shape.h. */
#include "store/shape.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json_out.h"
#include "store/statement.h"

int page_limit(const struct page *page)
{
	return page->limit + 1;
}

int64_t page_int(const struct page *page)
{
	return page->after ? strtoll(page->after, NULL, 10) : INT64_MAX;
}

const char *page_text(const struct page *page)
{
	return page->after ? page->after : "~";
}

/* A text that the database has not is null, whatever the shape says. */
static void add_text(struct buf *out, const struct row *row, int column, bool json)
{
	size_t bytes;
	const char *text = row_text(row, column, &bytes);
	if (!text)
		jw_null(out);
	else if (json)
		jw_raw(out, text, bytes);
	else
		jw_text_n(out, text, bytes);
}

static void add_value(struct buf *out, const struct row *row, int column, enum property_type type)
{
	switch (type) {
	case PROPERTY_INT:
		jw_int(out, row_int(row, column));
		break;
	case PROPERTY_REAL:
		jw_real(out, row_real(row, column));
		break;
	case PROPERTY_BOOL:
		jw_bool(out, row_int(row, column) != 0);
		break;
	case PROPERTY_TIME:
		jw_time(out, row_int(row, column));
		break;
	case PROPERTY_TEXT:
		add_text(out, row, column, false);
		break;
	case PROPERTY_OBJECT:
	case PROPERTY_TEXTS:
	case PROPERTY_LIST:
	case PROPERTY_PART:
		add_text(out, row, column, true);
		break;
	}
}

void row_properties(struct buf *out, const struct row *row, const struct shape *shape)
{
	int columns = row_columns(row) < shape->count ? row_columns(row) : shape->count;
	for (int i = 0; i < columns; i++) {
		const struct property *property = &shape->properties[i];
		jw_key(out, property->name);
		if (property->nullable && row_null(row, i))
			jw_null(out);
		else
			add_value(out, row, i, property->type);
	}
}

struct listing {
	struct buf *out;
	const struct shape *shape;
	struct page *page;
	int rows;
	bool open; /* leave the object open */
	bool more; /* there is a row behind the page */
};

static int add_object(const struct row *row, void *context, struct problem *why)
{
	(void)why;
	struct listing *listing = context;
	struct page *page = listing->page;
	if (page && listing->rows == page->limit) {
		listing->more = true;
		return 1;
	}
	listing->rows++;
	jw_open(listing->out, '{');
	row_properties(listing->out, row, listing->shape);
	if (!listing->open)
		jw_close(listing->out, '}');
	if (page && listing->rows == page->limit) {
		int extra = listing->shape->count;
		snprintf(page->next, sizeof(page->next), "%s",
			 row_text(row, row_columns(row) > extra ? extra : 0, NULL));
	}
	return 0;
}

static int first_object(struct store *store, struct buf *out, struct problem *why, enum query query,
			const struct shape *shape, bool open, const char *format, va_list *args)
{
	struct page one = {.limit = 1};
	struct listing listing = {.out = out, .shape = shape, .page = &one, .open = open};
	TRY(store_each_v(store, why, query, add_object, &listing, format, args));
	return listing.rows;
}

int store_object(struct store *store, struct buf *out, struct problem *why, enum query query,
		 const struct shape *shape, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int result = first_object(store, out, why, query, shape, false, format, &args);
	va_end(args);
	return result;
}

int store_object_open(struct store *store, struct buf *out, struct problem *why, enum query query,
		      const struct shape *shape, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int result = first_object(store, out, why, query, shape, true, format, &args);
	va_end(args);
	return result;
}

int store_list(struct store *store, struct buf *out, struct problem *why, enum query query,
	       const struct shape *shape, struct page *page, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct listing listing = {.out = out, .shape = shape, .page = page};
	jw_open(out, '[');
	int result = store_each_v(store, why, query, add_object, &listing, format, &args);
	jw_close(out, ']');
	if (page && !listing.more)
		page->next[0] = '\0';
	va_end(args);
	return result;
}
