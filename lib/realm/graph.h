/* The graph around somebody, for drawing. */
#ifndef REALM_GRAPH_H
#define REALM_GRAPH_H

#include "store/shape.h"

struct arena;

extern const struct shape graph_shape;

/*
 * The viewer, the strongest connections, and with a depth of 2 theirs, as far as they let it be
 * shown: at most `limit` nodes, the nearest and strongest first, and all edges that were looked at
 * between them.
 */
int graph_show(struct arena *arena, struct store *store, int64_t viewer, int depth, int limit,
	       struct buf *out, struct problem *why);

#endif
