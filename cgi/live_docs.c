/*
 * /asyncapi.json: the live contract as aeon-ws prints it, and its sections of /docs.
 *
 * The bridge owns the tables of the contract, and no front end includes another. So the build runs
 * `aeon-ws --asyncapi` and compiles the document into this file. The sections are made from it.
 */
#include "cgi/live_docs.h"

#include <string.h>

#include <jansson.h>

#include "base/json_in.h"
#include "cgi/html.h"
#include "cgi/request.h"

static const unsigned char document[] = {
#include "cgi/asyncapi.inc"
};

/* --- the sections of /docs -------------------------------------------------------------------- */

/* The string at that key, or "". */
static const char *text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : "";
}

/* The object that "$ref" points to, or the object itself. The paths have no escapes. */
static const json_t *resolve(const json_t *root, const json_t *object)
{
	char path[160];
	const char *ref = json_string_value(json_object_get(object, "$ref"));
	if (!ref)
		return object;
	snprintf(path, sizeof(path), "%s", ref + strlen("#/"));
	const json_t *found = root;
	for (char *rest = path, *name; (name = strsep(&rest, "/")) != NULL;)
		found = json_object_get(found, name);
	return resolve(root, found);
}

static void put_type(struct buf *out, const json_t *schema)
{
	const json_t *type = json_object_get(schema, "type"),
		     *constant = json_object_get(schema, "const");
	if (constant) {
		buf_puts(out, "<code>");
		html_text(out, json_string_value(constant));
		buf_puts(out, "</code>");
	} else if (json_is_array(type)) {
		buf_printf(out, "%s or null", json_string_value(json_array_get(type, 0)));
	} else {
		buf_puts(out, type ? json_string_value(type) : "any");
	}
}

static void put_properties(struct buf *out, const json_t *root, const json_t *schema, int depth)
{
	const char *name;
	json_t *value;
	json_object_foreach(json_object_get(schema, "properties"), name, value) {
		const json_t *property = resolve(root, value);
		const json_t *items = json_object_get(property, "items");
		buf_puts(out, "<tr><td>");
		for (int i = 0; i < depth; i++)
			buf_puts(out, "&emsp;");
		buf_printf(out, "<code>%s</code></td><td>", name);
		put_type(out, property);
		buf_puts(out, "</td><td>");
		html_text(out, text_at(property, "description"));
		buf_puts(out, "</td></tr>");
		put_properties(out, root, items ? resolve(root, items) : property, depth + 1);
	}
}

static void put_message(struct buf *out, const json_t *root, const json_t *message)
{
	buf_puts(out, "<details><summary><span class=\"path\">");
	html_text(out, text_at(message, "name"));
	buf_printf(out, "</span> <span class=\"open\">%s</span>", text_at(message, "x-protocol"));
	if (json_is_true(json_object_get(message, "x-entry")))
		buf_puts(out, " <span class=\"open\">entry</span>");
	buf_puts(out, "<br>");
	html_text(out, text_at(message, "summary"));
	buf_puts(out, "</summary><div><table>");
	put_properties(out, root, json_object_get(message, "payload"), 0);
	buf_puts(out, "</table></div></details>");
}

static void put_operation(struct buf *out, const json_t *root, const char *title, const char *name)
{
	const json_t *operation = json_object_get(json_object_get(root, "operations"), name);
	size_t i;
	json_t *message;
	buf_printf(out, "<h2 id=\"live-%s\">%s</h2>", name, title);
	json_array_foreach(json_object_get(operation, "messages"), i, message)
		put_message(out, root, resolve(root, message));
}

static void put_close_codes(struct buf *out, const json_t *channel)
{
	size_t i;
	json_t *row;
	buf_puts(out, "<h2 id=\"live-close\">Live: close codes</h2><table>");
	json_array_foreach(json_object_get(channel, "x-close-codes"), i, row) {
		buf_printf(out, "<tr><td><code>%d</code></td><td>",
			   (int)json_integer_value(json_object_get(row, "code")));
		html_text(out, text_at(row, "reason"));
		buf_puts(out, "</td></tr>");
	}
	buf_puts(out, "</table>");
}

void live_docs_put(struct arena *arena, struct buf *out)
{
	struct buf faults = {0};
	const json_t *root = json_in(arena, (const char *)document, sizeof(document), &faults);
	const json_t *channel = json_object_get(json_object_get(root, "channels"), "live");
	put_operation(out, root, "Live: commands", "command");
	put_operation(out, root, "Live: messages", "message");
	put_close_codes(out, channel);
	buf_free(&faults);
}

/* --- the route -------------------------------------------------------------------------------- */

static int do_asyncapi(struct request *rq, struct problem *why)
{
	(void)why;
	buf_add(rq->out, document, sizeof(document));
	return 0;
}

static const struct route routes[] = {
	{
		.name = "asyncapi",
		.method = "GET",
		.path = "/asyncapi.json",
		.access = ACCESS_PUBLIC,
		.tagged = true,
		.status = 200,
		.summary = "Get the description of the WebSocket as AsyncAPI 3.0",
		.handle = do_asyncapi,
	},
};
const struct routes live_docs_routes = ROUTES("Description", routes);
