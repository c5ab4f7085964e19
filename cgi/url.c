/* URLs: see url.h. */
#include "cgi/url.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"

static int hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	digit |= 0x20;
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

static char *decode(struct arena *arena, const char *text, size_t bytes, char space,
		    size_t *bytes_r)
{
	char *decoded = arena_alloc(arena, bytes + 1), *to = decoded;
	for (size_t i = 0; i < bytes; i++) {
		int high = -1, low = -1;
		if (text[i] == '%' && bytes - i > 2) {
			high = hex_value(text[i + 1]);
			low = hex_value(text[i + 2]);
		}
		if (high >= 0 && low >= 0) {
			*to++ = (char)(high << 4 | low);
			i += 2;
		} else {
			*to++ = text[i] == space ? ' ' : text[i];
		}
	}
	*to = '\0';
	*bytes_r = (size_t)(to - decoded);
	return decoded;
}

const char *url_path(struct arena *arena, const char *path, size_t bytes)
{
	size_t length;
	const char *decoded = decode(arena, path, bytes, ' ', &length);
	return utf8_count(decoded, length) < 0 ? NULL : decoded;
}

const struct pair *url_pairs(struct arena *arena, const char *text, size_t bytes, size_t *count_r)
{
	size_t most = 1, unused;
	for (size_t i = 0; i < bytes; i++)
		most += text[i] == '&';
	struct pair *pairs = arena_alloc(arena, most * sizeof(*pairs));
	*count_r = 0;
	for (const char *at = text, *end = text + bytes; at < end;) {
		const char *stop = memchr(at, '&', (size_t)(end - at));
		if (!stop)
			stop = end;
		const char *equals = memchr(at, '=', (size_t)(stop - at));
		const char *value = equals ? equals + 1 : stop;
		struct pair *pair = &pairs[*count_r];
		pair->name =
			decode(arena, at, (size_t)((equals ? equals : stop) - at), '+', &unused);
		pair->value = decode(arena, value, (size_t)(stop - value), '+', &pair->bytes);
		*count_r += stop > at;
		at = stop + 1;
	}
	return pairs;
}

void url_encode(struct buf *out, const char *text, size_t bytes, const char *plain)
{
	for (size_t i = 0; i < bytes; i++) {
		unsigned char byte = (unsigned char)text[i];
		bool is_plain = byte && byte < 0x80 &&
				(isalnum(byte) || strchr("-._~", byte) || strchr(plain, byte));
		if (is_plain)
			buf_putc(out, (char)byte);
		else
			buf_printf(out, "%%%02X", byte);
	}
}
