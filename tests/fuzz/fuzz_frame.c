/*
 * Fuzzes what WebSocket clients send: messages, one a line, through commands, jobs and hub to the
 * frames that come of them, over a realm in memory.
 *
 * Sockets and the store thread are left out: connections here keep nothing, and jobs run at once. A
 * first line "v1" speaks aeon.v1; "anybody" is not signed in; else it is compat mode. What is
 * written is rolled back, so that inputs do not depend on each other.
 */
#include <string.h>

#include <jansson.h>
#include <sodium.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "realm/events.h"
#include "realm/rooms.h"
#include "realm/settings.h"
#include "store/internal.h"
#include "tests/fuzz/fuzz.h"
#include "ws-bridge/bridge.h"
#include "ws-bridge/commands.h"
#include "ws-bridge/conn.h"
#include "ws-bridge/worker.h"

#define ROOM "018f0000-0000-7000-8000-000000000001"

static struct settings settings;
static struct store *realm;
static int64_t users[2];
static struct bridge bridge;

/* --- in place of conn.c ----------------------------------------------------------------------- */

static void check_frame(const struct frame *frame)
{
	size_t head = frame->data[1] < 126 ? 2 : frame->data[1] == 126 ? 4 : 10;
	HOLDS(frame->bytes > head && frame->data[0] == 0x81);
	json_t *json = json_loadb((const char *)frame->data + head, frame->bytes - head,
				  JSON_REJECT_DUPLICATES, NULL);
	HOLDS(json_is_string(json_object_get(json, "type")));
	json_decref(json);
}

struct conn *conn_keep(struct conn *conn)
{
	conn->references++;
	return conn;
}

void conn_unkeep(struct conn *conn)
{
	HOLDS(conn->references > 0);
	conn->references--;
}

void conn_send(struct conn *conn, struct frame *frame)
{
	(void)conn;
	check_frame(frame);
}

void conn_say(struct conn *conn, const char *type, const struct buf *data)
{
	struct frame *frame = frame_message(type, 0, data->data, data->len);
	conn_send(conn, frame);
	frame_release(&frame);
}

void conn_error(struct conn *conn, const struct problem *why, const char *client_id,
		const char *room_id)
{
	(void)conn, (void)client_id, (void)room_id;
	HOLDS(why->code != PROBLEM_NONE && why->code != PROBLEM_INTERNAL);
	if (why->errors) {
		json_t *json = json_loads(why->errors, JSON_REJECT_DUPLICATES, NULL);
		HOLDS(json_is_array(json));
		json_decref(json);
	}
}

void conn_close(struct conn *conn, enum close reason)
{
	conn->closing = reason;
}

void conn_hold(struct conn *conn)
{
	conn->holds++;
}

void conn_unhold(struct conn *conn)
{
	HOLDS(conn->holds > 0);
	conn->holds--;
}

void conn_start_heartbeat(struct conn *conn)
{
	(void)conn;
}

/* --- in place of worker.c and bridge.c -------------------------------------------------------- */

void *job_new(struct arena *arena, size_t size, const struct job_kind *kind, struct conn *conn)
{
	struct job *job = arena_alloc(arena, size);
	job->kind = kind;
	job->arena = arena;
	job->conn = conn;
	job->news.job = job;
	return job;
}

void job_free(struct job *job)
{
	struct arena *arena = job->arena;
	arena_free(&arena);
}

const char *worker_epoch(const struct worker *worker)
{
	(void)worker;
	return "epoch";
}

void worker_note_user(struct worker *worker, int64_t user_id, bool here)
{
	(void)worker, (void)user_id, (void)here;
}

bool worker_has_user(const struct worker *worker, int64_t user_id)
{
	(void)worker, (void)user_id;
	return true;
}

bool bridge_busy(const struct bridge *busy)
{
	(void)busy;
	return false;
}

static int run_job(struct store *store, void *context, struct problem *why)
{
	struct job *job = context;
	return job->kind->run(NULL, store, job, why);
}

static int tell_event(const struct event *event, void *context, struct problem *why)
{
	struct news news = {.pos = event->pos, .kind = event->kind, .user_id = event->user_id};
	(void)context, (void)why;
	if (event->room_id)
		snprintf(news.room_id, sizeof(news.room_id), "%s", event->room_id);
	if (event->kind == EVENT_USER_JOINED || event->kind == EVENT_USER_LEFT) {
		json_t *data = json_loadb(event->data, event->data_bytes, 0, NULL);
		news.user_id = json_integer_value(json_object_get(data, "user_id"));
		json_decref(data);
	}
	news.frame =
		frame_message(event_name(event->kind), event->pos, event->data, event->data_bytes);
	hub_event(&bridge, &news);
	frame_release(&news.frame);
	bridge.pos = event->pos;
	return 0;
}

void bridge_submit(struct bridge *to, struct job *job)
{
	struct conn *conn = job->conn;
	store_write_unsynced(realm, run_job, job, &job->why);
	MUST(events_after(realm, to->pos, 1000, tell_event, NULL, &why));
	/* What fails half done would take the whole batch with it, other people's messages too. */
	HOLDS(!realm->spoiled);
	job->kind->done(job);
	job_free(job);
	if (conn)
		conn_unkeep(conn);
}

/* --- the realm and its connections ------------------------------------------------------------ */

static void make_realm(void)
{
	const char *const names[] = {"ada", "ben"};
	struct arena *arena = arena_new();
	log_setup("fuzz", LOG_LEVEL_ERROR + 1);
	HOLDS(sodium_init() >= 0);
	MUST(settings_load(NULL, &settings, &why));
	settings.ws_rate = settings.ws_burst = 1000000;
	MUST(store_open(":memory:", STORE_MIGRATE, 100, &realm, &why));
	for (int i = 0; i < 2; i++) {
		MUST(store_exec(realm, &why, Q_USER_INSERT, "tttttl", names[i], names[i + 1 < 2],
				"none", (char *)NULL, (char *)NULL, clock_now()));
		users[i] = store_last_id(realm);
	}
	arena_free(&arena);
}

/* A connection of a user who is in the room; user 0: of nobody. */
static void connect_one(struct conn *conn, int64_t user_id, bool v1)
{
	static const char *const rooms[] = {ROOM, NULL};
	*conn = (struct conn){
		.wsi = (struct lws *)(void *)conn, .bridge = &bridge, .references = 1, .v1 = v1};
	limit_start(&conn->limit, settings.ws_burst, clock_monotonic());
	LIST_INSERT_HEAD(&bridge.conns, conn, of_bridge);
	if (!user_id)
		return;
	conn->user = hub_user_add(&bridge, user_id, "somebody", rooms);
	LIST_INSERT_HEAD(&conn->user->conns, conn, of_user);
	conn->user->conn_count++;
}

static bool take_word(const char **at, const char *end, const char *word)
{
	size_t length = strlen(word);
	if ((size_t)(end - *at) < length || memcmp(*at, word, length) != 0)
		return false;
	*at += length;
	return true;
}

struct input {
	const char *at, *end;
};

static int take_messages(struct store *store, void *context, struct problem *end)
{
	struct input *input = context;
	struct conn one, other;
	bool v1 = take_word(&input->at, input->end, "v1\n");
	bool anybody = !v1 && take_word(&input->at, input->end, "anybody\n");
	bridge = (struct bridge){.settings = &settings};
	wheel_start(&bridge.wheel, 0);
	LIST_INIT(&bridge.conns);
	MUST(store_exec(store, &why, Q_ROOM_INSERT, "ttttlliii", ROOM, "a room", (char *)NULL,
			(char *)NULL, users[1], clock_now(), 1, 50, 0));
	for (int i = 0; i < 2; i++)
		MUST(store_exec(store, &why, Q_ROOM_ENTER, "tltl", ROOM, users[i], "member",
				clock_now()));
	MUST(store_exec(store, &why, Q_ROOM_COUNT_IN, "ti", ROOM, 2));
	MUST(events_head(store, &bridge.pos, &why));
	connect_one(&one, anybody ? 0 : users[0], v1);
	connect_one(&other, users[1], true);
	while (input->at < input->end && !one.closing) {
		const char *line = memchr(input->at, '\n', (size_t)(input->end - input->at));
		if (!line)
			line = input->end;
		command_take(&one, input->at, (size_t)(line - input->at));
		HOLDS(one.references == 1 && (one.closing || one.holds == 0));
		input->at = line < input->end ? line + 1 : line;
	}
	hub_clear(&bridge.hub);
	return problem_set(end, PROBLEM_FORBIDDEN); /* rolls back */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {(const char *)data, (const char *)data + size};
	struct problem why = {0};
	if (!realm)
		make_realm();
	store_write(realm, take_messages, &input, &why);
	HOLDS(why.code == PROBLEM_FORBIDDEN);
	return 0;
}
