/* Within lib/store only: the SQL that the build embeds from sql/. */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

struct shape;

struct migration {
	const char *name; /* NULL ends the list */
	const char *sql;
};
extern const struct migration migrations[];

enum value_type {
	VALUE_INT,
	VALUE_BOOL,
	VALUE_REAL,
	VALUE_TEXT,
	VALUE_TIME, /* microseconds since 1970 UTC */
	VALUE_JSON,
	VALUE_BLOB,
};

/* A parameter or a column, as the query's header declares it. */
struct declared {
	const char *name;
	enum value_type type;
	bool nullable;
	size_t offset; /* of a column in the row's struct */
};

struct named_query {
	const char *name; /* NULL ends the list */
	const char *sql;
	const struct declared *takes;
	int take_count;
	const struct declared *gives;
	int give_count;
	const struct shape *shape; /* of rows that become JSON, else NULL */
};
extern const struct named_query named_queries[];

#endif
