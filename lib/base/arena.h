/*
 * An arena: memory that lives exactly as long as one request, frame or job.
 *
 * Nothing is freed one by one: arena_reset() or arena_free() frees everything. Foreign resources
 * (json_t, CURL *) are tied to the arena with arena_defer(), so functions need no clean-up labels.
 * When memory runs out the process aborts: no function here fails.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena **arena);

/* Calls the deferred functions, newest first, then wipes and frees all memory except one block. */
void arena_reset(struct arena *arena);

/* Zeroed memory, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);

char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t bytes);
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Calls release(thing) when the arena is reset or freed. */
void arena_defer(struct arena *arena, void (*release)(void *), void *thing);

#endif
