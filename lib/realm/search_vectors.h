/*
 * Searches that wait for the vector of what is searched for.
 *
 * A worker of the REST API asks no provider. It leaves what is searched for in the database, and
 * aeon-twin puts the vector beside it. A search waits for SEARCH_WAIT_US at most, and then compares
 * words alone. Its row is deleted when the search is answered.
 */
#ifndef REALM_SEARCH_VECTORS_H
#define REALM_SEARCH_VECTORS_H

#include <stdint.h>

#include "base/problem.h"

struct arena;
struct query_vector;
struct settings;
struct store;

#define SEARCH_WAIT_US INT64_C(300000)

/*
 * Whether it is worth to wait: an embedder is configured, aeon-twin runs, and texts have vectors. 1
 * or 0, or -1.
 */
int search_vector_possible(struct arena *arena, struct store *store,
			   const struct settings *settings, struct problem *why);

/* Leaves what is searched for, and wakes aeon-twin. */
int search_vector_ask(struct store *store, int64_t owner, const char *content, int64_t *id_r,
		      struct problem *why);

/*
 * Reads the vector, in the arena: 1, and NULL when there will be none; or 0 while it is still to
 * come, or -1.
 */
int search_vector_read(struct arena *arena, struct store *store, int64_t owner, int64_t id,
		       const struct query_vector **vector_r, struct problem *why);

/* The search has been answered. */
int search_vector_end(struct store *store, int64_t id, struct problem *why);

struct search_waiting {
	int64_t id, owner;
	const char *content; /* in the arena */
};

/* For aeon-twin: takes the next search that waits: 1, 0 without one, or -1. */
int search_vector_take(struct arena *arena, struct store *store, struct search_waiting *search_r,
		       struct problem *why);

/* The vector has come, or NULL: there will be none. */
int search_vector_answer(struct store *store, int64_t id, const struct query_vector *vector,
			 struct problem *why);

#endif
