/* /realm: what everybody may know of the realm before signing in. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/json_out.h"
#include "base/utf8.h"
#include "cgi/credentials.h"
#include "cgi/input.h"
#include "cgi/request.h"
#include "realm/messages.h"
#include "realm/settings.h"

#define WELCOME_MAX 8192 /* bytes */

static const struct property twins_properties[] = {
	PROPERTY("enabled", BOOL, .help = "Whether twins answer in this realm."),
	PROPERTY("models", TEXTS, .help = "Language models; empty: twins quote what they find."),
	PROPERTY("texts", TEXT,
		 .help = "Which texts other machines may get for twins: public, own or all."),
};
static const struct shape twins_shape = SHAPE("RealmTwins", twins_properties);

static const struct property limits_properties[] = {
	PROPERTY("body_bytes", INT, .help = "Most bytes of a request's body."),
	PROPERTY("message_characters", INT, .help = "Most characters of a message."),
	PROPERTY("user_rate", INT, .help = "Requests per second of a user on average."),
	PROPERTY("user_burst", INT, .help = "Requests of a user at once."),
	PROPERTY("text_bytes", INT, .help = "Most bytes of all texts of a user."),
};
static const struct shape limits_shape = SHAPE("RealmLimits", limits_properties);

static const struct property about_properties[] = {
	PROPERTY("name", TEXT),
	PROPERTY("welcome", TEXT, .nullable = true, .help = "A text in Markdown, at most 8 KiB."),
	PROPERTY("registration", TEXT, .help = "open, invite, approval or closed."),
	PROPERTY("contact", TEXT, .nullable = true,
		 .help = "A mailto:, https: or tel: URI of the administrators."),
	PROPERTY("sends_mail", BOOL, .help = "Whether a mail can replace a forgotten password."),
	PROPERTY("twins", PART, .of = &twins_shape),
	PROPERTY("limits", PART, .of = &limits_shape),
	PROPERTY("version", TEXT, .optional = true, .help = "Only for owners and admins."),
};
static const struct shape about_shape = SHAPE("RealmAbout", about_properties);

/* The operator may edit the file at any time. NULL: there is none, or it cannot be shown. A log
 * line for it would let strangers fill the log. */
static const char *read_welcome(struct request *rq)
{
	const char *path = rq->app->settings->welcome_file;
	FILE *file = *path ? fopen(path, "re") : NULL;
	if (!file)
		return NULL;
	char *text = arena_alloc(rq->arena, WELCOME_MAX + 2);
	size_t bytes = fread(text, 1, WELCOME_MAX + 1, file);
	fclose(file);
	text[bytes] = '\0';
	return bytes > 0 && bytes <= WELCOME_MAX && utf8_count(text, bytes) >= 0 ? text : NULL;
}

static void put_models(struct request *rq, const struct settings *settings)
{
	char *next = NULL;
	char *list =
		arena_printf(rq->arena, "%s %s", settings->openai_model, settings->twin_models);
	jw_key(rq->out, "models");
	jw_open(rq->out, '[');
	for (char *word = strtok_r(list, " ", &next); word; word = strtok_r(NULL, " ", &next))
		jw_text(rq->out, word);
	jw_close(rq->out, ']');
}

static int do_about(struct request *rq, struct problem *why)
{
	static const char *const modes[] = {"open", "invite", "approval", "closed"};
	static const char *const texts[] = {"public", "own", "all"};
	const struct settings *settings = rq->app->settings;
	struct problem stranger = {0};
	(void)why;
	jw_open(rq->out, '{');
	jw_kv_text(rq->out, "name", settings->realm_name);
	jw_kv_text(rq->out, "welcome", read_welcome(rq));
	jw_kv_text(rq->out, "registration", modes[settings->registration]);
	jw_kv_text(rq->out, "contact", *settings->contact ? settings->contact : NULL);
	jw_kv_bool(rq->out, "sends_mail", settings->smtp_url[0] != '\0');
	jw_open_key(rq->out, "twins");
	jw_kv_bool(rq->out, "enabled", settings->twins > 0);
	put_models(rq, settings);
	jw_kv_text(rq->out, "texts", texts[settings->twin_texts]);
	jw_close(rq->out, '}');
	jw_open_key(rq->out, "limits");
	jw_kv_int(rq->out, "body_bytes", BODY_MAX);
	jw_kv_int(rq->out, "message_characters", MESSAGE_MAX);
	jw_kv_int(rq->out, "user_rate", settings->user_rate);
	jw_kv_int(rq->out, "user_burst", settings->user_burst);
	jw_kv_int(rq->out, "text_bytes", settings->quota_bytes);
	jw_close(rq->out, '}');
	if (request_authenticate(rq, &stranger) == 0 && is_administrator(&rq->session))
		jw_kv_text(rq->out, "version", PACKAGE_VERSION);
	jw_close(rq->out, '}');
	return 0;
}

static const struct route routes[] = {
	{
		.name = "get_realm",
		.method = "GET",
		.path = API "/realm",
		.access = ACCESS_PUBLIC,
		.status = 200,
		.answer = &about_shape,
		.summary = "Get the name of the realm, its welcome, and how to register",
		.handle = do_about,
	},
};
const struct routes about_routes = ROUTES("Realm", routes);
