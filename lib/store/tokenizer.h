/*
 * The tokenizer: it cuts texts into the tokens that full-text search finds, as the FTS5 tokenizer
 * "words".
 *
 * It is FTS5's porter unicode61, so case, accents and English endings do not count. Chinese and
 * Japanese have no spaces between words, and Korean words have endings: text in these scripts is
 * cut into pairs of neighbouring letters.
 */
#ifndef STORE_TOKENIZER_H
#define STORE_TOKENIZER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"

struct sqlite3;

/* Every connection needs it to write knowledge and rooms. Returns an SQLite result code. */
int tokenizer_register(struct sqlite3 *db);

/* Calls each() for the tokens of a text as the index has them, until it returns -1. Returns an
 * SQLite result code; after a failure of each() it is SQLITE_ABORT. */
int tokenizer_split(struct sqlite3 *db, const char *text,
		    int (*each)(const char *word, size_t bytes, void *context, struct problem *why),
		    void *context, struct problem *why);

/* Whether it is a single letter of writing without spaces, which the index has only in pairs. */
bool words_is_letter(const char *text);

#endif
