/*
 * The database handle: the only code that knows it is SQLite.
 *
 * A handle belongs to one thread and is opened after fork. Each query of sql/queries is a function
 * of store/queries.h, generated at build time by embed.awk, and is prepared once per handle.
 *
 * A query's function takes the store, the query's parameters, then outputs, then `why`. The kind of
 * the query says what it does:
 *
 *	:exec		returns how many rows were changed, or -1
 *	:insert		inserts a row: returns 1 and sets the row's id, the only column, or 0, or -1
 *	:one		returns 1 and sets the outputs by the first row, or 0 without one, or -1.
 *			One column goes to a pointer, several to a struct; the pointer may be NULL.
 *			A function whose row has a text takes an arena first, and copies the text
 *			into it.
 *	:each		calls each() for every row, with the only column or with a struct of
 *			several, until it returns non-zero: above 0 stops, -1 fails. Returns 0 or
 *			-1. A text or blob is valid during the call, in which the same query may
 *			not run again.
 *	:object SHAPE	writes the first row as a JSON object: returns 1, or 0 and writes nothing,
 *			or -1
 *	:objects SHAPE	calls each() with every row as a JSON object and its last column, `key`; as
 *			:each
 *	:list SHAPE	writes all rows as a JSON array. Returns 0 or -1.
 *	:page SHAPE	writes one page of them (see shape.h). Returns 0 or -1.
 *
 * The types are int (int64_t), bool, real (double), text (const char *, UTF-8), time (int64_t,
 * microseconds since 1970 UTC), json (const char *) and blob: as a parameter const void * and
 * size_t, as a column of :each a struct blob. A NULL text is NULL in the database, in both
 * directions; a NULL number reads as 0.
 *
 * Failures: PROBLEM_STORE_BUSY when the write lock was not free in time, PROBLEM_TOO_EXPENSIVE over
 * the budget, else PROBLEM_STORE_FAILED with SQLite's message as the cause.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"

struct store;

/* A column of type blob. */
struct blob {
	const void *bytes;
	size_t size;
};

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

/* --- budgets ---------------------------------------------------------------------------------- */

/*
 * A budget bounds the cost of one piece of work, such as a request: the CPU time that its thread
 * may use between store_work_begin() and store_work_end(). Over it the running statement is
 * interrupted, every later one is too, and the calls fail with PROBLEM_TOO_EXPENSIVE. A write
 * transaction is then rolled back. The handle can be used again afterwards. Time spent waiting (for
 * the write lock, the disk or a client) costs nothing. Without a budget, and between two pieces of
 * work, nothing is interrupted. realm/realm.h lists all budgets.
 *
 * store_work_begin() during a piece of work begins the next piece.
 */
void store_budget(struct store *store, int64_t us);
void store_work_begin(struct store *store);
void store_work_end(struct store *store);

/* --- reading ---------------------------------------------------------------------------------- */

/*
 * Runs read() in a read transaction, which sees one state of the database. read() may not write.
 * Inside store_write() it is a part of that transaction.
 */
int store_read(struct store *store, int (*read)(struct store *, void *context, struct problem *),
	       void *context, struct problem *why);

/* --- writing ---------------------------------------------------------------------------------- */

/*
 * Runs change() in a write transaction: takes the write lock first, commits when change() returns 0
 * or more, and returns what it returned; rolls back when it fails. Inside another store_write() it
 * is a part of that one; if the part fails after it has changed something, the whole cannot be
 * committed. The outermost call returns only when the disk has what was committed.
 *
 * change() may run more than once before the commit. So it begins by clearing its outputs, and does
 * nothing that a rollback does not undo.
 */
int store_write(struct store *store, int (*change)(struct store *, void *context, struct problem *),
		void *context, struct problem *why);

/* The same without waiting for the disk: the change is visible, but not yet durable. */
int store_write_unsynced(struct store *store,
			 int (*change)(struct store *, void *context, struct problem *),
			 void *context, struct problem *why);

/*
 * Whether the calling thread has a write transaction open, of any handle. Others wait meanwhile, so
 * what takes long (hashing a password, the network, sleeping) asserts that there is none.
 */
bool store_is_writing(void);

/* How many rows the handle has changed since it was opened, those of indexes for search included.
 */
int64_t store_changed_rows(const struct store *store);

/* Waits until the disk has everything that this handle wrote, or saw while it held the lock. */
int store_sync(struct store *store, struct problem *why);

/* The same for everything that any process has committed before the call. */
int store_sync_all(struct store *store, struct problem *why);

/*
 * allow() is called at the beginning of each write transaction, inside it, and refuses it by
 * failing, for example when the writer has lost the right meanwhile. NULL: every write is allowed.
 */
void store_on_write(struct store *store,
		    int (*allow)(struct store *, void *context, struct problem *), void *context);

/* hook() is called after each commit that changed something. */
void store_on_commit(struct store *store, void (*hook)(void *), void *context);

/*
 * hook() is called when the database fails a write or the sync of one: PROBLEM_STORE_BUSY,
 * PROBLEM_STORE_FAILED or PROBLEM_STORE_DAMAGED.
 */
void store_on_failure(struct store *store, void (*hook)(const struct problem *why));

/*
 * How long the handle waits for the write lock from now on. Returns what it was before. With 0 a
 * write that finds the lock taken is no failure for the hook above.
 */
int store_set_wait(struct store *store, int wait_ms);

/*
 * Settings that lib/realm needs wherever it changes something. The handle only keeps them, at first
 * as zeros (realm/live_settings.h).
 */
struct store_rules {
	int64_t quota_bytes; /* of the texts of a user; 0: any number */
	bool totp_required_for_admins;
	bool sends_mail; /* there is a mail server */
};
void store_set_rules(struct store *store, struct store_rules rules);
const struct store_rules *store_rules(const struct store *store);

/*
 * Within store_write(): calls tell() with a copy of the text after the commit. After a rollback it
 * is not called.
 */
void store_tell(struct store *store, void (*tell)(const char *text), const char *text);

/* Calls each() for the words of a text as full-text search has them, until it returns -1. Returns 0
 * or -1. */
int store_words(struct store *store, const char *text,
		int (*each)(const char *word, size_t bytes, void *context, struct problem *why),
		void *context, struct problem *why);

/* Changes whenever another connection has committed (PRAGMA data_version). -1 on failure. */
int64_t store_data_version(struct store *store);

#endif
