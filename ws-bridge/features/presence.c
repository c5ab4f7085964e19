/* Presence: see presence.h. */
#include "ws-bridge/features/presence.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "realm/presence.h"
#include "ws-bridge/core/batch.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/commands.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/chunk.h"
#include "ws-bridge/core/peers.h"
#include "ws-bridge/core/job.h"

#define GRACE_MS 10000
#define QUIET_MS 1000
#define LATE_US (10 * CLOCK_SECOND) /* from a change to its update, by far */

static const char connected[] = "connected", away[] = "away", offline[] = "offline";

struct told {
	int64_t user_id;
	struct frame *frame;
};

struct status_job {
	struct job job;
	struct bridge *bridge;
	int64_t user_id;
	const char *status, *room_id; /* status NULL: another bridge has said so */
	int changed;
	struct told *told; /* whom to tell what */
	size_t told_count;
};

static void release(void *frame)
{
	frame_unref((struct frame **)&frame);
}

/* Everybody sees what is theirs to see; who sees the same shares the frame. */
static int show(struct store *store, struct status_job *status, int64_t viewer, struct buf *last,
		struct problem *why)
{
	struct arena *arena = status->job.arena;
	struct buf *data = buf_in(arena);
	int visible = presence_show(store, viewer, status->user_id, data, why);
	if (visible <= 0)
		return visible;
	struct told *told = &status->told[status->told_count++];
	told->user_id = viewer;
	if (status->told_count > 1 && data->len == last->len &&
	    memcmp(data->data, last->data, last->len) == 0) {
		told->frame = told[-1].frame;
		return 0;
	}
	told->frame = frame_message("presence_update", 0, data->data, data->len);
	told->frame->class = FRAME_PRESENCE;
	arena_defer(arena, release, told->frame);
	buf_clear(last);
	buf_add(last, data->data, data->len);
	return 0;
}

static int run_status(struct store *store, struct job *job, struct problem *why)
{
	struct status_job *status = container_of(job, struct status_job, job);
	const int64_t *users;
	size_t count;
	if (status->status) {
		batcher_note_user(job->batcher, status->user_id, status->status != offline);
		TRY(status->changed =
			    presence_set(job->arena, store, status->user_id, status->status,
					 status->room_id, status->bridge->instance, why));
		if (!status->changed)
			return 0;
	}
	TRY(presence_audience(job->arena, store, status->user_id, &users, &count, why));
	status->told = arena_alloc(job->arena, (count + 1) * sizeof(*status->told));
	struct buf *last = buf_in(job->arena);
	for (size_t i = 0; i < count; i++)
		if (batcher_has_user(job->batcher, users[i]))
			TRY(show(store, status, users[i], last, why));
	return 0;
}

static void grace_over(struct timer *timer);

/* Who has left is forgotten once the database knows of it; until then it is told again. */
static void status_done(struct job *job)
{
	const struct status_job *status = container_of(job, struct status_job, job);
	const struct hub *hub = &status->bridge->hub;
	struct user *about = hub_user(hub, status->user_id);
	bool left = status->status && about && LIST_EMPTY(&about->conns);
	if (job->why.code != PROBLEM_NONE) {
		if (about && status->status)
			about->told = NULL; /* the next change tells again */
		if (left)
			wheel_set(&status->bridge->wheel, &about->grace, GRACE_MS, grace_over);
		return;
	}
	for (size_t i = 0; i < status->told_count; i++) {
		const struct user *user = hub_user(hub, status->told[i].user_id);
		if (user)
			hub_send_user(user, status->told[i].frame, false);
	}
	if (left && status->status == offline && about->told == offline)
		hub_user_remove(about);
	if (status->changed)
		peers_tell_presence(status->bridge, status->user_id);
}

static const struct job_kind status_kind = {
	.writes = true, .when = REPORT_IN_ORDER, .run = run_status, .done = status_done};
static const struct job_kind heard_kind = {
	.when = REPORT_IN_ORDER, .run = run_status, .done = status_done};

static void quiet_over(struct timer *timer)
{
	struct user *user = container_of(timer, struct user, quiet);
	if (!LIST_EMPTY(&user->conns))
		presence_update(user, NULL);
}

static void tell(struct user *user, const char *now)
{
	if (user->quiet.due || (user->told == now && !user->entered[0]))
		return;
	struct status_job *status = job_new(arena_new(), sizeof(*status), &status_kind, NULL);
	status->bridge = user->bridge;
	status->user_id = user->id;
	status->status = user->told = now;
	if (user->entered[0])
		status->room_id = arena_strdup(status->job.arena, user->entered);
	user->entered[0] = '\0';
	bridge_submit(user->bridge, &status->job);
	wheel_set(&user->bridge->wheel, &user->quiet, QUIET_MS, quiet_over);
}

static void grace_over(struct timer *timer)
{
	tell(container_of(timer, struct user, grace), offline);
}

void presence_update(struct user *user, const char *room_id)
{
	const char *now = away;
	const struct conn *conn;
	if (room_id)
		snprintf(user->entered, sizeof(user->entered), "%s", room_id);
	LIST_FOREACH(conn, &user->conns, of_user)
		if (!conn->away)
			now = connected;
	if (LIST_EMPTY(&user->conns))
		wheel_set(&user->bridge->wheel, &user->grace, GRACE_MS, grace_over);
	else
		tell(user, now);
}

void presence_heard(struct bridge *bridge, int64_t user_id)
{
	struct status_job *status = job_new(arena_new(), sizeof(*status), &heard_kind, NULL);
	status->bridge = bridge;
	status->user_id = user_id;
	bridge_submit(bridge, &status->job);
}

void presence_forgotten(struct bridge *bridge, int64_t user_id)
{
	presence_heard(bridge, user_id);
	peers_tell_presence(bridge, user_id);
}

static void say_again(struct link *link)
{
	struct user *user = container_of(link, struct user, link);
	user->told = NULL;
	presence_update(user, NULL);
}

void presence_again(struct hub *hub)
{
	map_each(&hub->users, say_again);
}

/* --- what a slow reader has missed ------------------------------------------------------------ */

struct remind_job {
	struct job job;
	int64_t viewer, since;
	struct chunk chunk;
};

static int show_again(const struct buf *presence, void *context, struct problem *why)
{
	(void)why;
	struct chunk *chunk = context;
	chunk_add(chunk, frame_message("presence_update", 0, presence->data, presence->len), false);
	return chunk_full(chunk);
}

static int run_remind(struct store *store, struct job *job, struct problem *why)
{
	struct remind_job *remind = container_of(job, struct remind_job, job);
	return presence_since(store, remind->viewer, remind->since - LATE_US, show_again,
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
	.when = REPORT_IN_ORDER, .run = run_remind, .done = remind_done};

void presence_remind(struct conn *conn)
{
	struct remind_job *remind =
		job_new(arena_new(), sizeof(*remind), &remind_kind, conn_ref(conn));
	chunk_start(&remind->chunk, remind->job.arena, conn->bridge);
	remind->viewer = conn->user->id;
	remind->since = conn->missed_since;
	conn->missed_since = 0;
	bridge_submit(conn->bridge, &remind->job);
}

/* --- the command ------------------------------------------------------------------------------ */

struct presence_input {
	const char *status;
};

static const char *const choices[] = {connected, away, NULL};
static const struct field presence_rows[] = {
	FIELD(struct presence_input, status, CHOICE, .required = true, .choices = choices),
};
static const struct fields presence_fields = FIELDS(struct presence_input, presence_rows);

static void run(struct request *request)
{
	const struct presence_input *input = request->input;
	request->conn->away = input->status == away;
	presence_update(request->conn->user, NULL);
}

const struct command presence_command = {
	.type = "presence", .fields = &presence_fields, .run = run};
