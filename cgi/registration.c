/* Routes of registration, invitations, approval and the first owner. */
#include "cgi/request.h"
#include "realm/erase.h"
#include "realm/invites.h"
#include "realm/recovery.h"
#include "realm/registration.h"
#include "realm/rooms.h"
#include "realm/settings.h"
#include "realm/users.h"

#define INVITES API "/invites"
#define ADMIN_USERS API "/admin/users"

static int do_register(struct request *rq, struct problem *why)
{
	int64_t id;
	TRY(request_store(rq, why));
	TRY(user_register(rq->arena, rq->store, rq->app->settings, &rq->caller, rq->body, &id,
			  why));
	return user_show(rq->store, id, rq->out, why);
}

struct claim {
	const char *setup_code;
};
static const struct field claim_rows[] = {
	FIELD(struct claim, setup_code, TEXT, .required = true, .secret = true, .max = 100,
	      .help = "The code that `aeonctl init` or `up` has printed."),
};
static const struct fields claim_fields = FIELDS(struct claim, claim_rows);

static int do_claim(struct request *rq, struct problem *why)
{
	const struct claim *claim = rq->body;
	TRY(setup_code_claim(rq->store, &rq->session, claim->setup_code, why));
	return user_show(rq->store, rq->session.user_id, rq->out, why);
}

static int do_make_invite(struct request *rq, struct problem *why)
{
	return invite_make(rq->arena, rq->store, &rq->session, rq->body, rq->out, why);
}

struct coming {
	const char *code;
};
static const struct field coming_rows[] = {
	FIELD(struct coming, code, TEXT, .required = true, .secret = true, .max = 100,
	      .help = "The code of an invitation that leads into a room."),
};
static const struct fields coming_fields = FIELDS(struct coming, coming_rows);

static int do_join_by_invite(struct request *rq, struct problem *why)
{
	const struct coming *coming = rq->body;
	const char *room_id;
	TRY(invite_join(rq->arena, rq->store, rq->session.user_id, coming->code, &room_id, why));
	return room_show(rq->store, rq->session.user_id, room_id, rq->out, why);
}

static int do_list_invites(struct request *rq, struct problem *why)
{
	return invites_list(rq->store, &rq->session, &rq->page, rq->out, why);
}

static int do_end_invite(struct request *rq, struct problem *why)
{
	return invite_end(rq->store, &rq->session, id_param(rq), why);
}

/* The query must say what it asks for, so that more states can follow. */
struct users_query {
	const char *state;
};
static const char *const states[] = {"pending", NULL};
static const struct field users_query_rows[] = {
	FIELD(struct users_query, state, CHOICE, .choices = states, .default_value = "pending",
	      .help = "pending: accounts that wait for approval."),
};
static const struct fields users_query_fields = FIELDS(struct users_query, users_query_rows);

static int do_list_pending(struct request *rq, struct problem *why)
{
	return users_pending(rq->store, &rq->session, &rq->page, rq->out, why);
}

static int do_approve(struct request *rq, struct problem *why)
{
	TRY(user_approve(rq->store, &rq->session, id_param(rq), why));
	return user_show(rq->store, id_param(rq), rq->out, why);
}

static int do_reject(struct request *rq, struct problem *why)
{
	TRY(user_reject(rq->arena, rq->store, &rq->session, id_param(rq), why));
	erase_for_a_moment(rq->store);
	return 0;
}

static int do_grant_password(struct request *rq, struct problem *why)
{
	return recovery_grant(rq->store, &rq->session, id_param(rq), rq->out, why);
}

static const struct route routes[] = {
	{
		.name = "register",
		.method = "POST",
		.path = USERS "/register",
		.access = ACCESS_PUBLIC,
		.cost = COST_COSTLY,
		.weight = 10,
		.body = &user_new_fields,
		.example = "{\"username\":\"grace\",\"email\":\"grace@example.org\",\"password\":"
			   "\"correct horse battery\",\"full_name\":\"Grace Hopper\"}",
		.status = 201,
		.answer = &user_shape,
		.summary = "Create an account",
		.problems = {PROBLEM_USERNAME_TAKEN, PROBLEM_EMAIL_TAKEN, PROBLEM_RATE_LIMITED,
			     PROBLEM_REGISTRATION_CLOSED, PROBLEM_INVITE_INVALID,
			     PROBLEM_SETUP_CODE_INVALID},
		.handle = do_register,
	},
	{
		.name = "claim_realm",
		.method = "POST",
		.path = USERS "/me/claim",
		.body = &claim_fields,
		.example = "{\"setup_code\":\"01234-56789-abcde-fghjk\"}",
		.status = 200,
		.answer = &user_shape,
		.summary = "Become the first owner of the realm, by its setup code",
		.problems = {PROBLEM_SETUP_CODE_INVALID},
		.handle = do_claim,
	},
	{
		.name = "make_invite",
		.method = "POST",
		.path = INVITES,
		.secret = true,
		.body = &invite_new_fields,
		.example = "{\"uses\":5}",
		.status = 201,
		.answer = &invite_shape,
		.summary =
			"Make an invitation to the realm, and to a room of it; only for owners and "
			"admins",
		.problems = {PROBLEM_FORBIDDEN, PROBLEM_ROOM_NOT_FOUND},
		.handle = do_make_invite,
	},
	{
		.name = "join_by_invite",
		.method = "POST",
		.path = INVITES "/join",
		.weight = 4,
		.body = &coming_fields,
		.example = "{\"code\":\"01234-56789-abcde-fghjk\"}",
		.status = 200,
		.answer = &room_shape,
		.summary = "Join the room of an invitation; joining again changes nothing",
		.problems = {PROBLEM_INVITE_INVALID, PROBLEM_ROOM_FULL, PROBLEM_ROOM_CLOSED,
			     PROBLEM_FORBIDDEN},
		.handle = do_join_by_invite,
	},
	{
		.name = "list_invites",
		.method = "GET",
		.path = INVITES,
		.pages = true,
		.status = 200,
		.answer = &invite_shape,
		.list = true,
		.summary =
			"List invitations to the realm, newest first; only for owners and admins",
		.problems = {PROBLEM_FORBIDDEN},
		.handle = do_list_invites,
	},
	{
		.name = "end_invite",
		.method = "DELETE",
		.path = INVITES "/{id}",
		.params = &id_param_fields,
		.status = 204,
		.summary = "Delete an invitation to the realm; only for owners and admins",
		.problems = {PROBLEM_FORBIDDEN, PROBLEM_NOT_FOUND},
		.handle = do_end_invite,
	},
	{
		.name = "list_pending",
		.method = "GET",
		.path = ADMIN_USERS,
		.query = &users_query_fields,
		.pages = true,
		.status = 200,
		.answer = &user_shape,
		.list = true,
		.summary = "List accounts that wait for approval; only for owners and admins",
		.problems = {PROBLEM_FORBIDDEN},
		.handle = do_list_pending,
	},
	{
		.name = "approve_user",
		.method = "POST",
		.path = ADMIN_USERS "/{id}/approve",
		.params = &id_param_fields,
		.status = 200,
		.answer = &user_shape,
		.summary = "Let an account in that waits for approval; only for owners and admins",
		.problems = {PROBLEM_USER_NOT_FOUND, PROBLEM_FORBIDDEN},
		.handle = do_approve,
	},
	{
		.name = "reject_user",
		.method = "POST",
		.path = ADMIN_USERS "/{id}/reject",
		.params = &id_param_fields,
		.status = 204,
		.summary = "Erase an account that waits for approval; only for owners and admins",
		.problems = {PROBLEM_USER_NOT_FOUND, PROBLEM_FORBIDDEN},
		.handle = do_reject,
	},
	{
		.name = "grant_password",
		.method = "POST",
		.path = ADMIN_USERS "/{id}/password-code",
		.secret = true,
		.params = &id_param_fields,
		.status = 201,
		.answer = &password_code_shape,
		.summary = "Make a code with which a user sets a new password within a day, once; "
			   "only for owners, and for admins where the user is neither",
		.problems = {PROBLEM_USER_NOT_FOUND, PROBLEM_FORBIDDEN},
		.handle = do_grant_password,
	},
};
const struct routes registration_routes = ROUTES("Registration", routes);
