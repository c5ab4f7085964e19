/* The messages that mention a user (mentions.h) and that the user may read now. */
#ifndef REALM_MENTION_LIST_H
#define REALM_MENTION_LIST_H

#include <stdint.h>

#include "base/buf.h"
#include "base/problem.h"
#include "store/shape.h"

struct arena;
struct store;

extern const struct shape mention_shape; /* a message, with room_name */

/* A page of the messages that mention the viewer, newest first. Those to whole rooms are of the
 * newest 1,000 entries of each. A page may be short and have a next one. */
int mentions_list(struct arena *arena, struct store *store, int64_t viewer, struct page *page,
		  struct buf *out, struct problem *why);

#endif
