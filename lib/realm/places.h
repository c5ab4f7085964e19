/*
 * Places of texts (texts.place): those that the readers of an answer share, and which of them have
 * a word. In a realm with thousands of public rooms most places do not have a word that is looked
 * for; these cost nothing.
 */
#ifndef REALM_PLACES_H
#define REALM_PLACES_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/problem.h"

struct store;

struct places {
	const int64_t *list; /* in ascending order */
	size_t count;
};

/* Sorts the numbers of `list`, a struct buf of int64_t that must live as long as the places. */
struct places places_of(struct buf *list);

/*
 * Adds those places that have the word to `with`, a struct buf of int64_t, at most `most`. Begins
 * at the index *at, and sets it behind the last place that was looked at: to places->count at the
 * end.
 */
int places_with_word(struct store *store, int64_t word, const struct places *places, size_t *at,
		     size_t most, struct buf *with, struct problem *why);

#endif
