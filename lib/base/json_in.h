/* JSON input: parsed by jansson, with our own limits. */
#ifndef BASE_JSON_IN_H
#define BASE_JSON_IN_H

#include <stddef.h>

#include <jansson.h>

struct arena;
struct buf;

#define JSON_DEPTH 16     /* most levels of nesting in input */
#define JSON_VALUES 10000 /* most values in input; an object of 8 KiB has at most half of them */

/*
 * Parses a JSON object, which the arena owns. Returns NULL after adding a fault (see faults.h) when
 * the bytes are not JSON, not UTF-8, nested too deeply, too many values or not an object, or when a
 * text in them has a NUL or a lone surrogate.
 */
json_t *json_in(struct arena *arena, const char *bytes, size_t count, struct buf *faults);

/* The same with another number of values, for an answer with long arrays. */
json_t *json_in_most(struct arena *arena, const char *bytes, size_t count, int most_values,
		     struct buf *faults);

/* The same for any JSON value. */
json_t *json_in_value(struct arena *arena, const char *bytes, size_t count, int most_values,
		      struct buf *faults);

/*
 * The text of a property of the outermost object, in the arena. It is found also in bytes that are
 * not JSON as a whole, that are cut, or that are more than json_in() takes. NULL when it is not
 * there, is no valid text, or has more than `most` bytes as it is written.
 */
const char *json_peek_text(struct arena *arena, const char *bytes, size_t count, const char *name,
			   size_t most);

#endif
