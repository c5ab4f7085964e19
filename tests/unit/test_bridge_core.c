/*
 * The core of the bridge with features, sockets, peers and time of the test's own: how it calls
 * features, and what becomes of readers that are slow.
 */
#include <stdio.h>

#include "base/clock.h"
#include "base/memory.h"
#include "realm/settings.h"
#include "tests/unit/test.h"
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

/* --- the world -------------------------------------------------------------------------------- */

struct socket {
	struct conn *conn;
	size_t unsent, window; /* what is more than the window is kept back */
	int closed_with;       /* the code of the last close frame */
};

/* Jobs stay where they are, because no test here needs a database; reports are the test's. */
struct store_thread {
	struct reports submitted, reported;
};

static struct {
	int64_t now, pos;
	struct settings settings;
	struct store_thread store_thread;
	struct bridge bridge;
	struct socket socket;
	char peers_got[PEER_MESSAGE_MAX];
	struct buf log; /* what the features were called for */
} world;

int64_t __wrap_clock_now(void);
int64_t __wrap_clock_monotonic(void);

int64_t __wrap_clock_now(void)
{
	return world.now;
}

int64_t __wrap_clock_monotonic(void)
{
	return world.now;
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
	snprintf(world.peers_got, sizeof(world.peers_got), "%s", buf_text(message));
}

/* --- the features ----------------------------------------------------------------------------- */

static void note(const char *what, const char *of)
{
	buf_printf(&world.log, "%s %s; ", what, of);
}

struct wave {
	const char *to;
};
static const struct field wave_rows[] = {
	FIELD(struct wave, to, TEXT, .required = true, .min = 1, .max = 10)};
static const struct fields wave_fields = FIELDS(struct wave, wave_rows);

static void wave_run(struct request *request)
{
	note("wave", ((const struct wave *)request->input)->to);
}

static void wave_taken(struct bridge *bridge, const void *input)
{
	assert_ptr_equal(bridge, &world.bridge);
	note("peer", ((const struct wave *)input)->to);
}

static void opened(struct bridge *bridge)
{
	assert_ptr_equal(bridge, &world.bridge);
	note("opened", "bridge");
}

static void credentials(struct conn *conn, const struct credentials *shown)
{
	(void)conn;
	note("credentials", shown->token ? shown->token : shown->ticket);
}

static void conn_closed(struct conn *conn)
{
	note("closed", conn->user->name);
}

static void member_left(struct membership *member)
{
	note("left", member->user->name);
}

static void room_ended(struct room *room)
{
	assert_true(LIST_EMPTY(&room->members));
	note("ended", "room");
}

static void user_removed(struct user *user)
{
	note("removed", user->name);
}

static void event(struct bridge *bridge, const struct report *event)
{
	(void)bridge;
	note("event", event_name(event->kind));
}

static const struct command wave_command = {
	.type = "wave", .fields = &wave_fields, .v1 = true, .run = wave_run};
static const struct peer_message wave_message = {
	.type = "wave", .fields = &wave_fields, .take = wave_taken};

static const struct feature talks = {
	.commands = (const struct command *const[]){&wave_command, NULL},
	.peer_message = &wave_message,
	.conn_credentials = credentials,
};
static const struct feature silent;
static const struct feature watches = {
	.bridge_opened = opened,
	.conn_closed = conn_closed,
	.member_left = member_left,
	.room_ended = room_ended,
	.user_removed = user_removed,
	.bridge_event = event,
};
const struct feature *const features[] = {&silent, &talks, &watches, NULL};

/* --- steps ------------------------------------------------------------------------------------ */

static int setup(void **state)
{
	(void)state;
	memset(&world, 0, sizeof(world));
	world.now = 1000 * CLOCK_SECOND;
	STAILQ_INIT(&world.store_thread.submitted);
	STAILQ_INIT(&world.store_thread.reported);
	MUST(settings_load(NULL, &world.settings, &why));
	world.settings.ws_queue_bytes = 65536;
	world.settings.ws_stuck_seconds = 30;
	world.settings.ws_ping_seconds = 3600;
	engine_open(&world.bridge, &world.settings, 1, &world.store_thread);
	return 0;
}

static void disconnect(void)
{
	if (world.socket.conn)
		receive_end(world.socket.conn);
	world.socket.conn = NULL;
}

static int teardown(void **state)
{
	(void)state;
	disconnect();
	for (struct report *job; (job = STAILQ_FIRST(&world.store_thread.submitted)) != NULL;) {
		STAILQ_REMOVE_HEAD(&world.store_thread.submitted, link);
		conn_unref(job->job->conn);
		report_free(job);
	}
	engine_close(&world.bridge);
	buf_free(&world.log);
	return 0;
}

/* Ada, connected and in the room. */
static struct conn *connect_ada(size_t window)
{
	static const char *const rooms[] = {ROOM, NULL};
	world.socket = (struct socket){.window = window};
	struct conn *conn = conn_open(&world.bridge, &world.socket, SUBPROTOCOL_V1, 0);
	world.socket.conn = conn;
	conn_enter(conn, hub_user_add(&world.bridge.hub, 1, "ada", rooms, &(struct buf){0}));
	conn_start_heartbeat(conn);
	return conn;
}

static void say(struct conn *conn, const char *text)
{
	struct part part = {.text = text, .bytes = strlen(text), .last = true};
	receive_part(conn, &part);
	engine_flush(&world.bridge);
}

/* An event of the log comes out of the store thread. */
static void happen(enum event_kind kind, const char *room_id, int64_t user_id, size_t bytes)
{
	struct report *event = xcalloc(1, sizeof(*event));
	char *data = xcalloc(1, bytes + 1);
	memset(data, 'x', bytes);
	event->kind = kind;
	event->user_id = user_id;
	event->pos = ++world.pos;
	snprintf(event->room_id, sizeof(event->room_id), "%s", room_id);
	event->frame = frame_message(event_name(kind), event->pos, data, bytes);
	event->frame->class = FRAME_EVENT;
	free(data);
	STAILQ_INSERT_TAIL(&world.store_thread.reported, event, link);
	engine_collect(&world.bridge);
	engine_flush(&world.bridge);
}

static void pass(int64_t ms)
{
	for (int64_t end = world.now + ms * MS; world.now < end;) {
		world.now += WHEEL_TICK_MS * MS;
		engine_tick(&world.bridge);
		engine_flush(&world.bridge);
	}
}

static void check_log(const char *expected)
{
	assert_string_equal(buf_text(&world.log), expected);
	buf_clear(&world.log);
}

/* --- features --------------------------------------------------------------------------------- */

static void a_command_of_a_feature_gets_its_fields_and_others_are_refused(void **state)
{
	(void)state;
	struct conn *conn = connect_ada(SIZE_MAX);
	buf_clear(&world.log);
	say(conn, "{\"type\":\"wave\",\"to\":\"ben\"}");
	check_log("wave ben; ");
	say(conn, "{\"type\":\"wave\",\"to\":7}");
	say(conn, "{\"type\":\"wav\",\"to\":\"ben\"}");
	conn->v1 = false;
	say(conn, "{\"type\":\"wave\",\"to\":\"ben\"}");
	check_log("");
}

static void a_feature_gets_the_messages_of_other_bridges_that_are_well_formed(void **state)
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
	buf_clear(&world.log);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		peers_take(&world.bridge, bad[i], strlen(bad[i]));
	check_log("");
	buf_puts(&data, "{\"to\":\"ben\"}");
	peers_send(&world.bridge, "wave", &data);
	assert_string_equal(world.peers_got, ""); /* there is no other bridge */
	world.bridge.peers = (struct peers *)&world;
	peers_send(&world.bridge, "wave", &data);
	assert_string_equal(world.peers_got, good);
	peers_take(&world.bridge, world.peers_got, strlen(world.peers_got));
	check_log("peer ben; ");
	buf_free(&data);
}

static void features_are_told_what_happens_in_its_order(void **state)
{
	(void)state;
	check_log("opened bridge; ");
	struct conn *conn = connect_ada(SIZE_MAX);
	receive_credentials(conn, &(struct credentials){.ticket = "t1"});
	happen(EVENT_CHAT_MESSAGE, ROOM, 2, 10);
	happen(EVENT_SESSIONS_ENDED, "", 1, 0);
	check_log("credentials t1; event sessions_ended; ");
	struct user *ada = conn->user;
	disconnect();
	hub_user_remove(ada);
	check_log("closed ada; left ada; ended room; removed ada; ");
}

static void a_connection_that_is_closing_shows_no_credentials(void **state)
{
	(void)state;
	struct conn *conn = connect_ada(SIZE_MAX);
	buf_clear(&world.log);
	conn_close(conn, CLOSE_OVERLOADED);
	receive_credentials(conn, &(struct credentials){.token = "t"});
	check_log("");
}

/* --- slow readers ----------------------------------------------------------------------------- */

/* The kernel takes 10 KB and the queue 64 KB. Then the events are in the log, and an answer is in
 * the queue. */
static struct conn *connect_slow(void)
{
	struct conn *conn = connect_ada(10000);
	for (int i = 0; i < 30; i++)
		happen(EVENT_CHAT_MESSAGE, ROOM, 2, 4000);
	assert_non_null(conn->catchup);
	say(conn, "{\"type\":\"unknown\"}");
	assert_true(conn->out.count > 0);
	return conn;
}

static void a_reader_that_takes_nothing_is_closed_with_4008(void **state)
{
	(void)state;
	connect_slow();
	pass(29000);
	assert_int_equal(world.socket.closed_with, 0);
	pass(2000);
	assert_int_equal(world.socket.conn->closing, CLOSE_SLOW);
	world.socket.unsent = 0;
	live_flush(world.socket.conn);
	assert_int_equal(world.socket.closed_with, 4008);
}

/* So little that the socket never takes more, and only the kernel's buffer shows it. */
static void a_reader_that_takes_a_little_at_a_time_is_not_closed(void **state)
{
	(void)state;
	struct conn *conn = connect_slow();
	world.socket.window = 0;
	while (world.socket.unsent > 20) {
		uint32_t queued = conn->out.count;
		pass(29000);
		world.socket.unsent -= 1 + world.socket.unsent / 20;
		assert_int_equal(conn->out.count, queued);
		assert_int_equal(conn->closing, CLOSE_NONE);
	}
	pass(61000);
	assert_int_equal(conn->closing, CLOSE_SLOW);
}

static void a_closed_reader_costs_no_catch_up(void **state)
{
	(void)state;
	struct conn *conn = connect_slow();
	conn_close(conn, CLOSE_RESTART);
	engine_flush(&world.bridge);
	assert_null(conn->catchup);
	pass(61000);
	assert_int_equal(conn->closing, CLOSE_RESTART);
}

#define IN_BRIDGE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_BRIDGE(a_command_of_a_feature_gets_its_fields_and_others_are_refused),
		IN_BRIDGE(a_feature_gets_the_messages_of_other_bridges_that_are_well_formed),
		IN_BRIDGE(features_are_told_what_happens_in_its_order),
		IN_BRIDGE(a_connection_that_is_closing_shows_no_credentials),
		IN_BRIDGE(a_reader_that_takes_nothing_is_closed_with_4008),
		IN_BRIDGE(a_reader_that_takes_a_little_at_a_time_is_not_closed),
		IN_BRIDGE(a_closed_reader_costs_no_catch_up),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("bridge core", tests, NULL, NULL);
}
