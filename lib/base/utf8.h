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

/* The bytes of the text up to its first byte that is not valid, or up to a code point that the end
 * cuts. A NUL is valid here. */
size_t utf8_valid_bytes(const char *text, size_t bytes);

/* Whether these bytes are the beginning of one code point, but not all of it. */
bool utf8_is_beginning(const char *text, size_t bytes);

/* Whether a text, valid so far, ends in the middle of a code point. */
bool utf8_is_cut(const char *text, size_t bytes);

struct arena;

/* Reads the first code point. Returns its length in bytes, or 0 when it is not valid. */
size_t utf8_decode(const char *text, size_t bytes, uint32_t *point_r);

/*
 * The functions below take a valid text. Their results are in the arena, or are the text itself
 * where nothing changes. The terms are those of the Unicode Standard.
 */

/* The text in NFC, as it is stored: equal letters then have equal bytes. */
const char *utf8_compose(struct arena *arena, const char *text);

/* The text on one line: white space at its ends is removed, and inside it becomes one space. */
const char *utf8_line(struct arena *arena, const char *text);

/*
 * The text as it is compared where look-alikes must count as equal (names, addresses, tags,
 * reactions): NFKC with full case folding, on one line, without default-ignorable characters.
 */
const char *utf8_key(struct arena *arena, const char *text);

/*
 * The next word of the text: a run of letters, marks and digits. Moves *text behind it, and gives
 * its bytes; NULL at the end.
 */
const char *utf8_word(const char **text, size_t *bytes_r);

/* Whether the text has a character that is neither white space nor a control nor ignorable. */
bool utf8_is_visible(const char *text);

/* Whether the text has a control, besides white space, or changes the direction of what follows
 * (UAX 9, explicit embeddings, overrides and isolates). */
bool utf8_has_controls(const char *text);

#endif
