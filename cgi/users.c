/* /users: accounts, logins and WebSocket tickets. */
#include <string.h>

#include "base/clock.h"
#include "base/json_out.h"
#include "cgi/credentials.h"
#include "cgi/request.h"
#include "cgi/respond.h"
#include "realm/accounts.h"
#include "realm/erase.h"
#include "realm/export.h"
#include "realm/people.h"
#include "realm/settings.h"
#include "realm/users.h"

static const struct property token_properties[] = {
	PROPERTY(
		"access_token", TEXT, .nullable = true,
		.help = "Token for the header `Authorization: Bearer`; null when a cookie has it."),
	PROPERTY("token_type", TEXT, .help = "bearer or cookie."),
	PROPERTY("expires_in", INT, .help = "Seconds until the token ends."),
};
static const struct shape token_shape = SHAPE("Token", token_properties);

static const struct property ticket_properties[] = {
	PROPERTY("ticket", TEXT, .help = "Offer the subprotocols `aeon.v1` and `ticket.<ticket>`."),
	PROPERTY("expires_in", INT, .help = "Seconds until the ticket ends."),
};
static const struct shape ticket_shape = SHAPE("Ticket", ticket_properties);

static int do_login(struct request *rq, struct problem *why)
{
	const struct login *login = rq->body;
	struct token token;
	TRY(request_store(rq, why));
	if (login->cookie)
		TRY(request_check_origin(rq, why));
	int64_t lifetime = rq->app->settings->session_days * 86400;
	TRY(session_open(rq->arena, rq->store, login, &rq->caller, lifetime * CLOCK_SECOND, &token,
			 why));
	jw_open(rq->out, '{');
	jw_kv_text(rq->out, "access_token", login->cookie ? NULL : token.text);
	jw_kv_text(rq->out, "token_type", login->cookie ? "cookie" : "bearer");
	jw_kv_int(rq->out, "expires_in", lifetime);
	jw_close(rq->out, '}');
	if (login->cookie)
		request_keep_token(rq, token.text, lifetime);
	return 0;
}

static int do_logout(struct request *rq, struct problem *why)
{
	TRY(session_close(rq->store, &rq->session, why));
	request_forget_token(rq);
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

/* A password without the old one belongs to the new address: it shows that the user is there. */
static int prepare_change_me(struct request *rq, struct problem *why)
{
	const struct user_change *change = rq->body;
	struct password_change *password = NULL;
	const char *shown = change->old_password ? change->old_password : change->password;
	bool renews = change->password && (change->old_password || !change->email);
	if (change->email)
		TRY(account_confirm_email(rq->arena, rq->store, &rq->session, shown, why));
	if (renews)
		TRY(account_prepare_password(rq->arena, rq->store, &rq->session,
					     change->old_password, change->password, &password,
					     why));
	rq->prepared = password;
	return 0;
}

static int do_change_me(struct request *rq, struct problem *why)
{
	struct user_change change = *(const struct user_change *)rq->body;
	change.given = rq->given;
	if (rq->prepared)
		TRY(account_set_password(rq->store, &rq->session, rq->prepared, why));
	TRY(user_update(rq->arena, rq->store, &rq->session, &change, why));
	return do_me(rq, why);
}

static int do_list_sessions(struct request *rq, struct problem *why)
{
	return sessions_list(rq->store, &rq->session, &rq->page, rq->out, why);
}

static int do_end_session(struct request *rq, struct problem *why)
{
	TRY(session_end(rq->store, &rq->session, id_param(rq), why));
	if (id_param(rq) == rq->session.id)
		request_forget_token(rq);
	return 0;
}

static int do_end_other_sessions(struct request *rq, struct problem *why)
{
	return sessions_end_others(rq->store, &rq->session, why);
}

static int confirm(struct request *rq, struct problem *why)
{
	const struct confirmation *shown = rq->body;
	return account_confirm(rq->arena, rq->store, &rq->session, shown ? shown->password : NULL,
			       why);
}

static int do_erase(struct request *rq, struct problem *why)
{
	TRY(user_erase(rq->arena, rq->store, &rq->session, rq->session.user_id, why));
	request_forget_token(rq);
	store_on_write(rq->store, NULL, NULL); /* the login has ended: it cannot be checked */
	erase_for_a_moment(rq->store);
	return 0;
}

static int send_part(struct buf *out, int done, int total, void *context, struct problem *why)
{
	(void)out, (void)done, (void)total, (void)why;
	respond_part(context);
	return 0;
}

static int do_export(struct request *rq, struct problem *why)
{
	return user_export(rq->arena, rq->store, &rq->session, rq->session.user_id, rq->out,
			   send_part, rq, why);
}

static int do_privacy(struct request *rq, struct problem *why)
{
	return privacy_show(rq->store, rq->session.user_id, rq->out, why);
}

static int do_as_stranger(struct request *rq, struct problem *why)
{
	return user_as_stranger(rq->store, rq->session.user_id, rq->out, why);
}

static int do_set_privacy(struct request *rq, struct problem *why)
{
	TRY(privacy_set(rq->store, rq->session.user_id, rq->body, why));
	return do_privacy(rq, why);
}

static int do_list(struct request *rq, struct problem *why)
{
	const struct people_query *query = rq->query;
	if (query->q || query->ids)
		return people_find(rq->arena, rq->store, &rq->session, query, &rq->page, rq->out,
				   why);
	if (!is_administrator(&rq->session))
		return problem_set(why, PROBLEM_FORBIDDEN);
	return users_list(rq->store, rq->session.user_id, &rq->page, rq->out, why);
}

struct username_param {
	const char *username;
};

static const struct field username_rows[] = {
	FIELD(struct username_param, username, TEXT, .required = true, .min = 1, .max = 50,
	      .help = "A username, in any case."),
};
static const struct fields username_param_fields = FIELDS(struct username_param, username_rows);

static int do_by_name(struct request *rq, struct problem *why)
{
	const struct username_param *param = rq->params;
	return person_by_name(rq->store, &rq->session, param->username, rq->out, why);
}

static int do_profile(struct request *rq, struct problem *why)
{
	return user_profile(rq->store, &rq->session, id_param(rq), rq->out, why);
}

static int do_moderate(struct request *rq, struct problem *why)
{
	TRY(user_moderate(rq->arena, rq->store, &rq->session, id_param(rq), rq->body, why));
	return do_profile(rq, why);
}

#define CHANGE_ME(operation, verb, text)                                                           \
	{                                                                                          \
		.name = (operation), .method = (verb), .path = USERS "/me", .cost = COST_BY_INPUT, \
		.weight = 5, .body = &user_change_fields,                                          \
		.example = "{\"full_name\":\"Grace Brewster Hopper\",\"bio\":\"Compilers\"}",      \
		.status = 200, .answer = &user_shape, .summary = (text),                           \
		.problems = {PROBLEM_EMAIL_TAKEN, PROBLEM_PASSWORD_REQUIRED, PROBLEM_RATE_LIMITED, \
			     PROBLEM_TOO_MANY_LOGINS},                                             \
		.prepare = prepare_change_me, .handle = do_change_me,                              \
	}

static const struct route routes[] = {
	{
		.name = "login",
		.method = "POST",
		.path = USERS "/login",
		.access = ACCESS_PUBLIC,
		.cost = COST_COSTLY,
		.weight = 5,
		.body = &login_fields,
		.example = "{\"username\":\"grace\",\"password\":\"correct horse battery\"}",
		.form = true,
		.status = 200,
		.answer = &token_shape,
		.summary = "Sign in and get a token for all other calls",
		.problems = {PROBLEM_LOGIN_FAILED, PROBLEM_APPROVAL_PENDING, PROBLEM_ORIGIN_REFUSED,
			     PROBLEM_TOO_MANY_LOGINS, PROBLEM_RATE_LIMITED},
		.handle = do_login,
	},
	{
		.name = "logout",
		.method = "POST",
		.path = USERS "/logout",
		.status = 200,
		.answer = &notice_shape,
		.summary = "Sign out; ends the token of this call",
		.handle = do_logout,
	},
	{
		.name = "ticket",
		.method = "POST",
		.path = API "/phase3/ws/ticket",
		.secret = true,
		.status = 201,
		.answer = &ticket_shape,
		.summary = "Create a ticket for one WebSocket, where no header can be sent",
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
		.summary = "Get your account",
		.handle = do_me,
	},
	CHANGE_ME("put_me", "PUT",
		  "Change your account; only the given fields change, null empties one"),
	CHANGE_ME("patch_me", "PATCH", "Change your account; the same as PUT"),
	{
		.name = "list_sessions",
		.method = "GET",
		.path = USERS "/sessions",
		.pages = true,
		.status = 200,
		.answer = &session_shape,
		.list = true,
		.summary = "List your logins, newest first",
		.handle = do_list_sessions,
	},
	{
		.name = "end_other_sessions",
		.method = "DELETE",
		.path = USERS "/sessions",
		.status = 204,
		.summary = "End all of your logins but this one",
		.handle = do_end_other_sessions,
	},
	{
		.name = "end_session",
		.method = "DELETE",
		.path = USERS "/sessions/{id}",
		.params = &id_param_fields,
		.status = 204,
		.summary = "End one of your logins",
		.problems = {PROBLEM_NOT_FOUND},
		.handle = do_end_session,
	},
	{
		.name = "erase_me",
		.method = "DELETE",
		.path = USERS "/me",
		.weight = 50,
		.cost = COST_BY_INPUT,
		.body = &confirmation_fields,
		.example = "{\"password\":\"correct horse battery\"}",
		.status = 204,
		.summary = "Erase your account for ever; your messages stay, as a deleted user's. "
			   "Wants the password when the login is older than five minutes",
		.problems = {PROBLEM_LAST_OWNER, PROBLEM_PASSWORD_REQUIRED,
			     PROBLEM_TOO_MANY_LOGINS},
		.prepare = confirm,
		.handle = do_erase,
	},
	{
		.name = "export_me",
		.method = "GET",
		.path = USERS "/me/export",
		.weight = 50,
		.status = 200,
		.answer = &export_shape,
		.summary = "Export all data about you as one document; only within five minutes "
			   "of the login",
		.problems = {PROBLEM_PASSWORD_REQUIRED},
		.prepare = confirm,
		.handle = do_export,
	},
	{
		.name = "export_me_by_password",
		.method = "POST",
		.path = USERS "/me/export",
		.weight = 50,
		.cost = COST_BY_INPUT,
		.body = &confirmation_fields,
		.example = "{\"password\":\"correct horse battery\"}",
		.status = 200,
		.answer = &export_shape,
		.summary = "Export all data about you as one document, with the password",
		.problems = {PROBLEM_PASSWORD_REQUIRED, PROBLEM_TOO_MANY_LOGINS},
		.prepare = confirm,
		.handle = do_export,
	},
	{
		.name = "get_privacy",
		.method = "GET",
		.path = USERS "/me/privacy",
		.tagged = true,
		.status = 200,
		.answer = &privacy_shape,
		.summary = "Get your privacy settings",
		.handle = do_privacy,
	},
	{
		.name = "put_privacy",
		.method = "PUT",
		.path = USERS "/me/privacy",
		.weight = 2,
		.body = &privacy_fields,
		.example = "{\"presence\":\"friends\",\"discoverable\":false}",
		.status = 200,
		.answer = &privacy_shape,
		.summary = "Change your privacy settings; only the given fields change",
		.handle = do_set_privacy,
	},
	{
		.name = "get_me_as_stranger",
		.method = "GET",
		.path = USERS "/me/as-stranger",
		.tagged = true,
		.status = 200,
		.answer = &user_shape,
		.summary = "Get your profile as a user sees it who has nothing in common with you",
		.problems = {PROBLEM_USER_NOT_FOUND},
		.handle = do_as_stranger,
	},
	{
		.name = "list_users",
		.method = "GET",
		.path = USERS,
		.weight = 2,
		.query = &people_query_fields,
		.pages = true,
		.status = 200,
		.answer = &user_shape,
		.list = true,
		.summary =
			"Find users by name, your friends first, then members of your rooms; or by "
			"ids; without both list all users, newest first, only for owners and "
			"admins",
		.problems = {PROBLEM_FORBIDDEN},
		.handle = do_list,
	},
	{
		.name = "get_user",
		.method = "GET",
		.path = USERS "/{id}",
		.params = &id_param_fields,
		.tagged = true,
		.status = 200,
		.answer = &user_shape,
		.summary = "Get a user's profile",
		.problems = {PROBLEM_USER_NOT_FOUND},
		.handle = do_profile,
	},
	{
		.name = "get_user_by_name",
		.method = "GET",
		.path = USERS "/by-name/{username}",
		.params = &username_param_fields,
		.tagged = true,
		.status = 200,
		.answer = &user_shape,
		.summary = "Get the profile of the user with that username",
		.problems = {PROBLEM_USER_NOT_FOUND},
		.handle = do_by_name,
	},
	{
		.name = "moderate_user",
		.method = "PATCH",
		.path = USERS "/{id}",
		.weight = 2,
		.params = &id_param_fields,
		.body = &user_moderation_fields,
		.example = "{\"is_active\":true}",
		.status = 200,
		.answer = &user_shape,
		.summary =
			"Set a user's role, disable or enable a user; only for owners and admins",
		.problems = {PROBLEM_USER_NOT_FOUND, PROBLEM_FORBIDDEN, PROBLEM_LAST_OWNER},
		.handle = do_moderate,
	},
};
const struct routes user_routes = ROUTES("Users", routes);
