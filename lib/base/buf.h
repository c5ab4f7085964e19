/* A growing byte buffer. Zero-initialise it (`struct buf b = {0}`); the owner calls buf_free(). */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>

struct arena;

struct buf {
	char *data; /* ends with a NUL; NULL until something is added */
	size_t len, cap;
};

/* An empty buffer that the arena frees. */
struct buf *buf_in(struct arena *arena);

/* Makes room for `more` bytes after the end and returns that place. Does not change len. */
char *buf_reserve(struct buf *buf, size_t more);

void buf_add(struct buf *buf, const void *bytes, size_t count);
void buf_puts(struct buf *buf, const char *text);
void buf_putc(struct buf *buf, char byte);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The bytes as a C string; "" for an empty buffer. Valid until the next change. */
const char *buf_text(const struct buf *buf);

/* Empties the buffer without freeing its memory. */
void buf_clear(struct buf *buf);
void buf_free(struct buf *buf);

#endif
