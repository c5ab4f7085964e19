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

static bool is_deeper_than(const json_t *value, int levels)
{
	if (!json_is_object(value) && !json_is_array(value))
		return false;
	if (levels == 0)
		return true;
	const char *key;
	json_t *child;
	json_object_foreach((json_t *)value, key, child)
		if (is_deeper_than(child, levels - 1))
			return true;
	size_t i;
	json_array_foreach(value, i, child)
		if (is_deeper_than(child, levels - 1))
			return true;
	return false;
}

static void release_json(void *json)
{
	json_decref(json);
}

json_t *json_in(struct arena *arena, const char *bytes, size_t count, struct buf *faults)
{
	json_error_t error;
	json_t *json = json_loadb(bytes, count, JSON_DECODE_ANY, &error);
	if (!json) {
		int offset =
			error.position > 0 && (size_t)error.position <= count ? error.position : 0;
		fault_json(faults, offset, error.text);
		return NULL;
	}
	arena_defer(arena, release_json, json);
	if (is_deeper_than(json, JSON_DEPTH)) {
		fault_json(faults, 0, "nested too deeply");
		return NULL;
	}
	if (!json_is_object(json)) {
		fault_not_object(faults, json);
		return NULL;
	}
	return json;
}
