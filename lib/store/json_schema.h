/*
 * The tables of input (fields) and output (shapes) as JSON Schema, for OpenAPI 3.1 and
 * AsyncAPI 3.0.
 *
 * Every function appends to `out`. Schemas of shapes stand under #/components/schemas/ by their
 * names.
 */
#ifndef STORE_JSON_SCHEMA_H
#define STORE_JSON_SCHEMA_H

#include "base/buf.h"
#include "base/fields.h"
#include "store/shape.h"

/* `"type":"integer"`, or with null as a second type. */
void schema_type(struct buf *out, const char *type, bool nullable);

/* `{"$ref":"#/components/schemas/NAME"}` */
void schema_ref(struct buf *out, const char *name);

/* The schema of one field of an input. */
void schema_field(struct buf *out, const struct field *field, bool nullable);

/* The schema of a whole input, an object; and its two parts, for an object that has more. */
void schema_fields(struct buf *out, const struct fields *fields);
void schema_properties(struct buf *out, const struct fields *fields);
void schema_required(struct buf *out, const struct fields *fields);

#define SCHEMA_SHAPES_MAX 256

/* A set of shapes. */
struct schema_shapes {
	const struct shape *at[SCHEMA_SHAPES_MAX];
	size_t count;
};

/* Adds the shape, and those that it is made of. */
void schema_collect(struct schema_shapes *shapes, const struct shape *shape);

/* `"NAME":{…},…` of all of them. */
void schema_shapes(struct buf *out, const struct schema_shapes *shapes);

#endif
