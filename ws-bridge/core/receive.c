/* From the socket to the connection: see receive.h. */
#include "ws-bridge/core/receive.h"

#include "base/arena.h"
#include "base/faults.h"
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

struct text {
	const char *at;
	size_t bytes;
};

/* The message, as much of it as has come. Most messages come whole, and are not copied. */
static struct text message_so_far(struct conn *conn, const struct part *part)
{
	if (conn->in.len == 0 && part->last)
		return (struct text){part->text, part->bytes};
	buf_add(&conn->in, part->text, part->bytes);
	return (struct text){conn->in.data, conn->in.len};
}

/* The message begins anew. */
static void forget_message(struct conn *conn)
{
	buf_free(&conn->in);
	conn->valid = 0;
}

/* Ends the connection, after an error that names the message. */
static void refuse_message(struct conn *conn, const struct text *text, const struct problem *why,
			   enum close reason)
{
	command_refuse(conn, text->at, text->bytes, why);
	conn_close(conn, reason);
	forget_message(conn);
}

/* Looks only at the bytes that are new. Returns whether they are UTF-8; a part may end within a
 * code point, a message may not. */
static bool check_utf8(struct conn *conn, const struct text *text, bool whole)
{
	conn->valid += utf8_valid_bytes(text->at + conn->valid, text->bytes - conn->valid);
	size_t rest = text->bytes - conn->valid;
	return rest == 0 || (!whole && utf8_is_beginning(text->at + conn->valid, rest));
}

static void refuse_not_utf8(struct conn *conn, const struct text *text)
{
	struct arena *arena = arena_new();
	struct buf *faults = buf_in(arena);
	struct problem why = {0};
	fault_json(faults, (int)conn->valid, "not UTF-8");
	faults_raise(faults, &why);
	refuse_message(conn, text, &why, CLOSE_NOT_UTF8);
	arena_free(&arena);
}

static void take_message(struct conn *conn, const struct text *text)
{
	metrics_count(METRIC_WS_MESSAGES);
	command_take(conn, text->at, text->bytes);
	forget_message(conn);
}

void receive_part(struct conn *conn, const struct part *part)
{
	size_t most = (size_t)conn->bridge->settings->ws_frame_bytes;
	if (conn->closing || conn->bridge->stopping)
		return;
	conn_alive(conn);
	if (part->binary) {
		conn_close(conn, CLOSE_BINARY);
		return;
	}
	bool too_large = conn->in.len + part->bytes + part->left > most;
	const struct text text = message_so_far(conn, part);
	if (too_large) {
		struct problem why = {0};
		problem_say(&why, PROBLEM_BODY_TOO_LARGE,
			    "The message has more than %zu bytes. Make it shorter.", most);
		refuse_message(conn, &text, &why, CLOSE_TOO_LARGE);
	} else if (!check_utf8(conn, &text, part->last)) {
		refuse_not_utf8(conn, &text);
	} else if (part->last) {
		take_message(conn, &text);
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
