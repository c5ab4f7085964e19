/* Live frames: see live.h. */
#include "ws-bridge/core/live.h"

#include "base/json_out.h"
#include "realm/changes.h"
#include "realm/settings.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/catchup.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/feature.h"
#include "ws-bridge/core/frame.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/job.h"
#include "ws-bridge/core/socket.h"
#include "ws-bridge/core/subscription.h"

/* --- one connection --------------------------------------------------------------------------- */

struct dropped {
	int64_t from;  /* events up to there stay queued */
	int64_t first; /* the position of the first event that was dropped */
};

/* For queue_sift(). */
static bool keep_caught_up(const struct frame *frame, void *context)
{
	struct dropped *dropped = context;
	if (frame->class != FRAME_EVENT || frame->pos <= dropped->from)
		return true;
	if (frame->pos < dropped->first)
		dropped->first = frame->pos;
	return false;
}

/*
 * Answers keep their order among themselves, and so do events, which now come from the log. An
 * event that was queued before the end of the last catch-up stays in the queue: from the log it
 * would come after later events.
 */
static void start_lagging(struct conn *conn, const struct frame *frame)
{
	struct dropped dropped = {.from = conn->caught_up, .first = frame->pos};
	queue_sift(&conn->out, keep_caught_up, &dropped);
	catchup_lag(conn, dropped.first - 1);
}

void live_send(struct conn *conn, struct frame *frame)
{
	size_t most = (size_t)conn->bridge->settings->ws_queue_bytes;
	if (!conn->socket || conn->closing)
		return;
	if (conn->catchup || (frame->class != FRAME_EVENT && conn_overflows(conn, frame, most / 2)))
		conn_drop(conn, frame);
	else if (conn_overflows(conn, frame, most))
		start_lagging(conn, frame);
	else
		conn_send(conn, frame);
}

void live_flush(struct conn *conn)
{
	if (!conn->socket)
		return;
	bool wrote = conn_write(conn);
	if (conn->out.count > 0)
		socket_want(conn->socket);
	conn_note_queue(conn);
	if (conn->catchup) {
		catchup_flushed(conn, wrote);
	} else if (conn->missed_since && conn->out.count == 0) {
		int64_t missed_since = conn->missed_since;
		conn->missed_since = 0;
		feature_conn_drained(conn, missed_since);
	}
}

/* --- users and rooms -------------------------------------------------------------------------- */

void live_send_user(const struct user *user, struct frame *frame, bool v1_only)
{
	struct conn *conn;
	LIST_FOREACH(conn, &user->conns, of_user)
		if (conn->v1 || !v1_only)
			live_send(conn, frame);
}

/* Says only that there is an entry in the room's log, so that the client sees no gap in the
 * numbers. */
static struct frame *hidden_frame(struct report *event)
{
	if (!event->hidden) {
		struct buf data = {0};
		hidden_show(event->room_id, event->seq, &data);
		event->hidden =
			frame_message(event_name(EVENT_HIDDEN), event->pos, data.data, data.len);
		event->hidden->class = FRAME_EVENT;
		buf_free(&data);
	}
	return event->hidden;
}

/* NULL: the user hears nothing of it. */
static struct frame *frame_for(const struct user *user, struct report *event)
{
	bool hides_other = hub_hides(user, event->other_id);
	if (!hub_hides(user, event->user_id)) {
		if (!hides_other)
			return event->frame;
		if (event->without_shared)
			return event->without_shared;
	}
	return event->seq ? hidden_frame(event) : NULL;
}

static void send_member(const struct membership *member, struct report *event)
{
	const struct user *user = member->user;
	struct frame *frame = frame_for(user, event);
	struct conn *conn;
	if (!frame)
		return;
	bool v1_only = frame == event->hidden || event_info(event->kind)->hearers == HEARD_BY_V1;
	LIST_FOREACH(conn, &user->conns, of_user)
		if ((conn->v1 || !v1_only) && subscribed(conn, member->room->id))
			live_send(conn, frame);
}

static void send_room(const struct room *room, struct report *event)
{
	const struct membership *member;
	LIST_FOREACH(member, &room->members, of_room)
		if (event->seq || member->user->id != event->user_id)
			send_member(member, event);
}

/* What an event of a room says of the user is for the user's other devices, too. */
static void send_own(const struct user *user, const struct report *event)
{
	bool v1_only = event_info(event->kind)->hearers == HEARD_BY_V1;
	struct conn *conn;
	if (hub_hides(user, event->other_id))
		return;
	LIST_FOREACH(conn, &user->conns, of_user)
		if (conn != event->spared && (conn->v1 || !v1_only) &&
		    subscribed(conn, event->room_id))
			live_send(conn, event->frame);
}

/* Clients that do not know room_removed hear that they themselves have left. */
static void tell_room_gone(const struct room *room)
{
	const struct membership *member;
	LIST_FOREACH(member, &room->members, of_room) {
		struct conn *conn;
		struct buf data = {0};
		jw_open(&data, '{');
		jw_kv_int(&data, "user_id", member->user->id);
		jw_kv_text(&data, "username", member->user->name);
		jw_kv_text(&data, "room_id", room->id);
		jw_close(&data, '}');
		struct frame *frame =
			frame_message(event_name(EVENT_USER_LEFT), 0, data.data, data.len);
		LIST_FOREACH(conn, &member->user->conns, of_user)
			if (!conn->v1)
				conn_send(conn, frame);
		frame_unref(&frame);
		buf_free(&data);
	}
}

/* A user who blocks another one hears of that relationship, and of nothing else. */
static void send_user(struct user *user, const struct report *event)
{
	if (!hub_hides(user, event->other_id) || event->kind == EVENT_RELATIONSHIP_UPDATED)
		live_send_user(user, event->frame, event_info(event->kind)->hearers == HEARD_BY_V1);
}

void live_event(struct bridge *bridge, struct report *event)
{
	enum event_hearers hearers = event_info(event->kind)->hearers;
	struct user *user = event->user_id ? hub_user(&bridge->hub, event->user_id) : NULL;
	struct membership *member = user ? hub_membership(user, event->room_id) : NULL;
	if (member && event->kind == EVENT_USER_LEFT)
		hub_leave(member);
	struct room *room = hub_room(&bridge->hub, event->room_id);
	if (room && event->kind == EVENT_ROOM_GONE) {
		tell_room_gone(room);
		hub_empty(room);
	} else if (room && hearers != HEARD_BY_BRIDGE) {
		send_room(room, event);
	} else if (user && (event->kind == EVENT_BLOCKED || event->kind == EVENT_UNBLOCKED)) {
		hub_set_hidden(user, event->other_id, event->kind == EVENT_BLOCKED);
	} else if (user && !event->room_id[0] && hearers != HEARD_BY_BRIDGE) {
		send_user(user, event);
	}
	if (user && event->room_id[0] && !event->seq && hearers != HEARD_BY_BRIDGE)
		send_own(user, event);
	if (user && (event->kind == EVENT_USER_JOINED || event->kind == EVENT_MEMBER_RETURNED))
		hub_enter(user, event->room_id);
}
