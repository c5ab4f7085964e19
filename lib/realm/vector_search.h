/*
 * The search for sources by meaning: it finds the texts with the vectors nearest to a question's.
 *
 * It is exact, and reads only the vectors of the places in which sources may lie (sources.h). A
 * text counts with its two neighbours, half as much each. As texts are embedded alone, and as what
 * a reader may not see is left out before its neighbours are looked at, a hidden text changes
 * nothing that is found, and neither does one that has been deleted.
 */
#ifndef REALM_VECTOR_SEARCH_H
#define REALM_VECTOR_SEARCH_H

#include <stddef.h>

#include "base/problem.h"

struct arena;
struct found_texts;
struct query_vector;
struct source_scope;
struct store;

/* The nearest texts, at most `most` (to 64), in the arena. Within store_read(). */
int vector_search(struct arena *arena, struct store *store, const struct source_scope *scope,
		  const struct query_vector *vector, size_t most, struct found_texts *found_r,
		  struct problem *why);

#endif
