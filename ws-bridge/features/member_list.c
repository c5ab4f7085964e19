/* The list of the members of a user's rooms: see member_list.h. */
#include "ws-bridge/features/member_list.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/memory.h"
#include "realm/budget.h"
#include "realm/settings.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/job.h"
#include "ws-bridge/core/message.h"
#include "ws-bridge/features/features.h"

#define AROUND_BYTES 64 /* of a message around its list */
#define BUSY_MS 200     /* until the next look whether the client takes more */

static const struct message room_participants_message = {
	.type = "room_participants",
	.shape = &room_co_member_shape,
	.list = true,
	.parts = true,
	.help = "The members of the user's rooms, after the client was authenticated."};

/* What is still to be sent to a connection. */
struct member_list {
	struct conn *conn;
	struct co_members_place place;
	struct timer timer;
};

struct list_job {
	struct job job;
	int64_t viewer;
	struct co_members_place from;
	struct member_part part;
};

int member_part_read(struct arena *arena, struct store *store, int64_t viewer,
		     struct member_part *part, struct problem *why)
{
	part->members = buf_in(arena);
	int more = room_co_members(arena, store, viewer, &part->place,
				   LIST_MESSAGE_MAX - AROUND_BYTES, part->members, why);
	TRY(more);
	part->more = more;
	return 0;
}

static int list_run_job(struct store *store, struct job *job, struct problem *why)
{
	struct list_job *list = container_of(job, struct list_job, job);
	list->part.place = list->from; /* the job may run again */
	return member_part_read(job->arena, store, list->viewer, &list->part, why);
}

static void list_go_on(struct timer *timer);

static void list_done(struct job *job)
{
	const struct list_job *list = container_of(job, struct list_job, job);
	struct conn *conn = job->conn;
	if (!conn->member_list || conn->closing)
		return;
	if (job->why.code == PROBLEM_NONE)
		member_part_send(conn, &list->part);
	else
		wheel_set(&conn->bridge->wheel, &conn->member_list->timer, BUSY_MS, list_go_on);
}

static const struct job_kind list_kind = {
	.when = REPORT_IN_ORDER, .run = list_run_job, .done = list_done};

static void list_submit(const struct member_list *waiting)
{
	struct conn *conn = waiting->conn;
	struct list_job *list = job_new(arena_new(), sizeof(*list), &list_kind, conn_ref(conn));
	list->viewer = conn->user->id;
	list->from = waiting->place;
	bridge_submit(conn->bridge, &list->job);
}

/* Reads the next part, or waits: for the client, or for the budget of its user. */
static void list_go_on(struct timer *timer)
{
	struct member_list *waiting = container_of(timer, struct member_list, timer);
	struct conn *conn = waiting->conn;
	struct problem why = {0};
	int64_t wait = BUSY_MS;
	bool busy = conn->out.bytes > (size_t)conn->bridge->settings->ws_queue_bytes / 4;
	if (!busy && conn_pay(conn, (struct budget_cost){.weight = 1}, &why) == 0) {
		list_submit(waiting);
		return;
	}
	if (why.retry_after_ms > wait)
		wait = why.retry_after_ms;
	wheel_set(&conn->bridge->wheel, timer, wait, list_go_on);
}

static void list_end(struct conn *conn)
{
	if (!conn->member_list)
		return;
	wheel_cancel(&conn->member_list->timer);
	free(conn->member_list);
	conn->member_list = NULL;
}

void member_part_send(struct conn *conn, const struct member_part *part)
{
	conn_say_part(conn, &room_participants_message, part->members, part->more);
	if (!part->more) {
		list_end(conn);
		return;
	}
	if (!conn->member_list)
		conn->member_list = xcalloc(1, sizeof(*conn->member_list));
	conn->member_list->conn = conn;
	conn->member_list->place = part->place;
	list_go_on(&conn->member_list->timer);
}

const struct feature member_list_feature = {
	.messages = (const struct message *const[]){&room_participants_message, NULL},
	.conn_closed = list_end,
};
