/* Presence: see presence.h. The commands and messages are at the end. */
#include "ws-bridge/features/presence.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/memory.h"
#include "realm/presence.h"
#include "ws-bridge/core/batch.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/chunk.h"
#include "ws-bridge/core/commands.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/job.h"
#include "ws-bridge/core/live.h"
#include "ws-bridge/core/message.h"
#include "ws-bridge/core/peers.h"
#include "ws-bridge/features/features.h"

#define GRACE_MS 10000
#define QUIET_MS 1000
#define LATE_US (10 * CLOCK_SECOND) /* more than passes between a change and its update */
#define MESSAGE "presence"          /* to other bridges */

static const char connected[] = "connected", away[] = "away", offline[] = "offline";

static const struct message presence_update_message = {
	.type = "presence_update",
	.shape = &presence_shape,
	.help = "The presence of a friend or co-member changed."};

struct presence {
	struct user *user;
	struct timer grace;      /* runs while there is no connection */
	struct timer quiet;      /* runs for a moment after a report */
	const char *reported;    /* the last status; NULL: none yet, or it failed */
	char entered[UUID_TEXT]; /* a room that must be reported yet, or "" */
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

struct presence_job {
	struct job job;
	struct bridge *bridge;
	int64_t user_id;
	const char *status, *room_id; /* status NULL: another bridge has written it */
	int changed;
	struct update *updates;
	size_t update_count;
};

/* Each viewer gets what that viewer may see; viewers who see the same share the frame. */
static int add_update(struct store *store, struct presence_job *presence, int64_t viewer,
		      struct buf *last, struct problem *why)
{
	struct arena *arena = presence->job.arena;
	struct buf *data = buf_in(arena);
	int visible = presence_show(store, viewer, presence->user_id, data, why);
	if (visible <= 0)
		return visible;
	struct update *update = &presence->updates[presence->update_count++];
	update->viewer = viewer;
	if (presence->update_count > 1 && data->len == last->len &&
	    memcmp(data->data, last->data, last->len) == 0) {
		update->frame = update[-1].frame;
		return 0;
	}
	update->frame = frame_message(presence_update_message.type, 0, data->data, data->len);
	update->frame->class = FRAME_STATE;
	arena_defer(arena, frame_unref_later, update->frame);
	buf_clear(last);
	buf_add(last, data->data, data->len);
	return 0;
}

static int presence_run_job(struct store *store, struct job *job, struct problem *why)
{
	struct presence_job *presence = container_of(job, struct presence_job, job);
	const int64_t *users;
	size_t count;
	if (presence->status) {
		batcher_note_user(job->batcher, presence->user_id, presence->status != offline);
		TRY(presence->changed =
			    presence_set(job->arena, store, presence->user_id, presence->status,
					 presence->room_id, presence->bridge->instance, why));
		if (!presence->changed)
			return 0;
	}
	TRY(presence_audience(job->arena, store, presence->user_id, &users, &count, why));
	presence->update_count = 0;
	presence->updates = arena_alloc(job->arena, (count + 1) * sizeof(*presence->updates));
	struct buf *last = buf_in(job->arena);
	for (size_t i = 0; i < count; i++)
		if (batcher_has_user(job->batcher, users[i]))
			TRY(add_update(store, presence, users[i], last, why));
	return 0;
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
	for (size_t i = 0; i < presence->update_count; i++) {
		const struct update *update = &presence->updates[i];
		const struct user *user = hub_user(&presence->bridge->hub, update->viewer);
		if (user)
			live_send_user(user, update->frame, false);
	}
	if (presence->changed)
		presence_send_to_peers(presence->bridge, presence->user_id);
}

static void presence_grace_over(struct timer *timer);

/* Removes the user after the database has stored that the user left; repeats the job until then. */
static void presence_done(struct job *job)
{
	const struct presence_job *presence = container_of(job, struct presence_job, job);
	struct bridge *bridge = presence->bridge;
	struct user *user = presence->status ? hub_user(&bridge->hub, presence->user_id) : NULL;
	bool left = user && LIST_EMPTY(&user->conns);
	if (job->why.code != PROBLEM_NONE) {
		if (user)
			presence_of(user)->reported = NULL; /* the next change reports again */
		if (left)
			wheel_set(&bridge->wheel, &presence_of(user)->grace, GRACE_MS,
				  presence_grace_over);
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

/* Sends the presence that the database has to the users of this bridge. */
static void presence_read(struct bridge *bridge, int64_t user_id)
{
	struct presence_job *job = job_new(arena_new(), sizeof(*job), &read_kind, NULL);
	job->bridge = bridge;
	job->user_id = user_id;
	bridge_submit(bridge, &job->job);
}

void presence_forgotten(struct bridge *bridge, int64_t user_id)
{
	presence_read(bridge, user_id);
	presence_send_to_peers(bridge, user_id);
}

static void repeat_one(struct link *link)
{
	struct user *user = container_of(link, struct user, link);
	presence_of(user)->reported = NULL;
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

/* --- a slow reader that has missed updates ---------------------------------------------------- */

struct remind_job {
	struct job job;
	int64_t viewer, since;
	struct chunk chunk;
};

static int remind_add(const struct buf *presence, void *context, struct problem *why)
{
	(void)why;
	struct chunk *chunk = context;
	chunk_add(chunk,
		  frame_message(presence_update_message.type, 0, presence->data, presence->len),
		  false);
	return chunk_full(chunk);
}

static int remind_run_job(struct store *store, struct job *job, struct problem *why)
{
	struct remind_job *remind = container_of(job, struct remind_job, job);
	return presence_since(store, remind->viewer, remind->since - LATE_US, remind_add,
			      &remind->chunk, why);
}

static void remind_done(struct job *job)
{
	const struct remind_job *remind = container_of(job, struct remind_job, job);
	if (job->why.code != PROBLEM_NONE)
		job->conn->missed_since = remind->since;
	else
		chunk_send(&remind->chunk, job->conn);
}

static const struct job_kind remind_kind = {
	.when = REPORT_IN_ORDER, .run = remind_run_job, .done = remind_done};

static void presence_conn_drained(struct conn *conn, int64_t missed_since)
{
	struct remind_job *remind =
		job_new(arena_new(), sizeof(*remind), &remind_kind, conn_ref(conn));
	chunk_start(&remind->chunk, remind->job.arena, conn->bridge);
	remind->viewer = conn->user->id;
	remind->since = missed_since;
	bridge_submit(conn->bridge, &remind->job);
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
	presence_read(bridge, message->user_id);
}

static const struct peer_message presence_message = {
	.type = MESSAGE, .fields = &presence_message_fields, .take = presence_take_message};

/* --- the command ------------------------------------------------------------------------------ */

struct presence_input {
	const char *status;
};

static const char *const choices[] = {connected, away, NULL};
static const struct field presence_rows[] = {
	FIELD(struct presence_input, status, CHOICE, .required = true, .choices = choices,
	      .help = "The user's presence on this connection."),
};
static const struct fields presence_fields = FIELDS(struct presence_input, presence_rows);

static void presence_run(struct request *request)
{
	const struct presence_input *input = request->input;
	request->conn->away = input->status == away;
	presence_update(request->conn->user, NULL);
}

static const struct command presence_command = {.type = "presence",
						.fields = &presence_fields,
						.help = "Say whether the user is there or away.",
						.run = presence_run};

const struct feature presence_feature = {
	.commands = (const struct command *const[]){&presence_command, NULL},
	.messages = (const struct message *const[]){&presence_update_message, NULL},
	.peer_message = &presence_message,
	.conn_closed = presence_conn_closed,
	.conn_drained = presence_conn_drained,
	.user_removed = presence_free,
};
