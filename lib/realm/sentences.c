/* Sentences: see sentences.h. */
#include "realm/sentences.h"

#include <string.h>

/* The ends of a sentence, and of one that asks: in Latin, Arabic and East Asian writing. */
static const char *const endings[] = {".", "!", "\n", "。", "！", "?", "？", "؟"};
#define ASKING 5 /* the endings from here on */

size_t sentence_bytes(const char *text, bool *asks_r)
{
	for (const char *at = text; *at; at++)
		for (size_t e = 0; e < sizeof(endings) / sizeof(*endings); e++) {
			size_t bytes = strlen(endings[e]);
			bool narrow = bytes == 1 && *at != '\n';
			if (strncmp(at, endings[e], bytes) != 0 ||
			    (narrow && at[1] && !strchr(" \n\t\r\"')", at[1])))
				continue;
			*asks_r = e >= ASKING;
			return (size_t)(at - text) + bytes;
		}
	*asks_r = false;
	return strlen(text);
}

size_t sentence_trimmed(const char *text, size_t bytes)
{
	while (bytes > 0 && strchr(" \t\r\n", text[bytes - 1]))
		bytes--;
	return bytes;
}
