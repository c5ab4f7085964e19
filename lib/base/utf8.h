/* UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The number of code points, or -1 when the bytes are not valid UTF-8 or hold a NUL. */
ssize_t utf8_count(const char *text, size_t bytes);

/* The number of bytes that the first `points` code points of a valid text take (all, if fewer). */
size_t utf8_prefix(const char *text, size_t bytes, size_t points);

/* Whether a text that is valid so far ends within a letter. */
bool utf8_is_cut(const char *text, size_t bytes);

struct arena;

/* The code point at the beginning, and the bytes that it takes: 0 when they are not valid. */
size_t utf8_decode(const char *text, size_t bytes, uint32_t *point_r);

/* A valid text without white space at its ends and in lower case, letter by letter. */
char *utf8_fold(struct arena *arena, const char *text);

#endif
