/* The hash map: see map.h. */
#include "ws-bridge/core/map.h"

#include "base/memory.h"

#define FIRST_SIZE 64

uint64_t hash_int(int64_t number)
{
	uint64_t mixed = (uint64_t)number * UINT64_C(0x9e3779b97f4a7c15);
	return mixed ^ mixed >> 32;
}

/* FNV-1a. Keys are ids that this realm gave out, so nobody chooses them to collide. */
uint64_t hash_text(const char *text)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	return hash;
}

static struct link **slot_of(const struct map *map, uint64_t hash)
{
	return &map->slots[hash & (map->size - 1)];
}

static void put(struct map *map, struct link *link)
{
	struct link **slot = slot_of(map, link->hash);
	link->next = *slot;
	*slot = link;
}

static void grow(struct map *map)
{
	struct map old = *map;
	map->size = old.size ? old.size * 2 : FIRST_SIZE;
	map->slots = xcalloc(map->size, sizeof(struct link *));
	for (size_t i = 0; i < old.size; i++)
		for (struct link *link = old.slots[i], *next; link; link = next) {
			next = link->next;
			put(map, link);
		}
	free(old.slots);
}

void map_add(struct map *map, struct link *link, uint64_t hash)
{
	if (map->count == map->size)
		grow(map);
	link->hash = hash;
	put(map, link);
	map->count++;
}

void map_remove(struct map *map, struct link *link)
{
	struct link **at = slot_of(map, link->hash);
	while (*at != link)
		at = &(*at)->next;
	*at = link->next;
	map->count--;
}

static struct link *of_hash(struct link *link, uint64_t hash)
{
	while (link && link->hash != hash)
		link = link->next;
	return link;
}

struct link *map_find(const struct map *map, uint64_t hash)
{
	return map->size ? of_hash(*slot_of(map, hash), hash) : NULL;
}

struct link *map_next(const struct link *link)
{
	return of_hash(link->next, link->hash);
}

void map_each(struct map *map, void (*each)(struct link *link))
{
	for (size_t i = 0; i < map->size; i++)
		for (struct link *link = map->slots[i], *next; link; link = next) {
			next = link->next;
			each(link);
		}
}

void map_free(struct map *map)
{
	free(map->slots);
	*map = (struct map){0};
}
