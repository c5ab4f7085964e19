/*
 * Within lib/store only: the part of a found text that is shown, as the SQL function
 *
 *	text_snippet(text, tokens)
 *
 * FTS5 has a function of this kind, whose time grows with the square of the hits in a text. This
 * one reads only the first kilobytes and the first hits, and its result has a bounded length.
 *
 * `tokens` are separated by spaces; a token that ends with '*' also stands for what begins with it.
 * The hits are between U+0002 and U+0003. The snippet is the beginning of a text without a hit.
 */
#ifndef STORE_SNIPPET_H
#define STORE_SNIPPET_H

struct sqlite3;

/* Makes the function known to a connection. Returns an SQLite result code. */
int snippet_register(struct sqlite3 *db);

#endif
