/*
 * Searches that wait for the vector of what is searched for.
 *
 * A worker of the REST API asks no provider. It leaves what is searched for in the database, and
 * aeon-twin puts the vector beside it; for a search of the whole realm also candidates, if a store
 * such as ChromaDB has all vectors. A search waits for SEARCH_WAIT_US at most, and then compares
 * words alone. Its row is deleted when the search is answered.
 */
#ifndef REALM_SEARCH_VECTORS_H
#define REALM_SEARCH_VECTORS_H

#include <stdbool.h>
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
int search_vector_ask(struct store *store, int64_t owner, const char *content, bool is_realm_wide,
		      int64_t *id_r, struct problem *why);

/* What is searched for, by its meaning. */
struct search_meaning {
	const struct query_vector *vector; /* NULL: there is none */
	/* Ids of public knowledge that is probably the nearest: a JSON array, or NULL. */
	const char *found;
};

/*
 * Reads what has come, in the arena: 1 when nothing more will come, 0 while there may come more, or
 * -1.
 */
int search_vector_read(struct arena *arena, struct store *store, int64_t owner, int64_t id,
		       struct search_meaning *meaning_r, struct problem *why);

/* The search has been answered. */
int search_vector_end(struct store *store, int64_t id, struct problem *why);

struct search_waiting {
	int64_t id, owner;
	const char *content; /* in the arena */
	bool is_realm_wide;
};

/* For aeon-twin: takes the next search that waits: 1, 0 without one, or -1. */
int search_vector_take(struct arena *arena, struct store *store, struct search_waiting *search_r,
		       struct problem *why);

/* The vector has come. */
int search_vector_put(struct store *store, int64_t id, const struct query_vector *vector,
		      struct problem *why);

/* Nothing more will come. `found`: a JSON array of candidates, or NULL. */
int search_vector_done(struct store *store, int64_t id, const char *found, struct problem *why);

#endif
