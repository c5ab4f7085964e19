/*
 * The core of the bridge: how it calls features, and how it treats slow clients.
 *
 * The test replaces the features, the sockets, the store thread, the other bridges and the clock.
 */
#include <stdio.h>

#include "base/clock.h"
#include "base/memory.h"
#include "realm/caller.h"
#include "realm/settings.h"
#include "store/queries.h"
#include "tests/unit/test.h"
#include "ws-bridge/core/batch.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/commands.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/engine.h"
#include "ws-bridge/core/feature.h"
#include "ws-bridge/core/frame.h"
#include "ws-bridge/core/live.h"
#include "ws-bridge/core/peers.h"
#include "ws-bridge/core/receive.h"
#include "ws-bridge/core/socket.h"
#include "ws-bridge/core/store_thread.h"

#define ROOM "018f0000-0000-7000-8000-000000000001"
#define MS INT64_C(1000)

/* --- replaced parts --------------------------------------------------------------------------- */

struct socket {
	struct conn *conn;
	size_t unsent, window; /* bytes beyond the window are kept back */
	int closed_with;       /* the code of the last close frame */
};

/* Jobs never run, because no test here needs a database; the test adds the reports. */
struct store_thread {
	struct reports submitted, reported;
};

static struct {
	int64_t now, pos;
	struct settings settings;
	struct store_thread store_thread;
	struct bridge bridge;
	struct socket socket;
	char peers_received[PEER_MESSAGE_MAX];
	struct buf log; /* the calls of features */
} fake;

int64_t __wrap_clock_now(void);
int64_t __wrap_clock_monotonic(void);

int64_t __wrap_clock_now(void)
{
	return fake.now;
}

int64_t __wrap_clock_monotonic(void)
{
	return fake.now;
}

int socket_write(struct socket *socket, unsigned char *frames, size_t bytes)
{
	assert_false(socket_keeps(socket));
	socket->unsent += bytes;
	if (frames[0] == 0x88)
		socket->closed_with = frames[2] << 8 | frames[3];
	return 0;
}

bool socket_keeps(const struct socket *socket)
{
	return socket->unsent > socket->window;
}

size_t socket_unsent(const struct socket *socket)
{
	return socket->unsent;
}

void socket_want(struct socket *socket)
{
	(void)socket;
}

void socket_pause_input(struct socket *socket, bool paused)
{
	(void)socket, (void)paused;
}

void socket_cut_off(struct socket *socket)
{
	(void)socket;
}

void store_thread_submit(struct store_thread *thread, struct job *job)
{
	STAILQ_INSERT_TAIL(&thread->submitted, &job->report, link);
}

void store_thread_collect(struct store_thread *thread, struct reports *list)
{
	STAILQ_CONCAT(list, &thread->reported);
}

const char *store_thread_epoch(const struct store_thread *thread)
{
	(void)thread;
	return "epoch";
}

void peers_write(const struct peers *peers, const struct buf *message)
{
	(void)peers;
	snprintf(fake.peers_received, sizeof(fake.peers_received), "%s", buf_text(message));
}

/* --- the features ----------------------------------------------------------------------------- */

static void log_call(const char *what, const char *of)
{
	buf_printf(&fake.log, "%s %s; ", what, of);
}

struct wave {
	const char *to;
};
static const struct field wave_rows[] = {
	FIELD(struct wave, to, TEXT, .required = true, .min = 1, .max = 10)};
static const struct fields wave_fields = FIELDS(struct wave, wave_rows);

static void wave_run(struct request *request)
{
	log_call("wave", ((const struct wave *)request->input)->to);
}

static void log_peer_message(struct bridge *bridge, const void *input)
{
	assert_ptr_equal(bridge, &fake.bridge);
	log_call("peer", ((const struct wave *)input)->to);
}

static void log_bridge_opened(struct bridge *bridge)
{
	assert_ptr_equal(bridge, &fake.bridge);
	log_call("opened", "bridge");
}

static void log_credentials(struct conn *conn, const struct credentials *shown)
{
	(void)conn;
	log_call("credentials", shown->token ? shown->token : shown->ticket);
}

static void log_conn_closed(struct conn *conn)
{
	log_call("closed", conn->user->name);
}

static void log_member_left(struct membership *member)
{
	log_call("left", member->user->name);
}

static void log_room_ended(struct room *room)
{
	assert_true(LIST_EMPTY(&room->members));
	log_call("ended", "room");
}

static void log_user_removed(struct user *user)
{
	log_call("removed", user->name);
}

static void log_event(struct bridge *bridge, const struct report *event)
{
	(void)bridge;
	log_call("event", event_name(event->kind));
}

static const struct command wave_command = {
	.type = "wave", .fields = &wave_fields, .v1 = true, .run = wave_run};
static const struct peer_message wave_message = {
	.type = "wave", .fields = &wave_fields, .take = log_peer_message};

static const struct feature commands_feature = {
	.commands = (const struct command *const[]){&wave_command, NULL},
	.peer_message = &wave_message,
	.conn_credentials = log_credentials,
};
static const struct feature empty_feature;
static const struct feature logging_feature = {
	.bridge_opened = log_bridge_opened,
	.conn_closed = log_conn_closed,
	.member_left = log_member_left,
	.room_ended = log_room_ended,
	.user_removed = log_user_removed,
	.event = log_event,
};
const struct feature *const features[] = {&empty_feature, &commands_feature, &logging_feature,
					  NULL};

/* --- steps ------------------------------------------------------------------------------------ */

static int bridge_setup(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	fake.now = 1000 * CLOCK_SECOND;
	STAILQ_INIT(&fake.store_thread.submitted);
	STAILQ_INIT(&fake.store_thread.reported);
	MUST(settings_load(NULL, &fake.settings, &why));
	fake.settings.user_rate = fake.settings.user_burst = 1000000;
	fake.settings.reach_rate = fake.settings.reach_burst = 1000000;
	fake.settings.ws_queue_bytes = 65536;
	fake.settings.ws_stuck_seconds = 30;
	fake.settings.ws_ping_seconds = 3600;
	engine_open(&fake.bridge, &fake.settings, 1, &fake.store_thread);
	return 0;
}

static void disconnect(void)
{
	if (fake.socket.conn)
		receive_end(fake.socket.conn);
	fake.socket.conn = NULL;
}

static int bridge_teardown(void **state)
{
	(void)state;
	disconnect();
	for (struct report *job; (job = STAILQ_FIRST(&fake.store_thread.submitted)) != NULL;) {
		STAILQ_REMOVE_HEAD(&fake.store_thread.submitted, link);
		conn_unref(job->job->conn);
		report_free(job);
	}
	engine_close(&fake.bridge);
	buf_free(&fake.log);
	return 0;
}

/* Ada, connected and in the room. */
static struct conn *connect_ada(size_t window)
{
	static const char *const rooms[] = {ROOM, NULL};
	fake.socket = (struct socket){.window = window};
	struct conn *conn =
		conn_open(&fake.bridge, &fake.socket, SUBPROTOCOL_V1, 0, &caller_unknown);
	fake.socket.conn = conn;
	conn_enter(conn, hub_user_add(&fake.bridge.hub, 1, "ada", rooms, &(struct buf){0}));
	conn_start_heartbeat(conn);
	return conn;
}

static void send_text(struct conn *conn, const char *text)
{
	struct part part = {.text = text, .bytes = strlen(text), .last = true};
	receive_part(conn, &part);
	engine_flush(&fake.bridge);
}

/* The store thread reports an event of the log. */
static void report_event(enum event_kind kind, const char *room_id, int64_t user_id, size_t bytes)
{
	struct report *event = xcalloc(1, sizeof(*event));
	char *data = xcalloc(1, bytes + 1);
	memset(data, 'x', bytes);
	event->kind = kind;
	event->user_id = user_id;
	event->pos = ++fake.pos;
	snprintf(event->room_id, sizeof(event->room_id), "%s", room_id);
	event->frame = frame_message(event_name(kind), event->pos, data, bytes);
	event->frame->class = FRAME_EVENT;
	free(data);
	STAILQ_INSERT_TAIL(&fake.store_thread.reported, event, link);
	engine_collect(&fake.bridge);
	engine_flush(&fake.bridge);
}

static void advance_clock(int64_t ms)
{
	for (int64_t end = fake.now + ms * MS; fake.now < end;) {
		fake.now += WHEEL_TICK_MS * MS;
		engine_tick(&fake.bridge);
		engine_flush(&fake.bridge);
	}
}

static void assert_calls(const char *expected)
{
	assert_string_equal(buf_text(&fake.log), expected);
	buf_clear(&fake.log);
}

/* --- features --------------------------------------------------------------------------------- */

static void a_feature_command_receives_its_fields_and_wrong_commands_are_refused(void **state)
{
	(void)state;
	struct conn *conn = connect_ada(SIZE_MAX);
	buf_clear(&fake.log);
	send_text(conn, "{\"type\":\"wave\",\"to\":\"ben\"}");
	assert_calls("wave ben; ");
	send_text(conn, "{\"type\":\"wave\",\"to\":7}");
	send_text(conn, "{\"type\":\"wav\",\"to\":\"ben\"}");
	conn->v1 = false;
	send_text(conn, "{\"type\":\"wave\",\"to\":\"ben\"}");
	assert_calls("");
}

static void a_feature_receives_only_well_formed_messages_of_other_bridges(void **state)
{
	(void)state;
	static const char good[] = "{\"type\":\"wave\",\"to\":\"ben\"}";
	static const char *const bad[] = {
		"",
		"{",
		"{}",
		"[]",
		"{\"type\":1}",
		"{\"type\":\"wave\"}",
		"{\"type\":\"wave\",\"to\":\"12345678901\"}",
		"{\"type\":\"other\",\"to\":\"ben\"}",
	};
	struct buf data = {0};
	buf_clear(&fake.log);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		peers_take(&fake.bridge, bad[i], strlen(bad[i]));
	assert_calls("");
	buf_puts(&data, "{\"to\":\"ben\"}");
	peers_send(&fake.bridge, "wave", &data);
	assert_string_equal(fake.peers_received, ""); /* there is no other bridge */
	fake.bridge.peers = (struct peers *)&fake;
	peers_send(&fake.bridge, "wave", &data);
	assert_string_equal(fake.peers_received, good);
	peers_take(&fake.bridge, fake.peers_received, strlen(fake.peers_received));
	assert_calls("peer ben; ");
	buf_free(&data);
}

static void features_are_called_in_the_order_of_events(void **state)
{
	(void)state;
	assert_calls("opened bridge; ");
	struct conn *conn = connect_ada(SIZE_MAX);
	receive_credentials(conn, &(struct credentials){.ticket = "t1"});
	report_event(EVENT_CHAT_MESSAGE, ROOM, 2, 10);
	report_event(EVENT_SESSIONS_ENDED, "", 1, 0);
	assert_calls("credentials t1; event chat_message; event sessions_ended; ");
	struct user *ada = conn->user;
	disconnect();
	hub_user_remove(ada);
	assert_calls("closed ada; left ada; ended room; removed ada; ");
}

static void a_closing_connection_presents_no_credentials(void **state)
{
	(void)state;
	struct conn *conn = connect_ada(SIZE_MAX);
	buf_clear(&fake.log);
	conn_close(conn, CLOSE_OVERLOADED);
	receive_credentials(conn, &(struct credentials){.token = "t"});
	assert_calls("");
}

/* --- slow clients ----------------------------------------------------------------------------- */

/* The kernel takes 10 KB and the queue 64 KB. So the bridge reads the events from the log later,
 * and only an answer is in the queue. */
static struct conn *connect_slow(void)
{
	struct conn *conn = connect_ada(10000);
	for (int i = 0; i < 30; i++)
		report_event(EVENT_CHAT_MESSAGE, ROOM, 2, 4000);
	assert_non_null(conn->catchup);
	send_text(conn, "{\"type\":\"unknown\"}");
	assert_true(conn->out.count > 0);
	return conn;
}

static void a_client_that_reads_nothing_is_closed_with_4008(void **state)
{
	(void)state;
	connect_slow();
	advance_clock(29000);
	assert_int_equal(fake.socket.closed_with, 0);
	advance_clock(2000);
	assert_int_equal(fake.socket.conn->closing, CLOSE_SLOW);
	fake.socket.unsent = 0;
	live_flush(fake.socket.conn);
	assert_int_equal(fake.socket.closed_with, 4008);
}

/* It reads so little that the socket never takes more; only the kernel's buffer shrinks. */
static void a_client_that_reads_slowly_is_not_closed(void **state)
{
	(void)state;
	struct conn *conn = connect_slow();
	fake.socket.window = 0;
	while (fake.socket.unsent > 20) {
		uint32_t queued = conn->out.count;
		advance_clock(29000);
		fake.socket.unsent -= 1 + fake.socket.unsent / 20;
		assert_int_equal(conn->out.count, queued);
		assert_int_equal(conn->closing, CLOSE_NONE);
	}
	advance_clock(61000);
	assert_int_equal(conn->closing, CLOSE_SLOW);
}

static void a_closing_client_gets_no_catch_up(void **state)
{
	(void)state;
	struct conn *conn = connect_slow();
	conn_close(conn, CLOSE_RESTART);
	engine_flush(&fake.bridge);
	assert_null(conn->catchup);
	advance_clock(61000);
	assert_int_equal(conn->closing, CLOSE_RESTART);
}

/* --- batches ---------------------------------------------------------------------------------- */

/* A job that stores its number, or one that costs hours of CPU time. */
struct storing {
	struct job job;
	const char *key;
};

static int run_storing(struct store *store, struct job *job, struct problem *why)
{
	return q_meta_put(store, ((struct storing *)job)->key, "stored", why);
}

static int run_expensive(struct store *store, struct job *job, struct problem *why)
{
	struct buf *out = buf_in(job->arena);
	fake.now += CLOCK_SECOND; /* no CPU time is used while no time passes */
	TRY(run_storing(store, job, why));
	return q_days_of_user(store, 1, 20000, INT64_C(1) << 40, out, why);
}

static const struct job_kind storing_kind = {
	.writes = true, .when = REPORT_IN_ORDER, .run = run_storing};
static const struct job_kind expensive_kind = {
	.writes = true, .when = REPORT_IN_ORDER, .run = run_expensive};

static struct job *storing_job(const struct job_kind *kind, const char *key)
{
	struct storing *storing = job_new(arena_new(), sizeof(*storing), kind, NULL);
	storing->key = key;
	return &storing->job;
}

static bool is_stored(struct fixture *f, const char *key)
{
	int found;
	MUST(found = q_meta_get(f->arena, f->store, key, &(const char *){""}, &why));
	return found > 0;
}

static void a_job_over_its_budget_fails_alone(void **state)
{
	struct fixture *f = *state;
	struct batcher batcher;
	struct reports batch = STAILQ_HEAD_INITIALIZER(batch),
		       waits = STAILQ_HEAD_INITIALIZER(waits), done = STAILQ_HEAD_INITIALIZER(done);
	struct job *jobs[] = {storing_job(&storing_kind, "a"), storing_job(&expensive_kind, "b"),
			      storing_job(&expensive_kind, "c"), storing_job(&storing_kind, "d")};
	MUST(batcher_open(&batcher, f->store, &why));
	store_budget(f->store, 1000);
	for (int i = 0; i < 4; i++)
		STAILQ_INSERT_TAIL(&batch, &jobs[i]->report, link);
	batch_run(&batcher, &batch, &done, &waits);
	assert_true(STAILQ_EMPTY(&batch) && STAILQ_EMPTY(&waits));
	for (int i = 0; i < 4; i++) {
		bool expensive = i == 1 || i == 2;
		assert_int_equal(jobs[i]->why.code,
				 expensive ? PROBLEM_TOO_EXPENSIVE : PROBLEM_NONE);
		assert_int_equal(is_stored(f, ((struct storing *)jobs[i])->key), !expensive);
		report_free(&jobs[i]->report);
	}
	batcher_close(&batcher);
}

#define IN_BRIDGE(test) cmocka_unit_test_setup_teardown(test, bridge_setup, bridge_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_BRIDGE(a_feature_command_receives_its_fields_and_wrong_commands_are_refused),
		IN_BRIDGE(a_feature_receives_only_well_formed_messages_of_other_bridges),
		IN_BRIDGE(features_are_called_in_the_order_of_events),
		IN_BRIDGE(a_closing_connection_presents_no_credentials),
		IN_BRIDGE(a_client_that_reads_nothing_is_closed_with_4008),
		IN_BRIDGE(a_client_that_reads_slowly_is_not_closed),
		IN_BRIDGE(a_closing_client_gets_no_catch_up),
		IN_REALM(a_job_over_its_budget_fails_alone),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("bridge core", tests, NULL, NULL);
}
