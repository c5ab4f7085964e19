/*
 * The tokenizer: it cuts texts into the tokens that full-text search finds, as the FTS5 tokenizer
 * "words".
 *
 * It is FTS5's porter unicode61, so case, accents and English endings do not count. Chinese,
 * Japanese, Thai, Lao, Burmese and Khmer have no spaces between words, and Korean words have
 * endings: text in these scripts is cut into pairs of neighbouring letters.
 *
 * In a text that is indexed, a token counts a thousand times at most. So what a search reads of one
 * text is bounded, also when a text repeats a word ten thousand times.
 */
#ifndef STORE_TOKENIZER_H
#define STORE_TOKENIZER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"

struct sqlite3;
struct fts5_api;
struct tokenizer;

/* Every connection needs it to write knowledge and rooms. Returns an SQLite result code. */
int tokenizer_register(struct sqlite3 *db);

/* The interface of FTS5, or NULL. */
struct fts5_api *tokenizer_api(struct sqlite3 *db);

/*
 * A tokenizer for texts outside of an index. tokenizer_cut() calls token() with each token, and
 * with its place in the text, until that returns another code than SQLITE_OK. The functions return
 * an SQLite result code.
 */
int tokenizer_open(struct sqlite3 *db, struct tokenizer **tokenizer_r);
int tokenizer_cut(struct tokenizer *tokenizer, const char *text, int bytes,
		  int (*token)(void *context, const char *token, int bytes, int start, int end),
		  void *context);
void tokenizer_close(void *tokenizer);

/* Calls each() for the tokens of a text as the index has them, until it returns -1. Returns an
 * SQLite result code; after a failure of each() it is SQLITE_ABORT. */
int tokenizer_split(struct sqlite3 *db, const char *text,
		    int (*each)(const char *word, size_t bytes, void *context, struct problem *why),
		    void *context, struct problem *why);

/* Whether it is a single letter of writing without spaces, which the index has only in pairs. */
bool words_is_letter(const char *text);

#endif
