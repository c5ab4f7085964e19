/* The words of names: see names.h. */
#include "store/names.h"

#include <sqlite3.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "base/utf8.h"

int names_words(const char *text, struct buf *out)
{
	struct arena *arena = arena_new();
	const char *at = utf8_key(arena, text), *word;
	size_t bytes;
	int count = 0;
	for (; (word = utf8_word(&at, &bytes)); count++)
		jw_text_n(out, word, bytes);
	arena_free(&arena);
	return count;
}

static void name_words(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct buf json = {0};
	jw_open(&json, '[');
	for (int i = 0; i < count; i++) {
		const char *text = (const char *)sqlite3_value_text(values[i]);
		if (text)
			names_words(text, &json);
	}
	jw_close(&json, ']');
	sqlite3_result_text(context, json.data, (int)json.len, SQLITE_TRANSIENT);
	buf_free(&json);
}

int names_register(sqlite3 *db)
{
	return sqlite3_create_function(db, "name_words", 2,
				       SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL,
				       name_words, NULL, NULL);
}
