/* ChromaDB as a store of twin/sync.h: the vectors of public knowledge and of memories. */
#ifndef TWIN_CHROMA_STORE_H
#define TWIN_CHROMA_STORE_H

#include "base/problem.h"

struct chroma;
struct chroma_store;
struct settings;
struct store;

/* All live longer than it; the settings may change. `number` is that of this process, from 1. */
struct chroma_store *chroma_store_new(struct store *store, const struct settings *settings,
				      struct chroma *chroma, int number);
void chroma_store_free(struct chroma_store **store);

/* To call at least once a second. */
int chroma_store_look(struct chroma_store *store, struct problem *why);

#endif
