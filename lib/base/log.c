/* The log: see log.h. */
#include "base/log.h"

#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/problem.h"

#define LONGEST_VALUE 512 /* bytes */

static const char *program_name = "aeon";
static enum log_level least_level = LOG_LEVEL_INFO;

void log_setup(const char *program, enum log_level least)
{
	program_name = program;
	least_level = least;
}

static void add_value(struct buf *line, const char *text)
{
	size_t length = strnlen(text, LONGEST_VALUE);
	int quote = length == 0;
	for (size_t i = 0; i < length && !quote; i++)
		quote = (unsigned char)text[i] <= ' ' || strchr("\"=\\\x7f", text[i]) != NULL;
	if (quote)
		buf_putc(line, '"');
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];
		if (byte < ' ' || byte == 0x7f)
			buf_printf(line, "\\x%02x", byte);
		else if (byte == '"' || byte == '\\')
			buf_printf(line, "\\%c", byte);
		else
			buf_putc(line, (char)byte);
	}
	if (quote)
		buf_putc(line, '"');
}

void log_fields(struct buf *line, const struct log_field *fields)
{
	for (; fields->key; fields++) {
		buf_printf(line, " %s=", fields->key);
		if (fields->text)
			add_value(line, fields->text);
		else
			buf_printf(line, "%lld", (long long)fields->number);
	}
}

void log_line(enum log_level level, const char *event, const char *fields)
{
	static const char *const names[] = {"debug", "info", "warn", "error"};
	if (level < least_level)
		return;
	char now[CLOCK_TEXT];
	clock_text(clock_now(), now);
	struct buf line = {0};
	buf_printf(&line, "time=%s level=%s program=%s pid=%d event=%s", now, names[level],
		   program_name, (int)getpid(), event);
	buf_puts(&line, fields);
	buf_putc(&line, '\n');
	ssize_t ignored = write(STDERR_FILENO, line.data, line.len);
	(void)ignored;
	buf_free(&line);
}

void log_write(enum log_level level, const char *event, const struct log_field *fields)
{
	struct buf text = {0};
	if (level < least_level)
		return;
	log_fields(&text, fields);
	log_line(level, event, buf_text(&text));
	buf_free(&text);
}

void log_problem(enum log_level level, const char *event, const struct problem *why)
{
	LOG_WITH(level, event, LOG_TEXT("code", problem_info(why->code)->code),
		 LOG_TEXT("detail", why->detail), LOG_TEXT("cause", why->cause));
}
