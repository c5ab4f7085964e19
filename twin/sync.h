/*
 * Keeps other stores, such as ChromaDB, at what realm/projection.h says: one driver for all of
 * them, over a small table of functions.
 *
 * A store holds a marker. The marker names the life of the realm's database, what the store should
 * hold, and the last change that it has. It is
 * read at the beginning, after each failure and every minute. A store without the marker, or with
 * another or an older one, was emptied, replaced or restored; it is cleared and filled from
 * nothing, of what the database has. What is sent may be sent twice. After a failure there is a
 * pause, which grows, and nobody waits for a store.
 *
 * One process writes to a store, under a lease in the database.
 */
#ifndef TWIN_SYNC_H
#define TWIN_SYNC_H

#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"

struct arena;
struct failure;
struct projection_batch;
struct store;
struct sync;

/* What a store should hold. */
struct sync_contents {
	const char
		*text; /* a part of the marker: when it changes, the store is filled from nothing */
	size_t most;   /* rows of a batch */
};

struct sync_store {
	const char *name;
	unsigned kinds; /* enum projected_kind, a bit for each */

	/* 1, or 0 while there is nothing that it could hold, or -1. The text lives in the arena. */
	int (*contents)(void *self, struct arena *arena, struct store *store,
			struct sync_contents *contents_r, struct problem *why);

	/*
	 * Each of these begins requests, of which sync_marker_is(), sync_done() or sync_failed() is
	 * the end, not within the function. One is in work at a time.
	 */
	void (*read_marker)(void *self);
	/* Removes all that it holds, and then puts the marker with an `upto` of 0. */
	void (*clear)(void *self, const char *marker);
	/*
	 * Looks whether the store has the marker still, and all changes up to `since` of the batch;
	 * else it fails. Puts the rows as they are now, removes those that it may not hold, and
	 * then puts the marker with the `upto` of the batch. Called within store_read().
	 */
	int (*write)(void *self, struct store *store, const struct projection_batch *batch,
		     const char *marker, struct problem *why);

	/* Ends what is in work, if anything is. */
	void (*cancel)(void *self);
};

/* All live longer than it. `number` is that of this process, from 1. */
struct sync *sync_new(struct store *store, int number, const struct sync_store *other, void *self);
void sync_free(struct sync **sync);

/* To call at least once a second. */
int sync_look(struct sync *sync, struct problem *why);

/* How requests of the store have ended. `marker` NULL: it has none. */
void sync_marker_is(struct sync *sync, const char *marker, int64_t upto);
void sync_done(struct sync *sync);
void sync_failed(struct sync *sync, const struct failure *failure);

#endif
