/*
 * One connection: see conn.h.
 *
 * Frames are written together, whole, and only while the socket keeps nothing back. So what waits
 * is in our queue, where it is counted.
 */
#include "ws-bridge/core/conn.h"

#include <string.h>

#include "base/clock.h"
#include "base/json_out.h"
#include "base/memory.h"
#include "base/mutant.h"
#include "realm/budget.h"
#include "realm/caller.h"
#include "realm/metrics.h"
#include "realm/settings.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/message.h"
#include "ws-bridge/core/socket.h"

#define WRITE_BYTES 65536 /* gathered into one write */
#define CLOSING_MS 10000  /* for a client to take its close frame; then the socket is cut off */
#define MISSED_PONGS 2

#define CLOSE_ROW(constant, code, reason) [CLOSE_##constant] = {code, reason},
static const struct close_info closes[CLOSE__COUNT] = {CLOSE_TABLE(CLOSE_ROW)};

const struct close_info *close_info(enum close close)
{
	return &closes[close];
}

/* --- beginning and end ------------------------------------------------------------------------ */

static void authentication_late(struct timer *timer)
{
	conn_close(container_of(timer, struct conn, timer), CLOSE_UNAUTHENTICATED);
}

struct conn *conn_open(struct bridge *bridge, struct socket *socket, enum subprotocol subprotocol,
		       int64_t path_user, const struct caller *caller)
{
	const struct settings *settings = bridge->settings;
	struct conn *conn = xcalloc(1, sizeof(*conn));
	conn->socket = socket;
	conn->bridge = bridge;
	conn->caller = caller_copy(caller);
	conn->v1 = subprotocol != SUBPROTOCOL_COMPAT;
	conn->batches = subprotocol == SUBPROTOCOL_V1_BATCH;
	conn->path_user = path_user;
	conn->references = 1;
	LIST_INSERT_HEAD(&bridge->conns, conn, of_bridge);
	bridge->conn_count++;
	wheel_set(&bridge->wheel, &conn->timer, settings->ws_auth_seconds * 1000,
		  authentication_late);
	if (bridge->stopping)
		conn_close(conn, CLOSE_RESTART);
	else if (bridge->conn_count > (size_t)settings->ws_connections)
		conn_close(conn, CLOSE_OVERLOADED);
	return conn;
}

struct conn *conn_ref(struct conn *conn)
{
	conn->references++;
	return conn;
}

void conn_unref(struct conn *conn)
{
	if (--conn->references > 0)
		return;
	buf_free(&conn->missed);
	free(conn->subscription);
	free(conn->caller);
	free(conn);
}

void conn_enter(struct conn *conn, struct user *user)
{
	conn->user = user;
	LIST_INSERT_HEAD(&user->conns, conn, of_user);
	user->conn_count++;
}

void conn_leave(struct conn *conn)
{
	LIST_REMOVE(conn, of_user);
	conn->user->conn_count--;
}

/* --- out -------------------------------------------------------------------------------------- */

static void conn_cut_off(struct conn *conn)
{
	queue_clear(&conn->out);
	socket_cut_off(conn->socket);
}

static void close_late(struct timer *timer)
{
	conn_cut_off(container_of(timer, struct conn, timer));
}

void conn_note_queue(struct conn *conn)
{
	bool full = conn->out.bytes > (size_t)conn->bridge->settings->ws_queue_bytes;
	if (full == conn->full)
		return;
	conn->full = full;
	if (full)
		conn_pause_input(conn);
	else
		conn_resume_input(conn);
}

bool conn_write(struct conn *conn)
{
	struct buf *out = &conn->bridge->outgoing;
	bool wrote = false;
	while (conn->out.count > 0 && (MUTANT(torn_frame) || !socket_keeps(conn->socket))) {
		buf_clear(out);
		buf_reserve(out, SOCKET_ROOM);
		out->len = SOCKET_ROOM;
		(conn->batches ? queue_take_joined : queue_take)(&conn->out, out, WRITE_BYTES);
		unsigned char *data = (unsigned char *)out->data + SOCKET_ROOM;
		if (socket_write(conn->socket, data, out->len - SOCKET_ROOM) < 0)
			conn_cut_off(conn);
		wrote = true;
	}
	return wrote;
}

void conn_wake(struct conn *conn)
{
	if (conn->is_dirty)
		return;
	conn->is_dirty = true;
	conn_ref(conn);
	STAILQ_INSERT_TAIL(&conn->bridge->dirty, conn, of_dirty);
}

bool conn_overflows(struct conn *conn, const struct frame *frame, size_t most)
{
	if (conn->out.bytes + frame->bytes > most && !socket_keeps(conn->socket))
		conn_write(conn);
	return conn->out.bytes + frame->bytes > most;
}

void conn_miss(struct conn *conn, int64_t user_id)
{
	struct buf *missed = &conn->missed;
	if (!conn->missed_since) {
		conn->missed_since = clock_now();
		conn->missed_after = INT64_MAX;
	}
	if (!user_id)
		return;
	for (size_t at = 0; at < missed->len; at += sizeof(user_id))
		if (memcmp(missed->data + at, &user_id, sizeof(user_id)) == 0)
			return;
	if (missed->len < MISSED_MOST * sizeof(user_id)) {
		buf_add(missed, &user_id, sizeof(user_id));
		return;
	}
	conn->missed_after = 0;
	conn_miss_left(conn, conn->missed_since, 0);
}

void conn_miss_left(struct conn *conn, int64_t since, int64_t after)
{
	if (!conn->left_since || after < conn->left_after)
		conn->left_after = after;
	if (!conn->left_since || since < conn->left_since)
		conn->left_since = since;
}

void conn_drop(struct conn *conn, const struct frame *frame)
{
	if (frame->class == FRAME_STATE)
		conn_miss(conn, frame->about);
}

/* For queue_sift(): keeps answers and events. */
static bool keep_lasting(const struct frame *frame, void *conn)
{
	if (frame->class < FRAME_TRANSIENT)
		return true;
	conn_drop(conn, frame);
	return false;
}

static void conn_enqueue(struct conn *conn, struct frame *frame)
{
	size_t half = (size_t)conn->bridge->settings->ws_queue_bytes / 2;
	if (conn->out.bytes <= half && conn_overflows(conn, frame, half))
		queue_sift(&conn->out, keep_lasting, conn);
	queue_add(&conn->out, frame);
	conn_wake(conn);
	conn_note_queue(conn);
}

void conn_send(struct conn *conn, struct frame *frame)
{
	if (conn->socket && !conn->closing)
		conn_enqueue(conn, frame);
}

void conn_say(struct conn *conn, const struct message *message, const struct buf *data)
{
	struct frame *frame = frame_message(message->type, 0, data->data, data->len);
	conn_send(conn, frame);
	frame_unref(&frame);
}

void conn_say_part(struct conn *conn, const struct message *message, struct buf *data, bool more)
{
	static const char property[] = ",\"more\":true"; /* behind the data, which end the frame */
	if (more)
		buf_add(data, property, strlen(property));
	conn_say(conn, message, data);
}

void conn_error(struct conn *conn, const struct problem *why, const struct subject *subject)
{
	const struct problem_info *info = problem_info(why->code);
	static const struct subject none;
	const struct subject *about = subject ? subject : &none;
	struct buf data = {0};
	metrics_count_refusal(DOOR_WEBSOCKET, why->code);
	jw_open(&data, '{');
	jw_kv_text(&data, "message", why->detail);
	jw_kv_text(&data, "code", info->code);
	jw_kv_bool(&data, "retryable", info->retryable);
	if (about->command)
		jw_kv_text(&data, "command", about->command);
	if (about->client_id)
		jw_kv_text(&data, "client_id", about->client_id);
	if (about->room_id)
		jw_kv_text(&data, "room_id", about->room_id);
	if (why->retry_after_ms)
		jw_kv_int(&data, "retry_after_ms", why->retry_after_ms);
	if (why->errors)
		jw_key(&data, "errors"), jw_raw(&data, why->errors, strlen(why->errors));
	jw_close(&data, '}');
	conn_say(conn, &error_message, &data);
	buf_free(&data);
}

/* --- closing ---------------------------------------------------------------------------------- */

static void start_close(struct conn *conn, enum close reason, int code, const char *text)
{
	if (!conn->socket || conn->closing)
		return;
	if (reason == CLOSE_SLOW || reason == CLOSE_SILENT)
		queue_clear(&conn->out);
	struct frame *frame = frame_close(code, text);
	conn_enqueue(conn, frame);
	frame_unref(&frame);
	conn->closing = reason;
	/* The client's answer to the close frame must come in. */
	socket_pause_input(conn->socket, false);
	wheel_set(&conn->bridge->wheel, &conn->timer, CLOSING_MS, close_late);
}

void conn_close(struct conn *conn, enum close reason)
{
	start_close(conn, reason, closes[reason].code, closes[reason].reason);
}

void conn_answer_close(struct conn *conn, int code)
{
	start_close(conn, CLOSE_ANSWERED, code, "");
}

/* --- input, and signs of life ----------------------------------------------------------------- */

void conn_pause_input(struct conn *conn)
{
	if (conn->pauses++ == 0 && conn->socket && !conn->closing)
		socket_pause_input(conn->socket, true);
}

void conn_resume_input(struct conn *conn)
{
	if (--conn->pauses == 0 && conn->socket && !conn->closing)
		socket_pause_input(conn->socket, false);
}

int conn_pay(struct conn *conn, struct budget_cost cost, struct problem *why)
{
	const struct bridge *bridge = conn->bridge;
	return budget_take(bridge->budgets, bridge->settings, conn->user->id, cost, NULL, why);
}

void conn_alive(struct conn *conn)
{
	conn->missed_pongs = 0;
}

static void heartbeat_due(struct timer *timer)
{
	struct conn *conn = container_of(timer, struct conn, timer);
	if (conn->missed_pongs >= MISSED_PONGS) {
		conn_close(conn, CLOSE_SILENT);
		return;
	}
	conn->missed_pongs++;
	conn_send(conn, conn->bridge->ping);
	conn_start_heartbeat(conn);
}

void conn_start_heartbeat(struct conn *conn)
{
	wheel_set(&conn->bridge->wheel, &conn->timer,
		  conn->bridge->settings->ws_ping_seconds * 1000, heartbeat_due);
}
