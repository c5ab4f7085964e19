/*
 * Configuration as rows: a key, its type, its bounds, its help; decoded into a plain struct.
 *
 * Sources, the later one wins: the row's preset, the file (`key = value`, `#` comments), the
 * environment (AEON_KEY). A text value that starts with '@' names a file that holds the value.
 */
#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/problem.h"

enum option_type {
	OPTION_TEXT,   /* const char *, never NULL; lives as long as the process
			and the environment */
	OPTION_INT,    /* int64_t, within min and max */
	OPTION_CHOICE, /* int: the index in .choices */
};

struct option {
	const char *key;
	enum option_type type;
	size_t at; /* offset in the struct */
	const char *default_value;
	int64_t min, max;
	const char *const *choices; /* ends with NULL */
	const char *help;
};

/*
 * Fills `out` from all three sources; `file` may be NULL. An unknown key, a value out of bounds or
 * a file that cannot be read gives PROBLEM_CONFIG with "FILE:LINE: …" or "environment AEON_KEY: …".
 */
int config_load(const struct option *options, size_t count, const char *file, void *out,
		struct problem *why);

/* The options as an example file, one commented line each, for the documentation. */
void config_print(const struct option *options, size_t count, struct buf *out);

#endif
