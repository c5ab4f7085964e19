/* The search index, step by step: see indexing.h. */
#include "realm/indexing.h"

#include "base/arena.h"
#include "base/buf.h"
#include "realm/collect.h"
#include "realm/lessons.h"
#include "store/queries.h"
#include "store/store.h"

#define MERGED_PAGES 16 /* of the index, in one step: about 2 ms */
#define WORDS_ADDED 500 /* for twins, in one step, or those of one text: about 3 ms */
#define ENTRIES 50      /* of a room that was made public or private, in one step */

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

/* Indexes a text for twins; or nothing, when it has gone since it was noted. */
static int words_add(struct store *store, const struct q_texts_waiting_next *next,
		     struct problem *why)
{
	int added = q_text_add(store, next->kind, next->source, why);
	if (added == 0) {
		int dropped = q_text_drop(store, next->kind, next->source, why);
		added = dropped > 0 ? q_text_add(store, next->kind, next->source, why) : dropped;
	}
	TRY(added);
	if (added > 0) {
		TRY(q_text_words_add(store, next->kind, next->source, why));
		TRY(q_public_words_add(store, next->kind, next->source, why));
		TRY(lesson_add(store, next->kind, next->source, why));
	}
	return q_texts_waiting_done(store, next->id, why);
}

static int words_step(struct store *store, void *unused, struct problem *why)
{
	struct arena *arena = arena_new();
	struct q_texts_waiting_next next;
	int done = 0, found = 1;
	int64_t before = store_changed_rows(store);
	(void)unused;
	while (found > 0 && store_changed_rows(store) - before < WORDS_ADDED) {
		found = q_texts_waiting_next(arena, store, &next, why);
		if (found > 0)
			found = words_add(store, &next, why);
		done += found > 0;
	}
	arena_free(&arena);
	return found < 0 ? -1 : done;
}

/* Adds some messages of a room that was made public to public_words, or removes them. */
static int room_step(struct store *store, void *unused, struct problem *why)
{
	struct arena *arena = arena_new();
	struct buf *list = buf_in(arena);
	struct collected_texts messages = {arena, list};
	struct q_public_words_room room;
	(void)unused;
	int result = q_public_words_room(arena, store, &room, why);
	bool found = result > 0;
	int64_t upto = found ? room.seq + ENTRIES : 0;
	if (found)
		result = q_public_words_messages(store, room.id, room.seq, upto, collect_text,
						 &messages, why);
	const char *const *ids = (const char *const *)(const void *)list->data;
	for (size_t i = 0; i < list->len / sizeof(*ids) && result >= 0; i++)
		result = room.is_public ? q_public_words_add(store, "message", ids[i], why)
					: q_public_words_remove(store, ids[i], why);
	if (found && result >= 0)
		result = q_public_words_upto(store, room.id, upto, why);
	arena_free(&arena);
	return result < 0 ? -1 : found;
}

int index_text(struct store *store, struct problem *why)
{
	struct arena *arena = arena_new();
	struct q_public_words_room room;
	int64_t id;
	int (*step)(struct store *, void *, struct problem *) = text_step;
	int found = q_unindexed_next(store, &id, why);
	if (found == 0) {
		step = words_step;
		found = q_texts_wait(store, why);
	}
	if (found == 0) {
		step = room_step;
		found = q_public_words_room(arena, store, &room, why);
	}
	arena_free(&arena);
	return found > 0 ? store_write_unsynced(store, step, NULL, why) : found;
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

int index_forget_author(struct store *store, int64_t user_id, int64_t limit, struct problem *why)
{
	struct arena *arena = arena_new();
	struct buf *texts = buf_in(arena);
	int result = q_texts_of_author(store, user_id, limit, collect_id, texts, why);
	size_t count = texts->len / sizeof(int64_t);
	const int64_t *ids = (const int64_t *)(const void *)texts->data;
	for (size_t i = 0; i < count && result >= 0; i++)
		result = q_text_forget_message(store, ids[i], why);
	arena_free(&arena);
	return result < 0 ? -1 : (int)count;
}
