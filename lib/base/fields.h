/*
 * Input from tables: a row describes each field that a caller may send, and decodes it into a
 * member of a plain struct.
 *
 * One table validates a JSON body, a query string, a form and a WebSocket frame, and is printed in
 * the OpenAPI document. All wrong fields are reported together, in the words of Pydantic v2,
 * because existing clients parse them:
 *
 *	struct room_new { const char *name; int64_t max_participants; };
 *	static const struct field rows[] = {
 *		FIELD(struct room_new, name, TEXT, .required = true, .min = 1, .max = 100),
 *		FIELD(struct room_new, max_participants, INT, .min = 2, .max = 10000),
 *	};
 *	const struct fields room_new_fields = FIELDS(struct room_new, rows);
 *
 *	struct buf *faults = buf_in(arena);
 *	fields_from_json(arena, &room_new_fields, json, "body", &room, NULL, faults);
 *	TRY(faults_raise(faults, why));
 */
#ifndef BASE_FIELDS_H
#define BASE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/faults.h"

struct arena;

struct texts {
	const char **at;
	size_t count;
};

struct ints {
	const int64_t *at;
	size_t count;
};

/* X(type, the struct member's C type) */
#define FIELD_TYPES(X)                                                                             \
	X(TEXT, const char *) /* NFC; min, max: code points. Absent: NULL */                       \
	X(INT, int64_t)       /* min, max: the value */                                            \
	X(REAL, double)                                                                            \
	X(BOOL, bool)                                                                              \
	X(TRISTATE, int)        /* a boolean that may be absent: -1 */                             \
	X(CHOICE, const char *) /* one of .choices */                                              \
	X(TIME, int64_t)        /* RFC 3339 outside, microseconds since 1970 inside. Absent: 0 */  \
	X(TEXTS, struct texts)  /* max: items; item_max: code points each */                       \
	X(INTS, struct ints)    /* max: items */                                                   \
	X(OBJECT, const char *) /* any JSON object, as compact text; max: bytes */

#define FIELD_ENUM(type, member) FIELD_##type,
enum field_type { FIELD_TYPES(FIELD_ENUM) FIELD_TYPE__COUNT };
#undef FIELD_ENUM

struct field {
	const char *name;
	enum field_type type;
	bool required;
	bool secret;       /* never echoed */
	bool may_be_blank; /* TEXT: else one with a least length has a visible character */
	bool line;         /* TEXT, TEXTS: a name, on one line: base/utf8.h, utf8_line() */
	size_t at;         /* offset in the struct */
	double min, max;   /* TEXT, OBJECT: max 0 means none. INT, REAL, TIME: both 0 mean none */
	double item_max;
	const char *pattern; /* TEXT: a POSIX extended regular expression, anchored */
	const char *wrong;   /* TEXT: the value_error's text when the pattern does not match */
	const char *const *choices; /* ends with NULL */
	const char *default_value;  /* of an absent field, written as in a query string */
	const char *help;           /* one line for the documentation */
};

struct fields {
	size_t size; /* of the struct */
	const struct field *rows;
	size_t count; /* at most 32 */
};

#define FIELD_C_TEXT const char *
#define FIELD_C_INT int64_t
#define FIELD_C_REAL double
#define FIELD_C_BOOL bool
#define FIELD_C_TRISTATE int
#define FIELD_C_CHOICE const char *
#define FIELD_C_TIME int64_t
#define FIELD_C_TEXTS struct texts
#define FIELD_C_INTS struct ints
#define FIELD_C_OBJECT const char *

/* A member's offset. Does not compile when the member's type is not the field's C type. */
#define FIELD_AT(structure, member, ctype)                                                         \
	(offsetof(structure, member) +                                                             \
	 0 * sizeof(struct {                                                                       \
		 _Static_assert(_Generic(((structure *)0)->member, ctype : 1, default : 0),        \
				"field and struct member differ in type");                         \
		 int unused;                                                                       \
	 }))

#define FIELD_NAMED(structure, member, field_name, kind, ...)                                      \
	{                                                                                          \
		.name = (field_name), .type = FIELD_##kind,                                        \
		.at = FIELD_AT(structure, member, FIELD_C_##kind), __VA_ARGS__                     \
	}
#define FIELD(structure, member, kind, ...)                                                        \
	FIELD_NAMED(structure, member, #member, kind, __VA_ARGS__)
#define FIELDS(structure, table)                                                                   \
	{                                                                                          \
		.size = sizeof(structure), .rows = (table),                                        \
		.count = sizeof(table) / sizeof((table)[0])                                        \
	}

#define FIELD_UUID_PATTERN "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"

/* A decoded name and value of a query string or form. The value may contain any bytes. */
struct pair {
	const char *name, *value;
	size_t bytes; /* of the value */
};

/*
 * Decode into `out`, which is zeroed first. Texts live in the arena, or in `json`, which must
 * outlive `out`. Bit i of `given_r`, unless it is NULL, tells whether field i was sent. A null
 * counts as sent, except for numbers and booleans, which null cannot empty. Faults are added to
 * `faults`, and then `out` must not be used. `where` is "body", "query" or "path". Fields that are
 * not in the table are ignored. The last one of repeated pairs counts.
 */
void fields_from_json(struct arena *arena, const struct fields *fields, const json_t *json,
		      const char *where, void *out, uint32_t *given_r, struct buf *faults);
void fields_from_pairs(struct arena *arena, const struct fields *fields, const struct pair *pairs,
		       size_t count, const char *where, void *out, struct buf *faults);

#endif
