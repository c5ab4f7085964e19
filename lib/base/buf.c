/* A growing byte buffer: see buf.h. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"

static void release_buf(void *buf)
{
	buf_free(buf);
}

struct buf *buf_in(struct arena *arena)
{
	struct buf *buf = arena_alloc(arena, sizeof(*buf));
	arena_defer(arena, release_buf, buf);
	return buf;
}

char *buf_reserve(struct buf *buf, size_t more)
{
	if (more >= SIZE_MAX / 2 - buf->len)
		out_of_memory();
	size_t need = buf->len + more + 1;
	if (need > buf->cap) {
		size_t cap = buf->cap ? buf->cap : 256;
		while (cap < need)
			cap *= 2;
		buf->data = xrealloc(buf->data, cap);
		buf->cap = cap;
	}
	return buf->data + buf->len;
}

void buf_add(struct buf *buf, const void *bytes, size_t count)
{
	char *end = buf_reserve(buf, count);
	if (count)
		memcpy(end, bytes, count);
	end[count] = '\0';
	buf->len += count;
}

void buf_puts(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void buf_putc(struct buf *buf, char byte)
{
	char *end = buf_reserve(buf, 1);
	end[0] = byte;
	end[1] = '\0';
	buf->len++;
}

void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	char *end = buf_reserve(buf, (size_t)length);
	vsnprintf(end, (size_t)length + 1, format, again);
	buf->len += (size_t)length;
	va_end(again);
	va_end(args);
}

const char *buf_text(const struct buf *buf)
{
	return buf->data ? buf->data : "";
}

void buf_clear(struct buf *buf)
{
	buf->len = 0;
	if (buf->data)
		buf->data[0] = '\0';
}

void buf_free(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){0};
}
