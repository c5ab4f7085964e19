/* The hash map: see map.h. */
#include "ws-bridge/core/map.h"

#include "base/memory.h"

#define FIRST_SIZE 64

uint64_t hash_int(int64_t number)
{
	uint64_t mixed = (uint64_t)number * UINT64_C(0x9e3779b97f4a7c15);
	return mixed ^ mixed >> 32;
}

/* FNV-1a. The keys are ids that this realm has made, so no client can choose colliding ones. */
uint64_t hash_text(const char *text)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	return hash;
}

static struct link **map_slot(const struct map *map, uint64_t hash)
{
	return &map->slots[hash & (map->size - 1)];
}

static void map_put(struct map *map, struct link *link)
{
	struct link **slot = map_slot(map, link->hash);
	link->next = *slot;
	*slot = link;
}

static void map_grow(struct map *map)
{
	struct map old = *map;
	map->size = old.size ? old.size * 2 : FIRST_SIZE;
	map->slots = xcalloc(map->size, sizeof(struct link *));
	for (size_t i = 0; i < old.size; i++)
		for (struct link *link = old.slots[i], *next; link; link = next) {
			next = link->next;
			map_put(map, link);
		}
	free(old.slots);
}

void map_add(struct map *map, struct link *link, uint64_t hash)
{
	if (map->count == map->size)
		map_grow(map);
	link->hash = hash;
	map_put(map, link);
	map->count++;
}

void map_remove(struct map *map, struct link *link)
{
	struct link **at = map_slot(map, link->hash);
	while (*at != link)
		at = &(*at)->next;
	*at = link->next;
	map->count--;
}

static struct link *link_of_hash(struct link *link, uint64_t hash)
{
	while (link && link->hash != hash)
		link = link->next;
	return link;
}

struct link *map_find(const struct map *map, uint64_t hash)
{
	return map->size ? link_of_hash(*map_slot(map, hash), hash) : NULL;
}

struct link *map_next(const struct link *link)
{
	return link_of_hash(link->next, link->hash);
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
