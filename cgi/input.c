/* Input: see input.h. */
#include "cgi/input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <sodium.h>

#include "base/json_in.h"
#include "base/utf8.h"
#include "cgi/request.h"
#include "cgi/url.h"

#define CURSOR_VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define CURSOR_MAX sodium_base64_ENCODED_LEN(PAGE_KEY, CURSOR_VARIANT)

static const struct field paging_rows[] = {
	FIELD(struct paging, limit, INT, .min = 1, .max = PAGE_ROWS_MAX, .default_value = "50",
	      .help = "Most entries on a page."),
	FIELD(struct paging, cursor, TEXT, .min = 1, .max = 200,
	      .help = "Start of this page, from the Link header of the page before."),
};
const struct fields paging_fields = FIELDS(struct paging, paging_rows);

/* --- pages ------------------------------------------------------------------------------------ */

static void decode_page(struct request *rq, const struct paging *paging, struct buf *faults)
{
	rq->page.limit = (int)paging->limit;
	if (!paging->cursor)
		return;
	char *key = arena_alloc(rq->arena, PAGE_KEY);
	size_t bytes;
	if (sodium_base642bin((unsigned char *)key, PAGE_KEY - 1, paging->cursor,
			      strlen(paging->cursor), NULL, &bytes, NULL, CURSOR_VARIANT) != 0 ||
	    bytes == 0 || utf8_count(key, bytes) < 0)
		fault_value(faults, "query", "cursor",
			    "Value error, cursor should be from a Link header");
	else
		rq->page.after = key;
}

const char *input_next_link(const struct request *rq)
{
	if (!rq->page.next[0])
		return NULL;
	char cursor[CURSOR_MAX];
	sodium_bin2base64(cursor, sizeof(cursor), (const unsigned char *)rq->page.next,
			  strlen(rq->page.next), CURSOR_VARIANT);
	struct buf *link = buf_in(rq->arena);
	buf_putc(link, '<');
	url_encode(link, rq->base, strlen(rq->base), "/");
	url_encode(link, rq->path, strlen(rq->path), "/");
	buf_putc(link, '?');
	for (size_t i = 0; i < rq->pair_count; i++) {
		const struct pair *pair = &rq->pairs[i];
		if (strcmp(pair->name, "cursor") == 0)
			continue;
		url_encode(link, pair->name, strlen(pair->name), "");
		buf_putc(link, '=');
		url_encode(link, pair->value, pair->bytes, "");
		buf_putc(link, '&');
	}
	buf_printf(link, "cursor=%s>; rel=\"next\"", cursor);
	return link->data;
}

/* --- the body --------------------------------------------------------------------------------- */

enum body_kind { BODY_JSON, BODY_FORM };

/* A body is JSON by default, with application/json and with any …+json. */
static int find_body_kind(const struct request *rq, enum body_kind *kind_r, struct problem *why)
{
	const char *type = gateway_get(rq->gateway, "CONTENT_TYPE");
	*kind_r = BODY_JSON;
	if (!type)
		return 0;
	size_t length = strcspn(type, "; \t");
	const char *json = "application/json", *form = "application/x-www-form-urlencoded";
	if (length == strlen(json) && strncasecmp(type, json, length) == 0)
		return 0;
	if (length > 5 && strncasecmp(type + length - 5, "+json", 5) == 0)
		return 0;
	if (!rq->match.route->form || length != strlen(form) ||
	    strncasecmp(type, form, length) != 0)
		return problem_set(why, PROBLEM_MEDIA_TYPE);
	*kind_r = BODY_FORM;
	return 0;
}

/* Reads CONTENT_LENGTH bytes. Returns NULL after adding a fault or setting a problem. */
static const char *read_body(struct request *rq, size_t *bytes_r, struct buf *faults,
			     struct problem *why)
{
	const char *announced = gateway_get(rq->gateway, "CONTENT_LENGTH");
	char *end;
	*bytes_r = 0;
	if (gateway_hides_length(rq->gateway)) {
		problem_set(why, PROBLEM_LENGTH_REQUIRED);
		return NULL;
	}
	if (!announced)
		return "";
	errno = 0;
	unsigned long long length = strtoull(announced, &end, 10);
	if (announced[strspn(announced, "0123456789")]) {
		fault_json(faults, 0, "the Content-Length is not a number");
		return NULL;
	}
	if (errno || length > BODY_MAX) {
		problem_set(why, PROBLEM_BODY_TOO_LARGE);
		return NULL;
	}
	char *body = arena_alloc(rq->arena, (size_t)length + 1);
	ssize_t count = rq->gateway->read(rq->gateway->stream, body, (size_t)length);
	if (count < 0) {
		problem_set(why, PROBLEM_REQUEST_TIMEOUT);
		return NULL;
	}
	*bytes_r = (size_t)count;
	rq->raw = body;
	rq->raw_bytes = *bytes_r;
	if (*bytes_r == length)
		return body;
	fault_json(faults, (int)*bytes_r, "the body ends before its Content-Length");
	return NULL;
}

static int decode_body(struct request *rq, void *to, struct buf *faults, struct problem *why)
{
	const struct fields *fields = rq->match.route->body;
	enum body_kind kind = BODY_JSON;
	size_t bytes;
	const char *body = read_body(rq, &bytes, faults, why);
	if (!body)
		return why->code ? -1 : 0;
	if (bytes > 0)
		TRY(find_body_kind(rq, &kind, why));
	if (kind == BODY_FORM) {
		size_t count;
		const struct pair *pairs = url_pairs(rq->arena, body, bytes, &count);
		fields_from_pairs(rq->arena, fields, pairs, count, "body", to, faults);
		return 0;
	}
	/* An empty body counts as an empty object, so that the faults name the required fields. */
	rq->json = bytes > 0 ? json_in(rq->arena, body, bytes, faults) : NULL;
	if (rq->json || bytes == 0)
		fields_from_json(rq->arena, fields, rq->json, "body", to, &rq->given, faults);
	return 0;
}

/* --- the whole -------------------------------------------------------------------------------- */

static void *decode_pairs(struct request *rq, const struct fields *fields, const struct pair *pairs,
			  size_t count, const char *where, struct buf *faults)
{
	void *to = arena_alloc(rq->arena, fields->size);
	fields_from_pairs(rq->arena, fields, pairs, count, where, to, faults);
	return to;
}

static void *decode_query(struct request *rq, const struct fields *fields, struct buf *faults)
{
	return decode_pairs(rq, fields, rq->pairs, rq->pair_count, "query", faults);
}

/* Whether the body's fields are in the query string: one is there, or the body is empty. */
static bool body_is_in_query(const struct request *rq)
{
	const struct route *route = rq->match.route;
	const char *length = gateway_get(rq->gateway, "CONTENT_LENGTH");
	if (!route->body_in_query)
		return false;
	for (size_t i = 0; i < rq->pair_count; i++)
		for (size_t row = 0; row < route->body->count; row++)
			if (strcmp(rq->pairs[i].name, route->body->rows[row].name) == 0)
				return true;
	return length ? strcmp(length, "0") == 0 : !gateway_hides_length(rq->gateway);
}

int input_decode(struct request *rq, struct problem *why)
{
	const struct route *route = rq->match.route;
	struct buf *faults = buf_in(rq->arena);
	if (route->params)
		rq->params = decode_pairs(rq, route->params, rq->match.params,
					  rq->match.param_count, "path", faults);
	if (route->query)
		rq->query = decode_query(rq, route->query, faults);
	if (route->pages)
		decode_page(rq, decode_query(rq, &paging_fields, faults), faults);
	if (rq->kept) /* the body was read when the request came */
		return faults_raise(faults, why);
	if (route->body && body_is_in_query(rq)) {
		rq->body = decode_query(rq, route->body, faults);
	} else if (route->body) {
		void *to = arena_alloc(rq->arena, route->body->size);
		TRY(decode_body(rq, to, faults, why));
		rq->body = to;
	}
	return faults_raise(faults, why);
}
