/* Lists of presences: see presence_list.h. */
#include "ws-bridge/features/presence_list.h"

#include "base/arena.h"
#include "base/clock.h"
#include "realm/presence.h"
#include "realm/settings.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/chunk.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/frame.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/job.h"
#include "ws-bridge/core/message.h"
#include "ws-bridge/core/socket.h"

#define LATE_US (10 * CLOCK_SECOND) /* more than passes between a change and its update */
#define PORTION 200                 /* presences */

struct list_job {
	struct job job;
	struct presence_query query;
	struct chunk chunk;
	int count;
	int64_t last; /* user of the chunk */
};

static int add_presence(int64_t user_id, const struct buf *presence, void *context,
			struct problem *why)
{
	(void)why;
	struct list_job *list = context;
	struct frame *frame =
		frame_message(presence_update_message.type, 0, presence->data, presence->len);
	list->last = user_id;
	list->count++;
	chunk_add(&list->chunk, frame, false);
	return chunk_full(&list->chunk);
}

static int list_run_job(struct store *store, struct job *job, struct problem *why)
{
	struct list_job *list = container_of(job, struct list_job, job);
	list->count = 0;
	chunk_clear(&list->chunk);
	return presence_list(store, &list->query, PORTION, add_presence, list, why);
}

static void list_submit(struct conn *conn, const struct presence_query *query);

/* The queue is full: the list goes on behind the last user that was sent, once it has drained. */
static void list_interrupt(struct conn *conn, const struct presence_query *query)
{
	if (query->left) {
		conn_miss(conn, 0);
		conn_miss_left(conn, query->since, query->after);
		return;
	}
	bool is_time = query->since > 0 && query->since < INT64_MAX, is_first = !conn->missed_since;
	int64_t since = is_time ? query->since : 1;
	if (is_first || since < conn->missed_since)
		conn->missed_since = since;
	if (is_first || query->after < conn->missed_after)
		conn->missed_after = query->after;
}

static void list_done(struct job *job)
{
	const struct list_job *list = container_of(job, struct list_job, job);
	struct conn *conn = job->conn;
	bool more = list->count == PORTION || chunk_full(&list->chunk);
	if (!conn->socket || conn->closing)
		return;
	if (job->why.code == PROBLEM_NONE && conn->out.bytes <= list->chunk.most) {
		chunk_send(&list->chunk, conn);
		struct presence_query next = list->query;
		next.after = list->last;
		if (more)
			list_submit(conn, &next);
	} else {
		list_interrupt(conn, &list->query);
	}
}

static const struct job_kind list_kind = {
	.when = REPORT_IN_ORDER, .run = list_run_job, .done = list_done};

static void list_submit(struct conn *conn, const struct presence_query *query)
{
	struct list_job *list = job_new(arena_new(), sizeof(*list), &list_kind, conn_ref(conn));
	chunk_start(&list->chunk, list->job.arena, conn->bridge);
	list->query = *query;
	if (query->room_id)
		list->query.room_id = arena_strdup(list->job.arena, query->room_id);
	bridge_submit(conn->bridge, &list->job);
}

void presence_list_friends(struct conn *conn)
{
	list_submit(conn, &(struct presence_query){
				  .viewer = conn->user->id, .connected = true, .since = INT64_MAX});
}

static void list_submit_to_all(const struct user *user, const struct presence_query *query)
{
	struct conn *conn;
	LIST_FOREACH(conn, &user->conns, of_user)
		if (conn->socket && !conn->closing)
			list_submit(conn, query);
}

void presence_list_room(const struct user *user, const char *room_id)
{
	list_submit_to_all(user, &(struct presence_query){.viewer = user->id, .room_id = room_id});
}

void presence_list_left(const struct user *user, const char *room_id)
{
	list_submit_to_all(user, &(struct presence_query){.viewer = user->id,
							  .room_id = room_id,
							  .left = true,
							  .since = clock_now()});
}

static void list_missed(struct conn *conn, int64_t since, int64_t after)
{
	list_submit(conn, &(struct presence_query){.viewer = conn->user->id,
						   .co_members = true,
						   .since = since > LATE_US ? since - LATE_US : 0,
						   .after = after});
}

void presence_list_missed(struct conn *conn, int64_t since)
{
	list_missed(conn, since, 0);
}

/* --- dropped ones ----------------------------------------------------------------------------- */

struct dropped_job {
	struct job job;
	int64_t viewer;
	const int64_t *users;
	size_t count, next; /* next: the first one that is not in the chunk */
	struct chunk chunk;
};

static int add_dropped(struct store *store, struct dropped_job *dropped, struct problem *why)
{
	struct buf *data = buf_in(dropped->job.arena);
	int64_t user_id = dropped->users[dropped->next++];
	int there = presence_is_told(store, dropped->viewer, user_id, why);
	TRY(there);
	if (there)
		TRY(there = presence_show(store, dropped->viewer, user_id, data, why));
	if (!there)
		TRY(there = presence_show_hidden(store, user_id, data, why));
	if (there)
		chunk_add(&dropped->chunk,
			  frame_message(presence_update_message.type, 0, data->data, data->len),
			  false);
	return 0;
}

static int dropped_run_job(struct store *store, struct job *job, struct problem *why)
{
	struct dropped_job *dropped = container_of(job, struct dropped_job, job);
	dropped->next = 0;
	chunk_clear(&dropped->chunk);
	while (dropped->next < dropped->count && !chunk_full(&dropped->chunk))
		TRY(add_dropped(store, dropped, why));
	return 0;
}

/* What is not sent yet waits until the queue has drained again. */
static void dropped_done(struct job *job)
{
	const struct dropped_job *dropped = container_of(job, struct dropped_job, job);
	struct conn *conn = job->conn;
	size_t sent = 0;
	if (!conn->socket || conn->closing)
		return;
	if (job->why.code == PROBLEM_NONE && conn->out.bytes <= dropped->chunk.most) {
		chunk_send(&dropped->chunk, conn);
		sent = dropped->next;
	}
	for (size_t i = sent; i < dropped->count; i++)
		conn_miss(conn, dropped->users[i]);
	if (sent < dropped->count)
		socket_want(conn->socket);
}

static const struct job_kind dropped_kind = {
	.when = REPORT_IN_ORDER, .run = dropped_run_job, .done = dropped_done};

void presence_list_drained(struct conn *conn, int64_t since)
{
	struct dropped_job *dropped =
		job_new(arena_new(), sizeof(*dropped), &dropped_kind, conn_ref(conn));
	struct buf *users = buf_in(dropped->job.arena);
	buf_add(users, conn->missed.data, conn->missed.len);
	buf_free(&conn->missed);
	dropped->viewer = conn->user->id;
	dropped->users = (const int64_t *)(const void *)users->data;
	dropped->count = users->len / sizeof(int64_t);
	chunk_start(&dropped->chunk, dropped->job.arena, conn->bridge);
	bridge_submit(conn->bridge, &dropped->job);
	if (conn->missed_after < INT64_MAX)
		list_missed(conn, since, conn->missed_after);
	if (conn->left_since)
		list_submit(conn, &(struct presence_query){.viewer = conn->user->id,
							   .left = true,
							   .since = conn->left_since,
							   .after = conn->left_after});
	conn->left_since = 0;
}
