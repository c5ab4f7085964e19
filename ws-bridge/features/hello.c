/* Greetings: see hello.h. */
#include "ws-bridge/features/hello.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/fields.h"
#include "base/json_out.h"
#include "base/memory.h"
#include "base/uuid.h"
#include "realm/settings.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/commands.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/store_thread.h"

#define ROOMS 200 /* that a connection may narrow itself to */

struct narrowed {
	size_t count;
	char room_ids[][UUID_TEXT]; /* sorted */
};

static int compare(const void *one, const void *other)
{
	return strcmp(one, other);
}

bool hello_hears(const struct conn *conn, const char *room_id)
{
	const struct narrowed *to = conn->narrowed;
	return !to || bsearch(room_id, to->room_ids, to->count, UUID_TEXT, compare) != NULL;
}

static void narrow(struct conn *conn, const struct texts *rooms)
{
	free(conn->narrowed);
	conn->narrowed = NULL;
	if (!rooms->at)
		return;
	struct narrowed *to = xcalloc(1, sizeof(*to) + rooms->count * UUID_TEXT);
	to->count = rooms->count;
	for (size_t i = 0; i < rooms->count; i++)
		snprintf(to->room_ids[i], UUID_TEXT, "%s", rooms->at[i]);
	qsort(to->room_ids, to->count, UUID_TEXT, compare);
	conn->narrowed = to;
}

void hello_welcome(struct conn *conn)
{
	const struct bridge *bridge = conn->bridge;
	const struct settings *settings = bridge->settings;
	struct buf data = {0};
	jw_open(&data, '{');
	jw_kv_int(&data, "session_id", conn->session_id);
	jw_kv_int(&data, "user_id", conn->user->id);
	jw_kv_text(&data, "username", conn->user->name);
	jw_kv_text(&data, "epoch", store_thread_epoch(bridge->worker));
	jw_kv_int(&data, "pos", bridge->pos);
	jw_key(&data, "server_time"), jw_time(&data, clock_now());
	jw_kv_int(&data, "heartbeat_ms", settings->ws_ping_seconds * 1000);
	jw_key(&data, "limits"), jw_open(&data, '{');
	jw_kv_int(&data, "frame_bytes", settings->ws_frame_bytes);
	jw_kv_int(&data, "messages_per_second", settings->ws_rate);
	jw_kv_int(&data, "burst", settings->ws_burst);
	jw_kv_int(&data, "queue_bytes", settings->ws_queue_bytes);
	jw_kv_int(&data, "stuck_ms", settings->ws_stuck_seconds * 1000);
	jw_kv_int(&data, "user_connections", settings->ws_user_connections);
	jw_kv_int(&data, "rooms", ROOMS);
	jw_close(&data, '}');
	jw_close(&data, '}');
	conn_say(conn, "welcome", &data);
	buf_free(&data);
}

struct hello_input {
	struct texts rooms;
};

static const struct field hello_rows[] = {
	FIELD(struct hello_input, rooms, TEXTS, .max = ROOMS, .item_max = UUID_TEXT - 1,
	      .help = "The only rooms whose events are wanted; missing: all."),
};
static const struct fields hello_fields = FIELDS(struct hello_input, hello_rows);

static void run(struct request *request)
{
	const struct hello_input *input = request->input;
	struct conn *conn = request->conn;
	conn->v1 = true;
	narrow(conn, &input->rooms);
	if (conn->user)
		hello_welcome(conn);
}

const struct command hello_command = {
	.type = "hello", .fields = &hello_fields, .open = true, .run = run};
