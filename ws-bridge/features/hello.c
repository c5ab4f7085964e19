/* The command `hello`: a client chooses aeon.v1 and the rooms that it wants; and its welcome. */
#include "ws-bridge/features/hello.h"

#include "base/clock.h"
#include "base/fields.h"
#include "base/json_out.h"
#include "base/uuid.h"
#include "realm/events.h"
#include "realm/settings.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/commands.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/message.h"
#include "ws-bridge/core/store_thread.h"
#include "ws-bridge/core/subscription.h"
#include "ws-bridge/features/features.h"

static const struct property limits_properties[] = {
	PROPERTY("frame_bytes", INT, .help = "Of a message from the client, at most."),
	PROPERTY("server_frame_bytes", INT, .help = "Of a message from the server, at most."),
	PROPERTY("messages_per_second", INT,
		 .help = "That the user may send in the long run, together with "
			 "all other requests."),
	PROPERTY("burst", INT, .help = "That the user may send at once."),
	PROPERTY("queue_bytes", INT, .help = "Of messages that wait for the client, at most."),
	PROPERTY("stuck_ms", INT, .help = "A client that reads nothing for so long is closed."),
	PROPERTY("user_connections", INT, .help = "Of one user, at most."),
	PROPERTY("rooms", INT, .help = "That hello may name, at most."),
};
static const struct shape limits_shape = SHAPE("LiveLimits", limits_properties);

static const struct property welcome_properties[] = {
	PROPERTY("session_id", INT),
	PROPERTY("user_id", INT),
	PROPERTY("username", TEXT),
	PROPERTY("epoch", TEXT, .help = "The name of the life of the database."),
	PROPERTY("pos", INT, .help = "The position in the event log; live events come after it."),
	PROPERTY("server_time", TIME),
	PROPERTY("heartbeat_ms", INT, .help = "Time between two pings of the server."),
	PROPERTY("entries", TEXTS,
		 .help = "The kinds that carry a room's seq, also those newer than the client."),
	PROPERTY("limits", PART, .of = &limits_shape),
};
static const struct shape welcome_shape = SHAPE("Welcome", welcome_properties);

static const struct message welcome_message = {
	.type = "welcome",
	.shape = &welcome_shape,
	.v1 = true,
	.help = "The client is authenticated, or has renewed its login."};

void hello_welcome(struct conn *conn)
{
	const struct bridge *bridge = conn->bridge;
	const struct settings *settings = bridge->settings;
	struct buf data = {0};
	jw_open(&data, '{');
	jw_kv_int(&data, "session_id", conn->session_id);
	jw_kv_int(&data, "user_id", conn->user->id);
	jw_kv_text(&data, "username", conn->user->name);
	jw_kv_text(&data, "epoch", store_thread_epoch(bridge->store_thread));
	jw_kv_int(&data, "pos", bridge->pos);
	jw_key(&data, "server_time"), jw_time(&data, clock_now());
	jw_kv_int(&data, "heartbeat_ms", settings->ws_ping_seconds * 1000);
	jw_key(&data, "entries"), event_entries(&data);
	jw_key(&data, "limits"), jw_open(&data, '{');
	jw_kv_int(&data, "frame_bytes", settings->ws_frame_bytes);
	jw_kv_int(&data, "server_frame_bytes", SERVER_MESSAGE_MAX);
	jw_kv_int(&data, "messages_per_second", settings->user_rate);
	jw_kv_int(&data, "burst", settings->user_burst);
	jw_kv_int(&data, "queue_bytes", settings->ws_queue_bytes);
	jw_kv_int(&data, "stuck_ms", settings->ws_stuck_seconds * 1000);
	jw_kv_int(&data, "user_connections", settings->ws_user_connections);
	jw_kv_int(&data, "rooms", SUBSCRIPTION_MAX);
	jw_close(&data, '}');
	jw_close(&data, '}');
	conn_say(conn, &welcome_message, &data);
	buf_free(&data);
}

struct hello_input {
	struct texts rooms;
};

static const struct field hello_rows[] = {
	FIELD(struct hello_input, rooms, TEXTS, .max = SUBSCRIPTION_MAX, .item_max = UUID_TEXT - 1,
	      .help = "Sends only events of these rooms. Without it, the client gets the events "
		      "of all rooms of the user. join_room adds a room."),
};
static const struct fields hello_fields = FIELDS(struct hello_input, hello_rows);

static void hello_run(struct request *request)
{
	const struct hello_input *input = request->input;
	struct conn *conn = request->conn;
	conn->v1 = true;
	subscribe(conn, input->rooms.at, input->rooms.count);
	if (conn->user)
		hello_welcome(conn);
}

static const struct command hello_command = {.type = "hello",
					     .fields = &hello_fields,
					     .open = true,
					     .help = "Choose aeon.v1, and the rooms to hear of.",
					     .run = hello_run};

const struct feature hello_feature = {
	.commands = (const struct command *const[]){&hello_command, NULL},
	.messages = (const struct message *const[]){&welcome_message, NULL},
};
