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

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"
#include "realm/leaving.h"
#include "realm/source_kinds.h"

struct arena;
struct query_vector;
struct store;

struct vector_found {
	int64_t text, place, at, words, created_at; /* of `texts` */
	enum source_kind kind;
	const char *id;
};

struct vector_question {
	int64_t viewer, reader; /* as in the queries of sources */
	int64_t to;             /* enum answer_to */
	int64_t thread;
	enum leaving leaving;  /* LEAVE_NEVER: all texts */
	const int64_t *places; /* those of q_source_places() */
	size_t place_count;
	const struct query_vector *vector;
	const struct source_ids *without; /* or NULL */
};

/* The nearest texts, nearest first, at most `most` (to 64), in the arena. Within store_read(). */
int vector_search(struct arena *arena, struct store *store, const struct vector_question *question,
		  size_t most, struct vector_found **found_r, size_t *count_r, struct problem *why);

#endif
