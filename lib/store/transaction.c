/*
 * Write transactions: see store.h.
 *
 * A commit runs with synchronous=NORMAL, which leaves the WAL to the kernel; the WAL is then synced
 * here, after the write lock is released. An acknowledged write is as durable as with FULL, but
 * nobody waits for the lock while the disk works, and the kernel merges the syncs of several
 * processes.
 */
#include <assert.h>
#include <string.h>

#include "base/mutant.h"
#include "store/internal.h"

static _Thread_local int open_writes; /* of all handles of this thread */

bool store_is_writing(void)
{
	return open_writes > 0;
}

int64_t store_changed_rows(const struct store *store)
{
	return sqlite3_total_changes(store->db);
}

/* NULL when there is no WAL yet. */
static sqlite3_file *wal_of(struct store *store)
{
	sqlite3_file *wal = NULL;
	sqlite3_file_control(store->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal);
	return wal && wal->pMethods ? wal : NULL;
}

static int sync_wal(struct store *store, struct problem *why)
{
	sqlite3_file *wal = wal_of(store);
	int code = wal ? wal->pMethods->xSync(wal, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY)
		       : SQLITE_OK;
	store->suspect = code != SQLITE_OK;
	return code == SQLITE_OK ? 0 : store_problem(NULL, code, why);
}

int store_mend(struct store *store, struct problem *why)
{
	char chunk[65536];
	sqlite3_file *wal = wal_of(store);
	sqlite3_int64 size = 0;
	int code = wal ? wal->pMethods->xFileSize(wal, &size) : SQLITE_OK;
	for (sqlite3_int64 at = 0; at < size && code == SQLITE_OK; at += (int)sizeof(chunk)) {
		int bytes = size - at < (int)sizeof(chunk) ? (int)(size - at) : (int)sizeof(chunk);
		code = wal->pMethods->xRead(wal, chunk, bytes, at);
		if (code == SQLITE_OK)
			code = wal->pMethods->xWrite(wal, chunk, bytes, at);
	}
	return code == SQLITE_OK ? sync_wal(store, why) : store_problem(NULL, code, why);
}

/*
 * After a failed sync the kernel may believe that the disk has what it lacks, so a later successful
 * sync proves nothing. Nothing more is acknowledged until the WAL was written again.
 */
static int mend_first(struct store *store, struct problem *why)
{
	TRY(store_run(store, "BEGIN IMMEDIATE", why));
	int result = store_mend(store, why);
	sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	return result;
}

/* Reports a failure of the database, as opposed to a change that was refused. Returns -1. */
static int fail_write(struct store *store, const struct problem *why)
{
	bool failed = (why->code == PROBLEM_STORE_BUSY && store->wait_ms > 0) ||
		      why->code == PROBLEM_STORE_FAILED || why->code == PROBLEM_STORE_DAMAGED;
	if (failed && store->failure_hook)
		store->failure_hook(why);
	return -1;
}

int store_sync(struct store *store, struct problem *why)
{
	if (!store->unsynced)
		return 0;
	if ((store->suspect ? mend_first(store, why) : sync_wal(store, why)) < 0)
		return fail_write(store, why);
	store->unsynced = false;
	return 0;
}

int store_sync_all(struct store *store, struct problem *why)
{
	store->unsynced = true;
	return store_sync(store, why);
}

/* Ends the transaction whose body returned `result`. */
static int finish(struct store *store, int result, struct problem *why)
{
	if (result >= 0 && store_run(store, "COMMIT", why) == 0)
		return result;
	/* A failure such as a full disk may have rolled back already. */
	if (!sqlite3_get_autocommit(store->db))
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	assert(why->code != PROBLEM_NONE);
	return -1;
}

/*
 * A part of the running transaction. A savepoint could undo the part alone, but copies every page
 * that is touched. Nearly all parts that fail do so before they change anything, so for the others
 * it is enough to roll back the whole.
 */
static int part(struct store *store, int (*change)(struct store *, void *, struct problem *),
		void *context, struct problem *why)
{
	int before = sqlite3_total_changes(store->db);
	int result = change(store, context, why);
	if (result < 0 && sqlite3_total_changes(store->db) != before)
		store->spoiled = true;
	return result;
}

void store_tell(struct store *store, void (*tell)(const char *), const char *text)
{
	assert(store->writing);
	buf_add(&store->told, &tell, sizeof(tell));
	buf_add(&store->told, text, strlen(text) + 1);
}

static void tell_all(struct store *store)
{
	void (*tell)(const char *);
	for (size_t at = 0; at < store->told.len;) {
		memcpy(&tell, store->told.data + at, sizeof(tell));
		const char *text = store->told.data + at + sizeof(tell);
		tell(text);
		at += sizeof(tell) + strlen(text) + 1;
	}
	buf_clear(&store->told);
}

/* Begins a transaction and runs its body. *before_r is the handle's total of changes before it. */
static int attempt(struct store *store, int (*change)(struct store *, void *, struct problem *),
		   void *context, int *before_r, struct problem *why)
{
	TRY(store_run(store, "BEGIN IMMEDIATE", why));
	*before_r = sqlite3_total_changes(store->db);
	buf_clear(&store->told);
	store->writing = true;
	open_writes++;
	store->spoiled = false;
	int result = store->allow ? store->allow(store, store->allow_context, why) : 0;
	if (result >= 0)
		result = change(store, context, why);
	store->writing = false;
	open_writes--;
	if (result >= 0 && store->spoiled) {
		problem_set(why, PROBLEM_STORE_FAILED);
		result = problem_cause(why, "a part of the transaction failed half done");
	}
	return result;
}

int store_write_unsynced(struct store *store,
			 int (*change)(struct store *, void *, struct problem *), void *context,
			 struct problem *why)
{
	int before = 0;
	if (store->writing)
		return part(store, change, context, why);
	int result = attempt(store, change, context, &before, why);
	if (MUTANT(write_twice) && result >= 0) {
		TRY(store_run(store, "ROLLBACK", why));
		result = attempt(store, change, context, &before, why);
	}
	result = finish(store, result, why);
	if (result < 0)
		return fail_write(store, why);
	/*
	 * Also when nothing changed: the answer may depend on what another process has committed
	 * but not synced yet, as with a message that is sent twice.
	 */
	store->unsynced = true;
	tell_all(store);
	if (store->hook && sqlite3_total_changes(store->db) != before)
		store->hook(store->hook_context);
	return result;
}

int store_write(struct store *store, int (*change)(struct store *, void *, struct problem *),
		void *context, struct problem *why)
{
	int result = store_write_unsynced(store, change, context, why);
	if (result >= 0 && !store->writing)
		TRY(store_sync(store, why));
	return result;
}

int store_read(struct store *store, int (*read)(struct store *, void *, struct problem *),
	       void *context, struct problem *why)
{
	if (store->writing)
		return read(store, context, why);
	TRY(store_run(store, "BEGIN", why));
	return finish(store, read(store, context, why), why);
}
