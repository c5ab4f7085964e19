/*
 * / and /docs: HTML pages for users, printed from the same tables as the OpenAPI document. A page
 * has no script and loads no other file. And /.well-known/security.txt.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "cgi/html.h"
#include "cgi/live_docs.h"
#include "cgi/request.h"
#include "realm/settings.h"

static const char style[] =
	"<style>:root{color-scheme:light dark;--line:#8884;--soft:#8881;--accent:#2563a8}"
	"@media(prefers-color-scheme:dark){:root{--accent:#8ab8f0}}"
	"body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1.5rem}"
	"h1{margin:0}h2{margin:2.5rem 0 .5rem}a{color:var(--accent)}"
	"nav a{margin-right:1rem}code,.path{font-family:ui-monospace,monospace;font-size:.92em}"
	"details{border:1px solid var(--line);border-radius:.4rem;margin:.5rem 0}"
	"summary{padding:.5rem .75rem;cursor:pointer}summary:hover{background:var(--soft)}"
	"details>div{padding:0 .75rem .75rem;overflow-x:auto}"
	".method{display:inline-block;min-width:4.2em;font-weight:600;color:var(--accent)}"
	".open{font-size:.8em;border:1px solid var(--line);border-radius:1em;padding:0 .6em}"
	"h4{margin:.8rem 0 .2rem}table{border-collapse:collapse;width:100%}"
	"td,th{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;"
	"border-top:1px solid var(--line)}th{border:0;font-weight:600}"
	"</style>";

static void put_head(struct buf *out, const char *title)
{
	buf_printf(out,
		   "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
		   "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
		   "<title>%s</title>",
		   title);
	buf_puts(out, style);
	buf_puts(out, "</head><body>");
}

/* --- tables ----------------------------------------------------------------------------------- */

static void put_time_bounds(struct buf *out, const struct field *field)
{
	char min[CLOCK_TEXT], max[CLOCK_TEXT];
	if (field->min == 0 && field->max == 0)
		return;
	clock_text((int64_t)field->min, min);
	clock_text((int64_t)field->max, max);
	buf_printf(out, ", %s to %s", min, max);
}

static void put_field_type(struct buf *out, const struct field *field)
{
	static const char *const words[FIELD_TYPE__COUNT] = {
		[FIELD_TEXT] = "text",
		[FIELD_INT] = "whole number",
		[FIELD_REAL] = "number",
		[FIELD_BOOL] = "true or false",
		[FIELD_TRISTATE] = "true or false",
		[FIELD_CHOICE] = "",
		[FIELD_TIME] = "time as in RFC 3339",
		[FIELD_TEXTS] = "list of texts",
		[FIELD_INTS] = "list of whole numbers",
		[FIELD_OBJECT] = "object",
	};
	buf_puts(out, words[field->type]);
	for (const char *const *choice = field->choices; choice && *choice; choice++)
		buf_printf(out, "%s<code>%s</code>",
			   choice == field->choices ? ""
			   : choice[1]              ? ", "
						    : " or ",
			   *choice);
	if (field->type == FIELD_TEXT && field->min > 0 && field->max > 0)
		buf_printf(out, ", %.0f to %.0f characters", field->min, field->max);
	else if (field->type == FIELD_TEXT && field->max > 0)
		buf_printf(out, ", at most %.0f characters", field->max);
	else if (field->type == FIELD_TEXTS)
		buf_printf(out, ", at most %.0f of %.0f characters", field->max, field->item_max);
	else if (field->type == FIELD_INTS)
		buf_printf(out, ", at most %.0f", field->max);
	else if (field->type == FIELD_OBJECT && field->max > 0)
		buf_printf(out, ", at most %.0f bytes", field->max);
	else if (field->type == FIELD_TIME)
		put_time_bounds(out, field);
	else if (field->max > 0 && field->max < 9e15)
		buf_printf(out, ", %.0f to %.0f", field->min, field->max);
	if (field->pattern && !field->wrong) {
		buf_puts(out, ", like <code>");
		html_text(out, field->pattern);
		buf_puts(out, "</code>");
	}
}

static void put_fields(struct buf *out, const char *title, const struct fields *fields)
{
	if (!fields)
		return;
	buf_printf(out, "<h4>%s</h4><table>", title);
	for (size_t i = 0; i < fields->count; i++) {
		const struct field *field = &fields->rows[i];
		buf_printf(out, "<tr><td><code>%s</code></td><td>", field->name);
		put_field_type(out, field);
		buf_puts(out, "</td><td>");
		if (field->required)
			buf_puts(out, "Required. ");
		if (field->default_value)
			buf_printf(out, "Default: <code>%s</code>. ", field->default_value);
		html_text(out, field->help ? field->help : "");
		buf_puts(out, "</td></tr>");
	}
	buf_puts(out, "</table>");
}

static void put_property(struct buf *out, const struct property *property, int depth)
{
	static const char *const words[] = {
		[PROPERTY_INT] = "whole number",    [PROPERTY_REAL] = "number",
		[PROPERTY_BOOL] = "true or false",  [PROPERTY_TEXT] = "text",
		[PROPERTY_TIME] = "time",           [PROPERTY_OBJECT] = "object",
		[PROPERTY_TEXTS] = "list of texts", [PROPERTY_LIST] = "list of",
		[PROPERTY_PART] = "object",         [PROPERTY_ANY] = "any value",
	};
	buf_puts(out, "<tr><td>");
	for (int i = 0; i < depth; i++)
		buf_puts(out, "&emsp;");
	buf_printf(out, "<code>%s</code></td><td>%s%s</td><td>", property->name,
		   words[property->type], property->nullable ? " or null" : "");
	html_text(out, property->help ? property->help : "");
	buf_puts(out, "</td></tr>");
	for (int i = 0; property->of && i < property->of->count; i++)
		put_property(out, &property->of->properties[i], depth + 1);
}

static void put_shape(struct buf *out, const struct shape *shape)
{
	buf_puts(out, "<table>");
	for (int i = 0; i < shape->count; i++)
		put_property(out, &shape->properties[i], 0);
	buf_puts(out, "</table>");
}

static void put_answer(struct buf *out, const struct route *route)
{
	if (!route->answer)
		return;
	buf_printf(out, "<h4>Answer %d", route->status);
	if (route->or_status)
		buf_printf(out, " or %d", route->or_status);
	buf_printf(out, "%s</h4>", route->list ? ": a list of" : "");
	put_shape(out, route->answer);
	if (route->found) {
		buf_printf(out, "<h4>Answer %d with <code>q</code></h4>", route->status);
		put_shape(out, route->found);
	}
	if (route->pages)
		buf_puts(out, "<p>The header <code>Link: &lt;…&gt;; rel=\"next\"</code> has the "
			      "path of the next page.</p>");
}

static void put_problems(struct buf *out, const struct route *route)
{
	enum problem_code codes[PROBLEM__COUNT];
	size_t count = route_problems(route, codes);
	if (count == 0)
		return;
	buf_puts(out, "<h4>Problems</h4><table>");
	for (size_t i = 0; i < count; i++) {
		const struct problem_info *info = problem_info(codes[i]);
		buf_printf(out, "<tr><td>%d <code>%s</code></td><td>", info->http_status,
			   info->code);
		html_text(out, info->text);
		buf_puts(out, "</td></tr>");
	}
	buf_puts(out, "</table>");
}

static void put_route(struct buf *out, const struct route *route)
{
	buf_printf(out,
		   "<details id=\"%s\"><summary><span class=\"method\">%s</span> "
		   "<span class=\"path\">%s</span> ",
		   route->name, route->method, route->path);
	if (route->access == ACCESS_PUBLIC)
		buf_puts(out, "<span class=\"open\">no token</span>");
	buf_puts(out, "<br>");
	html_text(out, route->summary);
	buf_puts(out, "</summary><div>");
	put_fields(out, "Path", route->params);
	put_fields(out, "Query string", route->query);
	put_fields(out, route->query ? "Query string: paging" : "Query string",
		   route->pages ? &paging_fields : NULL);
	put_fields(out,
		   route->body_in_query ? "Body: JSON, or fields in the query string"
		   : route->form        ? "Body: JSON or a form"
					: "Body: JSON",
		   route->body);
	put_answer(out, route);
	put_problems(out, route);
	buf_puts(out, "</div></details>");
}

/* --- the pages -------------------------------------------------------------------------------- */

static void put_docs(struct request *rq, struct buf *out)
{
	put_head(out, "AEON Realm: the API");
	buf_printf(out,
		   "<h1>AEON Realm</h1><p>The API of version " PACKAGE_VERSION
		   ", also as <a href=\"%s/openapi.json\">OpenAPI 3.1</a>. Calls without the mark "
		   "<span class=\"open\">no token</span> need the header "
		   "<code>Authorization: Bearer …</code> with a token from "
		   "<a href=\"#login\">login</a>. Problems are answered as "
		   "<code>{\"detail\": …, \"code\": …}</code>.</p><nav>",
		   rq->base);
	for (const struct routes *const *table = all_routes; *table; table++)
		buf_printf(out, "<a href=\"#%s\">%s</a>", (*table)->rows[0].name, (*table)->title);
	buf_puts(out, "<a href=\"#live-command\">Live</a></nav>");
	for (const struct routes *const *table = all_routes; *table; table++) {
		buf_printf(out, "<h2>%s</h2>", (*table)->title);
		for (size_t i = 0; i < (*table)->count; i++)
			put_route(out, &(*table)->rows[i]);
	}
	live_docs_put(rq->arena, out);
	buf_puts(out, "</body></html>\n");
}

/* Making the page takes milliseconds, so that any client could keep the workers busy. */
static int do_docs(struct request *rq, struct problem *why)
{
	struct app *app = rq->app;
	(void)why;
	if (!app->docs_base || strcmp(app->docs_base, rq->base) != 0) {
		free(app->docs_base);
		app->docs_base = xstrdup(rq->base);
		buf_clear(&app->docs);
		put_docs(rq, &app->docs);
	}
	buf_add(rq->out, app->docs.data, app->docs.len);
	return 0;
}

static int do_welcome(struct request *rq, struct problem *why)
{
	(void)why;
	put_head(rq->out, "AEON Realm");
	buf_printf(rq->out,
		   "<h1>AEON Realm</h1><p>A home for people and their AI twins. The realm runs.</p>"
		   "<nav><a href=\"%s/docs\">API</a><a href=\"%s/health\">Health</a>"
		   "<a href=\"%s" API "/phase3/health/phase3\">Features</a></nav></body></html>\n",
		   rq->base, rq->base, rq->base);
	return 0;
}

#define HTML "text/html; charset=utf-8"

/* RFC 9116. While the realm serves the contact, it is valid; the file itself expires. */
#define SECURITY_TXT_DAYS 90

static int do_security_txt(struct request *rq, struct problem *why)
{
	const char *contact = rq->app->settings->security_contact;
	char expires[CLOCK_TEXT];
	if (!*contact)
		return problem_set(why, PROBLEM_NOT_FOUND);
	clock_text((clock_now() / CLOCK_DAY + SECURITY_TXT_DAYS) * CLOCK_DAY, expires);
	buf_printf(rq->out, "Contact: %s\nExpires: %s\nPreferred-Languages: en\n", contact,
		   expires);
	return 0;
}

static const struct route routes[] = {
	{
		.name = "docs",
		.method = "GET",
		.path = "/docs",
		.access = ACCESS_PUBLIC,
		.status = 200,
		.type = HTML,
		.summary = "Show this API description as a web page",
		.handle = do_docs,
	},
	{
		.name = "welcome",
		.method = "GET",
		.path = "/",
		.access = ACCESS_PUBLIC,
		.status = 200,
		.type = HTML,
		.summary = "Show the front page",
		.handle = do_welcome,
	},
	{
		.name = "security_txt",
		.method = "GET",
		.path = "/.well-known/security.txt",
		.access = ACCESS_PUBLIC,
		.status = 200,
		.type = "text/plain; charset=utf-8",
		.summary = "Show where to report a weakness of this realm (RFC 9116)",
		.problems = {PROBLEM_NOT_FOUND},
		.handle = do_security_txt,
	},
};
const struct routes docs_routes = ROUTES("Pages", routes);
