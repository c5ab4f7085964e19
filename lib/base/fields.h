/*
 * Input as tables: what a caller may send is a row per field, decoded into a plain struct.
 *
 * One table validates a JSON body, a query string, a form and a WebSocket frame, and prints itself
 * into the OpenAPI document. Every wrong field is reported at once, in the words of Pydantic v2,
 * because existing clients parse them:
 *
 *	struct room_new { const char *name; int64_t max_participants; };
 *	static const struct field rows[] = {
 *		FIELD(struct room_new, name, TEXT, .required = true, .min = 1, .max = 100),
 *		FIELD(struct room_new, max_participants, INT, .min = 2, .max = 10000, .default_value
 *= "50"),
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

#include "base/buf.h"
#include "base/problem.h"

struct arena;

struct texts {
	const char **at;
	size_t count;
};

/* X(type, the struct property's C type) */
#define FIELD_TYPES(X)                                                                             \
	X(TEXT, const char *) /* min, max: code points. Absent: NULL */                            \
	X(INT, int64_t)       /* min, max: the value */                                            \
	X(REAL, double)                                                                            \
	X(BOOL, bool)                                                                              \
	X(TRISTATE, int)        /* a boolean that may be absent: -1 */                             \
	X(CHOICE, const char *) /* one of .choices */                                              \
	X(TIME, int64_t)        /* RFC 3339 outside, microseconds since 1970 inside. Absent: 0 */  \
	X(TEXTS, struct texts)  /* max: items; item_max: code points each */                       \
	X(OBJECT, const char *) /* any JSON object, as compact text; max: bytes */

#define FIELD_ENUM(type, member) FIELD_##type,
enum field_type { FIELD_TYPES(FIELD_ENUM) FIELD_TYPE__COUNT };
#undef FIELD_ENUM

struct field {
	const char *name;
	enum field_type type;
	bool required;
	bool secret;     /* never echoed */
	size_t at;       /* offset in the struct */
	double min, max; /* TEXT, OBJECT: max 0 means none. INT, REAL, TIME: both 0 mean none */
	double item_max;
	const char *pattern; /* TEXT: a POSIX extended regular expression, anchored */
	const char *wrong;   /* TEXT: what to say, as a value_error, when the pattern fails */
	const char *const *choices; /* ends with NULL */
	const char *default_value;  /* the value when absent, as in a query string */
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
#define FIELD_C_OBJECT const char *

/* A member's offset; does not compile when its type is not the one that the field decodes to. */
#define FIELD_AT(structure, member, ctype)                                                         \
	(offsetof(structure, member) +                                                             \
	 0 * sizeof(struct {                                                                       \
		 _Static_assert(_Generic(((structure *)0)->member, ctype : 1, default : 0),        \
				"field and struct property differ in type");                       \
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

/* A name and its value in a query string or form, decoded already. The value may hold any bytes. */
struct pair {
	const char *name, *value;
	size_t bytes; /* of the value */
};

/*
 * Decode into `out`, which is zeroed first. Texts live in the arena, or in `json`, which must
 * outlive `out`. `given_r`, unless NULL, has bit i set when row i was there; null counts,
 * but not for a number or truth value, which it cannot empty. Wrong fields are added to `faults`;
 * `out` is then of no use. `where` is "body", "query" or "path". Fields that the table does not
 * name are ignored; of a repeated pair the last counts.
 */
void fields_from_json(struct arena *arena, const struct fields *fields, const json_t *json,
		      const char *where, void *out, uint32_t *given_r, struct buf *faults);
void fields_from_pairs(struct arena *arena, const struct fields *fields, const struct pair *pairs,
		       size_t count, const char *where, void *out, struct buf *faults);

/*
 * Faults are a JSON array under construction, in a buffer that starts empty.
 * fault_value() is for rules that a table cannot say; `name` NULL means the whole.
 */
void fault_value(struct buf *faults, const char *where, const char *name, const char *message);
void fault_json(struct buf *faults, int offset, const char *reason);
void fault_not_object(struct buf *faults, const json_t *input);

/* 0 when there are none; else sets PROBLEM_INVALID, whose `errors` live as long as the buffer. */
int faults_raise(struct buf *faults, struct problem *why);

/* For one rule that only the realm knows: sets PROBLEM_INVALID with one value_error. Returns -1. */
int problem_field(struct arena *arena, struct problem *why, const char *where, const char *name,
		  const char *message);

#endif
