/* The command `ping`: a client asks whether the bridge is alive, and how far the log is. */
#include "base/clock.h"
#include "base/json_out.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/commands.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/message.h"
#include "ws-bridge/features/features.h"

static const struct property pong_properties[] = {
	PROPERTY("id", ANY, .optional = true, .help = "The command's own: a number or a text."),
	PROPERTY("server_time", TIME),
	PROPERTY("pos", INT, .help = "The position in the event log."),
};
static const struct shape pong_shape = SHAPE("Pong", pong_properties);

static const struct message pong_message = {
	.type = "pong", .shape = &pong_shape, .v1 = true, .help = "The bridge is alive."};

static void ping_run(struct request *request)
{
	const json_t *id = json_object_get(request->json, "id");
	struct buf data = {0};
	jw_open(&data, '{');
	if (json_is_integer(id))
		jw_kv_int(&data, "id", json_integer_value(id));
	else if (json_is_string(id) && json_string_length(id) <= REQUEST_ID_MAX)
		jw_kv_text(&data, "id", json_string_value(id));
	jw_key(&data, "server_time"), jw_time(&data, clock_now());
	jw_kv_int(&data, "pos", request->conn->bridge->pos);
	jw_close(&data, '}');
	conn_say(request->conn, &pong_message, &data);
	buf_free(&data);
}

static const struct command ping_command = {
	.type = "ping", .v1 = true, .help = "Ask whether the bridge is alive.", .run = ping_run};

const struct feature ping_feature = {
	.commands = (const struct command *const[]){&ping_command, NULL},
	.messages = (const struct message *const[]){&pong_message, NULL},
};
