/* UTF-8: see utf8.h. */
#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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

size_t utf8_valid_bytes(const char *text, size_t bytes)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t i = 0;
	for (size_t length = 1; i < bytes && length; i += length)
		length = at[i] ? sequence_length(at + i, bytes - i) : 1;
	return i;
}

bool utf8_is_beginning(const char *text, size_t bytes)
{
	unsigned char first = bytes ? (unsigned char)text[0] : 0;
	if (first < 0xc2 || first > 0xf4 || bytes >= (first >= 0xf0 ? 4u : first >= 0xe0 ? 3u : 2u))
		return false;
	for (size_t i = 1; i < bytes; i++)
		if (!is_continuation((unsigned char)text[i]))
			return false;
	return true;
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

static char *map_text(struct arena *arena, const char *text, utf8proc_option_t options)
{
	uint8_t *mapped = NULL;
	utf8proc_ssize_t length = utf8proc_map((const uint8_t *)text, 0, &mapped,
					       UTF8PROC_NULLTERM | UTF8PROC_STABLE | options);
	if (length < 0)
		out_of_memory(); /* the text is valid, so nothing else can fail */
	char *copy = arena_strndup(arena, (const char *)mapped, (size_t)length);
	free(mapped);
	return copy;
}

const char *utf8_compose(struct arena *arena, const char *text)
{
	/* All code points below U+0300 are composed: those have a first byte below 0xcc. */
	for (const char *at = text; *at; at++)
		if ((unsigned char)*at >= 0xcc)
			return map_text(arena, text, UTF8PROC_COMPOSE);
	return text;
}

/* The next code point of a valid text, which is not at its end. */
static uint32_t next_point(const char **text)
{
	size_t length = sequence_length((const unsigned char *)*text, 4);
	uint32_t point = decode((const unsigned char *)*text, length);
	*text += length;
	return point;
}

/* The white space of the Unicode Standard, and U+2800, a pattern of no dots. */
static bool is_blank(uint32_t point)
{
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)point);
	return (point >= 0x09 && point <= 0x0d) || point == 0x85 || point == 0x2800 ||
	       category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
	       category == UTF8PROC_CATEGORY_ZP;
}

const char *utf8_line(struct arena *arena, const char *text)
{
	char *line = arena_alloc(arena, strlen(text) + 1), *to = line;
	bool blank = false;
	while (*text) {
		const char *start = text;
		if (is_blank(next_point(&text))) {
			blank = to > line;
			continue;
		}
		if (blank)
			*to++ = ' ';
		blank = false;
		memcpy(to, start, (size_t)(text - start));
		to += text - start;
	}
	*to = '\0';
	return line;
}

const char *utf8_key(struct arena *arena, const char *text)
{
	return utf8_line(arena, map_text(arena, text,
					 UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
						 UTF8PROC_IGNORE));
}

static bool is_of_word(uint32_t point)
{
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)point);
	return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

const char *utf8_word(const char **text, size_t *bytes_r)
{
	const char *start = NULL;
	while (**text) {
		const char *at = *text;
		bool inside = is_of_word(next_point(text));
		if (inside && !start)
			start = at;
		if (!inside && start) {
			*bytes_r = (size_t)(at - start);
			return start;
		}
	}
	if (start)
		*bytes_r = (size_t)(*text - start);
	return start;
}

bool utf8_is_visible(const char *text)
{
	while (*text) {
		uint32_t point = next_point(&text);
		const utf8proc_property_t *of = utf8proc_get_property((utf8proc_int32_t)point);
		if (!is_blank(point) && !of->ignorable && of->category != UTF8PROC_CATEGORY_CC)
			return true;
	}
	return false;
}

bool utf8_has_controls(const char *text)
{
	while (*text) {
		uint32_t point = next_point(&text);
		bool control = utf8proc_category((utf8proc_int32_t)point) == UTF8PROC_CATEGORY_CC;
		if ((control && !is_blank(point)) || (point >= 0x202a && point <= 0x202e) ||
		    (point >= 0x2066 && point <= 0x2069))
			return true;
	}
	return false;
}
