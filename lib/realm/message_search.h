/*
 * The search in messages: in all rooms that the viewer may read now, or in one.
 *
 * It uses two indexes (indexing.h). In text_words each word of a text has a row in its room; so a
 * room that the viewer may not read costs nothing and changes nothing. The messages of public rooms
 * are in public_words, too, which does not ask for the room; so thousands of these cost no more
 * than one. While a room is made public or private, its messages are looked for in text_words
 * alone. The acknowledgement of a message does not wait for the index: a new text is found within a
 * second. What twins have written lies in places of its own, on which no twin draws.
 *
 * All words must be found; in any case and order, without regard to accents and English endings.
 * Words such as "the" do not count. The rarest word is looked up first, the others in its texts.
 * When each of the words is in very many texts, the newest of these are looked at, some thousands
 * for one page. Such a page may have fewer rows than its limit, and the next page goes on from
 * there.
 */
#ifndef REALM_MESSAGE_SEARCH_H
#define REALM_MESSAGE_SEARCH_H

#include "base/fields.h"
#include "store/shape.h"

struct arena;

struct message_search {
	const char *q;
	const char *room_id;   /* or NULL */
	int64_t sender_id;     /* 0: any */
	int64_t after, before; /* times; 0: none */
	const char *sort;      /* "new" or "best" */
};
extern const struct fields message_search_fields;

/*
 * A page of message_found_shape. "new" is the order in which the texts were last written; "best" is
 * by BM25. PROBLEM_ROOM_NOT_FOUND; PROBLEM_INVALID names q when it has too many words.
 */
int message_search(struct arena *arena, struct store *store, int64_t viewer,
		   const struct message_search *search, struct page *page, struct buf *out,
		   struct problem *why);

#endif
