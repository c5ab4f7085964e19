/*
 * JSON output, written straight into a buffer: no tree, no second pass.
 *
 * The writer looks at the last byte to see whether a comma is needed, so callers never write one.
 * Texts must be valid UTF-8; they are escaped as RFC 8259 requires.
 *
 *	jw_open(b, '{');
 *	jw_key(b, "id"), jw_int(b, 7);
 *	jw_key(b, "tags"), jw_open(b, '['), jw_text(b, "a"), jw_close(b, ']');
 *	jw_close(b, '}');
 */
#ifndef BASE_JSON_OUT_H
#define BASE_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

void jw_open(struct buf *out, char bracket);
void jw_close(struct buf *out, char bracket);
void jw_reopen(struct buf *out); /* continues the object or array that was closed last */
void jw_key(struct buf *out, const char *name);      /* written without escapes */
void jw_open_key(struct buf *out, const char *name); /* `"name":{` */

void jw_text(struct buf *out, const char *text); /* NULL gives null */
void jw_text_n(struct buf *out, const char *text, size_t bytes);
void jw_int(struct buf *out, int64_t number);
void jw_bool(struct buf *out, bool value);
void jw_null(struct buf *out);

/* A short decimal that reads back as the same double; NaN and infinities give null. */
void jw_real(struct buf *out, double number);

/* A time in microseconds since 1970, as RFC 3339 in UTC: "2026-01-31T12:00:00.000000Z". */
void jw_time(struct buf *out, int64_t us);

/* A value that is JSON already. */
void jw_raw(struct buf *out, const char *json, size_t bytes);

/* An array of texts. */
void jw_texts(struct buf *out, const char *const *texts, size_t count);

/* A key and its value. */
void jw_kv_text(struct buf *out, const char *name, const char *text);
void jw_kv_int(struct buf *out, const char *name, int64_t number);
void jw_kv_bool(struct buf *out, const char *name, bool value);

#endif
