/*
 * An arena: memory that lives exactly as long as one request, frame or job.
 *
 * Nothing taken from an arena is given back one by one; arena_reset() or
 * arena_free() takes it all. Foreign resources (json_t, CURL *) are tied to it
 * with arena_defer(), so there are no clean-up labels. Running out of memory
 * aborts the process: no function here fails.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena **arena);

/* Runs what was deferred, newest first, and forgets and wipes everything; keeps one block. */
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
