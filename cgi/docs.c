/*
 * / and /docs where the web client is not installed: pages that say where things are. Elsewhere
 * nginx serves pages of the client (conf/nginx/server.conf). And /.well-known/security.txt.
 */
#include "config.h"

#include "base/clock.h"
#include "cgi/page.h"
#include "cgi/request.h"
#include "realm/settings.h"

static int do_docs(struct request *rq, struct problem *why)
{
	(void)why;
	buf_printf(rq->out,
		   PAGE("<p>The API of version " PACKAGE_VERSION
			" is described by <a href=\"%s/openapi.json\">OpenAPI 3.1</a>, and its "
			"WebSocket by <a href=\"%s/asyncapi.json\">AsyncAPI 3.0</a>.</p>"),
		   rq->base, rq->base);
	return 0;
}

static int do_welcome(struct request *rq, struct problem *why)
{
	(void)why;
	buf_printf(rq->out,
		   PAGE("<p>A home for people and their AI twins. The realm runs.</p>"
			"<nav><a href=\"%s/docs\">API</a> <a href=\"%s/health\">Health</a> "
			"<a href=\"%s" API "/phase3/health/phase3\">Features</a></nav>"),
		   rq->base, rq->base, rq->base);
	return 0;
}

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
		.summary = "Show where the API is described",
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
