/*
 * The command `read`: how far a user has read in a room.
 *
 * The first position is written at once, and those that follow within a second are written as one.
 * A position that was not written when the bridge ends is lost; the client was promised nothing.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/memory.h"
#include "realm/rooms.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/commands.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/job.h"
#include "ws-bridge/features/features.h"

#define COALESCED_MS 1000

struct read_marker {
	struct membership *member;
	int64_t up_to_seq; /* to be written */
	bool back;         /* also if that is before the place of now */
	bool waits;        /* to be written */
	struct conn *conn; /* which sent it, until it is written */
	struct timer quiet;
};

struct read_job {
	struct job job;
	int64_t user_id, up_to_seq;
	const char *room_id;
	bool back;
};

static int read_run_job(struct store *store, struct job *job, struct problem *why)
{
	const struct read_job *read = container_of(job, struct read_job, job);
	const struct room_reading reading = {read->up_to_seq, read->back};
	return room_read(job->arena, store, read->user_id, read->room_id, &reading, why);
}

static void read_done(struct job *job)
{
	if (job->why.code != PROBLEM_NONE)
		request_failed(job);
}

static const struct job_kind read_kind = {
	.writes = true,
	.when = REPORT_WHEN_SYNCED,
	.says_all = true,
	.run = read_run_job,
	.done = read_done,
};

static void read_marker_quiet_over(struct timer *timer);

static void read_marker_write(struct read_marker *marker)
{
	const struct user *user = marker->member->user;
	struct bridge *bridge = user->hub->bridge;
	struct read_job *read = job_new(arena_new(), sizeof(*read), &read_kind, marker->conn);
	read->user_id = user->id;
	read->room_id = arena_strdup(read->job.arena, marker->member->room->id);
	read->job.subject = (struct subject){.command = "read", .room_id = read->room_id};
	read->up_to_seq = marker->up_to_seq;
	marker->up_to_seq = 0;
	marker->conn = NULL;
	read->back = marker->back;
	marker->waits = false;
	bridge_submit(bridge, &read->job);
	wheel_set(&bridge->wheel, &marker->quiet, COALESCED_MS, read_marker_quiet_over);
}

static void read_marker_free(struct membership *member)
{
	struct read_marker *marker = member->read_marker;
	if (!marker)
		return;
	wheel_cancel(&marker->quiet);
	if (marker->conn)
		conn_unref(marker->conn);
	free(marker);
	member->read_marker = NULL;
}

static void read_marker_quiet_over(struct timer *timer)
{
	struct read_marker *marker = container_of(timer, struct read_marker, quiet);
	if (marker->waits)
		read_marker_write(marker);
	else
		read_marker_free(marker->member);
}

/* --- the command ------------------------------------------------------------------------------ */

static struct read_marker *read_marker_of(struct membership *member)
{
	if (!member->read_marker) {
		member->read_marker = xcalloc(1, sizeof(*member->read_marker));
		member->read_marker->member = member;
	}
	return member->read_marker;
}

static void read_run(struct request *request)
{
	const struct room_reading *input = request->input;
	struct membership *member = hub_membership(request->conn->user, request->room_id);
	struct problem why = {0};
	if (!member) {
		problem_set(&why, PROBLEM_ROOM_NOT_FOUND);
		request_refuse(request, &why);
		return;
	}
	struct read_marker *marker = read_marker_of(member);
	bool back = input->unread || (marker->waits && marker->back);
	if (marker->waits && !input->unread && input->up_to_seq <= marker->up_to_seq)
		return;
	if (marker->conn)
		conn_unref(marker->conn);
	marker->conn = conn_ref(request->conn);
	marker->up_to_seq = input->up_to_seq;
	marker->back = back;
	marker->waits = true;
	if (!marker->quiet.due)
		read_marker_write(marker);
}

static const struct command read_command = {
	.type = "read",
	.fields = &room_reading_fields,
	.takes_room = true,
	.v1 = true,
	.help = "Move the read marker of a room, back only with `unread`.",
	.run = read_run};

const struct feature read_marker_feature = {
	.commands = (const struct command *const[]){&read_command, NULL},
	.member_left = read_marker_free,
};
