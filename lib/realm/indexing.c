/* The search index, step by step: see indexing.h. */
#include "realm/indexing.h"

#include "store/queries.h"
#include "store/store.h"

#define MERGED_PAGES 16 /* of the index, in one step: about 2 ms */

/* Removing and adding are two steps, because each takes as long. */
static int text_step(struct store *store, void *unused, struct problem *why)
{
	int64_t id;
	int found = q_unindexed_next(store, &id, why);
	(void)unused;
	if (found <= 0)
		return found;
	TRY(q_unindexed_remove(store, id, why));
	int removed = q_unindexed_removed(store, id, why);
	if (removed != 0)
		return removed;
	TRY(q_unindexed_add(store, id, why));
	return q_unindexed_done(store, id, why);
}

int index_text(struct store *store, struct problem *why)
{
	int64_t id;
	int found = q_unindexed_next(store, &id, why);
	return found > 0 ? store_write_unsynced(store, text_step, NULL, why) : found;
}

/* A merge that finds nothing to do changes one row: the one of the command. */
static int merge_step(struct store *store, void *unused, struct problem *why)
{
	int64_t before = store_changed_rows(store);
	(void)unused;
	TRY(q_index_merge(store, MERGED_PAGES, why));
	return store_changed_rows(store) - before > 1;
}

int index_merge(struct store *store, struct problem *why)
{
	return store_write_unsynced(store, merge_step, NULL, why);
}
