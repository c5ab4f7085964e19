/*
 * A hash map whose entries are part of the structs that it finds, so that adding one allocates
 * nothing.
 *
 * The map knows hashes, not keys: a look-up walks the entries of one hash, and the caller compares.
 *
 *	for (struct link *at = map_find(&map, hash); at; at = map_next(at))
 *		if (container_of(at, struct user, link)->id == id)
 */
#ifndef WS_BRIDGE_CORE_MAP_H
#define WS_BRIDGE_CORE_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "ws-bridge/core/container.h"

struct link {
	struct link *next;
	uint64_t hash;
};

struct map {
	struct link **slots;
	size_t count, size; /* size: a power of two, or 0 before the first entry */
};

uint64_t hash_int(int64_t number);
uint64_t hash_text(const char *text);

void map_add(struct map *map, struct link *link, uint64_t hash);
void map_remove(struct map *map, struct link *link);

/* The first entry of that hash, and the next one of the same hash. */
struct link *map_find(const struct map *map, uint64_t hash);
struct link *map_next(const struct link *link);

/* Calls each() for every entry; it may free the entry that it got, and change nothing else. */
void map_each(struct map *map, void (*each)(struct link *link));

/* Frees the map's own memory. */
void map_free(struct map *map);

#endif
