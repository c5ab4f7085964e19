/* Within lib/store only: what a handle consists of. */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include <sqlite3.h>

#include "base/buf.h"
#include "store/queries.h"
#include "store/store.h"

struct store {
	sqlite3 *db;
	sqlite3_stmt *statements[QUERY__COUNT];
	char *path;
	bool writing;     /* within a store_write() */
	bool spoiled;     /* a part failed after it had changed something: do not commit */
	bool unsynced;    /* the disk may lack something that this handle wrote or saw */
	bool suspect;     /* a sync has failed: what the kernel has may never reach the disk */
	int64_t deadline; /* clock_monotonic() at which the busy handler gives up */
	int wait_ms;
	int64_t budget, work_until; /* in CPU time of the thread; work_until 0: no budget runs */
	int64_t work_until_real;    /* clock_monotonic() before which it cannot be used up */
	int (*allow)(struct store *, void *, struct problem *);
	void *allow_context;
	void (*hook)(void *);
	void *hook_context;
	void (*failure_hook)(const struct problem *why);
	struct store_rules rules;
	sqlite3_stmt *data_version;
	struct buf told; /* store_tell(): a function and a text, each ended by a NUL, and so on */
};

/* Makes all functions that the schema and the queries need known to a connection. Returns an SQLite
 * result code. */
int store_register(sqlite3 *db);

/* Sets the problem for a result code of SQLite. Returns -1. */
int store_problem(struct store *store, int code, struct problem *why);

/* Runs SQL that is not a named query: pragmas, BEGIN, migrations. */
int store_run(struct store *store, const char *sql, struct problem *why);

/* With the write lock held: writes the whole WAL again and syncs it. */
int store_mend(struct store *store, struct problem *why);

/* Reads one number. */
int store_number(struct store *store, const char *sql, int64_t *number_r, struct problem *why);

#endif
