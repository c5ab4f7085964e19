/* What clients can send: see commands.h. */
#include "ws-bridge/core/commands.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_in.h"
#include "base/json_out.h"
#include "realm/settings.h"
#include "ws-bridge/features/auth.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/features/changes.h"
#include "ws-bridge/features/chat.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/features/hello.h"
#include "ws-bridge/core/job.h"
#include "ws-bridge/features/join.h"
#include "ws-bridge/features/resume.h"
#include "ws-bridge/features/read_marker.h"
#include "ws-bridge/features/presence.h"
#include "ws-bridge/features/typing.h"

#define LONGEST_ID 64      /* code points of an id that an error repeats */
#define NOT_JSON_ALLOWED 2 /* messages; the next one ends the connection */
#define SECONDS_TOO_FAST 3 /* in a row; then the same */

static void run_ping(struct request *request);

static const struct command ping_command = {.type = "ping", .v1 = true, .run = run_ping};

static const struct command *const commands[] = {
	&authenticate_command, &chat_command,   &delete_command, &edit_command,     &hello_command,
	&join_command,         &leave_command,  &ping_command,   &presence_command, &react_command,
	&read_command,         &resume_command, &typing_command,
};

static void run_ping(struct request *request)
{
	const json_t *id = json_object_get(request->json, "id");
	struct buf data = {0};
	jw_open(&data, '{');
	if (json_is_integer(id))
		jw_kv_int(&data, "id", json_integer_value(id));
	else if (json_is_string(id) && json_string_length(id) <= LONGEST_ID)
		jw_kv_text(&data, "id", json_string_value(id));
	jw_key(&data, "server_time"), jw_time(&data, clock_now());
	jw_kv_int(&data, "pos", request->conn->bridge->pos);
	jw_close(&data, '}');
	conn_say(request->conn, "pong", &data);
	buf_free(&data);
}

void *request_job(struct request *request, size_t size, const struct job_kind *kind)
{
	void *job = job_new(request->arena, size, kind, conn_ref(request->conn));
	request->arena = NULL;
	return job;
}

void request_refuse(const struct request *request, const struct problem *why)
{
	conn_error(request->conn, why, request->client_id, request->room_id);
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

static const struct command *command_named(const struct conn *conn, const char *type)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (strcmp(commands[i]->type, type) == 0 && (conn->v1 || !commands[i]->v1))
			return commands[i];
	return NULL;
}

/* A short text member, if it is one. */
static const char *text_of(const json_t *json, const char *name)
{
	const json_t *value = json_object_get(json, name);
	return json_string_length(value) <= 4 * LONGEST_ID ? json_string_value(value) : NULL;
}

struct address {
	const char *room_id;
};
static const struct field address_rows[] = {
	FIELD(struct address, room_id, TEXT, .required = true, .min = 1, .max = LONGEST_ID),
};
static const struct fields address_fields = FIELDS(struct address, address_rows);

static int decode(struct request *request, const struct command *command, struct problem *why)
{
	struct buf *faults = buf_in(request->arena);
	struct address address;
	if (command->takes_room)
		fields_from_json(request->arena, &address_fields, request->json, "body", &address,
				 NULL, faults);
	if (command->fields) {
		void *input = arena_alloc(request->arena, command->fields->size);
		fields_from_json(request->arena, command->fields, request->json, "body", input,
				 NULL, faults);
		request->input = input;
	}
	TRY(faults_raise(faults, why));
	if (command->takes_room)
		request->room_id = address.room_id;
	return 0;
}

static int within_rate(struct conn *conn, struct problem *why)
{
	const struct settings *settings = conn->bridge->settings;
	int wait =
		limit_take(&conn->limit, settings->ws_rate, settings->ws_burst, clock_monotonic());
	if (!wait)
		return 0;
	why->retry_after_ms = wait;
	return problem_set(why, PROBLEM_RATE_LIMITED);
}

/* Finds what to do and whether it may be done. */
static int admit(struct request *request, const struct command **command_r, struct problem *why)
{
	struct conn *conn = request->conn;
	const char *type = text_of(request->json, "type");
	TRY(within_rate(conn, why));
	*command_r = command_named(conn, type ? type : "");
	if (!conn->user && !(*command_r && (*command_r)->open))
		return problem_set(why, PROBLEM_UNAUTHENTICATED);
	if (!*command_r)
		return problem_field(request->arena, why, "body", "type",
				     "Value error, unknown message type");
	return decode(request, *command_r, why);
}

static void take_json(struct request *request)
{
	const struct command *command;
	struct problem why = {0};
	request->room_id = text_of(request->json, "room_id");
	request->client_id = text_of(request->json, "client_id");
	if (admit(request, &command, &why) == 0) {
		command->run(request);
		return;
	}
	request_refuse(request, &why);
	if (request->conn->limit.refused >= SECONDS_TOO_FAST)
		conn_close(request->conn, CLOSE_TOO_FAST);
}

static void take_garbage(struct request *request, struct buf *faults)
{
	struct problem why = {0};
	faults_raise(faults, &why);
	request_refuse(request, &why);
	if (request->conn->not_json++ >= NOT_JSON_ALLOWED)
		conn_close(request->conn, CLOSE_NOT_JSON);
}

void command_take(struct conn *conn, const char *text, size_t bytes)
{
	struct request request = {.conn = conn, .arena = arena_new()};
	struct buf *faults = buf_in(request.arena);
	request.json = json_in(request.arena, text, bytes, faults);
	if (request.json)
		take_json(&request);
	else
		take_garbage(&request, faults);
	arena_free(&request.arena);
}
