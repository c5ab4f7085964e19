/* The graph of connections around a user. */
#ifndef REALM_GRAPH_H
#define REALM_GRAPH_H

#include "store/shape.h"

struct arena;

extern const struct shape graph_shape;

/*
 * Writes the viewer, the strongest connections, and with depth 2 the connections of these, as far
 * as they allow it: at most `limit` nodes, the nearest and strongest first, and the edges between
 * them.
 */
int graph_show(struct arena *arena, struct store *store, int64_t viewer, int depth, int limit,
	       struct buf *out, struct problem *why);

#endif
