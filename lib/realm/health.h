/*
 * The health of a realm, measured by its own work.
 *
 * Every process notes how its writes and its maintenance end (realm/notes.h). A bridge writes every
 * few seconds, its lease, so the notes are fresh without extra work. When they are not,
 * health_measure() writes a row itself: at most one process at a time, every two seconds. So it
 * costs next to nothing to ask for the health, and the answer does not need the database: a full
 * disk cannot hide itself.
 *
 * Where processes have no common run_dir, as plain CGI programs without a bridge, each knows only
 * its own notes and the row.
 */
#ifndef REALM_HEALTH_H
#define REALM_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

#include "realm/bridges.h"
#include "realm/notes.h"

struct buf;
struct settings;
struct store;

enum health_part {
	HEALTH_DATABASE, /* it can be read */
	HEALTH_WRITES,
	HEALTH_DISK,
	HEALTH_WAL, /* the write-ahead log is not huge */
	HEALTH_MAINTENANCE,
	HEALTH_BRIDGES,
	HEALTH_TWINS,    /* the processes of aeon-twin run, and no turn waits for long */
	HEALTH_STORES,   /* other stores follow; not a part of all_good, since twins do without */
	HEALTH_PROGRAMS, /* those that `aeonctl run` supervises */
	HEALTH_PART__COUNT
};

struct health {
	struct {
		bool good;
		char reason[256]; /* one sentence; "" when it is good */
	} parts[HEALTH_PART__COUNT];
	bool all_good;

	int64_t read_us, bridges_us; /* durations of these two checks */
	int64_t wal_bytes, free_bytes;
	struct bridges bridges;
	int64_t twins;         /* processes of aeon-twin that run */
	int64_t stores_behind; /* changes that some store has not confirmed yet */
	struct health_notes notes;
	const char *leader; /* the program that does the maintenance; NULL: none does */
};

/*
 * `store` is NULL when it could not be opened, and `why` then has the cause; else `why` gets the
 * cause when the database cannot be read. has_pool: the workers of a pool run, so that even without
 * a configured bridge a process does the maintenance.
 */
void health_measure(struct store *store, const struct settings *settings, bool has_pool,
		    struct health *health_r, struct problem *why);

/* Writes a JSON array of what is wrong, a sentence for each part. */
void health_reasons(const struct health *health, struct buf *out);

const char *health_part_name(enum health_part part);

#endif
