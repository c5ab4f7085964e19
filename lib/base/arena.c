/* An arena of growing blocks: see arena.h. Unused memory is always zero. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

#define FIRST_BLOCK 16384 /* bytes; enough for most requests */

struct block {
	struct block *older;
	size_t size, used;
	alignas(max_align_t) unsigned char bytes[];
};

struct deferred {
	struct deferred *older;
	void (*release)(void *);
	void *thing;
};

struct arena {
	struct block *newest;
	struct deferred *deferred;
};

static void add_block(struct arena *arena, size_t size)
{
	struct block *block = xcalloc(1, sizeof(*block) + size);
	block->older = arena->newest;
	block->size = size;
	arena->newest = block;
}

struct arena *arena_new(void)
{
	struct arena *arena = xcalloc(1, sizeof(*arena));
	add_block(arena, FIRST_BLOCK);
	return arena;
}

void arena_reset(struct arena *arena)
{
	while (arena->deferred) {
		struct deferred *last = arena->deferred;
		arena->deferred = last->older;
		last->release(last->thing);
	}
	while (arena->newest->older) {
		struct block *block = arena->newest;
		arena->newest = block->older;
		explicit_bzero(block->bytes, block->used);
		free(block);
	}
	explicit_bzero(arena->newest->bytes, arena->newest->used);
	arena->newest->used = 0;
}

void arena_free(struct arena **arena)
{
	if (!*arena)
		return;
	arena_reset(*arena);
	free((*arena)->newest);
	free(*arena);
	*arena = NULL;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	size_t rounded = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	if (rounded < size)
		out_of_memory();
	if (arena->newest->size - arena->newest->used < rounded) {
		size_t next = arena->newest->size * 2;
		add_block(arena, next > rounded ? next : rounded);
	}
	void *memory = arena->newest->bytes + arena->newest->used;
	arena->newest->used += rounded;
	return memory;
}

char *arena_strndup(struct arena *arena, const char *text, size_t bytes)
{
	char *copy = arena_alloc(arena, bytes + 1);
	memcpy(copy, text, bytes);
	return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_strndup(arena, text, strlen(text));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	char *text = arena_alloc(arena, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, again);
	va_end(again);
	va_end(args);
	return text;
}

void arena_defer(struct arena *arena, void (*release)(void *), void *thing)
{
	struct deferred *deferred = arena_alloc(arena, sizeof(*deferred));
	deferred->older = arena->deferred;
	deferred->release = release;
	deferred->thing = thing;
	arena->deferred = deferred;
}
