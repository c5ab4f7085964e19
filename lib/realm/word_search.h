/*
 * The search for sources by words: it finds the texts that have words of a question.
 *
 * It ranks them by BM25, once by the words of a text alone, and once by those of a text with its
 * two neighbours. The weights of words come from the texts that were found, which all readers may
 * read. A word that very many texts have finds none, but it counts in texts that other words find.
 */
#ifndef REALM_WORD_SEARCH_H
#define REALM_WORD_SEARCH_H

#include <stddef.h>

#include "base/problem.h"

struct arena;
struct found_texts;
struct source_scope;
struct store;

/* The best texts by each of the two ways, at most `most`, in the arena. Within store_read(). */
int word_search(struct arena *arena, struct store *store, const struct source_scope *scope,
		const char *question, size_t most, struct found_texts *alone_r,
		struct found_texts *nearby_r, struct problem *why);

#endif
