/*
 * Fuzzes JSON and query strings with every field table of the realm.
 *
 * A decoded value must be as its row says, and can be written and read back. Any other input must
 * be reported in faults, which are valid JSON.
 */
#include <string.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/fields.h"
#include "base/json_in.h"
#include "base/json_out.h"
#include "base/utf8.h"
#include "realm/interactions.h"
#include "realm/knowledge.h"
#include "realm/knowledge_list.h"
#include "realm/messages.h"
#include "realm/relationships.h"
#include "realm/rooms.h"
#include "realm/sessions.h"
#include "realm/registration.h"
#include "realm/users.h"
#include "tests/fuzz/fuzz.h"

#define LONGEST_PAIR 300

struct span {
	int64_t since, until;
};
static const struct field span_rows[] = {
	FIELD(struct span, since, TIME),
	FIELD(struct span, until, TIME, .min = 0, .max = 1798761600e6),
};
static const struct fields span_fields = FIELDS(struct span, span_rows);

static const struct fields *const tables[] = {
	&user_new_fields,           &user_change_fields,          &login_fields,
	&room_new_fields,           &room_filter_fields,          &message_new_fields,
	&message_filter_fields,     &relationship_new_fields,     &relationship_filter_fields,
	&knowledge_new_fields,      &knowledge_filter_fields,     &interaction_new_fields,
	&interaction_filter_fields, &interaction_response_fields, &span_fields,
};

static void check_text(const char *text, double min, double max)
{
	ssize_t points = utf8_count(text, strlen(text));
	HOLDS(points >= 0);
	HOLDS((double)points >= min && (max == 0 || (double)points <= max));
}

/* A written time is read back unchanged. */
static void check_time(const struct field *field, int64_t us)
{
	char text[CLOCK_TEXT];
	int64_t again;
	clock_text(us, text);
	HOLDS(clock_parse(text, &again) == NULL && again == us);
	HOLDS(field->max == 0 || ((double)us >= field->min && (double)us <= field->max));
}

/* Checks that the decoded value is as its row says, and writes it as JSON. */
static void write_value(struct buf *out, const struct field *field, const void *from)
{
	const struct texts *texts = from;
	bool is_text = field->type == FIELD_TEXT || field->type == FIELD_CHOICE ||
		       field->type == FIELD_OBJECT;
	const char *text = is_text ? *(const char *const *)from : NULL;
	jw_key(out, field->name);
	switch (field->type) {
	case FIELD_TEXT:
		if (text)
			check_text(text, field->min, field->max);
		jw_text(out, text);
		break;
	case FIELD_CHOICE:
		jw_text(out, text);
		break;
	case FIELD_INT:
		jw_int(out, *(const int64_t *)from);
		break;
	case FIELD_REAL:
		jw_real(out, *(const double *)from);
		break;
	case FIELD_BOOL:
		jw_bool(out, *(const bool *)from);
		break;
	case FIELD_TRISTATE:
		HOLDS(*(const int *)from >= -1 && *(const int *)from <= 1);
		jw_int(out, *(const int *)from);
		break;
	case FIELD_TIME:
		check_time(field, *(const int64_t *)from);
		jw_time(out, *(const int64_t *)from);
		break;
	case FIELD_TEXTS:
		HOLDS((double)texts->count <= field->max);
		for (size_t i = 0; i < texts->count; i++)
			check_text(texts->at[i], 1, field->item_max);
		jw_texts(out, texts->at, texts->count);
		break;
	case FIELD_INTS: {
		const struct ints *ints = from;
		HOLDS((double)ints->count <= field->max);
		jw_open(out, '[');
		for (size_t i = 0; i < ints->count; i++)
			jw_int(out, ints->at[i]);
		jw_close(out, ']');
		break;
	}
	case FIELD_OBJECT:
		if (text)
			jw_raw(out, text, strlen(text));
		else
			jw_null(out);
		break;
	case FIELD_TYPE__COUNT:
		break;
	}
}

/* Checks the decoded values, or that the faults are JSON. */
static void check_decoded(struct arena *arena, const struct fields *fields, const void *decoded,
			  struct buf *faults)
{
	struct problem why = {0};
	struct buf *out = buf_in(arena);
	if (faults_raise(faults, &why) < 0) {
		buf_puts(out, why.errors);
	} else {
		jw_open(out, '{');
		for (size_t i = 0; i < fields->count; i++)
			write_value(out, &fields->rows[i],
				    (const char *)decoded + fields->rows[i].at);
		jw_close(out, '}');
	}
	json_t *again = json_loadb(out->data, out->len, JSON_REJECT_DUPLICATES, NULL);
	HOLDS(again != NULL);
	json_decref(again);
}

static void try_json(struct arena *arena, const char *bytes, size_t count)
{
	struct buf *faults = buf_in(arena);
	json_t *json = json_in(arena, bytes, count, faults);
	if (!json) {
		check_decoded(arena, NULL, NULL, faults);
		return;
	}
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		struct buf *of_table = buf_in(arena);
		void *decoded = arena_alloc(arena, tables[i]->size);
		fields_from_json(arena, tables[i], json, "body", decoded, NULL, of_table);
		check_decoded(arena, tables[i], decoded, of_table);
	}
}

/* Tries the bytes as the value of each field. Only short ones, because matching a pattern takes
 * time for each character. */
static void try_pairs(struct arena *arena, const char *bytes, size_t count)
{
	if (count > LONGEST_PAIR)
		return;
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		for (size_t row = 0; row < tables[i]->count; row++) {
			const struct pair pair = {tables[i]->rows[row].name, bytes, count};
			struct buf *faults = buf_in(arena);
			void *decoded = arena_alloc(arena, tables[i]->size);
			fields_from_pairs(arena, tables[i], &pair, 1, "query", decoded, faults);
			check_decoded(arena, tables[i], decoded, faults);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	const char *bytes = arena_strndup(arena, (const char *)data, size);
	try_json(arena, (const char *)data, size);
	try_pairs(arena, bytes, size);
	arena_free(&arena);
	return 0;
}
