/* From the socket to the connection: see receive.h. */
#include "ws-bridge/core/receive.h"

#include "base/utf8.h"
#include "realm/metrics.h"
#include "realm/settings.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/catchup.h"
#include "ws-bridge/core/commands.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/feature.h"
#include "ws-bridge/core/live.h"

void receive_credentials(struct conn *conn, const struct credentials *shown)
{
	if (!conn->closing)
		feature_conn_credentials(conn, shown);
}

/* The socket checks every byte, but may miss that a message ends within a character. */
static void take_text(struct conn *conn, const char *text, size_t bytes)
{
	metrics_count(METRIC_WS_MESSAGES);
	if (utf8_is_cut(text, bytes))
		conn_close(conn, CLOSE_NOT_UTF8);
	else
		command_take(conn, text, bytes);
}

void receive_part(struct conn *conn, const struct part *part)
{
	size_t most = (size_t)conn->bridge->settings->ws_frame_bytes;
	if (conn->closing || conn->bridge->stopping)
		return;
	conn_alive(conn);
	if (part->binary) {
		conn_close(conn, CLOSE_BINARY);
	} else if (conn->in.len + part->bytes + part->left > most) {
		buf_free(&conn->in);
		conn_close(conn, CLOSE_TOO_LARGE);
	} else if (!part->last) {
		buf_add(&conn->in, part->text, part->bytes);
	} else if (conn->in.len == 0) {
		take_text(conn, part->text, part->bytes);
	} else {
		buf_add(&conn->in, part->text, part->bytes);
		take_text(conn, conn->in.data, conn->in.len);
		buf_free(&conn->in);
	}
}

void receive_close(struct conn *conn, int code)
{
	conn_answer_close(conn, code);
	live_flush(conn);
}

void receive_end(struct conn *conn)
{
	conn->socket = NULL;
	wheel_cancel(&conn->timer);
	catchup_end(conn);
	queue_clear(&conn->out);
	buf_free(&conn->in);
	LIST_REMOVE(conn, of_bridge);
	conn->bridge->conn_count--;
	if (conn->user)
		conn_leave(conn);
	feature_conn_closed(conn);
	conn->user = NULL;
	conn_unref(conn);
}
