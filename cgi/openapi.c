/*
 * /openapi.json: the tables of routes, fields and shapes, printed as OpenAPI 3.1.
 *
 * No route is described here by hand, so the document cannot contradict the tables. Each process
 * prints it once, because the tables are constant.
 */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/json_out.h"
#include "cgi/conditional.h"
#include "cgi/request.h"
#include "store/json_schema.h"

/* --- schemas ---------------------------------------------------------------------------------- */

/* The schemas of all problems; only these are not printed from a table. */
static const char error_schemas[] =
	"\"Error\":{\"type\":\"object\",\"properties\":{"
	"\"detail\":{\"type\":\"string\"},\"code\":{\"type\":\"string\"}},"
	"\"required\":[\"detail\",\"code\"]},"
	"\"ValidationError\":{\"type\":\"object\",\"properties\":{"
	"\"detail\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
	"\"type\":{\"type\":\"string\"},"
	"\"loc\":{\"type\":\"array\",\"items\":{\"type\":[\"string\",\"integer\"]}},"
	"\"msg\":{\"type\":\"string\"},\"input\":{},\"ctx\":{\"type\":\"object\"}},"
	"\"required\":[\"type\",\"loc\",\"msg\",\"input\"]}},"
	"\"code\":{\"type\":\"string\"}},\"required\":[\"detail\",\"code\"]}";

static void collect_answers(struct schema_shapes *shapes, const struct route *route)
{
	if (route->answer)
		schema_collect(shapes, route->answer);
	if (route->found)
		schema_collect(shapes, route->found);
}

static void put_schemas(struct buf *out)
{
	struct schema_shapes shapes = {.count = 0};
	for (const struct routes *const *table = all_routes; *table; table++)
		for (size_t i = 0; i < (*table)->count; i++)
			collect_answers(&shapes, &(*table)->rows[i]);
	jw_open_key(out, "schemas");
	jw_raw(out, error_schemas, sizeof(error_schemas) - 1);
	schema_shapes(out, &shapes);
	jw_close(out, '}');
}

/* --- fields ----------------------------------------------------------------------------------- */

static void put_parameters(struct buf *out, const char *where, const struct fields *fields,
			   bool optional)
{
	for (size_t i = 0; fields && i < fields->count; i++) {
		const struct field *field = &fields->rows[i];
		jw_open(out, '{');
		jw_kv_text(out, "name", field->name);
		jw_kv_text(out, "in", where);
		jw_kv_bool(out, "required", field->required && !optional);
		jw_key(out, "schema");
		schema_field(out, field, false);
		jw_close(out, '}');
	}
}

static void put_body_schema(struct buf *out, const struct route *route)
{
	jw_open(out, '{');
	if (route->example)
		jw_key(out, "example"), jw_raw(out, route->example, strlen(route->example));
	jw_key(out, "schema");
	schema_fields(out, route->body);
	jw_close(out, '}');
}

/* An empty body counts as an empty object. */
static bool requires_body(const struct route *route)
{
	for (size_t i = 0; i < route->body->count; i++)
		if (route->body->rows[i].required)
			return !route->body_in_query;
	return false;
}

static void put_body(struct buf *out, const struct route *route)
{
	jw_open_key(out, "requestBody");
	jw_kv_bool(out, "required", requires_body(route));
	jw_open_key(out, "content");
	jw_key(out, "application/json");
	put_body_schema(out, route);
	if (route->form) {
		jw_key(out, "application/x-www-form-urlencoded");
		put_body_schema(out, route);
	}
	jw_close(out, '}');
	jw_close(out, '}');
}

/* --- headers ---------------------------------------------------------------------------------- */

#define HEADERS "#/components/headers/"

static const struct {
	const char *name, *help;
} answer_headers[] = {
	{"ETag", "Version of the answer, for If-None-Match and If-Match."},
	{"Link", "The next page, as rel=\"next\"; absent on the last page."},
	{"Location", "Path of the created resource."},
	{"Retry-After", "Seconds after which the client may try again."},
	{"WWW-Authenticate", "Bearer."},
	{"X-RateLimit-Limit", "How much the user's budget is when it is full."},
	{"X-RateLimit-Remaining", "How much of the budget is left."},
	{"X-RateLimit-Reset", "Seconds until the budget is full again."},
	{"X-Request-Id",
	 "Id of the request, also in the log: the client's own if valid, else new."},
};

static void put_text_schema(struct buf *out)
{
	jw_key(out, "schema"), jw_open(out, '{');
	schema_type(out, "string", false);
	jw_close(out, '}');
}

static void put_headers(struct buf *out)
{
	jw_open_key(out, "headers");
	for (size_t i = 0; i < sizeof(answer_headers) / sizeof(*answer_headers); i++) {
		jw_open_key(out, answer_headers[i].name);
		jw_kv_text(out, "description", answer_headers[i].help);
		put_text_schema(out);
		jw_close(out, '}');
	}
	jw_close(out, '}');
}

static void put_header(struct buf *out, const char *name)
{
	char ref[64];
	snprintf(ref, sizeof(ref), HEADERS "%s", name);
	jw_open_key(out, name);
	jw_kv_text(out, "$ref", ref);
	jw_close(out, '}');
}

static void put_status_headers(struct buf *out, const struct route *route, int status)
{
	jw_open_key(out, "headers");
	put_header(out, "X-Request-Id");
	if (status < 400 && route->tagged)
		put_header(out, "ETag");
	if (status < 300 && route->pages)
		put_header(out, "Link");
	if (status == 201)
		put_header(out, "Location");
	if (status == 401)
		put_header(out, "WWW-Authenticate");
	if (status == 429 || status == 503)
		put_header(out, "Retry-After");
	if (route->access == ACCESS_USER && status != 401) {
		put_header(out, "X-RateLimit-Limit");
		put_header(out, "X-RateLimit-Remaining");
		put_header(out, "X-RateLimit-Reset");
	}
	jw_close(out, '}');
}

static void put_condition(struct buf *out, const char *name, const char *help)
{
	jw_open(out, '{');
	jw_kv_text(out, "name", name);
	jw_kv_text(out, "in", "header");
	jw_kv_bool(out, "required", false);
	jw_kv_text(out, "description", help);
	put_text_schema(out);
	jw_close(out, '}');
}

static void put_conditions(struct buf *out, const struct route *route)
{
	if (route->tagged)
		put_condition(out, "If-None-Match", "An ETag; if it is current, answer 304.");
	if (conditional_reader(route))
		put_condition(out, "If-Match", "An ETag; if it is not current, answer 412.");
	if (conditional_takes_key(route))
		put_condition(out, "Idempotency-Key",
			      "Up to 255 characters. A request that is repeated with the same key "
			      "within a day acts only once and gets the same answer.");
}

/* --- answers ---------------------------------------------------------------------------------- */

static void open_status(struct buf *out, int status)
{
	char key[8];
	snprintf(key, sizeof(key), "%d", status);
	jw_open_key(out, key);
}

static void put_answer_schema(struct buf *out, const struct route *route)
{
	if (route->answer && !route->list) {
		schema_ref(out, route->answer->name);
		return;
	}
	jw_open(out, '{');
	schema_type(out, route->list ? "array" : route->type ? "string" : "object", false);
	if (route->list) {
		jw_key(out, "items");
		schema_ref(out, route->answer->name);
	}
	jw_close(out, '}');
}

/* With the answer to a search, where that is another one. */
static void put_answer_schemas(struct buf *out, const struct route *route)
{
	if (!route->found) {
		put_answer_schema(out, route);
		return;
	}
	jw_open(out, '{');
	jw_key(out, "oneOf"), jw_open(out, '[');
	put_answer_schema(out, route);
	schema_ref(out, route->found->name);
	jw_close(out, ']');
	jw_close(out, '}');
}

static void put_answer(struct buf *out, const struct route *route, int status)
{
	open_status(out, status);
	jw_kv_text(out, "description", route->summary);
	put_status_headers(out, route, status);
	if (status == 204) {
		jw_close(out, '}');
		return;
	}
	jw_open_key(out, "content");
	jw_open_key(out, route->type ? route->type : "application/json");
	jw_key(out, "schema");
	put_answer_schemas(out, route);
	jw_close(out, '}');
	jw_close(out, '}');
	jw_close(out, '}');
}

static void put_unchanged(struct buf *out, const struct route *route)
{
	open_status(out, 304);
	jw_kv_text(out, "description", "The answer still has the ETag of If-None-Match.");
	put_status_headers(out, route, 304);
	jw_close(out, '}');
}

static void put_error_example(struct buf *out, const struct problem_info *info)
{
	if (info->http_status == 422)
		return;
	jw_key(out, "example"), jw_open(out, '{');
	jw_kv_text(out, "detail", info->text);
	jw_kv_text(out, "code", info->code);
	jw_close(out, '}');
}

/* One response for each status; its description lists the codes. */
static void put_problems(struct buf *out, const struct route *route)
{
	enum problem_code codes[PROBLEM__COUNT];
	size_t count = route_problems(route, codes);
	for (size_t i = 0, next; i < count; i = next) {
		int status = problem_info(codes[i])->http_status;
		char codes_text[160] = "";
		size_t length = 0;
		for (next = i; next < count && problem_info(codes[next])->http_status == status;
		     next++)
			length += (size_t)snprintf(codes_text + length, sizeof(codes_text) - length,
						   "%s%s", length ? ", " : "",
						   problem_info(codes[next])->code);
		open_status(out, status);
		jw_kv_text(out, "description", codes_text);
		put_status_headers(out, route, status);
		jw_open_key(out, "content");
		jw_open_key(out, "application/json");
		put_error_example(out, problem_info(codes[i]));
		jw_key(out, "schema");
		schema_ref(out, status == 422 ? "ValidationError" : "Error");
		jw_close(out, '}');
		jw_close(out, '}');
		jw_close(out, '}');
	}
}

/* --- operations ------------------------------------------------------------------------------- */

static void put_operation(struct buf *out, const struct route *route, const char *tag)
{
	char method[8] = "";
	for (size_t i = 0; route->method[i] && i + 1 < sizeof(method); i++)
		method[i] = (char)tolower(route->method[i]);
	jw_open_key(out, method);
	jw_kv_text(out, "operationId", route->name);
	jw_kv_text(out, "summary", route->summary);
	jw_key(out, "tags"), jw_open(out, '['), jw_text(out, tag), jw_close(out, ']');
	jw_key(out, "security"), jw_open(out, '[');
	if (route->access == ACCESS_USER) {
		jw_open(out, '{');
		jw_key(out, "bearer"), jw_open(out, '['), jw_close(out, ']');
		jw_close(out, '}');
		jw_open(out, '{');
		jw_key(out, "cookie"), jw_open(out, '['), jw_close(out, ']');
		jw_close(out, '}');
	}
	jw_close(out, ']');
	if (route->access == ACCESS_USER) {
		jw_kv_int(out, "x-weight", route->weight ? route->weight : 1);
		jw_kv_bool(out, "x-reaches-user", route->reaches);
	}
	jw_key(out, "parameters"), jw_open(out, '[');
	put_parameters(out, "path", route->params, false);
	put_parameters(out, "query", route->query, false);
	put_parameters(out, "query", route->pages ? &paging_fields : NULL, false);
	put_parameters(out, "query", route->body_in_query ? route->body : NULL, true);
	put_conditions(out, route);
	jw_close(out, ']');
	if (route->body)
		put_body(out, route);
	jw_open_key(out, "responses");
	put_answer(out, route, route->status);
	if (route->or_status)
		put_answer(out, route, route->or_status);
	if (route->tagged)
		put_unchanged(out, route);
	put_problems(out, route);
	jw_close(out, '}');
	jw_close(out, '}');
}

/* OpenAPI groups operations by path, also when their routes are in different tables. */
static void put_path(struct buf *out, const char *path)
{
	jw_open_key(out, path);
	for (const struct routes *const *table = all_routes; *table; table++)
		for (size_t i = 0; i < (*table)->count; i++)
			if (strcmp((*table)->rows[i].path, path) == 0)
				put_operation(out, &(*table)->rows[i], (*table)->title);
	jw_close(out, '}');
}

static bool path_is_put(const struct route *route)
{
	for (const struct routes *const *table = all_routes; *table; table++)
		for (size_t i = 0; i < (*table)->count; i++) {
			const struct route *other = &(*table)->rows[i];
			if (other == route)
				return false;
			if (strcmp(other->path, route->path) == 0)
				return true;
		}
	return false;
}

static void put_document(struct buf *out)
{
	jw_open(out, '{');
	jw_kv_text(out, "openapi", "3.1.0");
	jw_open_key(out, "info");
	jw_kv_text(out, "title", "AEON Realm");
	jw_kv_text(out, "version", PACKAGE_VERSION);
	jw_close(out, '}');
	jw_open_key(out, "paths");
	for (const struct routes *const *table = all_routes; *table; table++)
		for (size_t i = 0; i < (*table)->count; i++)
			if (!path_is_put(&(*table)->rows[i]))
				put_path(out, (*table)->rows[i].path);
	jw_close(out, '}');
	jw_open_key(out, "components");
	put_schemas(out);
	put_headers(out);
	jw_open_key(out, "securitySchemes");
	jw_open_key(out, "bearer");
	jw_kv_text(out, "type", "http");
	jw_kv_text(out, "scheme", "bearer");
	jw_close(out, '}');
	jw_open_key(out, "cookie");
	jw_kv_text(out, "type", "apiKey");
	jw_kv_text(out, "in", "cookie");
	jw_kv_text(out, "name", "__Host-aeon");
	jw_kv_text(out, "description",
		   "A login with cookie: true sets it; without TLS its name is aeon. Every request "
		   "but a GET must come from a page of the realm: its Origin, or Sec-Fetch-Site: "
		   "same-origin.");
	jw_close(out, '}');
	jw_close(out, '}');
	jw_close(out, '}');
	jw_close(out, '}');
}

/* --- the route -------------------------------------------------------------------------------- */

static int do_openapi(struct request *rq, struct problem *why)
{
	static struct buf document;
	(void)why;
	if (!document.len)
		put_document(&document);
	buf_add(rq->out, document.data, document.len);
	return 0;
}

static const struct route routes[] = {
	{
		.name = "openapi",
		.method = "GET",
		.path = "/openapi.json",
		.access = ACCESS_PUBLIC,
		.weight = 5,
		.tagged = true,
		.status = 200,
		.summary = "Get this API description as OpenAPI 3.1",
		.handle = do_openapi,
	},
};
const struct routes openapi_routes = ROUTES("Description", routes);
