/* Sets of ids: see ids.h. Every change goes by way of a bitmap, so there is one way to encode. */
#include "store/ids.h"

#include <sqlite3.h>

#define LISTED (IDS_BITMAP_BYTES / 2) /* with so many ids, a list is as large as a bitmap */
#define OWNER_SHIFT 32                /* of a key; the lower bits are the number of the range */

struct bitmap {
	unsigned char bytes[IDS_BITMAP_BYTES];
};

static int64_t key_of(int64_t owner, int64_t id)
{
	return owner << OWNER_SHIFT | id / IDS_RANGE;
}

int64_t ids_owner(int64_t key)
{
	return key >> OWNER_SHIFT;
}

int64_t ids_first(int64_t key)
{
	return (key & ((INT64_C(1) << OWNER_SHIFT) - 1)) * IDS_RANGE;
}

void ids_begin(struct ids_iterator *ids, int64_t key, const void *set, size_t bytes)
{
	*ids = (struct ids_iterator){.at = set, .first = ids_first(key)};
	if (bytes == IDS_BITMAP_BYTES) {
		ids->is_bitmap = true;
		ids->first -= 64; /* ids_next() begins with the next word */
	}
	ids->end = bytes ? ids->at + bytes / 2 * 2 : ids->at; /* an empty set may be NULL */
}

static bool bitmap_has(const unsigned char *bytes, unsigned number)
{
	return bytes[number / 8] >> number % 8 & 1;
}

bool ids_has(const void *set, size_t bytes, int64_t id)
{
	const unsigned char *list = set;
	unsigned number = (unsigned)(id % IDS_RANGE);
	if (bytes == IDS_BITMAP_BYTES)
		return bitmap_has(list, number);
	size_t low = 0, high = bytes / 2;
	while (low < high) {
		size_t middle = (low + high) / 2;
		unsigned found = list[2 * middle] | (unsigned)list[2 * middle + 1] << 8;
		if (found == number)
			return true;
		if (found < number)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static void bitmap_change(struct bitmap *map, int64_t id, bool is_in)
{
	unsigned number = (unsigned)(id % IDS_RANGE);
	unsigned char bit = (unsigned char)(1 << number % 8);
	if (is_in)
		map->bytes[number / 8] |= bit;
	else
		map->bytes[number / 8] &= (unsigned char)~bit;
}

static void bitmap_decode(struct bitmap *map, const void *set, size_t bytes)
{
	struct ids_iterator ids;
	ids_begin(&ids, 0, set, bytes);
	for (int64_t id; ids_next(&ids, &id);)
		bitmap_change(map, id, true);
}

/* As the result of an SQL function. */
static void bitmap_encode(const struct bitmap *map, sqlite3_context *context)
{
	unsigned char list[IDS_BITMAP_BYTES];
	struct ids_iterator ids;
	int count = 0;
	ids_begin(&ids, 0, map->bytes, sizeof(map->bytes));
	for (int64_t id; ids_next(&ids, &id); count++) {
		if (count == LISTED - 1) {
			sqlite3_result_blob(context, map->bytes, sizeof(map->bytes),
					    SQLITE_TRANSIENT);
			return;
		}
		list[2 * count] = (unsigned char)(id & 255);
		list[2 * count + 1] = (unsigned char)(id >> 8);
	}
	sqlite3_result_blob(context, list, 2 * count, SQLITE_TRANSIENT);
}

/* --- SQL functions: see ids.h ----------------------------------------------------------------- */

static void sql_key(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	sqlite3_result_int64(
		context, key_of(sqlite3_value_int64(values[0]), sqlite3_value_int64(values[1])));
}

static void sql_owner(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	sqlite3_result_int64(context, ids_owner(sqlite3_value_int64(values[0])));
}

static void sql_first(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	sqlite3_result_int64(context, ids_first(sqlite3_value_int64(values[0])));
}

/* A damaged set must not stop the writes of users, nor `aeonctl rebuild`: it becomes a set again.
 */
static void change(sqlite3_context *context, sqlite3_value **values, bool is_in)
{
	struct bitmap map = {{0}};
	size_t bytes = (size_t)sqlite3_value_bytes(values[0]);
	bitmap_decode(&map, sqlite3_value_blob(values[0]), bytes);
	bitmap_change(&map, sqlite3_value_int64(values[1]), is_in);
	bitmap_encode(&map, context);
}

static void sql_add(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	change(context, values, true);
}

static void sql_remove(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	change(context, values, false);
}

static void sql_of_step(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct bitmap *map = sqlite3_aggregate_context(context, sizeof(*map));
	(void)count;
	if (map)
		bitmap_change(map, sqlite3_value_int64(values[0]), true);
	else
		sqlite3_result_error_nomem(context);
}

static void sql_of_final(sqlite3_context *context)
{
	const struct bitmap *map = sqlite3_aggregate_context(context, 0);
	if (map)
		bitmap_encode(map, context);
	else
		sqlite3_result_zeroblob(context, 0); /* of no row */
}

int ids_register(sqlite3 *db)
{
	static const struct {
		const char *name;
		int arguments;
		void (*call)(sqlite3_context *, int, sqlite3_value **);
		void (*step)(sqlite3_context *, int, sqlite3_value **);
		void (*final)(sqlite3_context *);
	} functions[] = {
		{"ids_key", 2, .call = sql_key},
		{"ids_owner", 1, .call = sql_owner},
		{"ids_first", 1, .call = sql_first},
		{"ids_add", 2, .call = sql_add},
		{"ids_remove", 2, .call = sql_remove},
		{"ids_of", 1, .step = sql_of_step, .final = sql_of_final},
	};
	int code = SQLITE_OK;
	for (size_t i = 0; code == SQLITE_OK && i < sizeof(functions) / sizeof(*functions); i++)
		code = sqlite3_create_function(
			db, functions[i].name, functions[i].arguments,
			SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL,
			functions[i].call, functions[i].step, functions[i].final);
	return code;
}
