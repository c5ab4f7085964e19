/* ChromaDB as a store of twin/sync.h: the vectors of public knowledge and of memories. */
#ifndef TWIN_CHROMA_STORE_H
#define TWIN_CHROMA_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"

struct chroma;
struct chroma_store;
struct http;
struct query_vector;
struct settings;
struct store;

/* All live longer than it; the settings may change. `number` is that of this process, from 1. */
struct chroma_store *chroma_store_new(struct http *http, struct store *store,
				      const struct settings *settings, struct chroma *chroma,
				      int number);
void chroma_store_free(struct chroma_store **store);

/* To call at least once a second. */
int chroma_store_look(struct chroma_store *store, struct problem *why);

/*
 * Finds public knowledge that is probably the nearest. done() gets the ids, or NULL when they did
 * not come within CHROMA_WAIT_US; it is not called within chroma_store_find(). Returns false
 * without done() when ChromaDB does not have all vectors of that model, or a search is in work.
 */
#define CHROMA_WAIT_US INT64_C(200000)
bool chroma_store_find(struct chroma_store *store, const struct query_vector *vector,
		       void (*done)(void *context, const int64_t *ids, size_t count),
		       void *context);

#endif
