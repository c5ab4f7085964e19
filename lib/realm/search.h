/*
 * Search: a user's text as an expression of FTS5.
 *
 * All words must be found, in any case and without regard to accents and English endings; "a
 * phrase" in quotes must be found as it is; a -word must not be found. Nothing else has a meaning,
 * and any text can be searched for, unless it has too many different words.
 *
 * Ranking costs time for each text that has a word. So words of very many texts, the hot ones, must
 * be found but do not count for the rank; they would say little.
 *
 * How much a word says is counted in public texts alone (sql/migrations/0014_texts.sql). What a
 * viewer may not see has no influence on the order of what the viewer sees.
 */
#ifndef REALM_SEARCH_H
#define REALM_SEARCH_H

#include "base/problem.h"

struct arena;
struct store;

#define SEARCH_WORDS 16 /* different words and phrases */
#define SEARCH_TOKENS                                                                              \
	64 /* words in all of these; without spaces in between, each letter counts                 \
	    */

struct search {
	const char *all;    /* all words; NULL: there is nothing to search for */
	const char *rare;   /* the words that are ranked, and the excluded ones; NULL: none */
	const char *rank;   /* how `rare` is ranked: see store/rank.h */
	const char *hot;    /* the other words that must be found; NULL: none */
	const char *tokens; /* what a snippet marks: see store/snippet.h */
};

/* PROBLEM_INVALID names the query parameter q. Equal words count once. */
int search_parse(struct arena *arena, struct store *store, const char *text,
		 struct search *search_r, struct problem *why);

/* The same for beginnings: each word must be the beginning of a word of the text; NULL: there is
 * nothing to search for. */
int search_beginnings(struct arena *arena, struct store *store, const char *text,
		      const char **words_r, struct problem *why);

/* What a snippet marks of a text in which nothing but the words has a meaning. */
int search_tokens(struct arena *arena, struct store *store, const char *text, const char **tokens_r,
		  struct problem *why);

#endif
