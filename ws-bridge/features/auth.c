/*
 * Authentication: from a token or a ticket to a user with rooms; and whether the login still holds.
 *
 * The rooms of a user are read at a position of the event log, and the job is reported at that
 * position. So every later event finds the connection in its rooms already, and no earlier event
 * does. The same is true for the end of a login: the job sees it, or it comes as a later event.
 */
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/fields.h"
#include "realm/budget.h"
#include "realm/relationships.h"
#include "realm/rooms.h"
#include "realm/sessions.h"
#include "realm/settings.h"
#include "ws-bridge/core/batch.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/commands.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/job.h"
#include "ws-bridge/core/message.h"
#include "ws-bridge/features/features.h"
#include "ws-bridge/features/hello.h"
#include "ws-bridge/features/member_list.h"
#include "ws-bridge/features/presence.h"
#include "ws-bridge/features/typing.h"

#define AUTH_WEIGHT 5 /* reads the user's rooms and their members */

struct auth_job {
	struct job job;
	char *secret; /* a token or a ticket */
	int64_t path_user;
	struct session session;
	const char **room_ids;
	struct buf *hidden;
	struct member_part members;
};

/* find() is the realm's, for a token or for a ticket. */
static int auth_find(struct store *store, struct job *job,
		     int (*find)(struct arena *, struct store *, const char *secret,
				 struct session *session_r, struct problem *),
		     struct problem *why)
{
	struct auth_job *auth = container_of(job, struct auth_job, job);
	TRY(find(job->arena, store, auth->secret, &auth->session, why));
	auth->session.caller = job->conn->caller;
	if (auth->path_user && auth->path_user != auth->session.user_id)
		return problem_set(why, PROBLEM_FORBIDDEN);
	/* From here on the connection misses no presence. */
	batcher_note_user(job->batcher, auth->session.user_id, true);
	TRY(rooms_of_user(job->arena, store, auth->session.user_id, &auth->room_ids, why));
	auth->hidden = buf_in(job->arena);
	TRY(relationships_blocked(store, auth->session.user_id, auth->hidden, why));
	auth->members = (struct member_part){0};
	return member_part_read(job->arena, store, auth->session.user_id, &auth->members, why);
}

static int token_run_job(struct store *store, struct job *job, struct problem *why)
{
	return auth_find(store, job, session_find, why);
}

static int ticket_run_job(struct store *store, struct job *job, struct problem *why)
{
	return auth_find(store, job, ticket_redeem, why);
}

static void auth_refuse(struct conn *conn, const struct problem *why)
{
	switch (why->code) {
	case PROBLEM_RATE_LIMITED:
		conn_error(conn, why, NULL);
		conn_close(conn, CLOSE_TOO_FAST);
		break;
	case PROBLEM_TOKEN_INVALID:
		conn_close(conn, CLOSE_UNAUTHENTICATED);
		break;
	case PROBLEM_FORBIDDEN:
		conn_close(conn, CLOSE_FORBIDDEN);
		break;
	default:
		conn_error(conn, why, NULL);
		conn_close(conn, CLOSE_FAULT);
	}
}

/* Adds the connection to its user. The user may have other connections already. */
static void auth_enter(struct conn *conn, const struct auth_job *auth)
{
	struct bridge *bridge = conn->bridge;
	const struct session *session = &auth->session;
	struct user *user = hub_user(&bridge->hub, session->user_id);
	if (!user)
		user = hub_user_add(&bridge->hub, session->user_id, session->username,
				    auth->room_ids, auth->hidden);
	conn_enter(conn, user);
	bridge->arrivals++;
	conn_start_heartbeat(conn);
	if (user->conn_count > bridge->settings->ws_user_connections) {
		conn_close(conn, CLOSE_OVERLOADED);
		return;
	}
	struct problem why = {0};
	if (conn_pay(conn, (struct budget_cost){.weight = AUTH_WEIGHT}, &why) < 0) {
		auth_refuse(conn, &why);
		return;
	}
	if (conn->v1)
		hello_welcome(conn);
	member_part_send(conn, &auth->members);
	presence_arrived(conn);
	typing_show_all(conn);
}

static void login_expired(struct timer *timer)
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
		auth_refuse(conn, &job->why);
		return;
	}
	int64_t left_ms = (auth->session.expires_at - clock_now()) / 1000;
	conn->session_id = auth->session.id;
	wheel_set(&conn->bridge->wheel, &conn->login, left_ms > 0 ? left_ms : 0, login_expired);
	if (!renewal)
		auth_enter(conn, auth);
	else if (conn->v1)
		hello_welcome(conn);
	conn_resume_input(conn);
}

static const struct job_kind token_kind = {
	.when = REPORT_IN_ORDER, .run = token_run_job, .done = auth_done};
static const struct job_kind ticket_kind = {
	.writes = true, .when = REPORT_IN_ORDER, .run = ticket_run_job, .done = auth_done};

static void auth_wipe(void *secret)
{
	explicit_bzero(secret, strlen(secret));
}

static void auth_submit(struct conn *conn, struct auth_job *auth, const char *secret)
{
	auth->secret = arena_strdup(auth->job.arena, secret);
	arena_defer(auth->job.arena, auth_wipe, auth->secret);
	auth->path_user = conn->path_user;
	conn_pause_input(conn);
	bridge_submit(conn->bridge, &auth->job);
}

static void auth_credentials(struct conn *conn, const struct credentials *shown)
{
	const struct job_kind *kind = shown->token ? &token_kind : &ticket_kind;
	struct auth_job *auth = job_new(arena_new(), sizeof(*auth), kind, conn_ref(conn));
	auth_submit(conn, auth, shown->token ? shown->token : shown->ticket);
}

static void auth_conn_closed(struct conn *conn)
{
	wheel_cancel(&conn->login);
}

/* --- the command ------------------------------------------------------------------------------ */

struct authenticate_input {
	const char *token;
};

static const struct field authenticate_rows[] = {
	FIELD(struct authenticate_input, token, TEXT, .required = true, .secret = true, .max = 255,
	      .help = "Token of a login."),
};
static const struct fields authenticate_fields =
	FIELDS(struct authenticate_input, authenticate_rows);

static void authenticate_run(struct request *request)
{
	const struct authenticate_input *input = request->input;
	struct conn *conn = request->conn;
	auth_submit(conn, request_job(request, sizeof(struct auth_job), &token_kind), input->token);
}

static const struct command authenticate_command = {.type = "authenticate",
						    .fields = &authenticate_fields,
						    .open = true,
						    .weight = AUTH_WEIGHT,
						    .help = "Authenticate, or renew the login.",
						    .run = authenticate_run};

/* --- whether the login still holds ------------------------------------------------------------ */

struct check_job {
	struct job job;
	int64_t session_id;
	int valid;
};

static int check_run_job(struct store *store, struct job *job, struct problem *why)
{
	struct check_job *check = container_of(job, struct check_job, job);
	TRY(check->valid = session_valid(store, check->session_id, why));
	return 0;
}

static void check_done(struct job *job)
{
	const struct check_job *check = container_of(job, struct check_job, job);
	struct conn *conn = job->conn;
	/* A renewal in the meantime has looked at its own session. */
	if (conn->session_id != check->session_id)
		return;
	/* No further check follows, so a connection that cannot be checked must end. */
	if (job->why.code != PROBLEM_NONE)
		conn_close(conn, CLOSE_FAULT);
	else if (!check->valid)
		conn_close(conn, CLOSE_UNAUTHENTICATED);
}

static const struct job_kind check_kind = {
	.when = REPORT_IN_ORDER, .run = check_run_job, .done = check_done};

/* Some login of the user has ended: checks all the user's connections. */
static void auth_event(struct bridge *bridge, const struct report *event)
{
	if (event->kind != EVENT_SESSIONS_ENDED)
		return;
	const struct user *user = hub_user(&bridge->hub, event->user_id);
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

const struct feature auth_feature = {
	.commands = (const struct command *const[]){&authenticate_command, NULL},
	.conn_credentials = auth_credentials,
	.conn_closed = auth_conn_closed,
	.event = auth_event,
};
