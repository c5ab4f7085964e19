/* Presence: see presence.h. The commands and messages are at the end. */
#include "ws-bridge/features/presence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/memory.h"
#include "realm/presence.h"
#include "ws-bridge/core/batch.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/commands.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/frame.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/job.h"
#include "ws-bridge/core/live.h"
#include "ws-bridge/core/message.h"
#include "ws-bridge/core/peers.h"
#include "ws-bridge/features/features.h"
#include "ws-bridge/features/presence_list.h"

#define GRACE_MS 10000
#define QUIET_MS 1000
#define MESSAGE "presence" /* to other bridges */

static const char connected[] = "connected", away[] = "away", offline[] = "offline";

const struct message presence_update_message = {
	.type = "presence_update",
	.shape = &presence_shape,
	.help = "The presence of a friend or co-member changed."};

struct presence {
	struct user *user;
	struct timer grace;      /* runs while there is no connection */
	struct timer quiet;      /* runs for a moment after a report */
	const char *reported;    /* the last status; NULL: none yet, or it failed */
	char entered[UUID_TEXT]; /* a room that must be reported yet, or "" */
	bool doubted;            /* others may have been told that the user is offline */
};

static struct presence *presence_of(struct user *user)
{
	if (!user->presence) {
		user->presence = xcalloc(1, sizeof(*user->presence));
		user->presence->user = user;
	}
	return user->presence;
}

static void presence_free(struct user *user)
{
	if (!user->presence)
		return;
	wheel_cancel(&user->presence->grace);
	wheel_cancel(&user->presence->quiet);
	free(user->presence);
	user->presence = NULL;
}

/* --- the job that writes a presence and finds its viewers ------------------------------------- */

struct update {
	int64_t viewer;
	struct frame *frame;
};

/* Who is told. A viewer who may not see the presence is told that the user is offline. */
enum told {
	TOLD_AUDIENCE, /* those who may see it */
	TOLD_ALL,      /* and those who may not see it, but may have seen it a moment ago */
	TOLD_OTHERS,   /* and the others of the job */
	TOLD_ONE,      /* only the first of the others of the job */
	TOLD_ROOM,     /* and all participants of the room of the job, which is gone */
};

struct presence_job {
	struct job job;
	struct bridge *bridge;
	int64_t user_id;
	const char *status, *room_id; /* status NULL: it is only told */
	enum told told;
	struct buf *others; /* of int64_t, or NULL */
	bool doubted;
	int changed;
	int64_t after;         /* the user of the room before this one */
	bool goes_on;          /* with the next user of the room */
	struct buf *updates;   /* of struct update */
	struct frame *frame;   /* for all who may see it, NULL: it differs */
	struct frame *offline; /* for those who may not see it */
};

static struct frame *presence_frame(struct arena *arena, int64_t user_id, const struct buf *data)
{
	struct frame *frame = frame_message(presence_update_message.type, 0, data->data, data->len);
	frame->class = FRAME_STATE;
	frame->about = user_id;
	arena_defer(arena, frame_unref_later, frame);
	return frame;
}

/* What most viewers see is read once for all of them. */
static int make_frames(struct store *store, struct presence_job *presence, struct problem *why)
{
	struct arena *arena = presence->job.arena;
	struct buf *data = buf_in(arena);
	presence->updates = buf_in(arena);
	presence->frame = presence->offline = NULL;
	int shown = presence_show_all(store, presence->user_id, data, why);
	TRY(shown);
	if (shown)
		presence->frame = presence_frame(arena, presence->user_id, data);
	buf_clear(data);
	int there = presence_show_hidden(store, presence->user_id, data, why);
	if (there > 0)
		presence->offline = presence_frame(arena, presence->user_id, data);
	return there < 0 ? -1 : 0;
}

static void add_update(struct presence_job *presence, int64_t viewer, struct frame *frame)
{
	if (frame)
		buf_add(presence->updates, &(struct update){viewer, frame}, sizeof(struct update));
}

static int add_seen(struct store *store, struct presence_job *presence, int64_t viewer,
		    struct problem *why)
{
	struct arena *arena = presence->job.arena;
	struct buf *data = buf_in(arena);
	if (presence->frame) {
		add_update(presence, viewer, presence->frame);
		return 0;
	}
	int visible = presence_show(store, viewer, presence->user_id, data, why);
	if (visible > 0)
		add_update(presence, viewer, presence_frame(arena, presence->user_id, data));
	return visible < 0 ? -1 : 0;
}

struct users {
	const int64_t *at;
	size_t count;
};

static int compare_users(const void *one, const void *other)
{
	int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
	return a < b ? -1 : a > b;
}

static bool has_user(const struct users *users, int64_t user)
{
	return users->count > 0 && /* an empty list may be NULL */
	       bsearch(&user, users->at, users->count, sizeof(user), compare_users);
}

/* Those who may not see the presence, but are told. */
static int find_others(struct store *store, const struct presence_job *presence,
		       struct users *others_r, struct problem *why)
{
	*others_r = (struct users){0};
	if (presence->told == TOLD_ROOM)
		return presence_participants(presence->job.arena, store, presence->user_id,
					     presence->room_id, &others_r->at, &others_r->count,
					     why);
	if (presence->told == TOLD_ALL)
		return presence_audience(presence->job.arena, store, presence->user_id, true,
					 &others_r->at, &others_r->count, why);
	if (presence->others)
		*others_r = (struct users){(const int64_t *)(const void *)presence->others->data,
					   presence->others->len / sizeof(int64_t)};
	return 0;
}

static int find_viewers(struct store *store, struct presence_job *presence, struct problem *why)
{
	const struct batcher *batcher = presence->job.batcher;
	struct users seeing, others;
	TRY(presence_audience(presence->job.arena, store, presence->user_id, false, &seeing.at,
			      &seeing.count, why));
	TRY(find_others(store, presence, &others, why));
	for (size_t i = 0; i < seeing.count; i++)
		if (batcher_has_user(batcher, seeing.at[i]) &&
		    (presence->told != TOLD_ONE || seeing.at[i] == others.at[0]))
			TRY(add_seen(store, presence, seeing.at[i], why));
	for (size_t i = 0; i < others.count; i++)
		if (batcher_has_user(batcher, others.at[i]) && !has_user(&seeing, others.at[i]))
			add_update(presence, others.at[i], presence->offline);
	return 0;
}

static int presence_run_job(struct store *store, struct job *job, struct problem *why)
{
	struct presence_job *presence = container_of(job, struct presence_job, job);
	presence->updates = NULL;
	if (presence->status) {
		batcher_note_user(job->batcher, presence->user_id, presence->status != offline);
		TRY(presence->changed =
			    presence_set(job->arena, store, presence->user_id, presence->status,
					 presence->room_id, presence->bridge->instance, why));
		presence->changed |= presence->doubted;
		if (!presence->changed)
			return 0;
	}
	TRY(make_frames(store, presence, why));
	return find_viewers(store, presence, why);
}

static void presence_send_to_peers(const struct bridge *bridge, int64_t user_id)
{
	struct buf data = {0};
	jw_open(&data, '{');
	jw_kv_int(&data, "user_id", user_id);
	jw_close(&data, '}');
	peers_send(bridge, MESSAGE, &data);
	buf_free(&data);
}

static void send_updates(const struct presence_job *presence)
{
	const struct buf *list = presence->updates;
	const struct update *update = list ? (const void *)list->data : NULL;
	for (size_t i = list ? list->len / sizeof(*update) : 0; i > 0; i--, update++) {
		const struct user *user = hub_user(&presence->bridge->hub, update->viewer);
		if (user)
			live_send_user(user, update->frame, false);
	}
	if (presence->changed)
		presence_send_to_peers(presence->bridge, presence->user_id);
}

static void presence_grace_over(struct timer *timer);
static void presence_quiet_over(struct timer *timer);

static void presence_try_again(const struct user *user, const struct presence_job *job)
{
	struct presence *presence = user->presence;
	struct wheel *wheel = &user->hub->bridge->wheel;
	presence->reported = NULL;
	presence->doubted |= job->doubted;
	if (job->room_id && !presence->entered[0])
		snprintf(presence->entered, sizeof(presence->entered), "%s", job->room_id);
	if (LIST_EMPTY(&user->conns))
		wheel_set(wheel, &presence->grace, GRACE_MS, presence_grace_over);
	else
		wheel_set(wheel, &presence->quiet, QUIET_MS, presence_quiet_over);
}

/* Removes the user after the database has stored that the user left; repeats the job until then. */
static void presence_done(struct job *job)
{
	const struct presence_job *presence = container_of(job, struct presence_job, job);
	struct bridge *bridge = presence->bridge;
	struct user *user = presence->status ? hub_user(&bridge->hub, presence->user_id) : NULL;
	bool left = user && LIST_EMPTY(&user->conns);
	if (job->why.code != PROBLEM_NONE) {
		if (user)
			presence_try_again(user, presence);
		return;
	}
	send_updates(presence);
	if (left && presence->status == offline && presence_of(user)->reported == offline)
		hub_user_remove(user);
}

static const struct job_kind write_kind = {
	.writes = true, .when = REPORT_IN_ORDER, .run = presence_run_job, .done = presence_done};
static const struct job_kind read_kind = {
	.when = REPORT_IN_ORDER, .run = presence_run_job, .done = presence_done};

/* --- when a presence is reported -------------------------------------------------------------- */

static void presence_quiet_over(struct timer *timer)
{
	struct presence *presence = container_of(timer, struct presence, quiet);
	if (!LIST_EMPTY(&presence->user->conns))
		presence_update(presence->user, NULL);
}

static void presence_report(struct presence *presence, const char *status)
{
	struct bridge *bridge = presence->user->hub->bridge;
	if (presence->quiet.due || (presence->reported == status && !presence->entered[0]))
		return;
	struct presence_job *job = job_new(arena_new(), sizeof(*job), &write_kind, NULL);
	job->bridge = bridge;
	job->user_id = presence->user->id;
	job->status = presence->reported = status;
	job->doubted = presence->doubted;
	presence->doubted = false;
	if (presence->entered[0])
		job->room_id = arena_strdup(job->job.arena, presence->entered);
	presence->entered[0] = '\0';
	bridge_submit(bridge, &job->job);
	wheel_set(&bridge->wheel, &presence->quiet, QUIET_MS, presence_quiet_over);
}

static void presence_grace_over(struct timer *timer)
{
	presence_report(container_of(timer, struct presence, grace), offline);
}

void presence_update(struct user *user, const char *room_id)
{
	struct presence *presence = presence_of(user);
	const char *status = away;
	const struct conn *conn;
	if (room_id)
		snprintf(presence->entered, sizeof(presence->entered), "%s", room_id);
	if (LIST_EMPTY(&user->conns)) {
		wheel_set(&user->hub->bridge->wheel, &presence->grace, GRACE_MS,
			  presence_grace_over);
		return;
	}
	LIST_FOREACH(conn, &user->conns, of_user)
		if (!conn->away)
			status = connected;
	wheel_cancel(&presence->grace);
	presence_report(presence, status);
}

void presence_arrived(struct conn *conn)
{
	/* A job that makes the user offline may run behind the one that has read the members: until
	 * the next job the user counts as not connected here, and hears nothing. */
	bool was_leaving = presence_of(conn->user)->reported == offline;
	presence_list_friends(conn);
	presence_update(conn->user, NULL);
	if (was_leaving)
		presence_list_missed(conn, clock_now());
}

/* --- telling again ---------------------------------------------------------------------------- */

/* Tells the presence that the database has to users of this bridge; takes over `others`. */
static void presence_tell(struct bridge *bridge, int64_t user_id, enum told told,
			  const struct buf *others)
{
	struct presence_job *job = job_new(arena_new(), sizeof(*job), &read_kind, NULL);
	job->bridge = bridge;
	job->user_id = user_id;
	job->told = told;
	job->others = buf_in(job->job.arena);
	buf_add(job->others, others->data, others->len);
	bridge_submit(bridge, &job->job);
}

static const struct buf nobody;

static int room_run_job(struct store *store, struct job *job, struct problem *why)
{
	struct presence_job *presence = container_of(job, struct presence_job, job);
	presence->user_id = presence->after;
	presence->updates = NULL;
	int found = presence_next_of_room(store, presence->room_id, presence->told == TOLD_ROOM,
					  &presence->user_id, why);
	presence->goes_on = found > 0;
	return found > 0 ? presence_run_job(store, job, why) : found;
}

static void room_done(struct job *job);
static const struct job_kind room_kind = {
	.when = REPORT_IN_ORDER, .run = room_run_job, .done = room_done};

/*
 * Tells the presences of the room's users after `after`, one after the other: in a large room many
 * are told to many, and other jobs must not wait for all of them.
 */
static void room_tell(struct bridge *bridge, const char *room_id, enum told told, int64_t after)
{
	struct presence_job *job = job_new(arena_new(), sizeof(*job), &room_kind, NULL);
	job->bridge = bridge;
	job->room_id = arena_strdup(job->job.arena, room_id);
	job->told = told;
	job->after = after;
	bridge_submit(bridge, &job->job);
}

static void room_done(struct job *job)
{
	const struct presence_job *presence = container_of(job, struct presence_job, job);
	if (job->why.code == PROBLEM_NONE)
		send_updates(presence);
	if (presence->goes_on)
		room_tell(presence->bridge, presence->room_id, presence->told, presence->user_id);
}

void presence_forgotten(struct bridge *bridge, int64_t user_id)
{
	presence_tell(bridge, user_id, TOLD_AUDIENCE, &nobody);
	presence_send_to_peers(bridge, user_id);
}

static void repeat_one(struct link *link)
{
	struct user *user = container_of(link, struct user, link);
	presence_of(user)->reported = NULL;
	presence_of(user)->doubted = true;
	presence_update(user, NULL);
}

void presence_repeat(struct bridge *bridge)
{
	map_each(&bridge->hub.users, repeat_one);
}

static void presence_conn_closed(struct conn *conn)
{
	if (conn->user)
		presence_update(conn->user, NULL);
}

/* --- events of the log ------------------------------------------------------------------------ */

/* The room's members who are connected here, but none who is hidden from the user. */
static void tell_left(struct bridge *bridge, const struct report *event)
{
	const struct room *room = hub_room(&bridge->hub, event->room_id);
	const struct membership *member;
	struct buf others = {0};
	if (room)
		LIST_FOREACH(member, &room->members, of_room)
			if (!hub_hides(member->user, event->user_id))
				buf_add(&others, &member->user->id, sizeof(member->user->id));
	presence_tell(bridge, event->user_id, TOLD_OTHERS, &others);
	buf_free(&others);
}

/* All bridges hear of an event, and each tells its own users. */
static void presence_event(struct bridge *bridge, const struct report *event)
{
	const struct buf other = {.data = (char *)(uintptr_t)&event->other_id,
				  .len = sizeof(event->other_id)};
	const struct user *user = hub_user(&bridge->hub, event->user_id);
	if (event->kind == EVENT_USER_LEFT)
		tell_left(bridge, event);
	else if (event->kind == EVENT_ROOM_GONE)
		room_tell(bridge, event->room_id, TOLD_ROOM, 0);
	else if (event->kind == EVENT_PRESENCE_DUE && event->room_id[0])
		room_tell(bridge, event->room_id, TOLD_AUDIENCE, 0);
	else if (event->kind == EVENT_PRESENCE_DUE && !event->other_id)
		presence_tell(bridge, event->user_id, TOLD_ALL, &nobody);
	else if (event->kind == EVENT_PRESENCE_DUE && hub_user(&bridge->hub, event->other_id))
		presence_tell(bridge, event->user_id, TOLD_ONE, &other);
	else if (event->kind == EVENT_USER_JOINED || event->kind == EVENT_MEMBER_RETURNED ||
		 event->kind == EVENT_PRESENCE_CHANGED)
		presence_tell(bridge, event->user_id, TOLD_AUDIENCE, &nobody);
	if (user && (event->kind == EVENT_USER_JOINED || event->kind == EVENT_MEMBER_RETURNED))
		presence_list_room(user, event->room_id);
	else if (user && event->kind == EVENT_USER_LEFT)
		presence_list_left(user, event->room_id);
}

/* --- the message from another bridge, which has written a presence ---------------------------- */

struct presence_message {
	int64_t user_id;
};

static const struct field presence_message_rows[] = {
	FIELD(struct presence_message, user_id, INT, .required = true, .min = 1, .max = 9e15),
};
static const struct fields presence_message_fields =
	FIELDS(struct presence_message, presence_message_rows);

static void presence_take_message(struct bridge *bridge, const void *input)
{
	const struct presence_message *message = input;
	presence_tell(bridge, message->user_id, TOLD_AUDIENCE, &nobody);
}

static const struct peer_message presence_message = {
	.type = MESSAGE, .fields = &presence_message_fields, .take = presence_take_message};

/* --- the command ------------------------------------------------------------------------------ */

static void presence_run(struct request *request)
{
	const struct presence_input *input = request->input;
	request->conn->away = strcmp(input->status, away) == 0;
	presence_update(request->conn->user, NULL);
}

static const struct command presence_command = {.type = "presence",
						.fields = &presence_input_fields,
						.help = "Say whether the user is there or away, on "
							"this connection.",
						.run = presence_run};

const struct feature presence_feature = {
	.commands = (const struct command *const[]){&presence_command, NULL},
	.messages = (const struct message *const[]){&presence_update_message, NULL},
	.peer_message = &presence_message,
	.conn_closed = presence_conn_closed,
	.conn_drained = presence_list_drained,
	.event = presence_event,
	.user_removed = presence_free,
};
