/*
 * How jobs run in the database, and how the tail of the event log is read. There are no threads
 * here: io/store_thread.c has them, and decides when a batch runs and when the disk is synced.
 *
 * All jobs of a batch run in one transaction. Then the log is read to its end, and jobs and events
 * are merged into one list by position. Jobs that are reported only after a sync come in a list of
 * their own.
 */
#ifndef WS_BRIDGE_CORE_BATCH_H
#define WS_BRIDGE_CORE_BATCH_H

#include "ws-bridge/core/job.h"

struct batcher {
	struct store *store;
	int64_t pos;              /* of the last event that was read */
	int64_t version;          /* of the data, when the log was last read */
	unsigned char *connected; /* a bit for each user id */
	size_t connected_bytes;
};

/* Begins at the end of the log: earlier events are not reported. The store stays the caller's. */
int batcher_open(struct batcher *batcher, struct store *store, struct problem *why);
void batcher_close(struct batcher *batcher);

/* Moves jobs that may run together to the (empty) batch, from the front. */
void batch_take(struct reports *submitted, struct reports *batch);

/*
 * Runs the batch. Appends what can be reported now to `reported`, and jobs that must be on disk
 * before to `awaiting_sync`. An empty batch only looks for events of other processes.
 */
void batch_run(struct batcher *batcher, struct reports *batch, struct reports *reported,
	       struct reports *awaiting_sync);

/* Gives the problem to all of these jobs: it is not certain that any of them is stored. */
void batch_fail(struct reports *jobs, const struct problem *why);

/* While a job runs: which users are connected to this bridge, as far as jobs have said. */
void batcher_note_user(struct batcher *batcher, int64_t user_id, bool connected);
bool batcher_has_user(const struct batcher *batcher, int64_t user_id);

#endif
