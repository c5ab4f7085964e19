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
	} else if (!conn->missed_since) {
		conn->missed_since = list->query.since < INT64_MAX ? list->query.since : 1;
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

void presence_list_room(const struct user *user, const char *room_id)
{
	struct conn *conn;
	LIST_FOREACH(conn, &user->conns, of_user)
		if (conn->socket && !conn->closing)
			list_submit(conn, &(struct presence_query){.viewer = user->id,
								   .room_id = room_id});
}

void presence_list_missed(struct conn *conn, int64_t since)
{
	list_submit(conn, &(struct presence_query){.viewer = conn->user->id,
						   .co_members = true,
						   .since = since > LATE_US ? since - LATE_US : 0});
}
