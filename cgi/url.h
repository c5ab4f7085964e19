/* URLs: percent escapes and query strings. An invalid escape is taken as plain text. */
#ifndef CGI_URL_H
#define CGI_URL_H

#include <stddef.h>

#include "base/fields.h"

struct arena;

/* The decoded path, in the arena; NULL when it is not UTF-8 or contains a NUL. */
const char *url_path(struct arena *arena, const char *path, size_t bytes);

/* Decodes name=value&… of a query string or form into the arena; '+' is a space. */
const struct pair *url_pairs(struct arena *arena, const char *text, size_t bytes, size_t *count_r);

/* Adds the text, with escapes for all bytes that are neither unreserved nor in `plain`. */
void url_encode(struct buf *out, const char *text, size_t bytes, const char *plain);

#endif
