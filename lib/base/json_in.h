/* JSON from outside: parsed by jansson, bounded here. */
#ifndef BASE_JSON_IN_H
#define BASE_JSON_IN_H

#include <stddef.h>

#include <jansson.h>

struct arena;
struct buf;

#define JSON_DEPTH 16 /* levels of nesting that anybody may send */

/*
 * The object in the bytes, owned by the arena. NULL after adding to the faults (see fields.h)
 * what was wrong: not JSON, not UTF-8, a NUL or a lone surrogate in a text, nested too deeply, or
 * no object.
 */
json_t *json_in(struct arena *arena, const char *bytes, size_t count, struct buf *faults);

#endif
