/* Allocation that cannot fail: see memory.h. */
#include "base/memory.h"

#include <string.h>
#include <unistd.h>

_Noreturn void out_of_memory(void)
{
	static const char line[] = "level=error event=out_of_memory\n";
	ssize_t ignored = write(STDERR_FILENO, line, sizeof(line) - 1);
	(void)ignored;
	abort();
}

static void *or_abort(void *memory)
{
	if (!memory)
		out_of_memory();
	return memory;
}

void *xmalloc(size_t size)
{
	return or_abort(malloc(size ? size : 1));
}

void *xcalloc(size_t count, size_t size)
{
	return or_abort(calloc(count ? count : 1, size ? size : 1));
}

void *xrealloc(void *memory, size_t size)
{
	return or_abort(realloc(memory, size ? size : 1));
}

char *xstrdup(const char *text)
{
	return or_abort(strdup(text));
}
