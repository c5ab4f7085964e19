/*
 * The search index of knowledge, as far as it is not written with the text itself.
 *
 * To index 20,000 Chinese letters takes 20 ms, and to merge the segments of the index takes longer.
 * Nobody else can write meanwhile. So a text of more than 2,000 letters is only noted when it is
 * written, and is indexed within a second by the maintenance (ws-bridge/io/maintenance.c; a program
 * that runs as plain CGI does it after its answer). The note is a row of the same transaction, and
 * is removed in the transaction that indexes the text, so a killed process loses nothing.
 *
 * All texts on which twins may draw wait in the same way for an index of their own (texts,
 * text_words), so that a message costs its sender one more row. That index has a row for each word
 * of a text in each place, and a word is only a number (store/words.h). So a search reads no row of
 * another place, and a text is forgotten, by triggers, when its rows are deleted: the segments of
 * FTS5 would keep its words until they are merged, and its ranks count what a reader may not see.
 * The messages of public rooms have a second index for the search in messages (public_words). When
 * a room is made public or private, they are added to it or removed, some at a time.
 *
 * The maintenance works through them at two thirds of its time. A user who writes at full speed
 * makes others wait longer to be found, so a text should cost its writer as much of a budget as it
 * costs here: one more ordinary request for each 2,000 bytes (1 ms, at 60,000 bytes of Chinese in
 * 35 ms).
 */
#ifndef REALM_INDEXING_H
#define REALM_INDEXING_H

#include <stdint.h>

#include "base/problem.h"

struct store;

/*
 * Each does one step in a transaction of its own: it indexes or removes one text, or merges a few
 * pages. Both return 1, or 0 when there is nothing to do, or -1. Between two steps the caller waits
 * a moment, so that others get their turn to write.
 */
int index_text(struct store *store, struct problem *why);
int index_merge(struct store *store, struct problem *why);

/*
 * Within store_write(): removes at most `limit` messages of an erased user, which stay in their
 * rooms, from the index of twins. Returns how many, or -1.
 */
int index_forget_author(struct store *store, int64_t user_id, int64_t limit, struct problem *why);

#endif
