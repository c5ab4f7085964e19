/*
 * A disk that fails, for tests: a VFS of SQLite's over the ordinary one.
 *
 * For each file it remembers the durable bytes, which are those of the last successful sync, and
 * the writes since then. A power cut makes a copy of the database as a disk may have it: the
 * durable bytes, with any part of the later writes, in any order, torn between sectors.
 */
#ifndef TESTS_FAULTS_DISK_H
#define TESTS_FAULTS_DISK_H

#include <stdbool.h>
#include <stdint.h>

enum disk_fault {
	DISK_WORKS,
	DISK_FULL,        /* nothing more can be written */
	DISK_WRITES_LESS, /* a write ends half way, with an error */
	DISK_SYNC_FAILS,  /* and the failed writes no longer count as dirty: a later sync skips them
			   */
};

/* Makes it the default VFS; to be called before the first store is opened. */
void disk_install(uint64_t seed);

/* Makes the present bytes of every file durable. */
void disk_settle(void);

/* For all files, from the next operation until the next call. */
void disk_fail(enum disk_fault fault);

/* Cuts the power: writes what is left of PATH and PATH-wal to `to` and `to`-wal. The program itself
 * keeps its files. */
void disk_cut(const char *path, const char *to);

/* A number below `most`, from the seed. */
uint32_t disk_random(uint32_t most);

/* The same in the middle of SQLite's work: before the given number of writes and syncs of these
 * files. Calls now() at that moment. */
void disk_cut_later(int operations, const char *path, const char *to, void (*now)(void));

#endif
