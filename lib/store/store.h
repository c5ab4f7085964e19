/*
 * The database handle: the only code that knows it is SQLite.
 *
 * A handle belongs to one thread and is opened after fork. Statements are named in sql/queries
 * and embedded at build time; each is prepared once per handle. Arguments go by a format string,
 * one letter each:
 *
 *	i  int or bool        l  int64_t         d  double
 *	t  const char *, NULL gives NULL         b  const void * and size_t (two arguments)
 *
 * A '>' divides what goes in from what comes out; outputs are pointers: i int *, l int64_t *,
 * d double *, t const char ** (in the arena; NULL for NULL; numbers read NULL as 0).
 *
 * Failures: PROBLEM_STORE_BUSY when the write lock was not to be had in time, else
 * PROBLEM_STORE_FAILED, with SQLite's words as the cause.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"
#include "store/queries.h"

struct arena;
struct row;
struct store;

enum store_mode {
	STORE_SERVE,   /* an existing database of exactly this program's schema */
	STORE_MIGRATE, /* created if missing, brought up to this program's schema */
};

/*
 * `wait_ms` is how long a write waits for its turn. path ":memory:" gives a private database.
 * PROBLEM_STORE_TOO_NEW or _TOO_OLD when the schema's version is not ours.
 */
int store_open(const char *path, enum store_mode mode, int wait_ms, struct store **store_r,
	       struct problem *why);
void store_close(struct store **store);

/* --- reading ---------------------------------------------------------------------------------- */

/* The first row, if any, into the outputs. Returns 1, or 0 when there is none, or -1. */
int store_get(struct arena *arena, struct store *store, struct problem *why, enum query query,
	      const char *format, ...);

/*
 * Calls each(row, context, why) for every row until it returns non-zero: above 0 stops, -1 fails.
 * Inside, the same query may not run again. Returns 0 or -1.
 */
int store_each(struct store *store, struct problem *why, enum query query,
	       int (*each)(const struct row *row, void *context, struct problem *why),
	       void *context, const char *format, ...);

/*
 * Runs read() in a read transaction: meanwhile the database stands still for it. It may not write.
 * Inside store_write() it is a part of that one.
 */
int store_read(struct store *store, int (*read)(struct store *, void *context, struct problem *),
	       void *context, struct problem *why);

int row_columns(const struct row *row);
bool row_null(const struct row *row, int column);
int64_t row_int(const struct row *row, int column);
double row_real(const struct row *row, int column);

/* Valid until the row is left. NULL for NULL; *bytes_r may be NULL. */
const char *row_text(const struct row *row, int column, size_t *bytes_r);
const void *row_blob(const struct row *row, int column, size_t *bytes_r);

/* --- writing ---------------------------------------------------------------------------------- */

/* Runs a statement that gives no rows. Returns how many rows it changed, or -1. */
int store_exec(struct store *store, struct problem *why, enum query query, const char *format, ...);

/* The rowid of the last INSERT. */
int64_t store_last_id(const struct store *store);

/*
 * Runs change() in a write transaction: takes the write lock first, commits when it returns 0 or
 * more, and then returns what it returned; rolls back when it fails. Inside another store_write()
 * it is a part of that one, which cannot be committed any more when the part fails after it has
 * changed something. The outermost returns only when the disk has what was committed.
 */
int store_write(struct store *store, int (*change)(struct store *, void *context, struct problem *),
		void *context, struct problem *why);

/* The same without waiting for the disk: what was written is visible, but not yet durable. */
int store_write_unsynced(struct store *store,
			 int (*change)(struct store *, void *context, struct problem *),
			 void *context, struct problem *why);

/* Waits until the disk has everything that this handle wrote, or saw while it held the lock. */
int store_sync(struct store *store, struct problem *why);

/* The same for what any handle of any process has committed before the call. */
int store_sync_all(struct store *store, struct problem *why);

/*
 * Is called at the beginning of each write transaction, inside it, and refuses it by failing, as
 * when who writes has lost the right meanwhile. There is one; NULL: anybody may.
 */
void store_on_write(struct store *store,
		    int (*allow)(struct store *, void *context, struct problem *), void *context);

/* Is called after each commit that changed something; there is one hook. */
void store_on_commit(struct store *store, void (*hook)(void *), void *context);

/* Changes whenever another connection has committed (PRAGMA data_version). -1 on failure. */
int64_t store_data_version(struct store *store);

#endif
