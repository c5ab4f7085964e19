/* What users do with the codes and links of mails: new passwords, proofs of addresses, and the end
 * of digests. And what they choose about mails. */
#include "cgi/page.h"
#include "cgi/request.h"
#include "realm/mail_settings.h"
#include "realm/mail_text.h"
#include "realm/recovery.h"

static int do_forgotten(struct request *rq, struct problem *why)
{
	TRY(request_store(rq, why));
	TRY(recovery_ask(rq->arena, rq->store, &rq->caller, rq->body, why));
	return notice(rq, "If the address is known here, a mail is on its way");
}

static int prepare_password(struct request *rq, struct problem *why)
{
	struct new_password *password;
	TRY(request_store(rq, why));
	TRY(recovery_prepare(rq->arena, rq->store, &rq->caller, rq->body, &password, why));
	rq->prepared = password;
	return 0;
}

static int do_password(struct request *rq, struct problem *why)
{
	TRY(recovery_run(rq->store, &rq->caller, rq->body, rq->prepared, why));
	return notice(rq, "The new password is set; sign in with it");
}

static int do_ask_address(struct request *rq, struct problem *why)
{
	TRY(address_ask(rq->store, &rq->session, why));
	return notice(rq, "A mail is on its way, unless too many were sent today");
}

static int do_verify_address(struct request *rq, struct problem *why)
{
	TRY(request_store(rq, why));
	TRY(address_verify(rq->store, &rq->caller, rq->body, why));
	return notice(rq, "The address is confirmed");
}

static int do_settings(struct request *rq, struct problem *why)
{
	return mail_settings_show(rq->store, rq->session.user_id, rq->out, why);
}

static int do_set_settings(struct request *rq, struct problem *why)
{
	TRY(mail_settings_set(rq->store, rq->session.user_id, rq->body, why));
	return do_settings(rq, why);
}

/* A GET changes nothing: programs that check mails follow their links. Where the web client is
 * installed, nginx serves a page of the client at MAIL_UNSUBSCRIBE_PAGE. */
static int do_ask_unsubscribe(struct request *rq, struct problem *why)
{
	const struct digest_token *query = rq->query; /* of harmless letters alone */
	(void)why;
	buf_printf(rq->out,
		   PAGE("<p>Do you want no more mails about what you have missed?</p>"
			"<form method=\"post\" action=\"%s" MAIL_UNSUBSCRIBE_PATH
			"?token=%s\"><button>No more of these mails</button></form>"),
		   rq->base, query->token);
	return 0;
}

static int do_unsubscribe(struct request *rq, struct problem *why)
{
	TRY(request_store(rq, why));
	TRY(digest_end(rq->arena, rq->store, rq->query, why));
	return notice(rq, "You get no more mails about what you have missed; your settings can "
			  "switch them on again");
}

static const struct route routes[] = {
	{
		.name = "forget_password",
		.method = "POST",
		.path = USERS "/password/forgotten",
		.access = ACCESS_PUBLIC,
		.weight = 5,
		.body = &forgotten_fields,
		.example = "{\"email\":\"grace@example.org\"}",
		.status = 202,
		.answer = &notice_shape,
		.summary = "Ask for a mail with a code for a new password; the answer is the same "
			   "whether the address is known or not. Only where the realm sends mail",
		.problems = {PROBLEM_NOT_FOUND, PROBLEM_RATE_LIMITED},
		.handle = do_forgotten,
	},
	{
		.name = "reset_password",
		.method = "POST",
		.path = USERS "/password/reset",
		.access = ACCESS_PUBLIC,
		.cost = COST_COSTLY,
		.weight = 5,
		.body = &recovery_fields,
		.example = "{\"code\":\"01234-56789-abcde-fghjk\",\"password\":\"correct horse "
			   "battery\"}",
		.status = 200,
		.answer = &notice_shape,
		.summary = "Set a new password by the code of a mail; all logins end",
		.problems = {PROBLEM_CODE_INVALID, PROBLEM_RATE_LIMITED},
		.prepare = prepare_password,
		.handle = do_password,
	},
	{
		.name = "ask_verification",
		.method = "POST",
		.path = USERS "/me/email/verification",
		.weight = 5,
		.status = 202,
		.answer = &notice_shape,
		.summary = "Ask for a mail with a code that confirms your address. Only where the "
			   "realm sends mail",
		.problems = {PROBLEM_NOT_FOUND},
		.handle = do_ask_address,
	},
	{
		.name = "verify_address",
		.method = "POST",
		.path = USERS "/email/verified",
		.access = ACCESS_PUBLIC,
		.weight = 5,
		.body = &code_shown_fields,
		.example = "{\"code\":\"01234-56789-abcde-fghjk\"}",
		.status = 200,
		.answer = &notice_shape,
		.summary = "Confirm an address by the code of a mail",
		.problems = {PROBLEM_CODE_INVALID, PROBLEM_RATE_LIMITED},
		.handle = do_verify_address,
	},
	{
		.name = "get_mail_settings",
		.method = "GET",
		.path = USERS "/me/mail",
		.status = 200,
		.answer = &mail_settings_shape,
		.summary = "Get what you have chosen about mails. Only where the realm sends mail",
		.problems = {PROBLEM_NOT_FOUND},
		.handle = do_settings,
	},
	{
		.name = "put_mail_settings",
		.method = "PUT",
		.path = USERS "/me/mail",
		.body = &mail_settings_fields,
		.example = "{\"digest\":\"texts\"}",
		.status = 200,
		.answer = &mail_settings_shape,
		.summary = "Choose whether mails tell you what you have missed. Only where the "
			   "realm sends mail",
		.problems = {PROBLEM_NOT_FOUND},
		.handle = do_set_settings,
	},
	{
		.name = "ask_unsubscribe",
		.method = "GET",
		.path = MAIL_UNSUBSCRIBE_PATH,
		.access = ACCESS_PUBLIC,
		.query = &digest_token_fields,
		.status = 200,
		.type = HTML,
		.summary = "Show a page that asks whether the mails about what you have missed "
			   "shall end",
		.handle = do_ask_unsubscribe,
	},
	{
		.name = "unsubscribe_page",
		.method = "GET",
		.path = MAIL_UNSUBSCRIBE_PAGE,
		.access = ACCESS_PUBLIC,
		.query = &digest_token_fields,
		.status = 200,
		.type = HTML,
		.summary = "Show a page that asks whether the mails about what you have missed "
			   "shall end",
		.handle = do_ask_unsubscribe,
	},
	{
		.name = "unsubscribe",
		.method = "POST",
		.path = MAIL_UNSUBSCRIBE_PATH,
		.access = ACCESS_PUBLIC,
		.query = &digest_token_fields,
		.status = 200,
		.answer = &notice_shape,
		.summary = "End the mails about what a user has missed, by the link in one of them "
			   "(RFC 8058); any body is accepted",
		.problems = {PROBLEM_CODE_INVALID},
		.handle = do_unsubscribe,
	},
};
const struct routes mail_routes = ROUTES("Mail", routes);
