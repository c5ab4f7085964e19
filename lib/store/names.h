/*
 * The words of names, by which users are found.
 *
 * The SQL function name_words(username, full_name) gives a JSON array of the words of both. A word
 * is a run of letters, marks and digits of any script, folded as utf8_key() does it. NULL has no
 * words.
 */
#ifndef STORE_NAMES_H
#define STORE_NAMES_H

struct buf;
struct sqlite3;

/* Appends the words of the text to an open JSON array. Returns how many there were. */
int names_words(const char *text, struct buf *out);

/* Every connection needs it to write users. Returns an SQLite result code. */
int names_register(struct sqlite3 *db);

#endif
