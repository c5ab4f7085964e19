/* Searches messages for strings, without parsing them: see load.h. */
#define _GNU_SOURCE
#include "bench/load/load.h"

#include <stdlib.h>
#include <string.h>

bool contains(const char *text, size_t len, const char *what)
{
	return memmem(text, len, what, strlen(what)) != NULL;
}

/* The number ends within the text: every message is an object, so its last byte is not a digit. */
uint64_t number_after(const char *text, size_t len, const char *key)
{
	const char *at = memmem(text, len, key, strlen(key));
	if (at == NULL)
		die("%s is missing in %.*s", key, (int)len, text);
	return strtoull(at + strlen(key), NULL, 10);
}

uint64_t stamp_of(const char *text, size_t len)
{
	return number_after(text, len, "\"content\":\"");
}

uint64_t acked_stamp_of(const char *text, size_t len)
{
	return number_after(text, len, "\"client_id\":\"");
}
