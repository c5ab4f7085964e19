/* Commands: see commands.h. */
#include "ws-bridge/core/commands.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_in.h"
#include "realm/budget.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/feature.h"
#include "ws-bridge/core/job.h"

#define NOT_JSON_ALLOWED 2 /* messages; the next one ends the connection */
#define SECONDS_TOO_FAST 3 /* consecutive ones; the last one ends the connection */
#define ECHO_MAX 1024      /* bytes of an id that an error repeats, also when it is too long */
#define EARLY_MESSAGES 20  /* before authentication; the next one ends the connection */

/* --- requests --------------------------------------------------------------------------------- */

void *request_job(struct request *request, size_t size, const struct job_kind *kind)
{
	struct job *job = job_new(request->arena, size, kind, conn_ref(request->conn));
	job->subject = request->subject;
	request->arena = NULL;
	return job;
}

void request_refuse(const struct request *request, const struct problem *why)
{
	conn_error(request->conn, why, &request->subject);
}

void request_failed(const struct job *job)
{
	conn_error(job->conn, &job->why, &job->subject);
}

bool request_is_too_much(const struct request *request)
{
	struct problem why = {.retry_after_ms = 1000};
	if (!bridge_busy(request->conn->bridge))
		return false;
	problem_set(&why, PROBLEM_STORE_BUSY);
	request_refuse(request, &why);
	return true;
}

/* --- the command of a message ----------------------------------------------------------------- */

static const struct command *find_command(const struct command *const *commands, const char *type)
{
	while (commands && *commands && strcmp((*commands)->type, type) != 0)
		commands++;
	return commands ? *commands : NULL;
}

static const struct command *command_named(const struct conn *conn, const char *type)
{
	const struct command *command = NULL;
	for (const struct feature *const *at = features; *at && !command; at++)
		command = find_command((*at)->commands, type);
	return command && (conn->v1 || !command->v1) ? command : NULL;
}

/* The property, if it is a short text; else NULL. */
static const char *short_text(const json_t *json, const char *name)
{
	const json_t *value = json_object_get(json, name);
	return json_string_length(value) <= ECHO_MAX ? json_string_value(value) : NULL;
}

static struct subject subject_of_json(const struct conn *conn, const json_t *json)
{
	const char *type = short_text(json, "type");
	const struct command *command = command_named(conn, type ? type : "");
	return (struct subject){.command = command ? command->type : NULL,
				.client_id = short_text(json, "client_id"),
				.room_id = short_text(json, "room_id")};
}

/* The same for a message that is no JSON, as far as it can be read. */
static struct subject subject_of_text(const struct conn *conn, struct arena *arena,
				      const char *text, size_t bytes)
{
	const char *type = json_peek_text(arena, text, bytes, "type", ECHO_MAX);
	const struct command *command = command_named(conn, type ? type : "");
	return (struct subject){.command = command ? command->type : NULL,
				.client_id =
					json_peek_text(arena, text, bytes, "client_id", ECHO_MAX),
				.room_id = json_peek_text(arena, text, bytes, "room_id", ECHO_MAX)};
}

struct request_room {
	const char *room_id;
};
static const struct field request_room_rows[] = {
	FIELD(struct request_room, room_id, TEXT, .required = true, .min = 1, .max = REQUEST_ID_MAX,
	      .help = "The room's UUID."),
};
const struct fields request_room_fields = FIELDS(struct request_room, request_room_rows);

static int decode_fields(struct request *request, const struct command *command,
			 struct problem *why)
{
	struct buf *faults = buf_in(request->arena);
	struct request_room room;
	if (command->takes_room)
		fields_from_json(request->arena, &request_room_fields, request->json, "body", &room,
				 NULL, faults);
	if (command->fields) {
		void *input = arena_alloc(request->arena, command->fields->size);
		fields_from_json(request->arena, command->fields, request->json, "body", input,
				 NULL, faults);
		request->input = input;
	}
	TRY(faults_raise(faults, why));
	if (command->takes_room)
		request->room_id = room.room_id;
	return 0;
}

/* Pays with the user's budget. Before authentication there is none, and little to say. */
static int pay(const struct request *request, const struct command *command, struct problem *why)
{
	struct conn *conn = request->conn;
	struct budget_cost cost = {.weight = 1 + budget_weight_of(request->bytes)};
	if (!conn->user)
		return conn->early++ < EARLY_MESSAGES ? 0 : problem_set(why, PROBLEM_RATE_LIMITED);
	if (command && command->weight)
		cost.weight += command->weight - 1;
	cost.reaches = command && command->reaches;
	return conn_pay(conn, cost, why);
}

static void refuse(const struct request *request, const struct problem *why)
{
	struct conn *conn = request->conn;
	request_refuse(request, why);
	if (why->code != PROBLEM_RATE_LIMITED)
		return;
	if (!conn->user || limit_refused(&conn->limit, clock_monotonic()) >= SECONDS_TOO_FAST)
		conn_close(conn, CLOSE_TOO_FAST);
}

/* Finds the command, and checks that this connection may send it. */
static int find_and_check(struct request *request, const struct command **command_r,
			  struct problem *why)
{
	struct conn *conn = request->conn;
	const char *type = short_text(request->json, "type");
	*command_r = command_named(conn, type ? type : "");
	TRY(pay(request, *command_r, why));
	if (!conn->user && !(*command_r && (*command_r)->open))
		return problem_set(why, PROBLEM_UNAUTHENTICATED);
	if (!*command_r)
		return problem_field(request->arena, why, "body", "type",
				     "Value error, unknown message type");
	return decode_fields(request, *command_r, why);
}

static void take_json(struct request *request)
{
	const struct command *command;
	struct problem why = {0};
	request->subject = subject_of_json(request->conn, request->json);
	request->room_id = request->subject.room_id;
	if (find_and_check(request, &command, &why) == 0) {
		command->run(request);
		return;
	}
	refuse(request, &why);
}

static void take_invalid(struct request *request, const char *text, struct buf *faults)
{
	struct problem why = {0};
	request->subject = subject_of_text(request->conn, request->arena, text, request->bytes);
	if (pay(request, NULL, &why) == 0)
		faults_raise(faults, &why);
	refuse(request, &why);
	if (request->conn->not_json++ >= NOT_JSON_ALLOWED)
		conn_close(request->conn, CLOSE_NOT_JSON);
}

void command_take(struct conn *conn, const char *text, size_t bytes)
{
	struct request request = {.conn = conn, .arena = arena_new(), .bytes = bytes};
	struct buf *faults = buf_in(request.arena);
	request.json = json_in(request.arena, text, bytes, faults);
	if (request.json)
		take_json(&request);
	else
		take_invalid(&request, text, faults);
	arena_free(&request.arena);
}

void command_refuse(struct conn *conn, const char *text, size_t bytes, const struct problem *why)
{
	struct arena *arena = arena_new();
	struct subject subject = subject_of_text(conn, arena, text, bytes);
	conn_error(conn, why, &subject);
	arena_free(&arena);
}
