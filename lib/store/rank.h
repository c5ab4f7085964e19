/*
 * Within lib/store only: the rank of a found text, as the FTS5 function words_rank().
 *
 * It is BM25 (S. Robertson, H. Zaragoza 2009, doi:10.1561/1500000019, with k1 = 1.2 and b = 0.75),
 * as is FTS5's bm25(). But that one looks at every hit, again for each word, and so takes
 * milliseconds for a text that repeats a few words. Here only the first hits of a word count, which
 * changes next to nothing: 20 hits have 94 % of the weight that any number of them can have.
 */
#ifndef STORE_RANK_H
#define STORE_RANK_H

struct sqlite3;

/* Makes the function known to a connection. Returns an SQLite result code. */
int rank_register(struct sqlite3 *db);

#endif
