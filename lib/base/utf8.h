/* UTF-8 as in RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The number of code points, or -1 when the bytes are not valid UTF-8 or contain a NUL. */
ssize_t utf8_count(const char *text, size_t bytes);

/* The bytes of the first `points` code points of a valid text; all bytes if it has fewer. */
size_t utf8_prefix(const char *text, size_t bytes, size_t points);

/* Whether a text, valid so far, ends in the middle of a code point. */
bool utf8_is_cut(const char *text, size_t bytes);

struct arena;

/* Reads the first code point. Returns its length in bytes, or 0 when it is not valid. */
size_t utf8_decode(const char *text, size_t bytes, uint32_t *point_r);

/* A valid text in lower case, without white space at its ends. */
char *utf8_fold(struct arena *arena, const char *text);

/*
 * A valid text as it is compared where look-alikes must count as equal (names, addresses): NFKC
 * with full case folding, without characters that nobody sees.
 */
char *utf8_key(struct arena *arena, const char *text);

#endif
