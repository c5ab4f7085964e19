/*
 * The log: one line per event on stderr, `time=… level=… event=… key=value …`.
 *
 *	log_info("listening", LOG_TEXT("socket", path), LOG_INT("workers", n));
 *
 * Values are quoted when they need it and cut at 512 bytes. Never log a token, a password or a
 * message's text.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdint.h>

struct buf;

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };

struct log_field {
	const char *key;
	const char *text; /* NULL: the value is the number */
	int64_t number;
};

static inline struct log_field LOG_TEXT(const char *key, const char *text) {
	return (struct log_field){.key = key, .text = text ? text : "-"};
}

static inline struct log_field
LOG_INT(const char *key, int64_t number) {
	return (struct log_field){.key = key, .number = number};
}

/* Sets the lowest level that is logged, and the program's name in each line (not copied). */
void log_setup(const char *program, enum log_level least);

/* Adds the fields to the line, each as ` key=value`. `fields` ends with a NULL key. */
void log_fields(struct buf *line, const struct log_field *fields);

/* Writes a line with fields that log_fields() made. */
void log_line(enum log_level level, const char *event, const char *fields);

/* `fields` ends with a NULL key. One write() writes the line, so lines never mix. */
void log_write(enum log_level level, const char *event, const struct log_field *fields);

#define LOG_WITH(level, event, ...)                                                                \
	log_write(level, event, (const struct log_field[]){__VA_ARGS__ __VA_OPT__(, ){0}})
#define log_debug(...) LOG_WITH(LOG_LEVEL_DEBUG, __VA_ARGS__)
#define log_info(...) LOG_WITH(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_warn(...) LOG_WITH(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_error(...) LOG_WITH(LOG_LEVEL_ERROR, __VA_ARGS__)

struct problem;

/* Logs a problem where it becomes an answer: its code, detail and cause. */
void log_problem(enum log_level level, const char *event, const struct problem *why);

#endif
