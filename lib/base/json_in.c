/* JSON input: see json_in.h. */
#include "base/json_in.h"

#include <malloc.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/faults.h"

/* The input may hold a password. The jansson manual recommends this way to wipe it. */
static void wipe_and_free(void *memory)
{
	if (memory)
		explicit_bzero(memory, malloc_usable_size(memory));
	free(memory);
}

__attribute__((constructor)) static void install_wiping_free(void)
{
	json_set_alloc_funcs(malloc, wipe_and_free);
}

/*
 * What is too much in the text, or NULL; at_r is where. This runs before the parser, because a tree
 * of small values takes a hundred times the time and the memory of its text.
 */
static const char *json_excess(const char *bytes, size_t count, int most_values, size_t *at_r)
{
	int depth = 0, values = 1;
	bool is_text = false;
	for (size_t i = 0; i < count; i++) {
		char byte = bytes[i];
		*at_r = i;
		if (byte == '"')
			is_text = !is_text;
		else if (is_text)
			i += byte == '\\';
		else if (byte == '[' || byte == '{')
			depth++, values++;
		else if (byte == ']' || byte == '}')
			depth--;
		else if (byte == ',')
			values++;
		if (depth > JSON_DEPTH)
			return "nested too deeply";
		if (values > most_values)
			return "too many values";
	}
	return NULL;
}

static void release_json(void *json)
{
	json_decref(json);
}

json_t *json_in_value(struct arena *arena, const char *bytes, size_t count, int most_values,
		      struct buf *faults)
{
	json_error_t error;
	size_t at;
	const char *excess = json_excess(bytes, count, most_values, &at);
	if (excess) {
		fault_json(faults, (int)at, excess);
		return NULL;
	}
	json_t *json = json_loadb(bytes, count, JSON_DECODE_ANY, &error);
	if (!json) {
		int offset =
			error.position > 0 && (size_t)error.position <= count ? error.position : 0;
		fault_json(faults, offset, error.text);
		return NULL;
	}
	arena_defer(arena, release_json, json);
	return json;
}

json_t *json_in_most(struct arena *arena, const char *bytes, size_t count, int most_values,
		     struct buf *faults)
{
	json_t *json = json_in_value(arena, bytes, count, most_values, faults);
	if (!json || json_is_object(json))
		return json;
	fault_not_object(faults);
	return NULL;
}

json_t *json_in(struct arena *arena, const char *bytes, size_t count, struct buf *faults)
{
	return json_in_most(arena, bytes, count, JSON_VALUES, faults);
}

/* --- properties of what is not JSON ----------------------------------------------------------- */

struct peek {
	const char *bytes;
	size_t count, at;
};

/* Moves past white space. Returns the next byte, or 0 at the end. */
static char peek_byte(struct peek *peek)
{
	while (peek->at < peek->count && strchr(" \t\r\n", peek->bytes[peek->at]) &&
	       peek->bytes[peek->at])
		peek->at++;
	return peek->at < peek->count ? peek->bytes[peek->at] : '\0';
}

/* Moves past the text that begins here. Returns its bytes with both quotes, or 0 when it is cut. */
static size_t peek_skip_text(struct peek *peek)
{
	size_t from = peek->at++;
	while (peek->at < peek->count && peek->bytes[peek->at] != '"')
		peek->at += peek->bytes[peek->at] == '\\' ? 2 : 1;
	return peek->at < peek->count ? ++peek->at - from : 0;
}

/* Moves to the value of the property. */
static bool peek_find(struct peek *peek, const char *name)
{
	size_t length = strlen(name);
	int depth = 0;
	for (char byte; (byte = peek_byte(peek)) != '\0';) {
		const char *text = peek->bytes + peek->at;
		if (byte != '"') {
			depth += (byte == '{' || byte == '[') - (byte == '}' || byte == ']');
			peek->at++;
			continue;
		}
		size_t bytes = peek_skip_text(peek);
		if (depth != 1 || bytes != length + 2 || memcmp(text + 1, name, length) != 0 ||
		    peek_byte(peek) != ':')
			continue;
		peek->at++;
		return true;
	}
	return false;
}

const char *json_peek_text(struct arena *arena, const char *bytes, size_t count, const char *name,
			   size_t most)
{
	struct peek peek = {.bytes = bytes, .count = count};
	if (peek_byte(&peek) != '{' || !peek_find(&peek, name) || peek_byte(&peek) != '"')
		return NULL;
	const char *text = bytes + peek.at;
	size_t length = peek_skip_text(&peek);
	if (length == 0 || length - 2 > most)
		return NULL;
	json_t *json = json_loadb(text, length, JSON_DECODE_ANY, NULL);
	if (!json)
		return NULL;
	arena_defer(arena, release_json, json);
	return json_string_value(json);
}
