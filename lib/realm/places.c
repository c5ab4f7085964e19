/* Places of texts: see places.h. */
#include "realm/places.h"

#include <stdlib.h>

#include "store/queries.h"

static int by_number(const void *one, const void *other)
{
	const int64_t *a = one, *b = other;
	return (*a > *b) - (*a < *b);
}

struct places places_of(struct buf *list)
{
	struct places places = {(const int64_t *)(const void *)list->data,
				list->len / sizeof(int64_t)};
	if (places.count > 0)
		qsort(list->data, places.count, sizeof(int64_t), by_number);
	return places;
}

/* The index of the first place from `at` on that is not below `place`. */
static size_t first_from(const struct places *places, size_t at, int64_t place)
{
	size_t end = places->count;
	while (at < end) {
		size_t middle = at + (end - at) / 2;
		if (places->list[middle] < place)
			at = middle + 1;
		else
			end = middle;
	}
	return at;
}

/* Both the places and those of the word in the index are in order, so each look jumps to where the
 * other one goes on. */
int places_with_word(struct store *store, int64_t word, const struct places *places, size_t *at,
		     size_t most, struct buf *with, struct problem *why)
{
	int64_t next;
	while (*at < places->count && most > 0) {
		int found = q_text_word_place(store, word, places->list[*at], &next, why);
		TRY(found);
		*at = found ? first_from(places, *at, next) : places->count;
		if (*at == places->count || places->list[*at] != next)
			continue;
		buf_add(with, &next, sizeof(next));
		(*at)++;
		most--;
	}
	return 0;
}
