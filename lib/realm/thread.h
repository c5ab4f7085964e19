/*
 * What was said before the cause of a turn, in its conversation, its thread of interactions or its
 * room, as far as all readers of the answer may read it. A model gets it, and the cause as its end.
 */
#ifndef REALM_THREAD_H
#define REALM_THREAD_H

#include <stdbool.h>
#include <stddef.h>

#include "realm/leaving.h"
#include "realm/sources.h"
#include "realm/turns.h"

#define THREAD_MAX 12 /* texts, with the cause */

/* A text of the thread. It need not be a source: twins' words are here, too. */
struct said {
	struct source_id id;
	int64_t author_id;
	const char *author_name, *content;
	bool is_aeon;         /* the author's twin said it */
	enum leaving leaving; /* what a provider must be allowed */
};

/* The thread of the turn's cause, oldest first, in the arena. The cause is the last one. None: the
 * cause is gone, or a reader may not read it. */
int thread_read(struct arena *arena, struct store *store, const struct audience *audience,
		const struct turn *turn, struct said **thread_r, size_t *count_r,
		struct problem *why);

/* Whether all of it may still be read, and says the same: 1, 0 or -1. To ask in the transaction
 * that posts an answer. */
int thread_holds(struct arena *arena, struct store *store, const struct audience *audience,
		 const struct turn *turn, const struct said *thread, size_t count,
		 struct problem *why);

#endif
