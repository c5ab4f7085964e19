/* /users/me/totp: the user's second factor. */
#include "cgi/request.h"
#include "realm/accounts.h"
#include "realm/totp.h"

#define TOTP USERS "/me/totp"

struct code {
	const char *code;
};
static const struct field code_rows[] = {
	FIELD(struct code, code, TEXT, .required = true, .secret = true, .min = 6, .max = 40,
	      .help = "The code that the authenticator shows."),
};
static const struct fields code_fields = FIELDS(struct code, code_rows);

struct removal {
	const char *password, *code;
};
static const struct field removal_rows[] = {
	FIELD(struct removal, password, TEXT, .required = true, .secret = true, .min = 1,
	      .max = 128, .help = "Your password."),
	FIELD(struct removal, code, TEXT, .required = true, .secret = true, .min = 6, .max = 40,
	      .help = "The code that the authenticator shows, or a recovery code."),
};
static const struct fields removal_fields = FIELDS(struct removal, removal_rows);

static int do_show(struct request *rq, struct problem *why)
{
	return totp_show(rq->store, rq->session.user_id, rq->out, why);
}

static int prepare_begin(struct request *rq, struct problem *why)
{
	const struct confirmation *shown = rq->body;
	return account_confirm(rq->arena, rq->store, &rq->session, shown->password, why);
}

static int do_begin(struct request *rq, struct problem *why)
{
	return totp_begin(rq->arena, rq->store, &rq->session, rq->out, why);
}

static int do_confirm(struct request *rq, struct problem *why)
{
	const struct code *body = rq->body;
	return totp_confirm(rq->arena, rq->store, &rq->session, body->code, rq->out, why);
}

static int prepare_end(struct request *rq, struct problem *why)
{
	const struct removal *body = rq->body;
	TRY(account_confirm(rq->arena, rq->store, &rq->session, body->password, why));
	return totp_check(rq->arena, rq->store, rq->session.user_id, body->code, why);
}

static int do_end(struct request *rq, struct problem *why)
{
	return totp_end(rq->store, &rq->session, rq->session.user_id, why);
}

static const struct route routes[] = {
	{
		.name = "get_totp",
		.method = "GET",
		.path = TOTP,
		.status = 200,
		.answer = &totp_status_shape,
		.summary = "Get whether you have a second factor, and how many recovery codes are "
			   "left",
		.handle = do_show,
	},
	{
		.name = "begin_totp",
		.method = "POST",
		.path = TOTP,
		.cost = COST_BY_INPUT,
		.body = &confirmation_fields,
		.example = "{\"password\":\"correct horse battery\"}",
		.status = 200,
		.answer = &totp_shape,
		.summary =
			"Get a secret for an authenticator; it counts once it is confirmed. Wants "
			"the password when the login is older than five minutes",
		.problems = {PROBLEM_TOTP_ACTIVE, PROBLEM_PASSWORD_REQUIRED,
			     PROBLEM_TOO_MANY_LOGINS},
		.prepare = prepare_begin,
		.handle = do_begin,
	},
	{
		.name = "end_totp",
		.method = "DELETE",
		.path = TOTP,
		.cost = COST_COSTLY,
		.body = &removal_fields,
		.example = "{\"password\":\"correct horse battery\",\"code\":\"123456\"}",
		.status = 204,
		.summary = "Switch the second factor off",
		.problems = {PROBLEM_PASSWORD_REQUIRED, PROBLEM_TOTP_REQUIRED, PROBLEM_RATE_LIMITED,
			     PROBLEM_TOO_MANY_LOGINS},
		.prepare = prepare_end,
		.handle = do_end,
	},
	{
		.name = "confirm_totp",
		.method = "POST",
		.path = TOTP "/confirm",
		.body = &code_fields,
		.example = "{\"code\":\"123456\"}",
		.status = 200,
		.answer = &recovery_shape,
		.summary = "Switch the second factor on, and get recovery codes",
		.problems = {PROBLEM_TOTP_ACTIVE, PROBLEM_TOTP_REQUIRED, PROBLEM_RATE_LIMITED},
		.handle = do_confirm,
	},
};
const struct routes totp_routes = ROUTES("Second factor", routes);
