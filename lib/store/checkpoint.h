/*
 * The checkpoint: moves the WAL into the database file, so that the WAL can start anew.
 *
 * SQLite before 3.51.3 (but 3.44.6 and 3.50.7) can corrupt a database when a checkpoint races a
 * commit that restarts the WAL. So one process at a time checkpoints (a lock on PATH-checkpoint
 * says which), and only while another connection of its own holds the write lock: then no commit
 * can race. Readers are never waited for; what they still need is left for the next time.
 */
#ifndef STORE_CHECKPOINT_H
#define STORE_CHECKPOINT_H

#include "base/problem.h"

struct checkpointer;

struct checkpoint {
	int wal_pages;   /* in the WAL */
	int moved_pages; /* of them, how many the database file has now */
};

/* Returns 1, or 0 when another process is the checkpointer, or -1. For one thread. */
int checkpointer_open(const char *path, int wait_ms, struct checkpointer **checkpointer_r,
		      struct problem *why);
void checkpointer_close(struct checkpointer **checkpointer);

/* Returns 1, or 0 when nothing was committed since the last time, or -1. */
int checkpointer_run(struct checkpointer *checkpointer, struct checkpoint *done_r,
		     struct problem *why);

/*
 * Lets the WAL begin anew and small, after a run that moved all of it, by a commit that changes
 * nothing. Returns 1 when the file has nothing but that commit then; 0 when it still has more,
 * since somebody reads or writes; or -1.
 *
 * For processes that come and go: when the last one closes the database, it is forgotten that the
 * WAL was moved, and then it would only ever grow. And for what must not be in the file any more.
 */
int checkpointer_restart(struct checkpointer *checkpointer, struct problem *why);

/* The size of the WAL file in bytes; 0 when there is none. */
long long wal_bytes(const char *path);

#endif
