/*
 * Vectors of texts, as BLOBs: one row has the vectors of the texts of a place whose numbers
 * (texts.at) lie side by side, so that a search reads few rows.
 *
 * A block is a list of entries of one size: struct vector_entry, then the 8-bit numbers of the
 * vector (base/vector.h). The entries are sorted by sequence and `at`, and each text is in a block
 * once. The numbers of a header are little-endian. A search needs the products of neighbours for
 * each question, so they are kept, too.
 *
 * SQL has these functions on every connection, also within triggers:
 *
 *	vectors_of(text, author, at, sequence, scale, vector)	a block with this entry
 *	vectors_merge(block, other)	with those of `other`, a block of one entry, which replaces
 *					that of its text
 *	vectors_remove(block, dimension, text)	without the text
 *	vectors_has(block, dimension, text)	whether it has the text
 *	vectors_linked(block, dimension)	a block of the old form, without products, with them
 */
#ifndef STORE_VECTORS_H
#define STORE_VECTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sqlite3;

struct vector_entry {
	int64_t text, author;
	int64_t at;       /* in its sequence: neighbours differ by 1 */
	int32_t sequence; /* below 0: its texts are no neighbours */
	float scale;      /* 0: the text cannot be embedded */
	/* vector_dot() with the entry before it in the block, and with the second one before it, if
	 * all are neighbours; else 0. */
	int32_t before, second;
};

/* How many entries with vectors of that dimension a block of so many bytes has. */
size_t vectors_count(size_t bytes, size_t dimension);

/* Reads the entry at `index`, and returns its vector, which is in the block. */
const int8_t *vectors_read(const void *block, size_t dimension, size_t index,
			   struct vector_entry *entry_r);

/* The products of a vector with those of the block's `count` entries. */
void vectors_multiply(const void *block, size_t dimension, size_t count, const int8_t *vector,
		      int32_t *products);

/* Whether the text of `b` comes right after that of `a` in their place. */
bool vectors_are_neighbours(const struct vector_entry *a, const struct vector_entry *b);

/* Makes the SQL functions known to a connection. Returns an SQLite result code. */
int vectors_register(struct sqlite3 *db);

#endif
