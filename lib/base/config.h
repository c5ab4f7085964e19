/*
 * Configuration from a table: each row has a key, its type, its bounds and its help. The values are
 * decoded into a plain struct.
 *
 * There are three sources, and a later one overrides an earlier one: the row's default, the file
 * (`key = value`, `#` comments), the environment (AEON_KEY). A text value that starts with '@'
 * names a file; its first line is the value.
 */
#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/problem.h"

enum option_type {
	OPTION_TEXT,     /* const char *, never NULL; stays valid until the process ends */
	OPTION_INT,      /* int64_t, from min to max */
	OPTION_CHOICE,   /* int: the index in .choices */
	OPTION_NETWORKS, /* as OPTION_TEXT; a list that ip_check_networks() accepts */
	OPTION_SECRET,   /* as OPTION_TEXT; it is printed nowhere */
	OPTION_CONTACT,  /* as OPTION_TEXT; empty, or a mailto:, https: or tel: URI */
};

struct option {
	const char *key;
	enum option_type type;
	size_t at; /* offset in the struct */
	const char *default_value;
	int64_t min, max;
	const char *const *choices; /* ends with NULL */
	const char *help;
	bool live;          /* may change while programs run; never a text */
	bool is_well_known; /* the environment variable KEY, without AEON_, is read as well */
};

/*
 * Fills `out` from all three sources; `file` may be NULL. Gives PROBLEM_CONFIG for an unknown key,
 * a value out of bounds or an unreadable file; its text starts with "FILE:LINE: " or
 * "environment AEON_KEY: ".
 */
int config_load(const struct option *options, size_t count, const char *file, void *out,
		struct problem *why);

/* The row of a key, or NULL. */
const struct option *config_find(const struct option *options, size_t count, const char *key);

/*
 * Sets one option from its text. PROBLEM_CONFIG for a value out of bounds; the text is `source`,
 * then the key and the bounds.
 */
int config_set(const struct option *option, const char *value, const char *source, void *out,
	       struct problem *why);

/* Writes the value of an option that is no text, as config_set() takes it. */
void config_put(struct buf *text, const struct option *option, const void *in);

/* Whether a list of words, separated by spaces, has this one. The case of ASCII letters does not
 * matter. */
bool config_has_word(const char *list, const char *word);

/* Writes an example file: a comment and a disabled line for each option. */
void config_print(const struct option *options, size_t count, struct buf *out);

#endif
