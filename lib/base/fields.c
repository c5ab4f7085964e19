/*
 * Input from tables: see fields.h.
 *
 * A value comes as typed JSON, or as text from a query string or form; the same checks follow.
 */
#include "base/fields.h"

#include <errno.h>
#include <math.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/utf8.h"

/* One value to decode. An absent value has neither json nor text. */
struct intake {
	struct arena *arena;
	const struct field *field;
	bool beside_secret; /* the table has a field with a secret */
	const char *where;
	const json_t *json;
	const char *text;
	size_t bytes; /* of text */
	void *to;
	struct buf *faults;
};

/* --- faults ------------------------------------------------------------------------------- */

/* Adds a fault of this value. `context` is a JSON object for its "ctx", or NULL. */
static void fault(const struct intake *in, const char *type, const char *message,
		  const char *context)
{
	/* A secret may stand in the wrong place, inside of another field's value. */
	bool composite = json_is_object(in->json) || json_is_array(in->json);
	bool echo = !in->field->secret && !(in->beside_secret && composite);
	fault_add(in->faults, &(struct fault){.type = type,
					      .message = message,
					      .where = in->where,
					      .name = in->field->name,
					      .json = echo ? in->json : NULL,
					      .text = echo ? in->text : NULL,
					      .bytes = in->bytes,
					      .context = context});
}

/* Adds a fault about a bound: "… at most 100 characters" with {"max_length":100}. */
static void fault_bound(const struct intake *in, const char *type, const char *key, double bound,
			const char *before, const char *after)
{
	char number[CLOCK_TEXT], message[160], context[80];
	bool is_time = in->field->type == FIELD_TIME;
	if (is_time)
		clock_text((int64_t)bound, number);
	else
		snprintf(number, sizeof(number), "%.15g", bound);
	const char *quote = is_time ? "\"" : "";
	snprintf(message, sizeof(message), "%s %s%s", before, number, after);
	snprintf(context, sizeof(context), "{\"%s\":%s%s%s}", key, quote, number, quote);
	fault(in, type, message, context);
}

/* --- checks -------------------------------------------------------------------------------- */

static bool matches_pattern(const char *pattern, const char *text)
{
	regex_t compiled;
	if (regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB) != 0)
		return false;
	bool match = regexec(&compiled, text, 0, NULL, 0) == 0;
	regfree(&compiled);
	return match;
}

static const char *unit_of(double count)
{
	return count >= 2 ? " characters" : " character";
}

static void take_text(struct intake *in, const char *text, size_t bytes)
{
	const struct field *field = in->field;
	if (utf8_count(text, bytes) < 0) {
		fault(in, "value_error", "Value error, text must be valid UTF-8 without NUL", NULL);
		return;
	}
	text = utf8_compose(in->arena, text);
	if (field->line)
		text = utf8_line(in->arena, text);
	ssize_t points = utf8_count(text, strlen(text));
	if ((double)points < field->min) {
		fault_bound(in, "string_too_short", "min_length", field->min,
			    "String should have at least", unit_of(field->min));
	} else if (field->max > 0 && (double)points > field->max) {
		fault_bound(in, "string_too_long", "max_length", field->max,
			    "String should have at most", unit_of(field->max));
	} else if (field->min > 0 && !field->may_be_blank && !field->secret &&
		   !utf8_is_visible(text)) {
		fault(in, "value_error", "Value error, text must have a visible character", NULL);
	} else if (field->line && utf8_has_controls(text)) {
		fault(in, "value_error",
		      "Value error, text must not have control characters or directional overrides",
		      NULL);
	} else if (field->pattern && !matches_pattern(field->pattern, text)) {
		if (field->wrong) {
			fault(in, "value_error", field->wrong, NULL);
			return;
		}
		struct buf *context = buf_in(in->arena);
		jw_open(context, '{');
		jw_kv_text(context, "pattern", field->pattern);
		jw_close(context, '}');
		fault(in, "string_pattern_mismatch",
		      arena_printf(in->arena, "String should match pattern '%s'", field->pattern),
		      context->data);
	} else {
		*(const char **)in->to = text;
	}
}

static void take_choice(struct intake *in, const char *text)
{
	struct buf *names = buf_in(in->arena);
	for (const char *const *choice = in->field->choices; *choice; choice++) {
		if (strcmp(*choice, text) == 0) {
			*(const char **)in->to = *choice;
			return;
		}
		buf_printf(names, "%s'%s'", !names->len ? "" : choice[1] ? ", " : " or ", *choice);
	}
	struct buf *context = buf_in(in->arena);
	jw_open(context, '{');
	jw_kv_text(context, "expected", names->data);
	jw_close(context, '}');
	fault(in, "enum", arena_printf(in->arena, "Input should be %s", names->data),
	      context->data);
}

static bool is_within_bounds(struct intake *in, double number)
{
	const struct field *field = in->field;
	bool bounded = field->min != 0 || field->max != 0;
	if (bounded && number < field->min)
		fault_bound(in, "greater_than_equal", "ge", field->min,
			    "Input should be greater than or equal to", "");
	else if (bounded && number > field->max)
		fault_bound(in, "less_than_equal", "le", field->max,
			    "Input should be less than or equal to", "");
	else
		return true;
	return false;
}

static void take_int(struct intake *in, int64_t number)
{
	if (is_within_bounds(in, (double)number))
		*(int64_t *)in->to = number;
}

static void take_real(struct intake *in, double number)
{
	if (is_within_bounds(in, number))
		*(double *)in->to = number;
}

static void take_bool(struct intake *in, bool value)
{
	if (in->field->type == FIELD_BOOL)
		*(bool *)in->to = value;
	else
		*(int *)in->to = value;
}

static void take_time(struct intake *in, const char *text)
{
	int64_t us;
	const char *wrong = clock_parse(text, &us);
	if (wrong == CLOCK_NO_ZONE) {
		fault(in, "timezone_aware", "Input should have timezone info", NULL);
	} else if (wrong) {
		fault(in, "datetime_parsing",
		      arena_printf(in->arena, "Input should be a valid datetime, %s", wrong),
		      arena_printf(in->arena, "{\"error\":\"%s\"}", wrong));
	} else if (is_within_bounds(in, (double)us)) {
		*(int64_t *)in->to = us;
	}
}

/* The items of a list in *count_r, unless it has too many. */
static bool list_fits(struct intake *in, size_t *count_r)
{
	size_t count = *count_r = json_array_size(in->json);
	if ((double)count > in->field->max) {
		char message[120], context[80];
		snprintf(message, sizeof(message),
			 "List should have at most %.15g items after validation, not %zu",
			 in->field->max, count);
		snprintf(context, sizeof(context), "{\"max_length\":%.15g,\"actual_length\":%zu}",
			 in->field->max, count);
		fault(in, "too_long", message, context);
		return false;
	}
	return true;
}

static void take_texts(struct intake *in)
{
	size_t count;
	if (!list_fits(in, &count))
		return;
	struct texts *texts = in->to;
	texts->at = arena_alloc(in->arena, (count + 1) * sizeof(*texts->at));
	for (size_t i = 0; i < count; i++) {
		struct field item = {.name = in->field->name,
				     .type = FIELD_TEXT,
				     .min = 1,
				     .max = in->field->item_max,
				     .line = in->field->line};
		struct intake each = *in;
		each.field = &item;
		each.json = json_array_get(in->json, i);
		each.to = &texts->at[i];
		if (json_is_string(each.json))
			take_text(&each, json_string_value(each.json),
				  json_string_length(each.json));
		else
			fault(&each, "string_type", "Input should be a valid string", NULL);
	}
	texts->count = count;
}

static void take_ints(struct intake *in)
{
	size_t count;
	if (!list_fits(in, &count))
		return;
	struct ints *ints = in->to;
	int64_t *at = arena_alloc(in->arena, (count + 1) * sizeof(*at));
	for (size_t i = 0; i < count; i++) {
		json_t *item = json_array_get(in->json, i);
		at[i] = json_integer_value(item);
		if (!json_is_integer(item))
			fault(in, "int_type", "Input should be a valid integer", NULL);
	}
	*ints = (struct ints){at, count};
}

static void free_text(void *text)
{
	free(text);
}

static void take_object(struct intake *in)
{
	char *text = json_dumps(in->json, JSON_COMPACT);
	if (!text) {
		fault(in, "dict_type", "Input should be a valid dictionary", NULL);
		return;
	}
	arena_defer(in->arena, free_text, text);
	if (in->field->max > 0 && (double)strlen(text) > in->field->max)
		fault_bound(in, "value_error", "max_bytes", in->field->max,
			    "Value error, object should be at most", " bytes of JSON");
	else
		*(const char **)in->to = text;
}

/* --- from JSON and from text --------------------------------------------------------------- */

static void take_json(struct intake *in)
{
	const json_t *json = in->json;
	switch (in->field->type) {
	case FIELD_TEXT:
	case FIELD_CHOICE:
		if (!json_is_string(json))
			fault(in, "string_type", "Input should be a valid string", NULL);
		else if (in->field->type == FIELD_TEXT)
			take_text(in, json_string_value(json), json_string_length(json));
		else
			take_choice(in, json_string_value(json));
		break;
	case FIELD_INT:
		if (json_is_integer(json))
			take_int(in, json_integer_value(json));
		else if (json_is_real(json) && fabs(json_real_value(json)) < 9e15 &&
			 json_real_value(json) == trunc(json_real_value(json)))
			take_int(in, (int64_t)json_real_value(json));
		else
			fault(in, "int_type", "Input should be a valid integer", NULL);
		break;
	case FIELD_REAL:
		if (json_is_number(json))
			take_real(in, json_number_value(json));
		else
			fault(in, "float_type", "Input should be a valid number", NULL);
		break;
	case FIELD_BOOL:
	case FIELD_TRISTATE:
		if (json_is_boolean(json))
			take_bool(in, json_is_true(json));
		else
			fault(in, "bool_type", "Input should be a valid boolean", NULL);
		break;
	case FIELD_TIME:
		if (json_is_string(json))
			take_time(in, json_string_value(json));
		else
			fault(in, "datetime_type", "Input should be a valid datetime", NULL);
		break;
	case FIELD_TEXTS:
		if (json_is_array(json))
			take_texts(in);
		else
			fault(in, "list_type", "Input should be a valid list", NULL);
		break;
	case FIELD_INTS:
		if (json_is_array(json))
			take_ints(in);
		else
			fault(in, "list_type", "Input should be a valid list", NULL);
		break;
	case FIELD_OBJECT:
		if (json_is_object(json))
			take_object(in);
		else
			fault(in, "dict_type", "Input should be a valid dictionary", NULL);
		break;
	case FIELD_TYPE__COUNT:
		break;
	}
}

/* Returns -1 when the text is not a boolean. Pydantic accepts the same words. */
static int parse_bool(const char *text)
{
	static const char *const words[] = {"false", "true", "0", "1", "no", "yes", "off", "on"};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcasecmp(words[i], text) == 0)
			return (int)(i & 1);
	return -1;
}

static void take_pair(struct intake *in)
{
	char *end;
	bool whole = strlen(in->text) == in->bytes;
	errno = 0;
	switch (in->field->type) {
	case FIELD_TEXT:
		take_text(in, in->text, in->bytes);
		break;
	case FIELD_CHOICE:
		take_choice(in, whole ? in->text : "");
		break;
	case FIELD_TIME:
		take_time(in, whole ? in->text : "");
		break;
	case FIELD_INT: {
		int64_t number = strtoll(in->text, &end, 10);
		if (errno || end == in->text || *end || !whole)
			fault(in, "int_parsing",
			      "Input should be a valid integer, unable to parse string as an "
			      "integer",
			      NULL);
		else
			take_int(in, number);
		break;
	}
	case FIELD_REAL: {
		double number = strtod(in->text, &end);
		if (errno || end == in->text || *end || !whole || !isfinite(number))
			fault(in, "float_parsing",
			      "Input should be a valid number, unable to parse string as a number",
			      NULL);
		else
			take_real(in, number);
		break;
	}
	case FIELD_BOOL:
	case FIELD_TRISTATE: {
		int value = whole ? parse_bool(in->text) : -1;
		if (value < 0)
			fault(in, "bool_parsing",
			      "Input should be a valid boolean, unable to interpret input", NULL);
		else
			take_bool(in, value);
		break;
	}
	case FIELD_TEXTS:
	case FIELD_INTS:
	case FIELD_OBJECT:
	case FIELD_TYPE__COUNT:
		fault(in, "value_error", "Value error, this field cannot come in a query or form",
		      NULL);
		break;
	}
}

static void take_default(struct intake *in)
{
	const struct field *field = in->field;
	if (field->type == FIELD_TRISTATE)
		*(int *)in->to = -1;
	if (field->default_value) {
		in->text = field->default_value;
		in->bytes = strlen(field->default_value);
		take_pair(in);
	}
}

/* Null empties a field, but a number or boolean cannot be empty. */
static bool can_be_null(const struct field *field)
{
	return field->type != FIELD_INT && field->type != FIELD_REAL && field->type != FIELD_BOOL;
}

static bool has_secret(const struct fields *fields)
{
	for (size_t i = 0; i < fields->count; i++)
		if (fields->rows[i].secret)
			return true;
	return false;
}

/* Echoes the whole input, as Pydantic does, unless it may contain a secret. */
static void take_missing(struct intake *in, const json_t *whole)
{
	in->json = whole;
	fault(in, "missing", "Field required", NULL);
}

void fields_from_json(struct arena *arena, const struct fields *fields, const json_t *json,
		      const char *where, void *out, uint32_t *given_r, struct buf *faults)
{
	uint32_t given = 0;
	memset(out, 0, fields->size);
	for (size_t i = 0; i < fields->count; i++) {
		const struct field *field = &fields->rows[i];
		struct intake in = {.arena = arena,
				    .field = field,
				    .beside_secret = has_secret(fields),
				    .where = where,
				    .to = (char *)out + field->at,
				    .faults = faults};
		json_t *value = json_object_get(json, field->name);
		bool is_null = json_is_null(value);
		given |= (uint32_t)(value && (!is_null || can_be_null(field))) << i;
		if (value && (field->required || !is_null)) {
			in.json = value;
			take_json(&in);
		} else if (field->required) {
			take_missing(&in, json);
		} else {
			take_default(&in);
		}
	}
	if (given_r)
		*given_r = given;
}

void fields_from_pairs(struct arena *arena, const struct fields *fields, const struct pair *pairs,
		       size_t count, const char *where, void *out, struct buf *faults)
{
	memset(out, 0, fields->size);
	for (size_t i = 0; i < fields->count; i++) {
		const struct field *field = &fields->rows[i];
		struct intake in = {.arena = arena,
				    .field = field,
				    .beside_secret = has_secret(fields),
				    .where = where,
				    .to = (char *)out + field->at,
				    .faults = faults};
		for (size_t pair = 0; pair < count; pair++) {
			if (strcmp(pairs[pair].name, field->name) == 0) {
				in.text = pairs[pair].value;
				in.bytes = pairs[pair].bytes;
			}
		}
		if (in.text)
			take_pair(&in);
		else if (field->required)
			take_missing(&in, NULL);
		else
			take_default(&in);
	}
}
