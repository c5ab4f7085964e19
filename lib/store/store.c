/*
 * Opening and closing, migrations, and the busy handler: see store.h.
 *
 * Automatic checkpoints are off on every connection, also on close: in the SQLite versions of
 * Debian 12, a checkpoint that races a commit of another connection can corrupt the file.
 * lead.c checkpoints safely.
 */
#include "store/store.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/memory.h"
#include "store/gaps.h"
#include "store/ids.h"
#include "store/internal.h"
#include "store/names.h"
#include "store/rank.h"
#include "store/schema.h"
#include "store/snippet.h"
#include "store/tokenizer.h"
#include "store/vectors.h"
#include "store/words.h"

#define APPLICATION_ID 0x41454f4e /* "AEON", in the file's header */
#define PROGRESS_OPS 100          /* operations of SQLite between looks at the clock: about 5 µs */

int store_problem(struct store *store, int code, struct problem *why)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		problem_set(why, PROBLEM_STORE_BUSY);
		why->retry_after_ms = 1000;
		break;
	case SQLITE_INTERRUPT:
		problem_set(why, PROBLEM_TOO_EXPENSIVE);
		break;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		problem_set(why, PROBLEM_STORE_DAMAGED);
		break;
	case SQLITE_CONSTRAINT: /* the realm checks first, so this is a bug */
	case SQLITE_ERROR:
	case SQLITE_MISUSE:
		problem_set(why, PROBLEM_INTERNAL);
		break;
	default:
		problem_set(why, PROBLEM_STORE_FAILED);
		why->retry_after_ms = 5000;
		break;
	}
	return problem_cause(why, "%s (%d)",
			     store && store->db ? sqlite3_errmsg(store->db) : sqlite3_errstr(code),
			     store && store->db ? sqlite3_extended_errcode(store->db) : code);
}

int store_run(struct store *store, const char *sql, struct problem *why)
{
	int code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
	return code == SQLITE_OK ? 0 : store_problem(store, code, why);
}

int store_number(struct store *store, const char *sql, int64_t *number_r, struct problem *why)
{
	sqlite3_stmt *statement;
	int code = sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL);
	if (code != SQLITE_OK)
		return store_problem(store, code, why);
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		*number_r = sqlite3_column_int64(statement, 0);
	else
		store_problem(store, code, why);
	sqlite3_finalize(statement);
	return code == SQLITE_ROW ? 0 : -1;
}

/*
 * SQLite's own back-off sleeps ever longer, and a writer may starve. Short sleeps of random length
 * give everybody a turn.
 */
static int wait_for_turn(void *context, int tries)
{
	struct store *store = context;
	int64_t now = clock_monotonic();
	if (tries == 0)
		store->deadline = now + (int64_t)store->wait_ms * 1000;
	if (now >= store->deadline)
		return 0;
	struct timespec pause = {.tv_nsec = 100000 + (long)randombytes_uniform(400000)};
	nanosleep(&pause, NULL);
	return 1;
}

/*
 * Called by SQLite within statements. Not 0 interrupts the statement. No thread uses more CPU time
 * than passes, and reading that clock costs a tenth.
 */
static int over_budget(void *context)
{
	const struct store *store = context;
	return store->work_until && clock_monotonic() > store->work_until_real &&
	       clock_thread_cpu() > store->work_until;
}

void store_budget(struct store *store, int64_t us)
{
	store->budget = us;
	sqlite3_progress_handler(store->db, PROGRESS_OPS, over_budget, store);
}

void store_work_begin(struct store *store)
{
	store->work_until = store->budget ? clock_thread_cpu() + store->budget : 0;
	store->work_until_real = clock_monotonic() + store->budget;
}

void store_work_end(struct store *store)
{
	store->work_until = 0;
}

static int migration_count(void)
{
	int count = 0;
	while (migrations[count].name)
		count++;
	return count;
}

/* Each migration is a transaction, which also sets the version. */
static int migrate(struct store *store, struct problem *why)
{
	for (;;) {
		int64_t version;
		char mark[80];
		TRY(store_run(store, "BEGIN IMMEDIATE", why));
		if (store_number(store, "PRAGMA user_version", &version, why) < 0 ||
		    version >= migration_count()) {
			store_run(store, "ROLLBACK", why);
			return why->code ? -1 : 0;
		}
		snprintf(mark, sizeof(mark), "PRAGMA user_version = %d; PRAGMA application_id = %d",
			 (int)version + 1, APPLICATION_ID);
		if (store_run(store, migrations[version].sql, why) < 0 ||
		    store_run(store, mark, why) < 0 || store_run(store, "COMMIT", why) < 0) {
			problem_cause(why, "migration %s", migrations[version].name);
			sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
			return -1;
		}
		store->unsynced = true;
	}
}

static int check_version(struct store *store, enum store_mode mode, struct problem *why)
{
	int64_t version, application, tables;
	TRY(store_number(store, "PRAGMA user_version", &version, why));
	TRY(store_number(store, "PRAGMA application_id", &application, why));
	TRY(store_number(store, "SELECT count(*) FROM sqlite_schema", &tables, why));
	if (tables > 0 && application != APPLICATION_ID)
		return problem_say(why, PROBLEM_STORE_DAMAGED,
				   "This is not a database of AEON Realm");
	if (version > migration_count())
		return problem_set(why, PROBLEM_STORE_TOO_NEW);
	if (mode == STORE_MIGRATE) {
		TRY(migrate(store, why));
		return store_sync(store, why);
	}
	return version < migration_count() ? problem_set(why, PROBLEM_STORE_TOO_OLD) : 0;
}

/*
 * Far above what the schema and the queries need, and far below what SQLite allows. No input can
 * reach them, so they only bound what a damaged file or a bug can do.
 */
static const struct {
	int limit, most;
} limits[] = {
	{SQLITE_LIMIT_LENGTH, 16 * 1024 * 1024}, /* bytes of a value or a row */
	{SQLITE_LIMIT_SQL_LENGTH, 256 * 1024},   /* a migration */
	{SQLITE_LIMIT_COLUMN, 200},
	{SQLITE_LIMIT_EXPR_DEPTH, 200},
	{SQLITE_LIMIT_COMPOUND_SELECT, 20},
	{SQLITE_LIMIT_VDBE_OP, 100000},
	{SQLITE_LIMIT_ATTACHED, 0},
	{SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000},
	{SQLITE_LIMIT_VARIABLE_NUMBER, 100},
	{SQLITE_LIMIT_TRIGGER_DEPTH, 20},
	{SQLITE_LIMIT_WORKER_THREADS, 0},
};

/*
 * DEFENSIVE: no statement can change the tables behind an index for search, or the schema table.
 * TRUSTED_SCHEMA stays on: without it SQLite 3.40 (Debian 12) calls no json_valid() and
 * json_extract() for the CHECKs and columns of the schema. Our own functions would not need it.
 */
static void harden(sqlite3 *db)
{
	int state;
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, &state);
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++)
		sqlite3_limit(db, limits[i].limit, limits[i].most);
}

/*
 * The WAL keeps its size, up to a limit, because to sync a file that is overwritten costs a tenth
 * of syncing one that grows.
 */
static int configure(struct store *store, struct problem *why)
{
	int off = 0;
	sqlite3_extended_result_codes(store->db, 1);
	harden(store->db);
	sqlite3_busy_handler(store->db, wait_for_turn, store);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, &off);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DQS_DML, 0, &off);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DQS_DDL, 0, &off);
	return store_run(store,
			 "PRAGMA journal_mode = WAL;"
			 "PRAGMA wal_autocheckpoint = 0;"
			 "PRAGMA journal_size_limit = 67108864;"
			 "PRAGMA synchronous = NORMAL;"
			 "PRAGMA foreign_keys = ON;"
			 "PRAGMA secure_delete = ON;"
			 "PRAGMA max_page_count = " GAPS_PAGES_MAX ";"
			 "PRAGMA mmap_size = 2147418112;"
			 "PRAGMA cache_size = -16384;"
			 "PRAGMA temp_store = MEMORY",
			 why);
}

int store_register(sqlite3 *db)
{
	static int (*const all[])(sqlite3 *) = {
		tokenizer_register, rank_register,    snippet_register, ids_register,
		words_register,     vectors_register, names_register};
	int code = SQLITE_OK;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all) && code == SQLITE_OK; i++)
		code = all[i](db);
	return code;
}

int store_open(const char *path, enum store_mode mode, int wait_ms, struct store **store_r,
	       struct problem *why)
{
	struct store *store = xcalloc(1, sizeof(*store));
	store->path = xstrdup(path);
	store->wait_ms = wait_ms;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	if (mode == STORE_MIGRATE)
		flags |= SQLITE_OPEN_CREATE;
	int code = sqlite3_open_v2(path, &store->db, flags, NULL);
	if (code != SQLITE_OK) {
		problem_say(why, PROBLEM_STORE_FAILED, "Cannot open the database");
		problem_cause(why, "%s: %s: %s", path, sqlite3_errmsg(store->db),
			      strerror(sqlite3_system_errno(store->db)));
	} else if ((code = store_register(store->db)) != SQLITE_OK) {
		store_problem(store, code, why);
	} else if (configure(store, why) == 0 && check_version(store, mode, why) == 0) {
		*store_r = store;
		return 0;
	}
	store_close(&store);
	return -1;
}

void store_close(struct store **store)
{
	struct store *closing = *store;
	if (!closing)
		return;
	for (int i = 0; i < QUERY__COUNT; i++)
		sqlite3_finalize(closing->statements[i]);
	sqlite3_finalize(closing->data_version);
	sqlite3_close(closing->db);
	buf_free(&closing->told);
	free(closing->path);
	free(closing);
	*store = NULL;
}

void store_on_write(struct store *store, int (*allow)(struct store *, void *, struct problem *),
		    void *context)
{
	store->allow = allow;
	store->allow_context = context;
}

void store_on_commit(struct store *store, void (*hook)(void *), void *context)
{
	store->hook = hook;
	store->hook_context = context;
}

void store_on_failure(struct store *store, void (*hook)(const struct problem *))
{
	store->failure_hook = hook;
}

int store_set_wait(struct store *store, int wait_ms)
{
	int before = store->wait_ms;
	store->wait_ms = wait_ms;
	return before;
}

void store_set_rules(struct store *store, struct store_rules rules)
{
	store->rules = rules;
}

const struct store_rules *store_rules(const struct store *store)
{
	return &store->rules;
}

int store_words(struct store *store, const char *text,
		int (*each)(const char *word, size_t bytes, void *context, struct problem *why),
		void *context, struct problem *why)
{
	int code = tokenizer_split(store->db, text, each, context, why);
	if (code == SQLITE_OK)
		return 0;
	return why->code != PROBLEM_NONE ? -1 : store_problem(store, code, why);
}

int64_t store_data_version(struct store *store)
{
	if (!store->data_version &&
	    sqlite3_prepare_v3(store->db, "PRAGMA data_version", -1, SQLITE_PREPARE_PERSISTENT,
			       &store->data_version, NULL) != SQLITE_OK)
		return -1;
	int64_t version = -1;
	if (sqlite3_step(store->data_version) == SQLITE_ROW)
		version = sqlite3_column_int64(store->data_version, 0);
	sqlite3_reset(store->data_version);
	return version;
}
