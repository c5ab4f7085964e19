/*
 * Public knowledge by its meaning: the nearest to a vector first.
 *
 * A store such as ChromaDB may have found candidates, so that not all vectors are compared. Each is
 * looked at here under the rights of the viewer, and the order is that of the exact vectors. When
 * too few of them are left, all vectors are compared, so what the viewer may not see never takes a
 * place in the list.
 */
#ifndef REALM_KNOWLEDGE_NEAREST_H
#define REALM_KNOWLEDGE_NEAREST_H

#include "realm/knowledge_list.h"

struct search_meaning;

/* Writes one page. The meaning has a vector. */
int knowledge_nearest(struct arena *arena, struct store *store, int64_t viewer,
		      const struct knowledge_filter *filter, const struct search_meaning *meaning,
		      const struct page *page, struct buf *out, struct problem *why);

#endif
