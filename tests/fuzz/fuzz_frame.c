/*
 * Fuzzes the messages of WebSocket clients, one a line. They pass through the whole bridge, over a
 * realm in memory, and the frames of the bridge are checked.
 *
 * Only sockets and the store thread are replaced: a socket takes everything, and jobs run at once.
 * The first line "v1" means aeon.v1, "anybody" means a client that is not authenticated, and any
 * other line means compat mode. All writes are rolled back, so inputs do not depend on each other.
 */
#include <string.h>

#include <jansson.h>
#include <sodium.h>

#include "base/clock.h"
#include "base/log.h"
#include "realm/caller.h"
#include "realm/settings.h"
#include "store/internal.h"
#include "store/queries.h"
#include "tests/fuzz/fuzz.h"
#include "ws-bridge/core/batch.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/commands.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/engine.h"
#include "ws-bridge/core/peers.h"
#include "ws-bridge/core/receive.h"
#include "ws-bridge/core/socket.h"
#include "ws-bridge/core/store_thread.h"

#define ROOM "018f0000-0000-7000-8000-000000000001"

static struct settings settings;
static struct store *realm;
static int64_t users[2];

/* --- in place of io/listen.c ------------------------------------------------------------------ */

struct socket {
	struct conn *conn;
};

static void check_message(const char *text, size_t bytes)
{
	json_t *json = json_loadb(text, bytes, JSON_REJECT_DUPLICATES, NULL);
	const json_t *type = json_object_get(json, "type");
	HOLDS(json_is_string(type));
	if (strcmp(json_string_value(type), "error") == 0) {
		const json_t *data = json_object_get(json, "data");
		HOLDS(strcmp(json_string_value(json_object_get(data, "code")), "internal_error"));
	}
	json_decref(json);
}

/* Returns the length of the frame. */
static size_t check_frame(const unsigned char *frame, size_t bytes)
{
	size_t head = 2, payload = frame[1];
	if (payload == 126) {
		head = 4;
		payload = (size_t)frame[2] << 8 | frame[3];
	}
	HOLDS(frame[1] != 127 && head + payload <= bytes);
	HOLDS(frame[0] == 0x81 || frame[0] == 0x88);
	if (frame[0] == 0x81)
		check_message((const char *)frame + head, payload);
	return head + payload;
}

int socket_write(struct socket *socket, unsigned char *frames, size_t bytes)
{
	(void)socket;
	for (size_t done = 0; done < bytes;)
		done += check_frame(frames + done, bytes - done);
	return 0;
}

bool socket_keeps(const struct socket *socket)
{
	(void)socket;
	return false;
}

size_t socket_unsent(const struct socket *socket)
{
	(void)socket;
	return 0;
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

/* --- in place of io/store_thread.c and io/peers.c --------------------------------------------- */

struct store_thread {
	struct batcher batcher;
	struct reports reported;
};

void store_thread_submit(struct store_thread *thread, struct job *job)
{
	struct reports batch = STAILQ_HEAD_INITIALIZER(batch);
	struct reports awaiting_sync = STAILQ_HEAD_INITIALIZER(awaiting_sync);
	STAILQ_INSERT_TAIL(&batch, &job->report, link);
	batch_run(&thread->batcher, &batch, &thread->reported, &awaiting_sync);
	/* A job that fails half done would also fail the messages of other users in its batch. */
	HOLDS(!realm->spoiled);
	STAILQ_CONCAT(&thread->reported, &awaiting_sync);
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
	(void)peers, (void)message;
}

/* --- the realm and its connections ------------------------------------------------------------ */

static void make_realm(void)
{
	const char *const names[] = {"ada", "ben"};
	log_setup("fuzz", LOG_LEVEL_ERROR + 1);
	HOLDS(sodium_init() >= 0);
	MUST(settings_load(NULL, &settings, &why));
	settings.user_rate = settings.user_burst = 1000000;
	settings.run_dir = NULL;
	MUST(store_open(":memory:", STORE_MIGRATE, 100, &realm, &why));
	for (int i = 0; i < 2; i++) {
		MUST(q_user_insert(realm, names[i], names[i + 1 < 2], names[i + 1 < 2], "none",
				   NULL, NULL, "user", false, clock_now(), &users[i], &why));
	}
}

/* Connects a user who is in the room; user 0: a client that is not authenticated. */
static void connect_user(struct bridge *bridge, struct socket *socket, int64_t user_id, bool v1)
{
	static const char *const rooms[] = {ROOM, NULL};
	struct conn *conn = socket->conn = conn_open(
		bridge, socket, v1 ? SUBPROTOCOL_V1 : SUBPROTOCOL_COMPAT, 0, &caller_unknown);
	if (!user_id)
		return;
	conn_enter(conn, hub_user_add(&bridge->hub, user_id, "somebody", rooms, &(struct buf){0}));
}

static bool take_prefix(const char **at, const char *end, const char *prefix)
{
	size_t length = strlen(prefix);
	if ((size_t)(end - *at) < length || memcmp(*at, prefix, length) != 0)
		return false;
	*at += length;
	return true;
}

struct input {
	const char *at, *end;
};

static void run_jobs(struct bridge *bridge)
{
	while (bridge->jobs > 0)
		engine_collect(bridge);
	engine_flush(bridge);
}

static void handle_lines(struct bridge *bridge, struct input *input)
{
	struct socket one, other;
	bool v1 = take_prefix(&input->at, input->end, "v1\n");
	bool unauthenticated = !v1 && take_prefix(&input->at, input->end, "anybody\n");
	connect_user(bridge, &one, unauthenticated ? 0 : users[0], v1);
	connect_user(bridge, &other, users[1], true);
	while (input->at < input->end && !one.conn->closing) {
		const char *line = memchr(input->at, '\n', (size_t)(input->end - input->at));
		if (!line)
			line = input->end;
		command_take(one.conn, input->at, (size_t)(line - input->at));
		run_jobs(bridge);
		HOLDS(one.conn->references == 1 && (one.conn->closing || one.conn->pauses == 0));
		input->at = line < input->end ? line + 1 : line;
	}
	receive_end(one.conn);
	receive_end(other.conn);
	run_jobs(bridge);
}

static int handle_input(struct store *store, void *context, struct problem *end)
{
	struct store_thread thread = {.reported = STAILQ_HEAD_INITIALIZER(thread.reported)};
	struct bridge bridge;
	MUST(q_room_insert(store, ROOM, "a room", NULL, NULL, users[1], clock_now(), 1, 50, 0,
			   &why));
	for (int i = 0; i < 2; i++)
		MUST(q_room_enter(store, ROOM, users[i], "member", clock_now(), &why));
	MUST(q_room_count_in(store, ROOM, 2, &why));
	MUST(batcher_open(&thread.batcher, store, &why));
	engine_open(&bridge, &settings, 1, &thread);
	handle_lines(&bridge, context);
	engine_close(&bridge);
	batcher_close(&thread.batcher);
	return problem_set(end, PROBLEM_FORBIDDEN); /* rolls back */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {(const char *)data, (const char *)data + size};
	struct problem why = {0};
	if (!realm)
		make_realm();
	store_write(realm, handle_input, &input, &why);
	HOLDS(why.code == PROBLEM_FORBIDDEN);
	return 0;
}
