/* Callbacks that collect a column: see collect.h. */
#include "realm/collect.h"

#include "base/arena.h"

int collect_id(int64_t id, void *list, struct problem *why)
{
	(void)why;
	buf_add(list, &id, sizeof(id));
	return 0;
}

int collect_text(const char *text, void *texts, struct problem *why)
{
	struct collected_texts *collected = texts;
	const char *copy = arena_strdup(collected->arena, text);
	(void)why;
	buf_add(collected->list, &copy, sizeof(copy));
	return 0;
}
