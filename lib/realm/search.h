/*
 * Search: what somebody looks for, as FTS5 understands it.
 *
 * Words must all be there, whatever their case, accents and English endings; "words in quotes" as
 * they stand, one behind the other; and a -word must not. Nothing else means anything: whatever is
 * typed is searched for as it is, and no text is an error.
 *
 * Ranking costs as much as there are texts with a word, so words that very many have (hot ones)
 * take no part in it: they must be there, but weigh nothing, as what everybody says tells little.
 */
#ifndef REALM_SEARCH_H
#define REALM_SEARCH_H

#include "base/problem.h"

struct arena;
struct store;

#define SEARCH_WORDS 16 /* that count, at most; what comes behind them is not looked at */

struct search {
	const char *all;  /* everything; NULL: there is nothing to look for */
	const char *rare; /* what is ranked by, with what must not be there; NULL: nothing */
	const char *hot;  /* what must be there besides; NULL: nothing */
};

int search_parse(struct arena *arena, struct store *store, const char *text,
		 struct search *search_r, struct problem *why);

/* Words that all must begin some word of a text; NULL: there is nothing to look for. */
int search_beginnings(struct arena *arena, struct store *store, const char *text,
		      const char **words_r, struct problem *why);

#endif
