/* Blocks of vectors: see vectors.h. */
#include "store/vectors.h"

#include <endian.h>
#include <string.h>

#include <sqlite3.h>

#include "base/vector.h"

#define HEADER 40          /* bytes of an entry before its vector */
#define PRODUCTS 32        /* the place of the products in it */
#define HEADER_UNLINKED 32 /* without them */

size_t vectors_count(size_t bytes, size_t dimension)
{
	return bytes / (HEADER + dimension);
}

static void put64(unsigned char *to, int64_t value)
{
	uint64_t bytes = htole64((uint64_t)value);
	memcpy(to, &bytes, sizeof(bytes));
}

static void put32(unsigned char *to, uint32_t value)
{
	uint32_t bytes = htole32(value);
	memcpy(to, &bytes, sizeof(bytes));
}

static int64_t get64(const unsigned char *from)
{
	uint64_t bytes;
	memcpy(&bytes, from, sizeof(bytes));
	return (int64_t)le64toh(bytes);
}

static uint32_t get32(const unsigned char *from)
{
	uint32_t bytes;
	memcpy(&bytes, from, sizeof(bytes));
	return le32toh(bytes);
}

static void write_header(unsigned char to[HEADER], const struct vector_entry *entry)
{
	uint32_t scale;
	memcpy(&scale, &entry->scale, sizeof(scale));
	put64(to, entry->text);
	put64(to + 8, entry->author);
	put64(to + 16, entry->at);
	put32(to + 24, (uint32_t)entry->sequence);
	put32(to + 28, scale);
	put32(to + PRODUCTS, 0);
	put32(to + PRODUCTS + 4, 0);
}

const int8_t *vectors_read(const void *block, size_t dimension, size_t index,
			   struct vector_entry *entry_r)
{
	const unsigned char *from = (const unsigned char *)block + index * (HEADER + dimension);
	uint32_t scale = get32(from + 28);
	entry_r->text = get64(from);
	entry_r->author = get64(from + 8);
	entry_r->at = get64(from + 16);
	entry_r->sequence = (int32_t)get32(from + 24);
	memcpy(&entry_r->scale, &scale, sizeof(scale));
	entry_r->before = (int32_t)get32(from + PRODUCTS);
	entry_r->second = (int32_t)get32(from + PRODUCTS + 4);
	return (const int8_t *)from + HEADER;
}

void vectors_multiply(const void *block, size_t dimension, size_t count, const int8_t *vector,
		      int32_t *products)
{
	vector_dots(vector, (const int8_t *)block + HEADER, HEADER + dimension, count, dimension,
		    products);
}

bool vectors_are_neighbours(const struct vector_entry *a, const struct vector_entry *b)
{
	return a->sequence >= 0 && a->sequence == b->sequence && b->at - a->at == 1;
}

/* --- SQL functions: see vectors.h ------------------------------------------------------------- */

static bool comes_before(const struct vector_entry *a, const struct vector_entry *b)
{
	if (a->sequence != b->sequence)
		return a->sequence < b->sequence;
	return a->at != b->at ? a->at < b->at : a->text < b->text;
}

/* Puts the products of neighbours into each entry. */
static void link_neighbours(unsigned char *block, size_t count, size_t dimension)
{
	size_t size = HEADER + dimension;
	bool was_neighbour = false; /* the entry before that of its own one before */
	for (size_t i = 0; i < count; i++) {
		struct vector_entry entry, last;
		const int8_t *vector = vectors_read(block, dimension, i, &entry);
		int32_t before = 0, second = 0;
		bool is_neighbour = i > 0 && (vectors_read(block, dimension, i - 1, &last),
					      vectors_are_neighbours(&last, &entry));
		if (is_neighbour)
			before = vector_dot(vector - size, vector, dimension);
		if (is_neighbour && was_neighbour)
			second = vector_dot(vector - 2 * size, vector, dimension);
		put32(block + i * size + PRODUCTS, (uint32_t)before);
		put32(block + i * size + PRODUCTS + 4, (uint32_t)second);
		was_neighbour = is_neighbour;
	}
}

/* Copies the entries of a block but the one of the text. Returns how many there are. */
static size_t copy_without(const void *block, size_t count, size_t dimension, int64_t text,
			   unsigned char *to)
{
	size_t size = HEADER + dimension, copied = 0;
	for (size_t i = 0; i < count; i++) {
		struct vector_entry entry;
		vectors_read(block, dimension, i, &entry);
		if (entry.text != text)
			memcpy(to + copied++ * size, (const char *)block + i * size, size);
	}
	return copied;
}

static void sql_of(sqlite3_context *context, int count, sqlite3_value **values)
{
	const struct vector_entry entry = {.text = sqlite3_value_int64(values[0]),
					   .author = sqlite3_value_int64(values[1]),
					   .at = sqlite3_value_int64(values[2]),
					   .sequence = sqlite3_value_int(values[3]),
					   .scale = (float)sqlite3_value_double(values[4])};
	unsigned char block[HEADER + VECTOR_MOST];
	const void *vector = sqlite3_value_blob(values[5]);
	int bytes = sqlite3_value_bytes(values[5]);
	(void)count;
	if (bytes > VECTOR_MOST) {
		sqlite3_result_error_toobig(context);
		return;
	}
	write_header(block, &entry);
	if (bytes > 0)
		memcpy(block + HEADER, vector, (size_t)bytes);
	sqlite3_result_blob(context, block, HEADER + bytes, SQLITE_TRANSIENT);
}

static void sql_merge(sqlite3_context *context, int count, sqlite3_value **values)
{
	const void *block = sqlite3_value_blob(values[0]), *other = sqlite3_value_blob(values[1]);
	size_t bytes = (size_t)sqlite3_value_bytes(values[0]),
	       size = (size_t)sqlite3_value_bytes(values[1]);
	(void)count;
	if (size < HEADER) {
		sqlite3_result_value(context, values[0]);
		return;
	}
	unsigned char *merged = sqlite3_malloc64(bytes + size);
	if (!merged) {
		sqlite3_result_error_nomem(context);
		return;
	}
	struct vector_entry added, entry;
	size_t dimension = size - HEADER;
	vectors_read(other, dimension, 0, &added);
	size_t entries = copy_without(block, bytes / size, dimension, added.text, merged), at = 0;
	while (at < entries &&
	       (vectors_read(merged, dimension, at, &entry), comes_before(&entry, &added)))
		at++;
	memmove(merged + (at + 1) * size, merged + at * size, (entries - at) * size);
	memcpy(merged + at * size, other, size);
	link_neighbours(merged, entries + 1, dimension);
	sqlite3_result_blob64(context, merged, (entries + 1) * size, sqlite3_free);
}

static void sql_remove(sqlite3_context *context, int count, sqlite3_value **values)
{
	const void *block = sqlite3_value_blob(values[0]);
	size_t bytes = (size_t)sqlite3_value_bytes(values[0]),
	       dimension = (size_t)sqlite3_value_int64(values[1]);
	unsigned char *left = sqlite3_malloc64(bytes + 1);
	(void)count;
	if (!left) {
		sqlite3_result_error_nomem(context);
		return;
	}
	size_t entries = copy_without(block, vectors_count(bytes, dimension), dimension,
				      sqlite3_value_int64(values[2]), left);
	link_neighbours(left, entries, dimension);
	sqlite3_result_blob64(context, left, entries * (HEADER + dimension), sqlite3_free);
}

static void sql_has(sqlite3_context *context, int count, sqlite3_value **values)
{
	const void *block = sqlite3_value_blob(values[0]);
	size_t dimension = (size_t)sqlite3_value_int64(values[1]),
	       entries = vectors_count((size_t)sqlite3_value_bytes(values[0]), dimension);
	struct vector_entry entry = {0};
	bool has = false;
	(void)count;
	for (size_t i = 0; i < entries && !has; i++) {
		vectors_read(block, dimension, i, &entry);
		has = entry.text == sqlite3_value_int64(values[2]);
	}
	sqlite3_result_int(context, has);
}

static void sql_linked(sqlite3_context *context, int count, sqlite3_value **values)
{
	const char *block = sqlite3_value_blob(values[0]);
	size_t dimension = (size_t)sqlite3_value_int64(values[1]), size = HEADER + dimension,
	       size_unlinked = HEADER_UNLINKED + dimension,
	       entries = (size_t)sqlite3_value_bytes(values[0]) / size_unlinked;
	unsigned char *linked = sqlite3_malloc64(entries * size + 1);
	(void)count;
	if (!linked) {
		sqlite3_result_error_nomem(context);
		return;
	}
	for (size_t i = 0; i < entries; i++) {
		const char *from = block + i * size_unlinked;
		memcpy(linked + i * size, from, HEADER_UNLINKED);
		memcpy(linked + i * size + HEADER, from + HEADER_UNLINKED, dimension);
	}
	link_neighbours(linked, entries, dimension);
	sqlite3_result_blob64(context, linked, entries * size, sqlite3_free);
}

int vectors_register(sqlite3 *db)
{
	static const struct {
		const char *name;
		int arguments;
		void (*call)(sqlite3_context *, int, sqlite3_value **);
	} functions[] = {
		{"vectors_of", 6, sql_of},         {"vectors_merge", 2, sql_merge},
		{"vectors_remove", 3, sql_remove}, {"vectors_has", 3, sql_has},
		{"vectors_linked", 2, sql_linked},
	};
	int code = SQLITE_OK;
	for (size_t i = 0; code == SQLITE_OK && i < sizeof(functions) / sizeof(*functions); i++)
		code = sqlite3_create_function(db, functions[i].name, functions[i].arguments,
					       SQLITE_UTF8 | SQLITE_DETERMINISTIC |
						       SQLITE_INNOCUOUS,
					       NULL, functions[i].call, NULL, NULL);
	return code;
}
