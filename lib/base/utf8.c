/* UTF-8: see utf8.h. */
#include "base/utf8.h"

#include <locale.h>
#include <stdint.h>
#include <string.h>
#include <wctype.h>

#include <utf8proc.h>

#include "base/arena.h"
#include "base/memory.h"

static bool is_continuation(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

/* The bytes of the code point at `at`, with `left` bytes to read; 0 when it is not valid. */
static size_t sequence_length(const unsigned char *at, size_t left)
{
	unsigned char first = at[0];
	if (first < 0x80)
		return first ? 1 : 0;
	size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
	if (first < 0xc2 || first > 0xf4 || left < length)
		return 0;
	/* Table 3-7 of the Unicode Standard: only the second byte's range varies. */
	unsigned char low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
	unsigned char high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
	if (at[1] < low || at[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++)
		if (!is_continuation(at[i]))
			return 0;
	return length;
}

ssize_t utf8_count(const char *text, size_t bytes)
{
	const unsigned char *at = (const unsigned char *)text;
	ssize_t points = 0;
	for (size_t i = 0, length; i < bytes; i += length, points++)
		if (!(length = sequence_length(at + i, bytes - i)))
			return -1;
	return points;
}

size_t utf8_prefix(const char *text, size_t bytes, size_t points)
{
	size_t i = 0;
	while (i < bytes) {
		if (!is_continuation((unsigned char)text[i]) && points-- == 0)
			break;
		i++;
	}
	return i;
}

bool utf8_is_cut(const char *text, size_t bytes)
{
	size_t have = 0;
	while (have < bytes && is_continuation((unsigned char)text[bytes - ++have]))
		;
	unsigned char first = have ? (unsigned char)text[bytes - have] : 0;
	return have < (first >= 0xf0 ? 4u : first >= 0xe0 ? 3u : first >= 0xc0 ? 2u : 0u);
}

/* The code point that starts at `at`, in a valid text. */
static uint32_t decode(const unsigned char *at, size_t length)
{
	uint32_t point = length == 1 ? at[0] : at[0] & (0xffu >> (length + 1));
	for (size_t i = 1; i < length; i++)
		point = point << 6 | (at[i] & 0x3f);
	return point;
}

size_t utf8_decode(const char *text, size_t bytes, uint32_t *point_r)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t length = bytes ? sequence_length(at, bytes) : 0;
	if (length)
		*point_r = decode(at, length);
	return length;
}

static size_t encode(uint32_t point, char *to)
{
	if (point < 0x80) {
		to[0] = (char)point;
		return 1;
	}
	size_t length = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
	for (size_t i = length - 1; i > 0; i--, point >>= 6)
		to[i] = (char)(0x80 | (point & 0x3f));
	to[0] = (char)((0xf00u >> length & 0xff) | point);
	return length;
}

/* This locale is built into glibc; the program's own locale stays "C". */
static locale_t unicode(void)
{
	static locale_t locale;
	if (!locale)
		locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
	return locale;
}

char *utf8_fold(struct arena *arena, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t left = strlen(text);
	/* A lower-case letter takes at most one byte more than its capital. */
	char *folded = arena_alloc(arena, left * 2 + 1), *to = folded, *end = folded;
	for (size_t length; left > 0; at += length, left -= length) {
		length = sequence_length(at, left);
		wint_t point = decode(at, length);
		bool space = iswspace_l(point, unicode());
		if (space && to == folded)
			continue;
		to += encode(towlower_l(point, unicode()), to);
		if (!space)
			end = to;
	}
	*end = '\0';
	return folded;
}

char *utf8_key(struct arena *arena, const char *text)
{
	uint8_t *key = NULL;
	utf8proc_ssize_t length =
		utf8proc_map((const uint8_t *)text, 0, &key,
			     UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE |
				     UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
	if (length < 0)
		out_of_memory(); /* the text is valid, so nothing else can fail */
	char *copy = arena_strndup(arena, (const char *)key, (size_t)length);
	free(key);
	return copy;
}
