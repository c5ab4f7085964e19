/*
 * What belongs to a message beside the message: who reacted to it, and the texts that it had before
 * it was edited.
 *
 * Former texts go with the message's text: when it is deleted or removed, and when its sender is
 * erased. They count in the sender's quota. What a twin wrote has none, since what it was made from
 * may have to be forgotten.
 */
#ifndef REALM_MESSAGE_HISTORY_H
#define REALM_MESSAGE_HISTORY_H

#include <stdint.h>

#include "base/buf.h"
#include "base/problem.h"
#include "store/shape.h"

struct arena;

extern const struct shape reactor_shape, former_text_shape;

/* A page of who reacted, as the viewer may see it. PROBLEM_NOT_FOUND, as message_show(). */
int message_reactions(struct store *store, int64_t viewer, const char *room_id,
		      const char *message_id, struct page *page, struct buf *out,
		      struct problem *why);

/* The former texts, newest first, for the sender and the room's owner and moderators: else
 * PROBLEM_FORBIDDEN. PROBLEM_NOT_FOUND, as message_show(). */
int message_history(struct store *store, int64_t viewer, const char *room_id,
		    const char *message_id, struct buf *out, struct problem *why);

/* Within store_write(), before an edit: keeps the text that the message has. */
int message_keep_text(struct store *store, const char *message_id, int64_t now,
		      struct problem *why);

#endif
