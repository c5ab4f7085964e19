/* /users: accounts and logins; and what a login opens a WebSocket with. */
#include <string.h>

#include "base/clock.h"
#include "base/json_out.h"
#include "base/utf8.h"
#include "cgi/request.h"
#include "realm/settings.h"
#include "realm/users.h"

#define USERS API "/users"

static const struct member token_members[] = {
	MEMBER("access_token", TEXT, .help = "For the header Authorization: Bearer."),
	MEMBER("token_type", TEXT, .help = "bearer."),
	MEMBER("expires_in", INT, .help = "Seconds."),
};
static const struct shape token_shape = SHAPE("Token", token_members);

static const struct member ticket_members[] = {
	MEMBER("ticket", TEXT, .help = "For the WebSocket's subprotocols: aeon.v1, ticket.<it>."),
	MEMBER("expires_in", INT, .help = "Seconds."),
};
static const struct shape ticket_shape = SHAPE("Ticket", ticket_members);

static int do_register(struct request *rq, struct problem *why)
{
	int64_t id;
	TRY(request_store(rq, why));
	TRY(user_register(rq->arena, rq->store, rq->body, &id, why));
	return user_show(rq->store, id, rq->out, why);
}

static int do_login(struct request *rq, struct problem *why)
{
	int64_t lifetime = rq->app->settings->session_days * 86400;
	const char *client = gateway_get(rq->gateway, "HTTP_USER_AGENT");
	struct token token;
	if (client && utf8_count(client, strlen(client)) < 0)
		client = NULL;
	TRY(request_store(rq, why));
	TRY(session_open(rq->arena, rq->store, rq->body, client, lifetime * CLOCK_SECOND, &token,
			 why));
	jw_open(rq->out, '{');
	jw_kv_text(rq->out, "access_token", token.text);
	jw_kv_text(rq->out, "token_type", "bearer");
	jw_kv_int(rq->out, "expires_in", lifetime);
	jw_close(rq->out, '}');
	return 0;
}

static int do_logout(struct request *rq, struct problem *why)
{
	TRY(session_close(rq->store, &rq->session, why));
	return notice(rq, "Logged out");
}

static int do_ticket(struct request *rq, struct problem *why)
{
	char ticket[TOKEN_TEXT];
	TRY(ticket_issue(rq->store, &rq->session, ticket, why));
	jw_open(rq->out, '{');
	jw_kv_text(rq->out, "ticket", ticket);
	jw_kv_int(rq->out, "expires_in", TICKET_SECONDS);
	jw_close(rq->out, '}');
	return 0;
}

static int do_me(struct request *rq, struct problem *why)
{
	return user_show(rq->store, rq->session.user_id, rq->out, why);
}

static int do_change_me(struct request *rq, struct problem *why)
{
	struct user_change change = *(const struct user_change *)rq->body;
	change.given = rq->given;
	TRY(user_update(rq->arena, rq->store, rq->session.user_id, &change, why));
	return do_me(rq, why);
}

static const struct route routes[] = {
	{
		.name = "register",
		.method = "POST",
		.path = USERS "/register",
		.access = ACCESS_PUBLIC,
		.body = &user_new_fields,
		.example = "{\"username\":\"grace\",\"email\":\"grace@example.org\",\"password\":"
			   "\"correct horse battery\",\"full_name\":\"Grace Hopper\"}",
		.status = 201,
		.answer = &user_shape,
		.summary = "Create an account",
		.problems = {PROBLEM_USERNAME_TAKEN, PROBLEM_EMAIL_TAKEN, PROBLEM_RATE_LIMITED},
		.handle = do_register,
	},
	{
		.name = "login",
		.method = "POST",
		.path = USERS "/login",
		.access = ACCESS_PUBLIC,
		.body = &login_fields,
		.example = "{\"username\":\"grace\",\"password\":\"correct horse battery\"}",
		.form = true,
		.status = 200,
		.answer = &token_shape,
		.summary = "Sign in, and get a token for all other calls",
		.problems = {PROBLEM_LOGIN_FAILED, PROBLEM_TOO_MANY_LOGINS, PROBLEM_RATE_LIMITED},
		.handle = do_login,
	},
	{
		.name = "logout",
		.method = "POST",
		.path = USERS "/logout",
		.status = 200,
		.answer = &notice_shape,
		.summary = "End the token that this call is made with",
		.handle = do_logout,
	},
	{
		.name = "ticket",
		.method = "POST",
		.path = API "/phase3/ws/ticket",
		.status = 201,
		.answer = &ticket_shape,
		.summary = "Get a ticket that opens one WebSocket where no header can be sent",
		.problems = {PROBLEM_RATE_LIMITED},
		.handle = do_ticket,
	},
	{
		.name = "get_me",
		.method = "GET",
		.path = USERS "/me",
		.tagged = true,
		.status = 200,
		.answer = &user_shape,
		.summary = "My account",
		.handle = do_me,
	},
	{
		.name = "put_me",
		.method = "PUT",
		.path = USERS "/me",
		.body = &user_change_fields,
		.example = "{\"full_name\":\"Grace Brewster Hopper\",\"bio\":\"Compilers\"}",
		.status = 200,
		.answer = &user_shape,
		.summary = "Change my account: the fields that are given, null to empty one",
		.problems = {PROBLEM_EMAIL_TAKEN},
		.handle = do_change_me,
	},
	{
		.name = "patch_me",
		.method = "PATCH",
		.path = USERS "/me",
		.body = &user_change_fields,
		.example = "{\"full_name\":\"Grace Brewster Hopper\",\"bio\":\"Compilers\"}",
		.status = 200,
		.answer = &user_shape,
		.summary = "The same as PUT",
		.problems = {PROBLEM_EMAIL_TAKEN},
		.handle = do_change_me,
	},
};
const struct routes user_routes = ROUTES("Users", routes);
