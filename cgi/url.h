/* URLs: percent escapes and query strings. An escape that makes no sense stands for itself. */
#ifndef CGI_URL_H
#define CGI_URL_H

#include <stddef.h>

#include "base/fields.h"

struct arena;

/* The decoded path, in the arena; NULL when it is not UTF-8 or holds a NUL. */
const char *url_path(struct arena *arena, const char *path, size_t bytes);

/* name=value&… of a query string or form, decoded, '+' being a space; in the arena. */
const struct pair *url_pairs(struct arena *arena, const char *text, size_t bytes, size_t *count_r);

/* Adds the text with everything escaped that is not unreserved, nor in `keep`. */
void url_encode(struct buf *out, const char *text, size_t bytes, const char *keep);

#endif
