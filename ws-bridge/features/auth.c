/*
 * Authentication: see auth.h.
 *
 * The rooms of a user are read at a known place of the event log, and the job is reported there, so
 * every event behind it finds the connection already in its rooms and none before it does. That
 * pauses for the end of a login, too: it is either seen by the job or comes as an event behind it.
 */
#include "ws-bridge/features/auth.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "realm/relationships.h"
#include "realm/rooms.h"
#include "realm/sessions.h"
#include "realm/settings.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/commands.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/features/hello.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/job.h"
#include "ws-bridge/features/presence.h"

struct auth_job {
	struct job job;
	char *token; /* or a ticket */
	int64_t asked_user;
	struct session session;
	const char **room_ids;
	struct buf *co_members, *blocked;
};

/* find() is the realm's, for a token or for a ticket. */
static int identify(struct store *store, struct job *job,
		    int (*find)(struct arena *, struct store *, const char *token,
				struct session *session_r, struct problem *),
		    struct problem *why)
{
	struct auth_job *auth = container_of(job, struct auth_job, job);
	int found = find(job->arena, store, auth->token, &auth->session, why);
	explicit_bzero(auth->token, strlen(auth->token));
	TRY(found);
	if (auth->asked_user && auth->asked_user != auth->session.user_id)
		return problem_set(why, PROBLEM_FORBIDDEN);
	TRY(rooms_of_user(job->arena, store, auth->session.user_id, &auth->room_ids, why));
	auth->blocked = buf_in(job->arena);
	TRY(relationships_blocked(store, auth->session.user_id, auth->blocked, why));
	auth->co_members = buf_in(job->arena);
	return room_co_members(store, auth->session.user_id, auth->co_members, why);
}

static int run_token(struct store *store, struct job *job, struct problem *why)
{
	return identify(store, job, session_find, why);
}

static int run_ticket(struct store *store, struct job *job, struct problem *why)
{
	return identify(store, job, ticket_redeem, why);
}

static void refuse(struct conn *conn, const struct problem *why)
{
	switch (why->code) {
	case PROBLEM_TOKEN_INVALID:
		conn_close(conn, CLOSE_UNAUTHENTICATED);
		break;
	case PROBLEM_FORBIDDEN:
		conn_close(conn, CLOSE_FORBIDDEN);
		break;
	default:
		conn_error(conn, why, NULL, NULL);
		conn_close(conn, CLOSE_FAULT);
	}
}

/* Gives the connection to its user, who may have others already. */
static void enter(struct conn *conn, const struct auth_job *auth)
{
	struct bridge *bridge = conn->bridge;
	const struct session *session = &auth->session;
	struct user *user = hub_user(&bridge->hub, session->user_id);
	if (!user)
		user = hub_user_add(bridge, session->user_id, session->username, auth->room_ids,
				    auth->blocked);
	wheel_cancel(&user->grace);
	conn->user = user;
	LIST_INSERT_HEAD(&user->conns, conn, of_user);
	user->conn_count++;
	bridge->came++;
	conn_start_heartbeat(conn);
	if (user->conn_count > bridge->settings->ws_user_connections) {
		conn_close(conn, CLOSE_OVERLOADED);
		return;
	}
	if (conn->v1)
		hello_welcome(conn);
	conn_say(conn, "room_participants", auth->co_members);
	presence_update(user, NULL);
}

static void login_over(struct timer *timer)
{
	conn_close(container_of(timer, struct conn, login), CLOSE_UNAUTHENTICATED);
}

static void auth_done(struct job *job)
{
	const struct auth_job *auth = container_of(job, struct auth_job, job);
	struct conn *conn = job->conn;
	if (!conn->socket || conn->closing)
		return;
	bool renewal = conn->user != NULL;
	if (renewal && job->why.code == PROBLEM_NONE && conn->user->id != auth->session.user_id)
		problem_set(&job->why, PROBLEM_FORBIDDEN);
	if (job->why.code != PROBLEM_NONE) {
		refuse(conn, &job->why);
		return;
	}
	int64_t left_ms = (auth->session.expires_at - clock_now()) / 1000;
	conn->session_id = auth->session.id;
	wheel_set(&conn->bridge->wheel, &conn->login, left_ms > 0 ? left_ms : 0, login_over);
	if (!renewal)
		enter(conn, auth);
	else if (conn->v1)
		hello_welcome(conn);
	conn_resume_input(conn);
}

static const struct job_kind token_kind = {
	.when = REPORT_IN_ORDER, .run = run_token, .done = auth_done};
static const struct job_kind ticket_kind = {
	.writes = true, .when = REPORT_IN_ORDER, .run = run_ticket, .done = auth_done};

static void submit(struct conn *conn, struct auth_job *auth, const char *token)
{
	auth->token = arena_strdup(auth->job.arena, token);
	auth->asked_user = conn->asked_user;
	conn_pause_input(conn);
	bridge_submit(conn->bridge, &auth->job);
}

static void start(struct conn *conn, const struct job_kind *kind, const char *token)
{
	submit(conn, job_new(arena_new(), sizeof(struct auth_job), kind, conn_ref(conn)), token);
}

void auth_start(struct conn *conn, const char *token)
{
	start(conn, &token_kind, token);
}

void auth_start_by_ticket(struct conn *conn, const char *ticket)
{
	start(conn, &ticket_kind, ticket);
}

void auth_leave(struct conn *conn)
{
	if (!conn->user)
		return;
	wheel_cancel(&conn->login);
	LIST_REMOVE(conn, of_user);
	conn->user->conn_count--;
	presence_update(conn->user, NULL);
	conn->user = NULL;
}

/* --- the command ------------------------------------------------------------------------------ */

struct authenticate_input {
	const char *token;
};

static const struct field authenticate_rows[] = {
	FIELD(struct authenticate_input, token, TEXT, .required = true, .secret = true, .max = 255),
};
static const struct fields authenticate_fields =
	FIELDS(struct authenticate_input, authenticate_rows);

static void run(struct request *request)
{
	const struct authenticate_input *input = request->input;
	struct conn *conn = request->conn;
	submit(conn, request_job(request, sizeof(struct auth_job), &token_kind), input->token);
}

const struct command authenticate_command = {
	.type = "authenticate", .fields = &authenticate_fields, .open = true, .run = run};

/* --- whether it still counts ------------------------------------------------------------------ */

struct check_job {
	struct job job;
	int64_t session_id;
	int valid;
};

static int run_check(struct store *store, struct job *job, struct problem *why)
{
	struct check_job *check = container_of(job, struct check_job, job);
	TRY(check->valid = session_valid(store, check->session_id, why));
	return 0;
}

static void check_done(struct job *job)
{
	const struct check_job *check = container_of(job, struct check_job, job);
	struct conn *conn = job->conn;
	/* A renewal meanwhile has looked at its own session. */
	if (conn->session_id != check->session_id)
		return;
	/* Nobody asks again, so whoever cannot be checked must come again. */
	if (job->why.code != PROBLEM_NONE)
		conn_close(conn, CLOSE_FAULT);
	else if (!check->valid)
		conn_close(conn, CLOSE_UNAUTHENTICATED);
}

static const struct job_kind check_kind = {
	.when = REPORT_IN_ORDER, .run = run_check, .done = check_done};

void auth_check(struct bridge *bridge, int64_t user_id)
{
	const struct user *user = hub_user(&bridge->hub, user_id);
	struct conn *conn;
	if (!user)
		return;
	LIST_FOREACH(conn, &user->conns, of_user) {
		struct check_job *check =
			job_new(arena_new(), sizeof(*check), &check_kind, conn_ref(conn));
		check->session_id = conn->session_id;
		bridge_submit(bridge, &check->job);
	}
}
