/* Within lib/store only: what a handle consists of. */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include <sqlite3.h>

#include "store/queries.h"
#include "store/store.h"

struct store {
	sqlite3 *db;
	sqlite3_stmt *statements[QUERY__COUNT];
	char *path;
	bool writing;  /* within a store_write() */
	bool spoiled;  /* a part of it failed half done: it must not be committed */
	bool unsynced; /* the disk may lack something that was written or seen here */
	bool suspect; /* a sync has failed: what the kernel has need not get to the disk any more */
	int64_t deadline; /* clock_monotonic() at which the busy handler gives up */
	int wait_ms;
	int (*allow)(struct store *, void *, struct problem *);
	void *allow_context;
	void (*hook)(void *);
	void *hook_context;
	sqlite3_stmt *data_version;
};

/* Sets the problem that an SQLite result code stands for. Returns -1. */
int store_problem(struct store *store, int code, struct problem *why);

/* Runs SQL that is not a named query: pragmas, BEGIN, migrations. */
int store_run(struct store *store, const char *sql, struct problem *why);

/* With the write lock held: has the kernel take the WAL anew, all of it, and syncs it. */
int store_mend(struct store *store, struct problem *why);

/* One number from a statement of that kind. */
int store_number(struct store *store, const char *sql, int64_t *number_r, struct problem *why);

#endif
