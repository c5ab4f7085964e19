/* Within lib/store only: migrations, embedded at build time from sql/migrations in order. */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

struct migration {
	const char *name; /* NULL ends the list */
	const char *sql;
};
extern const struct migration migrations[];

struct named_query {
	const char *name;
	const char *sql;
};
extern const struct named_query named_queries[];

#endif
