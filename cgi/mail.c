/* What users do with the codes of mails: new passwords, and proofs of addresses. */
#include "cgi/request.h"
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
};
const struct routes mail_routes = ROUTES("Mail", routes);
