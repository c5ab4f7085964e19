/*
 * A disk that fails, for tests: a VFS of SQLite's over the ordinary one.
 *
 * It remembers for each file what is durable, which is what it was at its last successful sync, and
 * what was written since. A power cut makes a copy of the database as a disk may have it then: what
 * is durable, with any part of what was written since, in any order, torn between sectors.
 */
#ifndef TESTS_FAULTS_DISK_H
#define TESTS_FAULTS_DISK_H

#include <stdbool.h>
#include <stdint.h>

enum disk_fault {
	DISK_WORKS,
	DISK_FULL,        /* nothing more can be written */
	DISK_WRITES_LESS, /* a write ends half way, with an error */
	DISK_SYNC_FAILS,  /* and what was to be synced is not dirty any more: only new writes are
			     synced */
};

/* Makes it the default VFS: before the first store is opened. */
void disk_install(uint64_t seed);

/* Every file is as durable as it is now. */
void disk_settle(void);

/* From the next operation on, for all files until told otherwise. */
void disk_fail(enum disk_fault fault);

/* Cuts the power: writes what is left of PATH and PATH-wal to `to` and `to`-wal. The program goes
 * on with the files as they are. */
void disk_cut(const char *path, const char *to);

/* A number below `most`, from the seed. */
uint32_t disk_random(uint32_t most);

/* The same in the middle of what SQLite does: before so many writes and syncs of these files have
 * been done. Calls now() at that moment. */
void disk_cut_later(int operations, const char *path, const char *to, void (*now)(void));

#endif
