/*
 * The shape of an answer, as a table: one row per member of the JSON object.
 *
 * A query gives its columns in the shape's order; rows go into the output buffer as JSON without
 * a tree in between, and the OpenAPI document prints the same table. Members behind the query's
 * last column are the caller's to add (lists of other shapes, for the most part).
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
	PROPERTY_LIST,   /* an array of `of`; written by the caller */
	PROPERTY_PART,   /* an object of shape `of`; written by the caller */
};

struct property {
	const char *name;
	enum property_type type;
	bool nullable;
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
 * One page of a list, newest first. The paging key is the query's column behind the shape's last
 * one, or else its first. Queries take "key < ?" and a limit that page_limit() gives: one row more
 * than wanted, whose presence tells that there is a next page.
 */
#define PAGE_KEY 80
struct page {
	int limit;
	const char *after;   /* key of the last row already seen; NULL: from the start */
	char next[PAGE_KEY]; /* set by store_list(): key to go on after; "" at the end */
};

int page_limit(const struct page *page);
int64_t page_int(const struct page *page);      /* the key as a number; without one the largest */
const char *page_text(const struct page *page); /* the key as text; without one above any UUID */

/* `"name":value,…` of the row's columns, without braces. */
void row_properties(struct buf *out, const struct row *row, const struct shape *shape);

/* The first row as a JSON object: returns 1, or 0 (and nothing written) without a row, or -1. */
int store_object(struct store *store, struct buf *out, struct problem *why, enum query query,
		 const struct shape *shape, const char *format, ...);

/* The same without the closing brace, for a caller who adds members. */
int store_object_open(struct store *store, struct buf *out, struct problem *why, enum query query,
		      const struct shape *shape, const char *format, ...);

/* All rows, or one page of them, as a JSON array. `page` may be NULL. Returns 0 or -1. */
int store_list(struct store *store, struct buf *out, struct problem *why, enum query query,
	       const struct shape *shape, struct page *page, const char *format, ...);

#endif
