/*
 * Read markers: see read_marker.h.
 *
 * The first is written at once, and what comes within a second of it as one. A marker that was not
 * written when the bridge ends is lost; nobody was promised it.
 */
#include "ws-bridge/features/read_marker.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/memory.h"
#include "realm/rooms.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/commands.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/hub.h"
#include "ws-bridge/core/job.h"

#define COALESCED_MS 1000

struct reading {
	struct membership *member;
	int64_t up_to_seq;  /* to be written; 0: nothing is */
	struct conn *asker; /* who said so last, until it is written */
	struct timer quiet;
};

struct read_job {
	struct job job;
	int64_t user_id, up_to_seq;
	const char *room_id;
};

static int run_read(struct store *store, struct job *job, struct problem *why)
{
	const struct read_job *read = container_of(job, struct read_job, job);
	return room_read(job->arena, store, read->user_id, read->room_id, read->up_to_seq, why);
}

static void read_done(struct job *job)
{
	const struct read_job *read = container_of(job, struct read_job, job);
	if (job->why.code != PROBLEM_NONE)
		conn_error(job->conn, &job->why, NULL, read->room_id);
}

static const struct job_kind read_kind = {
	.writes = true, .when = REPORT_WHEN_SYNCED, .run = run_read, .done = read_done};

static void quiet_over(struct timer *timer);

static void write_marker(struct reading *reading)
{
	const struct user *user = reading->member->user;
	struct read_job *read = job_new(arena_new(), sizeof(*read), &read_kind, reading->asker);
	read->user_id = user->id;
	read->room_id = arena_strdup(read->job.arena, reading->member->room->id);
	read->up_to_seq = reading->up_to_seq;
	reading->up_to_seq = 0;
	reading->asker = NULL;
	bridge_submit(user->bridge, &read->job);
	wheel_set(&user->bridge->wheel, &reading->quiet, COALESCED_MS, quiet_over);
}

static void quiet_over(struct timer *timer)
{
	struct reading *reading = container_of(timer, struct reading, quiet);
	if (reading->up_to_seq)
		write_marker(reading);
	else
		reading_free(reading->member);
}

void reading_free(struct membership *member)
{
	if (!member->reading)
		return;
	wheel_cancel(&member->reading->quiet);
	if (member->reading->asker)
		conn_unref(member->reading->asker);
	free(member->reading);
	member->reading = NULL;
}

/* --- the command ------------------------------------------------------------------------------ */

static void run(struct request *request)
{
	const struct room_reading *input = request->input;
	struct membership *member = hub_membership(request->conn->user, request->room_id);
	struct problem why = {0};
	if (!member) {
		problem_say(&why, PROBLEM_FORBIDDEN, "Join the room first");
		request_refuse(request, &why);
		return;
	}
	if (!member->reading) {
		member->reading = xcalloc(1, sizeof(*member->reading));
		member->reading->member = member;
	}
	struct reading *reading = member->reading;
	if (input->up_to_seq <= reading->up_to_seq)
		return;
	if (reading->asker)
		conn_unref(reading->asker);
	reading->asker = conn_ref(request->conn);
	reading->up_to_seq = input->up_to_seq;
	if (!reading->quiet.due)
		write_marker(reading);
}

const struct command read_command = {
	.type = "read", .fields = &room_reading_fields, .takes_room = true, .v1 = true, .run = run};
