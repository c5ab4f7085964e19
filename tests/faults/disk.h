/*
 * A disk that fails, for tests: an SQLite VFS on top of the ordinary one.
 *
 * For each file it keeps the durable bytes (as of the last successful sync) and the writes since
 * then. A power cut writes a copy of the database as a disk may have it: the durable bytes and any
 * part of the later writes, in any order, torn between sectors.
 */
#ifndef TESTS_FAULTS_DISK_H
#define TESTS_FAULTS_DISK_H

#include <stdbool.h>
#include <stdint.h>

enum disk_fault {
	DISK_WORKS,
	DISK_FULL,        /* every write fails */
	DISK_WRITES_LESS, /* a write stops halfway, with an error */
	DISK_SYNC_FAILS,  /* a later sync does not write the failed writes again */
};

/* Makes it the default VFS. Call it before the first store is opened. */
void disk_install(uint64_t seed);

/* Makes the present bytes of every file durable. */
void disk_sync_all(void);

/* Sets the fault of all files, from the next operation until the next call. */
void disk_fail(enum disk_fault fault);

/* Cuts the power: writes the remains of PATH and PATH-wal to `to` and `to`-wal. The files that the
 * program has open do not change. */
void disk_cut_power(const char *path, const char *to);

/* A random number below `most`. */
uint32_t disk_random(uint32_t most);

/* Cuts the power while SQLite works: before the given number of writes and syncs of these files.
 * Calls now() at that moment. */
void disk_cut_power_later(int operations, const char *path, const char *to, void (*now)(void));

#endif
