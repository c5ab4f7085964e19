/* JSON Schema of input and output tables: see json_schema.h. */
#include "store/json_schema.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/json_out.h"

#define SCHEMAS "#/components/schemas/"

void schema_ref(struct buf *out, const char *name)
{
	char ref[96];
	snprintf(ref, sizeof(ref), SCHEMAS "%s", name);
	jw_open(out, '{');
	jw_kv_text(out, "$ref", ref);
	jw_close(out, '}');
}

void schema_type(struct buf *out, const char *type, bool nullable)
{
	jw_key(out, "type");
	if (!nullable) {
		jw_text(out, type);
		return;
	}
	jw_open(out, '[');
	jw_text(out, type);
	jw_text(out, "null");
	jw_close(out, ']');
}

static const char *const property_types[] = {
	[PROPERTY_INT] = "integer", [PROPERTY_REAL] = "number", [PROPERTY_BOOL] = "boolean",
	[PROPERTY_TEXT] = "string", [PROPERTY_TIME] = "string", [PROPERTY_OBJECT] = "object",
	[PROPERTY_TEXTS] = "array", [PROPERTY_INTS] = "array",  [PROPERTY_LIST] = "array",
	[PROPERTY_PART] = "object",
};

static void put_property(struct buf *out, const struct property *property)
{
	jw_key(out, property->name);
	if (property->type == PROPERTY_PART) {
		schema_ref(out, property->of->name);
		return;
	}
	jw_open(out, '{');
	if (property->type != PROPERTY_ANY)
		schema_type(out, property_types[property->type], property->nullable);
	if (property->type == PROPERTY_TIME)
		jw_kv_text(out, "format", "date-time");
	if (property->type == PROPERTY_TEXTS || property->type == PROPERTY_INTS) {
		jw_open_key(out, "items");
		schema_type(out, property->type == PROPERTY_INTS ? "integer" : "string", false);
		jw_close(out, '}');
	}
	if (property->type == PROPERTY_LIST) {
		jw_key(out, "items");
		schema_ref(out, property->of->name);
	}
	if (property->help)
		jw_kv_text(out, "description", property->help);
	jw_close(out, '}');
}

static void put_shape(struct buf *out, const struct shape *shape)
{
	jw_open_key(out, shape->name);
	schema_type(out, "object", false);
	jw_open_key(out, "properties");
	for (int i = 0; i < shape->count; i++)
		put_property(out, &shape->properties[i]);
	jw_close(out, '}');
	jw_key(out, "required"), jw_open(out, '[');
	for (int i = 0; i < shape->count; i++)
		if (!shape->properties[i].optional)
			jw_text(out, shape->properties[i].name);
	jw_close(out, ']');
	jw_close(out, '}');
}

void schema_collect(struct schema_shapes *shapes, const struct shape *shape)
{
	for (size_t i = 0; i < shapes->count; i++)
		if (shapes->at[i] == shape)
			return;
	assert(shapes->count < SCHEMA_SHAPES_MAX);
	shapes->at[shapes->count++] = shape;
	for (int i = 0; i < shape->count; i++)
		if (shape->properties[i].of)
			schema_collect(shapes, shape->properties[i].of);
}

void schema_shapes(struct buf *out, const struct schema_shapes *shapes)
{
	for (size_t i = 0; i < shapes->count; i++)
		put_shape(out, shapes->at[i]);
}

/* --- fields ----------------------------------------------------------------------------------- */

static const char *const field_types[FIELD_TYPE__COUNT] = {
	[FIELD_TEXT] = "string",  [FIELD_INT] = "integer",      [FIELD_REAL] = "number",
	[FIELD_BOOL] = "boolean", [FIELD_TRISTATE] = "boolean", [FIELD_CHOICE] = "string",
	[FIELD_TIME] = "string",  [FIELD_TEXTS] = "array",      [FIELD_OBJECT] = "object",
	[FIELD_INTS] = "array",
};

/* All bounds are whole numbers. */
static void put_bound(struct buf *out, const char *name, double bound)
{
	jw_key(out, name);
	jw_int(out, (int64_t)bound);
}

static void put_text_rules(struct buf *out, const struct field *field)
{
	if (field->min > 0)
		put_bound(out, "minLength", field->min);
	if (field->max > 0)
		put_bound(out, "maxLength", field->max);
	/* A field with its own error text has a rule that JSON Schema cannot express. */
	if (field->pattern && !field->wrong)
		jw_kv_text(out, "pattern", field->pattern);
	if (field->secret)
		jw_kv_text(out, "format", "password");
}

static void put_rules(struct buf *out, const struct field *field, bool nullable)
{
	switch (field->type) {
	case FIELD_TEXT:
		put_text_rules(out, field);
		break;
	case FIELD_INT:
	case FIELD_REAL:
		if (field->min != 0 || field->max != 0) {
			put_bound(out, "minimum", field->min);
			put_bound(out, "maximum", field->max);
		}
		break;
	case FIELD_TIME: /* JSON Schema has no bounds for it */
		jw_kv_text(out, "format", "date-time");
		break;
	case FIELD_CHOICE:
		jw_key(out, "enum"), jw_open(out, '[');
		for (const char *const *choice = field->choices; *choice; choice++)
			jw_text(out, *choice);
		if (nullable)
			jw_null(out);
		jw_close(out, ']');
		break;
	case FIELD_TEXTS:
		put_bound(out, "maxItems", field->max);
		jw_open_key(out, "items");
		schema_type(out, "string", false);
		put_bound(out, "minLength", 1);
		put_bound(out, "maxLength", field->item_max);
		jw_close(out, '}');
		break;
	case FIELD_INTS:
		put_bound(out, "maxItems", field->max);
		jw_open_key(out, "items");
		schema_type(out, "integer", false);
		jw_close(out, '}');
		break;
	default:
		break;
	}
}

void schema_field(struct buf *out, const struct field *field, bool nullable)
{
	bool text = strcmp(field_types[field->type], "string") == 0;
	jw_open(out, '{');
	schema_type(out, field_types[field->type], nullable);
	put_rules(out, field, nullable);
	if (field->default_value) {
		jw_key(out, "default");
		if (text)
			jw_text(out, field->default_value);
		else
			jw_raw(out, field->default_value, strlen(field->default_value));
	}
	if (field->help)
		jw_kv_text(out, "description", field->help);
	jw_close(out, '}');
}

void schema_properties(struct buf *out, const struct fields *fields)
{
	for (size_t i = 0; i < fields->count; i++) {
		jw_key(out, fields->rows[i].name);
		schema_field(out, &fields->rows[i], !fields->rows[i].required);
	}
}

void schema_required(struct buf *out, const struct fields *fields)
{
	for (size_t i = 0; i < fields->count; i++)
		if (fields->rows[i].required)
			jw_text(out, fields->rows[i].name);
}

void schema_fields(struct buf *out, const struct fields *fields)
{
	jw_open(out, '{');
	schema_type(out, "object", false);
	jw_open_key(out, "properties");
	schema_properties(out, fields);
	jw_close(out, '}');
	jw_key(out, "required"), jw_open(out, '[');
	schema_required(out, fields);
	jw_close(out, ']');
	jw_close(out, '}');
}
