/*
 * Conversations: what users and their own twins say to each other. A conversation exists for its
 * owner alone: for others it is PROBLEM_NOT_FOUND.
 */
#ifndef REALM_CONVERSATIONS_H
#define REALM_CONVERSATIONS_H

#include "base/fields.h"
#include "base/uuid.h"
#include "store/shape.h"

struct arena;
struct settings;

struct chat_new {
	const char *message, *conversation_id, *context; /* conversation_id NULL: a new one */
};
extern const struct fields chat_new_fields;

extern const struct shape conversation_summary_shape, conversation_shape;
extern const struct shape chat_line_shape;
extern const struct shape chat_answer_shape;

/*
 * Says something to the own twin. Its turn then waits in the queue. PROBLEM_NOT_FOUND for the
 * conversation; PROBLEM_QUOTA_EXCEEDED; PROBLEM_RATE_LIMITED while too many turns of the owner
 * wait.
 */
int chat_say(struct store *store, const struct settings *settings, int64_t owner,
	     const struct chat_new *input, int64_t *turn_r, struct problem *why);

/*
 * Writes what the twin has answered in this turn, as chat_answer_shape. Returns 1 when the turn has
 * ended, 0 while it has not, or -1.
 */
int chat_answer_show(struct arena *arena, struct store *store, int64_t owner, int64_t turn,
		     struct buf *out, struct problem *why);

/* The conversations, the one that was used last first. */
int conversations_list(struct store *store, int64_t owner, struct page *page, struct buf *out,
		       struct problem *why);

/* One with a page of its messages, the newest first. */
int conversation_show(struct store *store, int64_t owner, const char *id, struct page *page,
		      struct buf *out, struct problem *why);

int conversation_delete(struct store *store, int64_t owner, const char *id, struct problem *why);

#endif
