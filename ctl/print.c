/*
 * print_plain() of ctl.h: answers as plain text, made from their JSON.
 *
 * Control characters are never printed, since a terminal could take them for commands.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "ctl/ctl.h"

static void add_plain(struct buf *out, const char *text, char replaced, char by)
{
	for (const char *at = text; *at; at++) {
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			buf_putc(out, ' ');
		else
			buf_putc(out, *at == replaced ? by : *at);
	}
}

/* Adds "is_active" as "is active". */
static void add_label(struct buf *out, const char *key)
{
	add_plain(out, key, '_', ' ');
}

static void add_scalar(struct buf *out, const json_t *value)
{
	char *text;
	switch (value ? json_typeof(value) : JSON_NULL) {
	case JSON_STRING:
		add_plain(out, json_string_value(value), '\0', '\0');
		break;
	case JSON_TRUE:
		buf_puts(out, "yes");
		break;
	case JSON_FALSE:
		buf_puts(out, "no");
		break;
	case JSON_NULL:
		buf_putc(out, '-');
		break;
	default:
		text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
		buf_puts(out, text);
		free(text);
	}
}

/* Adds spaces until the text from the byte `from` has `width` letters. */
static void pad(struct buf *out, size_t from, int width)
{
	int letters = (int)utf8_count(out->data + from, out->len - from);
	for (; letters < width; letters++)
		buf_putc(out, ' ');
}

/* Adds a column at the end of the lines; the first line is the table's head. */
static void add_column(struct buf *lines, const json_t *rows, const char *key)
{
	int width = 0;
	size_t count = json_array_size(rows) + 1;
	size_t *starts = xcalloc(count, sizeof(*starts));
	for (size_t i = 0; i < count; i++) {
		starts[i] = lines[i].len;
		if (i == 0)
			add_label(&lines[i], key);
		else
			add_scalar(&lines[i], json_object_get(json_array_get(rows, i - 1), key));
		int here = (int)utf8_count(lines[i].data + starts[i], lines[i].len - starts[i]);
		width = here > width ? here : width;
	}
	for (size_t i = 0; i < count; i++)
		pad(&lines[i], starts[i], width + 2);
	free(starts);
}

static void print_line(struct buf *line)
{
	while (line->len > 0 && line->data[line->len - 1] == ' ')
		line->len--;
	printf("%.*s\n", (int)line->len, buf_text(line));
	buf_free(line);
}

static void print_table(const json_t *rows, const char *columns)
{
	size_t count = json_array_size(rows) + 1;
	struct buf *lines = xcalloc(count, sizeof(*lines));
	char *keys = xstrdup(columns), *rest = NULL;
	for (char *key = strtok_r(keys, " ", &rest); key; key = strtok_r(NULL, " ", &rest))
		add_column(lines, rows, key);
	for (size_t i = 0; i < count; i++)
		print_line(&lines[i]);
	free(keys);
	free(lines);
}

static void print_list(const json_t *list, const char *columns)
{
	size_t i;
	json_t *item;
	if (columns) {
		print_table(list, columns);
		return;
	}
	json_array_foreach(list, i, item) {
		struct buf line = {0};
		add_scalar(&line, item);
		print_line(&line);
	}
}

static void print_object(json_t *object, const char *columns)
{
	const char *key;
	json_t *value;
	size_t width = 0;
	json_object_foreach(object, key, value)
		width = strlen(key) > width ? strlen(key) : width;
	json_object_foreach(object, key, value) {
		if (json_is_array(value)) {
			print_list(value, columns);
			continue;
		}
		struct buf line = {0};
		add_label(&line, key);
		pad(&line, 0, (int)width + 2);
		add_scalar(&line, value);
		print_line(&line);
	}
}

void print_plain(const char *json, const char *columns)
{
	json_t *value = json_loads(json, JSON_DECODE_ANY, NULL);
	if (json_is_object(value))
		print_object(value, columns);
	else
		print_list(value, columns);
	json_decref(value);
}
