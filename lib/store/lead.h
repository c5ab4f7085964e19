/*
 * Who leads the maintenance: one process at a time, which checkpoints, prunes and erases.
 *
 * A checkpoint moves the WAL into the database file, so that the WAL can restart. SQLite
 * before 3.51.3 (except 3.44.6 and 3.50.7) can corrupt a database when a checkpoint races a commit
 * that restarts the WAL. So only the leader checkpoints, and only while a connection of its own
 * holds the write lock: then no commit can race. Readers never wait; what they still need is left
 * for the next time.
 */
#ifndef STORE_LEAD_H
#define STORE_LEAD_H

#include "base/problem.h"

struct leader;

struct checkpoint {
	int wal_pages;   /* in the WAL */
	int moved_pages; /* of these, how many are in the database file now */
};

/*
 * Returns 1 when this process leads from now on, 0 when another process leads, or -1. It leads
 * until it resigns or ends. For one thread.
 */
int store_lead(const char *path, int wait_ms, struct leader **leader_r, struct problem *why);
void store_resign(struct leader **leader);

/* Returns 1, or 0 when nothing was committed since the last time, or -1. */
int leader_checkpoint(struct leader *leader, struct checkpoint *done_r, struct problem *why);

/*
 * After a checkpoint that moved the whole WAL: restarts the WAL and makes it small, by a commit
 * that changes nothing. Returns 1 when the file has only that commit; 0 when it still has more,
 * because another connection reads or writes; or -1.
 *
 * It is for processes that come and go: when the last one closes the database, SQLite forgets that
 * the WAL was moved, and the file would only grow. And for erased content, which must leave the
 * file.
 */
int leader_empty_log(struct leader *leader, struct problem *why);

/* The size of the WAL file in bytes; 0 when there is none. */
long long store_log_bytes(const char *path);

#endif
