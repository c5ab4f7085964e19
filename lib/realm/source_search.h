/* Search in all that a user's twin may draw on for the user, as JSON. */
#ifndef REALM_SOURCE_SEARCH_H
#define REALM_SOURCE_SEARCH_H

#include <stdint.h>

#include "base/problem.h"

struct arena;
struct buf;
struct query_vector;
struct store;

#define SOURCE_SEARCH_MAX 50 /* hits */

extern const struct shape source_search_shape;

/* Writes the best `limit` hits for q and its vector, or NULL (sources_find(), for the owner), why
 * each was found, and which lists took part. */
int source_search(struct arena *arena, struct store *store, int64_t owner, const char *q,
		  const struct query_vector *vector, int limit, struct buf *out,
		  struct problem *why);

#endif
