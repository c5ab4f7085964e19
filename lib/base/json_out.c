/* JSON output: see json_out.h. */
#include "base/json_out.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

/* Whether the next value needs a comma: one comes before it in the same object or array. */
static bool needs_comma(const struct buf *out)
{
	if (!out->len)
		return false;
	char last = out->data[out->len - 1];
	return last != '{' && last != '[' && last != ':' && last != ',' && last != '\n';
}

static void separate(struct buf *out)
{
	if (needs_comma(out))
		buf_putc(out, ',');
}

void jw_open(struct buf *out, char bracket)
{
	separate(out);
	buf_putc(out, bracket);
}

void jw_close(struct buf *out, char bracket)
{
	buf_putc(out, bracket);
}

void jw_reopen(struct buf *out)
{
	out->len--;
}

/* 0: no escape; 'u': \u00XX; else the letter after the backslash. */
static const char escapes[256] = {
	['"'] = '"',  ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r',
	['\t'] = 't', [0] = 'u',     [1] = 'u',    [2] = 'u',    [3] = 'u',    [4] = 'u',
	[5] = 'u',    [6] = 'u',     [7] = 'u',    [11] = 'u',   [14] = 'u',   [15] = 'u',
	[16] = 'u',   [17] = 'u',    [18] = 'u',   [19] = 'u',   [20] = 'u',   [21] = 'u',
	[22] = 'u',   [23] = 'u',    [24] = 'u',   [25] = 'u',   [26] = 'u',   [27] = 'u',
	[28] = 'u',   [29] = 'u',    [30] = 'u',   [31] = 'u',   [127] = 'u',
};

static char *add_escape(char *to, unsigned char byte)
{
	static const char hex[] = "0123456789abcdef";
	*to++ = '\\';
	*to++ = escapes[byte];
	if (escapes[byte] == 'u') {
		memcpy(to, "00", 2);
		to[2] = hex[byte >> 4];
		to[3] = hex[byte & 15];
		to += 4;
	}
	return to;
}

static void add_string(struct buf *out, const char *text, size_t bytes)
{
	/* Six bytes hold the longest escape; one reservation serves the whole text. */
	char *to = buf_reserve(out, bytes * 6 + 2), *start = to;
	*to++ = '"';
	for (size_t i = 0, run; i < bytes; i += run) {
		for (run = 0; i + run < bytes && !escapes[(unsigned char)text[i + run]]; run++)
			;
		memcpy(to, text + i, run);
		to += run;
		if (i + run < bytes)
			to = add_escape(to, (unsigned char)text[i + run++]);
	}
	*to++ = '"';
	*to = '\0';
	out->len += (size_t)(to - start);
}

/* Names come from our own tables, so they need no escapes. */
void jw_key(struct buf *out, const char *name)
{
	size_t bytes = strlen(name);
	char *start = buf_reserve(out, bytes + 4), *to = start;
	if (needs_comma(out))
		*to++ = ',';
	*to++ = '"';
	memcpy(to, name, bytes);
	to += bytes;
	*to++ = '"';
	*to++ = ':';
	*to = '\0';
	out->len += (size_t)(to - start);
}

void jw_open_key(struct buf *out, const char *name)
{
	jw_key(out, name);
	jw_open(out, '{');
}

void jw_text_n(struct buf *out, const char *text, size_t bytes)
{
	separate(out);
	add_string(out, text, bytes);
}

void jw_text(struct buf *out, const char *text)
{
	if (text)
		jw_text_n(out, text, strlen(text));
	else
		jw_null(out);
}

static void add_digits(struct buf *out, uint64_t number)
{
	char digits[20];
	size_t at = sizeof(digits);
	do
		digits[--at] = (char)('0' + number % 10);
	while (number /= 10);
	buf_add(out, digits + at, sizeof(digits) - at);
}

void jw_int(struct buf *out, int64_t number)
{
	separate(out);
	if (number < 0)
		buf_putc(out, '-');
	add_digits(out, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

void jw_bool(struct buf *out, bool value)
{
	jw_raw(out, value ? "true" : "false", value ? 4 : 5);
}

void jw_null(struct buf *out)
{
	jw_raw(out, "null", 4);
}

/*
 * The first k for which number * 10^k rounds to an integer n with n / 10^k == number gives the
 * shortest form: n and 10^k are exact, and IEEE division is correctly rounded. A number that needs
 * more than 15 digits takes the slow way.
 */
void jw_real(struct buf *out, double number)
{
	static const double powers[] = {1, 10, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
	if (!isfinite(number)) {
		jw_null(out);
		return;
	}
	double size = fabs(number);
	for (size_t k = 0; k < sizeof(powers) / sizeof(*powers) && size * powers[k] < 1e15; k++) {
		double scaled = nearbyint(size * powers[k]);
		if (scaled / powers[k] != size)
			continue;
		uint64_t whole = (uint64_t)scaled / (uint64_t)powers[k];
		uint64_t part = (uint64_t)scaled % (uint64_t)powers[k];
		separate(out);
		if (signbit(number))
			buf_putc(out, '-');
		add_digits(out, whole);
		buf_putc(out, '.');
		for (size_t digit = k; digit > 1 && part < (uint64_t)powers[digit - 1]; digit--)
			buf_putc(out, '0');
		add_digits(out, part);
		return;
	}
	char text[32];
	for (int precision = 15; precision <= 17; precision++) {
		snprintf(text, sizeof(text), "%.*g", precision, number);
		double back = 0;
		if (sscanf(text, "%lf", &back) == 1 && memcmp(&back, &number, sizeof(back)) == 0)
			break;
	}
	jw_raw(out, text, strlen(text));
}

void jw_time(struct buf *out, int64_t us)
{
	char text[CLOCK_TEXT];
	clock_text(us, text);
	jw_text_n(out, text, CLOCK_TEXT - 1);
}

void jw_raw(struct buf *out, const char *json, size_t bytes)
{
	separate(out);
	buf_add(out, json, bytes);
}

void jw_texts(struct buf *out, const char *const *texts, size_t count)
{
	jw_open(out, '[');
	for (size_t i = 0; i < count; i++)
		jw_text(out, texts[i]);
	jw_close(out, ']');
}

void jw_kv_text(struct buf *out, const char *name, const char *text)
{
	jw_key(out, name);
	jw_text(out, text);
}

void jw_kv_int(struct buf *out, const char *name, int64_t number)
{
	jw_key(out, name);
	jw_int(out, number);
}

void jw_kv_bool(struct buf *out, const char *name, bool value)
{
	jw_key(out, name);
	jw_bool(out, value);
}
