/* Which new passwords are refused: see new_password.h. */
#include "realm/new_password.h"

#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/faults.h"
#include "base/utf8.h"

static const char list[] = {
#include "realm/common_passwords.inc"
};

/* The list's line around this byte: *bytes_r without its end. */
static const char *line_at(const char *at, size_t *bytes_r)
{
	const char *end = memchr(at, '\n', (size_t)(list + sizeof(list) - at));
	while (at > list && at[-1] != '\n')
		at--;
	*bytes_r = (size_t)(end - at);
	return at;
}

static int compare(const char *text, size_t bytes, const char *line, size_t line_bytes)
{
	int order = memcmp(text, line, bytes < line_bytes ? bytes : line_bytes);
	return order ? order : (bytes > line_bytes) - (bytes < line_bytes);
}

static bool is_common(const char *folded)
{
	const char *low = list, *high = list + sizeof(list);
	size_t bytes = strlen(folded), line_bytes;
	while (low < high) {
		const char *line = line_at(low + (high - low - 1) / 2, &line_bytes);
		int order = compare(folded, bytes, line, line_bytes);
		if (order == 0)
			return true;
		if (order < 0)
			high = line;
		else
			low = line + line_bytes + 1;
	}
	return false;
}

/* The address, or what stands before its @. */
static bool is_address(struct arena *arena, const char *folded, const char *email)
{
	const char *key = utf8_key(arena, email);
	size_t name = strcspn(key, "@");
	return strcmp(folded, key) == 0 ||
	       (strlen(folded) == name && strncmp(folded, key, name) == 0);
}

int new_password_check(struct arena *arena, const char *field, const char *password,
		       const char *username, const char *email, struct problem *why)
{
	const char *folded = utf8_key(arena, password);
	if ((username && strcmp(folded, utf8_key(arena, username)) == 0) ||
	    (email && is_address(arena, folded, email)))
		return problem_field(arena, why, "body", field,
				     "Value error, the password is your own name or address; "
				     "choose another one");
	if (is_common(folded))
		return problem_field(arena, why, "body", field,
				     "Value error, this password is one of the most common ones; "
				     "choose another one");
	return 0;
}
