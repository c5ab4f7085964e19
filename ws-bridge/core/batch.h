/*
 * What is done with jobs in the database, and the tail of the event log. No threads: worker.c has
 * those, and says when a batch runs and when the disk has it.
 *
 * All jobs of a batch run in one transaction; then the log is read to its end, and both are merged
 * into one list by position. Jobs that wait for the disk come in a list of their own, to be told
 * whenever that is done.
 */
#ifndef WS_BRIDGE_CORE_BATCH_H
#define WS_BRIDGE_CORE_BATCH_H

#include "ws-bridge/core/job.h"

struct batcher {
	struct store *store;
	int64_t pos;         /* of the last event that was read */
	int64_t version;     /* of the data, when the log was last read */
	unsigned char *here; /* a bit per user id */
	size_t here_bytes;
};

/* What is in the log already is not told. The store stays the caller's. */
int batcher_open(struct batcher *batcher, struct store *store, struct problem *why);
void batcher_close(struct batcher *batcher);

/* Moves jobs that may run together to the (empty) batch, from the front. */
void batch_take(struct reports *asked, struct reports *batch);

/*
 * Runs the batch, and appends what can be told now to `told` and what must wait for the disk to
 * `unsafe`. An empty batch looks for report by others alone.
 */
void batch_run(struct batcher *batcher, struct reports *batch, struct reports *told,
	       struct reports *unsafe);

/* Gives them all the problem that came between: none of them is stored for sure. */
void batch_fail(struct reports *jobs, const struct problem *why);

/* While a job runs: who is connected here, as far as jobs have said. */
void batcher_note_user(struct batcher *batcher, int64_t user_id, bool here);
bool batcher_has_user(const struct batcher *batcher, int64_t user_id);

#endif
