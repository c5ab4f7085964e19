/*
 * One connection: see conn.h.
 *
 * Frames are written together, whole, and never while the socket keeps some back. So what waits is
 * in our queue, where it is counted.
 */
#include "ws-bridge/core/conn.h"

#include <string.h>

#include "base/clock.h"
#include "base/json_out.h"
#include "base/memory.h"
#include "base/mutant.h"
#include "base/utf8.h"
#include "realm/settings.h"
#include "ws-bridge/features/auth.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/catchup.h"
#include "ws-bridge/core/commands.h"
#include "ws-bridge/core/socket.h"
#include "ws-bridge/features/presence.h"

#define WRITE_BYTES 65536 /* gathered into one write */
#define CLOSING_MS 10000  /* for a client to take its close frame; then the socket is cut off */
#define MISSED_PONGS 2

#define CLOSE_ROW(constant, code, reason) [CLOSE_##constant] = {code, reason},
static const struct {
	int code;
	const char *reason;
} closes[CLOSE__COUNT] = {CLOSE_TABLE(CLOSE_ROW)};

struct conn *conn_ref(struct conn *conn)
{
	conn->references++;
	return conn;
}

void conn_unref(struct conn *conn)
{
	if (--conn->references > 0)
		return;
	free(conn->narrowed);
	free(conn);
}

/* --- out -------------------------------------------------------------------------------------- */

static void cut_off(struct conn *conn)
{
	queue_clear(&conn->out);
	socket_cut_off(conn->socket);
}

static void cut_off_late(struct timer *timer)
{
	cut_off(container_of(timer, struct conn, timer));
}

static size_t most_queued(const struct conn *conn)
{
	return (size_t)conn->bridge->settings->ws_queue_bytes;
}

static void note_room(struct conn *conn)
{
	bool full = conn->out.bytes > most_queued(conn);
	if (full == conn->full)
		return;
	conn->full = full;
	if (full)
		conn_pause_input(conn);
	else
		conn_resume_input(conn);
}

/* Returns whether the socket took anything. */
static bool write_out(struct conn *conn)
{
	struct buf *out = &conn->bridge->outgoing;
	bool wrote = false;
	while (conn->out.count > 0 && (MUTANT(torn_frame) || !socket_keeps(conn->socket))) {
		buf_clear(out);
		buf_reserve(out, SOCKET_ROOM);
		out->len = SOCKET_ROOM;
		(conn->joins ? queue_take_joined : queue_take)(&conn->out, out, WRITE_BYTES);
		unsigned char *data = (unsigned char *)out->data + SOCKET_ROOM;
		if (socket_write(conn->socket, data, out->len - SOCKET_ROOM) < 0)
			cut_off(conn);
		wrote = true;
	}
	return wrote;
}

void conn_flush(struct conn *conn)
{
	if (!conn->socket)
		return;
	bool wrote = write_out(conn);
	if (conn->out.count > 0)
		socket_want(conn->socket);
	note_room(conn);
	if (conn->behind)
		catchup_flushed(conn, wrote);
	else if (conn->missed_since && conn->out.count == 0)
		presence_remind(conn);
}

void conn_wake(struct conn *conn)
{
	if (conn->is_dirty)
		return;
	conn->is_dirty = true;
	conn_ref(conn);
	STAILQ_INSERT_TAIL(&conn->bridge->dirty, conn, of_dirty);
}

/* --- slow readers ----------------------------------------------------------------------------- */

/* Whether the queue grows past `most` with it, although everything is written that can be. */
static bool passes(struct conn *conn, const struct frame *frame, size_t most)
{
	if (conn->out.bytes + frame->bytes > most && !socket_keeps(conn->socket))
		write_out(conn);
	return conn->out.bytes + frame->bytes > most;
}

static void miss(struct conn *conn, const struct frame *frame)
{
	if (frame->class == FRAME_PRESENCE && !conn->missed_since)
		conn->missed_since = clock_now();
}

static bool is_lasting(const struct frame *frame, void *conn)
{
	if (frame->class < FRAME_TYPING)
		return true;
	miss(conn, frame);
	return false;
}

struct letting_go {
	int64_t from, first; /* first: of those that were let go */
};

static bool is_kept(const struct frame *frame, void *context)
{
	struct letting_go *go = context;
	if (frame->class != FRAME_EVENT || frame->pos <= go->from)
		return true;
	if (frame->pos < go->first)
		go->first = frame->pos;
	return false;
}

/*
 * Answers go out in their order, events in theirs, from the log. What stands in the queue before
 * that which it was served from the log stays there, or it would come after it.
 */
static void fall_behind(struct conn *conn, const struct frame *frame)
{
	struct letting_go go = {.from = conn->served, .first = frame->pos};
	queue_sift(&conn->out, is_kept, &go);
	catchup_slow(conn, go.first - 1);
}

static void enqueue(struct conn *conn, struct frame *frame)
{
	size_t half = most_queued(conn) / 2;
	if (conn->out.bytes <= half && passes(conn, frame, half))
		queue_sift(&conn->out, is_lasting, conn);
	queue_add(&conn->out, frame);
	conn_wake(conn);
	note_room(conn);
}

void conn_send(struct conn *conn, struct frame *frame)
{
	if (!conn->socket || conn->closing)
		return;
	if (frame->class == FRAME_ANSWER)
		enqueue(conn, frame);
	else if (conn->behind ||
		 (frame->class != FRAME_EVENT && passes(conn, frame, most_queued(conn) / 2)))
		miss(conn, frame);
	else if (passes(conn, frame, most_queued(conn)))
		fall_behind(conn, frame);
	else
		enqueue(conn, frame);
}

void conn_say(struct conn *conn, const char *type, const struct buf *data)
{
	struct frame *frame = frame_message(type, 0, data->data, data->len);
	conn_send(conn, frame);
	frame_unref(&frame);
}

void conn_error(struct conn *conn, const struct problem *why, const char *client_id,
		const char *room_id)
{
	const struct problem_info *info = problem_info(why->code);
	struct buf data = {0};
	jw_open(&data, '{');
	jw_kv_text(&data, "message", why->detail);
	jw_kv_text(&data, "code", info->code);
	jw_kv_bool(&data, "retryable", info->retryable);
	if (client_id)
		jw_kv_text(&data, "client_id", client_id);
	if (room_id)
		jw_kv_text(&data, "room_id", room_id);
	if (why->retry_after_ms)
		jw_kv_int(&data, "retry_after_ms", why->retry_after_ms);
	if (why->errors)
		jw_key(&data, "errors"), jw_raw(&data, why->errors, strlen(why->errors));
	jw_close(&data, '}');
	conn_say(conn, "error", &data);
	buf_free(&data);
}

static void begin_to_close(struct conn *conn, enum close reason, int code, const char *text)
{
	if (!conn->socket || conn->closing)
		return;
	catchup_end(conn);
	if (reason == CLOSE_SLOW || reason == CLOSE_SILENT)
		queue_clear(&conn->out);
	struct frame *frame = frame_close(code, text);
	enqueue(conn, frame);
	frame_unref(&frame);
	conn->closing = reason;
	socket_pause_input(conn->socket, false); /* the answer to the close frame must come in */
	wheel_set(&conn->bridge->wheel, &conn->timer, CLOSING_MS, cut_off_late);
}

void conn_close(struct conn *conn, enum close reason)
{
	begin_to_close(conn, reason, closes[reason].code, closes[reason].reason);
}

void conn_answer_close(struct conn *conn, int code)
{
	begin_to_close(conn, CLOSE_ANSWERED, code, "");
	conn_flush(conn);
}

/* --- in --------------------------------------------------------------------------------------- */

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

void conn_alive(struct conn *conn)
{
	conn->missed_pongs = 0;
}

/* The socket looks at every letter, but need not notice that a message ends within one. */
static void take(struct conn *conn, const char *text, size_t bytes)
{
	if (utf8_is_cut(text, bytes))
		conn_close(conn, CLOSE_NOT_UTF8);
	else
		command_take(conn, text, bytes);
}

void conn_receive(struct conn *conn, const struct part *part)
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
		take(conn, part->text, part->bytes);
	} else {
		buf_add(&conn->in, part->text, part->bytes);
		take(conn, conn->in.data, conn->in.len);
		buf_free(&conn->in);
	}
}

/* --- beginning, heartbeat, end ---------------------------------------------------------------- */

static void not_authenticated(struct timer *timer)
{
	conn_close(container_of(timer, struct conn, timer), CLOSE_UNAUTHENTICATED);
}

struct conn *conn_open(struct bridge *bridge, struct socket *socket, enum speech speech,
		       int64_t user)
{
	const struct settings *settings = bridge->settings;
	struct conn *conn = xcalloc(1, sizeof(*conn));
	conn->socket = socket;
	conn->bridge = bridge;
	conn->v1 = speech != SPEECH_COMPAT;
	conn->joins = speech == SPEECH_V1_BATCH;
	conn->asked_user = user;
	conn->references = 1;
	limit_start(&conn->limit, settings->ws_burst, clock_monotonic());
	LIST_INSERT_HEAD(&bridge->conns, conn, of_bridge);
	bridge->conn_count++;
	wheel_set(&bridge->wheel, &conn->timer, settings->ws_auth_seconds * 1000,
		  not_authenticated);
	if (bridge->stopping)
		conn_close(conn, CLOSE_RESTART);
	else if (bridge->conn_count > (size_t)settings->ws_connections)
		conn_close(conn, CLOSE_OVERLOADED);
	return conn;
}

static void beat(struct timer *timer)
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
		  conn->bridge->settings->ws_ping_seconds * 1000, beat);
}

void conn_gone(struct conn *conn)
{
	conn->socket = NULL;
	wheel_cancel(&conn->timer);
	catchup_end(conn);
	queue_clear(&conn->out);
	buf_free(&conn->in);
	LIST_REMOVE(conn, of_bridge);
	conn->bridge->conn_count--;
	auth_leave(conn);
	conn_unref(conn);
}
