/* Acknowledgements: see ack.h. */
#include "ws-bridge/features/ack.h"

#include "base/json_out.h"
#include "ws-bridge/core/conn.h"

static const struct property ack_properties[] = {
	PROPERTY("client_id", TEXT),
	PROPERTY("message_id", TEXT),
	PROPERTY("room_id", TEXT),
	PROPERTY("seq", INT, .nullable = true, .help = "null for a change that had nothing to change."),
	PROPERTY("pos", INT, .nullable = true),
	PROPERTY("timestamp", TIME),
	PROPERTY("duplicate", BOOL, .help = "The command was carried out before."),
};
static const struct shape ack_shape = SHAPE("Ack", ack_properties);

const struct message ack_message = {.type = "ack",
				    .shape = &ack_shape,
				    .v1 = true,
				    .help = "A command with a client_id is on disk."};

static void ack_add_number(struct buf *data, const char *name, int64_t number)
{
	jw_key(data, name);
	if (number)
		jw_int(data, number);
	else
		jw_null(data);
}

void ack_send(struct conn *conn, const struct ack *ack)
{
	struct buf data = {0};
	if (!ack->client_id || !conn->v1)
		return;
	jw_open(&data, '{');
	jw_kv_text(&data, "client_id", ack->client_id);
	jw_kv_text(&data, "message_id", ack->message_id);
	jw_kv_text(&data, "room_id", ack->room_id);
	ack_add_number(&data, "seq", ack->seq);
	ack_add_number(&data, "pos", ack->pos);
	jw_key(&data, "timestamp"), jw_time(&data, ack->timestamp);
	jw_kv_bool(&data, "duplicate", ack->duplicate);
	jw_close(&data, '}');
	conn_say(conn, &ack_message, &data);
	buf_free(&data);
}
