/* Faults: see faults.h. */
#include "base/faults.h"

#include <string.h>

#include "base/json_out.h"
#include "base/utf8.h"

#define LONGEST_ECHO 512 /* bytes of wrong input that a fault echoes */

static void echo_json(struct buf *out, const json_t *json)
{
	char small[LONGEST_ECHO];
	size_t size = json_dumpb(json, small, sizeof(small), JSON_COMPACT | JSON_ENCODE_ANY);
	if (size > 0 && size <= sizeof(small))
		jw_raw(out, small, size);
	else if (json_is_string(json))
		jw_text_n(out, json_string_value(json),
			  utf8_prefix(json_string_value(json), json_string_length(json),
				      LONGEST_ECHO / 4));
	else
		jw_null(out);
}

static void echo_text(struct buf *out, const char *text, size_t bytes)
{
	if (utf8_count(text, bytes) < 0)
		jw_null(out);
	else
		jw_text_n(out, text, utf8_prefix(text, bytes, LONGEST_ECHO / 4));
}

static void fault_open(struct buf *faults, const char *type, const char *where, const char *name)
{
	if (!faults->len)
		buf_putc(faults, '[');
	jw_open(faults, '{');
	jw_kv_text(faults, "type", type);
	jw_key(faults, "loc"), jw_open(faults, '[');
	jw_text(faults, where);
	if (name)
		jw_text(faults, name);
	jw_close(faults, ']');
}

void fault_add(struct buf *faults, const struct fault *fault)
{
	fault_open(faults, fault->type, fault->where, fault->name);
	jw_kv_text(faults, "msg", fault->message);
	jw_key(faults, "input");
	if (fault->json)
		echo_json(faults, fault->json);
	else if (fault->text)
		echo_text(faults, fault->text, fault->bytes);
	else
		jw_null(faults);
	if (fault->context) {
		jw_key(faults, "ctx");
		jw_raw(faults, fault->context, strlen(fault->context));
	}
	jw_close(faults, '}');
}

void fault_value(struct buf *faults, const char *where, const char *name, const char *message)
{
	fault_add(faults,
		  &(struct fault){
			  .type = "value_error", .message = message, .where = where, .name = name});
}

void fault_json(struct buf *faults, int offset, const char *reason)
{
	fault_open(faults, "json_invalid", "body", NULL);
	faults->len--; /* remove loc's bracket, because the offset follows */
	jw_int(faults, offset);
	jw_close(faults, ']');
	jw_kv_text(faults, "msg", "JSON decode error");
	jw_key(faults, "input"), jw_open(faults, '{'), jw_close(faults, '}');
	jw_key(faults, "ctx"), jw_open(faults, '{');
	jw_key(faults, "error");
	/* jansson quotes the text near the fault, which may be a part of a password. */
	const char *quote = strstr(reason, " near ");
	echo_text(faults, reason, quote ? (size_t)(quote - reason) : strlen(reason));
	jw_close(faults, '}');
	jw_close(faults, '}');
}

void fault_not_object(struct buf *faults)
{
	fault_add(faults, &(struct fault){.type = "model_attributes_type",
					  .message = "Input should be a valid dictionary or object "
						     "to extract fields from",
					  .where = "body"});
}

int faults_raise(struct buf *faults, struct problem *why)
{
	if (!faults->len)
		return 0;
	jw_close(faults, ']');
	problem_set(why, PROBLEM_INVALID);
	if (why->code == PROBLEM_INVALID)
		why->errors = faults->data;
	return -1;
}

int problem_field(struct arena *arena, struct problem *why, const char *where, const char *name,
		  const char *message)
{
	struct buf *faults = buf_in(arena);
	fault_value(faults, where, name, message);
	return faults_raise(faults, why);
}
