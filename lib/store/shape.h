/*
 * The shape of a JSON object, as a table: one row per property.
 *
 * A query that gives the rows of a shape names it in its header (sql/queries) and has the shape's
 * columns in the shape's order. Its function writes rows as JSON into a buffer, without a tree in
 * between; the OpenAPI document prints the same table.
 */
#ifndef STORE_SHAPE_H
#define STORE_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "store/store.h"

enum property_type {
	PROPERTY_INT,
	PROPERTY_REAL,
	PROPERTY_BOOL,
	PROPERTY_TEXT,
	PROPERTY_TIME,   /* microseconds in the database, RFC 3339 outside */
	PROPERTY_OBJECT, /* a JSON object stored as text */
	PROPERTY_TEXTS,  /* a JSON array of strings stored as text */
	PROPERTY_INTS,   /* a JSON array of integers stored as text */
	PROPERTY_LIST,   /* an array of `of`; written by the caller */
	PROPERTY_ANY,    /* any JSON, stored as text or written by the caller */
	PROPERTY_PART,   /* an object of shape `of`; written by the caller */
};

struct property {
	const char *name;
	enum property_type type;
	bool nullable;
	bool optional; /* may be absent; written by the caller */
	const char *help;
	const struct shape *of;
};

struct shape {
	const char *name; /* in the OpenAPI document */
	const struct property *properties;
	int count;
};

#define PROPERTY(property_name, kind, ...)                                                         \
	{                                                                                          \
		.name = (property_name), .type = PROPERTY_##kind, __VA_ARGS__                      \
	}
#define SHAPE(title, table)                                                                        \
	{                                                                                          \
		.name = (title), .properties = (table),                                            \
		.count = (int)(sizeof(table) / sizeof((table)[0]))                                 \
	}

/*
 * How many columns a query of the shape has: one for each property before the first LIST or PART,
 * which the caller adds.
 */
int shape_columns(const struct shape *shape);

/*
 * One page of a list. A query of the kind :page has a column `page_key` behind the shape's columns,
 * or else the first column is the key. The query takes the key of the last row already seen, and
 * page_limit() as its limit: one row more than the page holds tells that there is a next page.
 */
#define PAGE_KEY 192 /* bytes; the longest is of a reaction: a UUID and 32 characters */
struct page {
	int limit;
	const char *after;   /* the key of the last row already seen; NULL: from the start */
	char next[PAGE_KEY]; /* set by the query: the key of the page's last row; "": the end */
};

int page_limit(const struct page *page);
int64_t page_int(const struct page *page);      /* `after` as a number; the largest without one */
const char *page_text(const struct page *page); /* `after` as text; above any UUID without one */

#endif
