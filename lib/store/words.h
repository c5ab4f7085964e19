/*
 * Within lib/store only: the words of a text as numbers, for the index of the texts on which twins
 * may draw (sql/migrations/0014_texts.sql).
 *
 * The SQL function word_counts(text) gives a JSON array with a number for each different word, in
 * the order of the text: value >> 4 is the word, and value & 15 how often it is there (15: or
 * more). The words are those of the tokenizer, without stop words. A long text counts to its
 * thousandth different word.
 *
 * The number of a word is a hash of 47 bits, which SQLite stores in 6 bytes. Two words with the
 * same number are found for each other; in 100,000 words the chance that there are two such is 1 in
 * 28,000.
 */
#ifndef STORE_WORDS_H
#define STORE_WORDS_H

struct sqlite3;

/* Every connection needs it to write texts. Returns an SQLite result code. */
int words_register(struct sqlite3 *db);

#endif
