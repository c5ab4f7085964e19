/*
 * Within lib/store only: the rank of a found text, as the FTS5 function
 * words_rank(AVERAGE, WEIGHT, ...): how many words a text has on average, and the weight of each
 * phrase of the expression, in their order; a phrase without a weight does not count.
 *
 * It is BM25 (S. Robertson, H. Zaragoza 2009, doi:10.1561/1500000019, with k1 = 1.2 and b = 0.75),
 * as is FTS5's bm25(). But that one counts words in all texts, so texts that a viewer may not see
 * change the order of those that the viewer sees; here the caller gives the weights
 * (realm/search.h). And bm25() looks at every hit, and so takes milliseconds for a text that
 * repeats a few words. Here only the first hits of a word count, which changes next to nothing: 20
 * hits have 94 % of the weight that any number of them can have.
 */
#ifndef STORE_RANK_H
#define STORE_RANK_H

struct sqlite3;

/* Makes the function known to a connection. Returns an SQLite result code. */
int rank_register(struct sqlite3 *db);

#endif
