/* A client of the simulated world: see client.h. */
#include "tests/model/client.h"

#include <inttypes.h>
#include <string.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/clock.h"
#include "realm/messages.h"
#include "realm/rooms.h"
#include "store/store.h"
#include "ws-bridge/core/conn.h"

struct client clients[CLIENTS];
static int64_t named; /* client_ids made so far */

/* --- what it is shown ------------------------------------------------------------------------- */

static int64_t number(const json_t *json, const char *name)
{
	return json_integer_value(json_object_get(json, name));
}

static const char *text(const json_t *json, const char *name)
{
	const char *value = json_string_value(json_object_get(json, name));
	return value ? value : "";
}

static bool wants(const struct client *client, const struct fact *fact)
{
	return fact->room < 0 || !client->subscribes || client->only[fact->room];
}

/* The first position between the two that the client must get, or 0. */
static int64_t first_skipped(const struct client *client, int64_t from, int64_t to)
{
	for (int64_t pos = from + 1; pos < to; pos++)
		if (is_owed(client->user, pos, client->v1) && wants(client, &truth.facts[pos]))
			return pos;
	return 0;
}

static void check_none_skipped(const struct client *client, int64_t from, int64_t to)
{
	int64_t pos = first_skipped(client, from, to);
	HOLDS(!pos, "client %d was not shown %" PRId64 ", %s, but %" PRId64 " after %" PRId64,
	      client->number, pos, event_name(truth.facts[pos].kind), to, from);
}

static void check_fact(const struct client *client, int64_t pos, const char *type,
		       const json_t *data)
{
	HOLDS(pos <= truth.pos, "%" PRId64 " has not happened", pos);
	const struct fact *fact = &truth.facts[pos];
	HOLDS(strcmp(type, event_name(fact->kind)) == 0, "%s at %" PRId64, type, pos);
	HOLDS(is_allowed(client->user, pos, client->v1), "client %d may not see %" PRId64 ", %s",
	      client->number, pos, type);
	HOLDS(!client->subscribed || wants(client, fact), "client %d asked not for %" PRId64,
	      client->number, pos);
	if (fact->seq)
		HOLDS(number(data, "seq") == fact->seq &&
			      strcmp(text(data, "message_id"), fact->id) == 0,
		      "another message at %" PRId64, pos);
}

/* An event of the log, live or replayed. Positions go back only once, when a replay begins. */
static void see_event(struct client *client, int64_t pos, const char *type, const json_t *data)
{
	check_fact(client, pos, type, data);
	if (pos <= client->pos) {
		HOLDS(client->asked >= 0 && !client->went_back && pos > client->asked,
		      "client %d was shown %" PRId64 " after %" PRId64, client->number, pos,
		      client->pos);
		client->went_back = true;
		client->pos = client->asked;
	}
	if (client->pos > 0) /* compat mode does not know where it begins */
		check_none_skipped(client, client->pos, pos);
	client->pos = pos;
}

/* An entry of a room's history, which has no position. */
static void see_history(struct client *client, const char *type, const json_t *data)
{
	int room = room_index(text(data, "room_id"));
	int64_t seq = number(data, "seq");
	HOLDS(room >= 0 && client->history[room],
	      "client %d gets %s %" PRId64 " of room %d, which it did not ask for", client->number,
	      type, seq, room);
	HOLDS(client->v1 ? seq == client->history[room] : seq >= client->history[room],
	      "seq %" PRId64 " in place of %" PRId64, seq, client->history[room]);
	HOLDS(seq <= client->until[room], "history beyond its end");
	const struct fact *fact = &truth.facts[pos_of(room, seq)];
	HOLDS(strcmp(type, event_name(fact->kind)) == 0, "%s at seq %" PRId64, type, seq);
	HOLDS(strcmp(text(data, "message_id"), fact->id) == 0, "another message");
	client->history[room] = seq == client->until[room] ? 0 : seq + 1;
}

static void see_room_info(struct client *client, const json_t *data)
{
	int room = room_index(text(data, "room_id"));
	int64_t last_seq = number(data, "last_seq");
	HOLDS(last_seq <= truth.last_seq[room], "a last_seq that has not been");
	client->joining[room] = false;
	client->until[room] = last_seq;
	if (client->history[room] > last_seq)
		client->history[room] = 0;
}

static void see_gap(struct client *client, const json_t *data)
{
	int room = room_index(text(data, "room_id"));
	HOLDS(client->history[room] == number(data, "from_seq"), "a gap somewhere else");
	client->history[room] = number(data, "to_seq") + 1;
}

static void see_welcome(struct client *client, const json_t *data)
{
	int64_t pos = number(data, "pos");
	HOLDS(pos <= truth.pos, "welcome at %" PRId64, pos);
	if (client->welcome) { /* the answer to its hello */
		HOLDS(client->subscribes && !client->subscribed, "a welcome too many");
		client->subscribed = true;
		return;
	}
	client->welcome = true;
	if (client->pos > 0 && !chance(8)) {
		char json[128];
		snprintf(json, sizeof(json),
			 "{\"type\":\"resume\",\"epoch\":\"%s\",\"pos\":%" PRId64 "}", world.epoch,
			 client->pos);
		client->asked = client->pos;
		client->went_back = false;
		socket_says(client->socket, json);
	}
	client->pos = client->began = pos;
}

static void see_resumed(struct client *client, const json_t *data)
{
	int64_t pos = number(data, "pos");
	HOLDS(client->asked >= 0, "resumed, but nobody asked");
	HOLDS(json_is_false(json_object_get(data, "epoch_changed")), "another epoch");
	HOLDS(pos <= truth.pos && pos >= client->pos, "resumed at %" PRId64, pos);
	if (!client->went_back)
		check_none_skipped(client, client->asked, client->began + 1);
	check_none_skipped(client, client->pos, pos + 1);
	client->pos = pos;
	client->asked = -1;
}

static struct pending *pending_of(struct client *client, const char *client_id)
{
	for (int i = 0; i < client->pending_count; i++)
		if (strcmp(client->pending[i].client_id, client_id) == 0)
			return &client->pending[i];
	return NULL;
}

static void settle(struct client *client, struct pending *pending)
{
	*pending = client->pending[--client->pending_count];
}

/* A message that is acknowledged is in the log once, at the place that the ack names. */
static void see_ack(struct client *client, const json_t *data)
{
	struct pending *pending = pending_of(client, text(data, "client_id"));
	int64_t seq = number(data, "seq");
	if (!pending)
		return; /* it was sent twice, and this is the answer to the second one */
	HOLDS(seq || !pending->chat, "a message without seq");
	if (seq) {
		int64_t pos = pos_of(pending->room, seq);
		HOLDS(pos && strcmp(truth.facts[pos].id, text(data, "message_id")) == 0,
		      "the ack of %s names another message", pending->client_id);
	}
	settle(client, pending);
}

static void see_error(struct client *client, const json_t *data)
{
	struct pending *pending = pending_of(client, text(data, "client_id"));
	HOLDS(strcmp(text(data, "code"), "internal_error") != 0, "%s", text(data, "message"));
	if (pending && !json_is_true(json_object_get(data, "retryable")))
		settle(client, pending);
}

static void see_message(struct client *client, const json_t *json)
{
	const char *type = text(json, "type");
	const json_t *data = json_object_get(json, "data");
	int64_t pos = number(json, "pos");
	static const struct {
		const char *type;
		void (*see)(struct client *, const json_t *);
	} answers[] = {
		{"welcome", see_welcome}, {"resumed", see_resumed},     {"ack", see_ack},
		{"error", see_error},     {"room_info", see_room_info}, {"history_gap", see_gap},
	};
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++)
		if (strcmp(answers[i].type, type) == 0) {
			answers[i].see(client, data);
			return;
		}
	if (pos)
		see_event(client, pos, type, data);
	else if (json_object_get(data, "message_id"))
		see_history(client, type, data);
}

static void see_text(struct client *client, const char *bytes, size_t count)
{
	const char *end = bytes + count;
	while (bytes < end) {
		const char *line = memchr(bytes, '\n', (size_t)(end - bytes));
		size_t length = (size_t)((line ? line : end) - bytes);
		json_t *json = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, NULL);
		HOLDS(json, "not JSON: %.*s", (int)length, bytes);
		see_message(client, json);
		json_decref(json);
		bytes += length + 1;
	}
}

/* --- frames ----------------------------------------------------------------------------------- */

/* Takes the first frame from the bytes that came in; false when it is not complete yet. */
static bool take_frame(struct client *client)
{
	const unsigned char *data = (const unsigned char *)client->in.data;
	size_t have = client->in.len, head = 2, bytes;
	if (have < 2)
		return false;
	bytes = data[1];
	HOLDS(bytes <= 127, "a masked frame");
	if (bytes >= 126) {
		head = bytes == 126 ? 4 : 10;
		if (have < head)
			return false;
		bytes = 0;
		for (size_t i = 2; i < head; i++)
			bytes = bytes << 8 | data[i];
	}
	if (have < head + bytes)
		return false;
	switch (data[0]) {
	case 0x81:
		see_text(client, client->in.data + head, bytes);
		break;
	case 0x88:
		client->socket->cut = true;
		break;
	case 0x89:
		conn_alive(client->socket->conn);
		break;
	default:
		HOLDS(false, "a frame of type %d", data[0]);
	}
	client->in.len -= head + bytes;
	memmove(client->in.data, client->in.data + head + bytes, client->in.len);
	return true;
}

static void read_some(struct client *client, bool all)
{
	struct buf *sent = &client->socket->sent;
	size_t most = sent->len < client->socket->window ? sent->len : client->socket->window;
	size_t bytes = all || most == 0 ? most : 1 + any((uint32_t)most);
	buf_add(&client->in, sent->data, bytes);
	sent->len -= bytes;
	if (bytes > 0)
		memmove(sent->data, sent->data + bytes, sent->len);
	while (client->socket->conn && take_frame(client))
		;
}

/* --- what it does ----------------------------------------------------------------------------- */

static void connect_one(struct client *client)
{
	client->socket = socket_open(client->v1, truth.tokens[client->user]);
	client->welcome = client->subscribed = false;
	client->asked = -1;
	client->patience = chance(4) ? 40 : 1;
	memset(client->history, 0, sizeof(client->history));
	memset(client->joining, 0, sizeof(client->joining));
	buf_clear(&client->in);
	if (!client->v1)
		client->pos = 0;
	if (client->v1 && client->subscribes) {
		struct buf hello = {0};
		const char *comma = "";
		buf_puts(&hello, "{\"type\":\"hello\",\"rooms\":[");
		for (int room = 0; room < ROOMS; room++)
			if (client->only[room]) {
				buf_printf(&hello, "%s\"%s\"", comma, truth.rooms[room]);
				comma = ",";
			}
		buf_puts(&hello, "]}");
		socket_says(client->socket, hello.data);
		buf_free(&hello);
	}
	for (int i = 0; i < client->pending_count; i++) {
		client->pending[i].sent_at = world.now;
		socket_says(client->socket, client->pending[i].json);
	}
}

void client_loses(struct client *client)
{
	if (client->socket)
		socket_free(client->socket);
	client->socket = NULL;
	if (!client->v1) /* without acks it does not know what to send again */
		client->pending_count = 0;
}

/* A recent message of the room, to be changed; an unknown id when there is none. */
static const char *some_message(int room)
{
	for (int tries = 0; tries < 20 && truth.pos > 1; tries++) {
		int64_t back = any((uint32_t)(truth.pos < 200 ? truth.pos - 1 : 200));
		const struct fact *fact = &truth.facts[truth.pos - back];
		if (fact->room == room && fact->kind == EVENT_CHAT_MESSAGE)
			return fact->id;
	}
	return "018f0000-0000-7000-8000-000000000001";
}

static void compose(struct pending *made, int number, bool v1)
{
	static const char *const keys[] = {"+1", "\xe2\x9d\xa4", "eyes"};
	made->room = (int)any(ROOMS);
	made->sent_at = world.now;
	char id[sizeof(made->client_id)];
	snprintf(id, sizeof(id), "c%d-%" PRId64, number, ++named);
	memcpy(made->client_id, id, sizeof(id));
	uint32_t what = v1 ? any(8) : 0;
	made->chat = what < 5;
	int at = snprintf(made->json, sizeof(made->json),
			  "{\"type\":\"%s\",\"room_id\":\"%s\",\"client_id\":\"%s\"",
			  made->chat  ? "chat_message"
			  : what == 5 ? "edit_message"
			  : what == 6 ? "delete_message"
				      : "react",
			  truth.rooms[made->room], id);
	char *rest = made->json + at;
	size_t left = sizeof(made->json) - (size_t)at;
	if (made->chat)
		snprintf(rest, left, ",\"content\":\"%" PRId64 " %.*s\"}", named, (int)any(200),
			 "a long text so that frames have different lengths and queues fill up: "
			 "Lorem ipsum dolor sit amet, consetetur sadipscing elitr, sed diam "
			 "nonumy eirmod tempor invidunt ut labore et dolore magna aliquyam");
	else if (what == 5)
		snprintf(rest, left, ",\"message_id\":\"%s\",\"content\":\"edited %" PRId64 "\"}",
			 some_message(made->room), named);
	else if (what == 6)
		snprintf(rest, left, ",\"message_id\":\"%s\"}", some_message(made->room));
	else
		snprintf(rest, left, ",\"message_id\":\"%s\",\"key\":\"%s\",\"on\":%s}",
			 some_message(made->room), keys[any(3)], chance(3) ? "false" : "true");
}

static void send_new(struct client *client)
{
	if (client->pending_count == PENDING) {
		if (client->v1)
			return;
		client->pending_count = 0; /* compat mode gets no ack */
	}
	struct pending *made = &client->pending[client->pending_count++];
	compose(made, client->number, client->v1);
	socket_says(client->socket, made->json);
}

static void join_or_leave(struct client *client)
{
	char json[160];
	int room = (int)any(ROOMS);
	if (is_inside(client->user, room) && chance(3)) {
		snprintf(json, sizeof(json), "{\"type\":\"leave_room\",\"room_id\":\"%s\"}",
			 truth.rooms[room]);
	} else if (client->joining[room] || client->history[room]) {
		return;
	} else {
		int64_t since = chance(3) ? -1 : (int64_t)any((uint32_t)truth.last_seq[room] + 1);
		snprintf(json, sizeof(json),
			 "{\"type\":\"join_room\",\"room_id\":\"%s\",\"since\":%" PRId64 "}",
			 truth.rooms[room], since);
		client->history[room] = since >= 0 ? since + 1 : 0;
		client->until[room] = INT64_MAX;
		client->joining[room] = true;
	}
	socket_says(client->socket, json);
}

static void say_else(struct client *client)
{
	char json[160];
	int room = (int)any(ROOMS);
	static const char *const forms[] = {
		"{\"type\":\"typing\",\"room_id\":\"%s\",\"is_typing\":true}",
		"{\"type\":\"presence\",\"status\":\"away\"}",
		"{\"type\":\"presence\",\"status\":\"connected\"}",
		"{\"type\":\"ping\"}",
		"{\"type\":\"nonsense\",\"room_id\":\"%s\"}",
	};
	if (client->v1 && chance(3)) {
		snprintf(json, sizeof(json),
			 "{\"type\":\"read\",\"room_id\":\"%s\",\"up_to_seq\":%" PRId64 "}",
			 truth.rooms[room], truth.last_seq[room]);
	} else {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(json, sizeof(json), forms[any(5)], truth.rooms[room]);
#pragma GCC diagnostic pop
	}
	socket_says(client->socket, json);
}

/* The same by another process: the bridge learns of it only through the log. */
static void act_elsewhere(const struct client *client)
{
	struct arena *arena = arena_new();
	struct problem why = {0};
	const char *room = truth.rooms[any(ROOMS)];
	int64_t user = truth.users[client->user];
	struct message_new message = {.content = "by REST", .message_type = "text"};
	struct message_posted posted;
	switch (any(4)) {
	case 0:
		room_join(arena, world.store, user, room, &why);
		break;
	case 1:
		room_leave(arena, world.store, user, room, &why);
		break;
	default:
		message_post(arena, world.store, user, room, &message, &posted, &why);
	}
	arena_free(&arena);
	truth_learns();
}

static void act(struct client *client)
{
	switch (any(16)) {
	case 0:
		join_or_leave(client);
		break;
	case 1:
	case 2:
		say_else(client);
		break;
	case 3:
		act_elsewhere(client);
		break;
	case 4:
		if (chance(6))
			client_loses(client);
		break;
	default:
		send_new(client);
	}
}

/* Sends again what was refused for the moment. */
static void send_again(struct client *client)
{
	for (int i = 0; i < client->pending_count; i++)
		if (client->v1 && world.now - client->pending[i].sent_at > 5 * CLOCK_SECOND) {
			client->pending[i].sent_at = world.now;
			socket_says(client->socket, client->pending[i].json);
		}
}

void client_turns(struct client *client, bool quiet)
{
	if (client->socket && !client->socket->conn)
		client_loses(client);
	if (!client->socket) {
		if (world.up && (quiet || chance(4)))
			connect_one(client);
		return;
	}
	if (quiet || chance((uint32_t)client->patience))
		read_some(client, quiet);
	if (!client->socket->conn || client->socket->cut)
		return;
	send_again(client);
	if (!quiet)
		act(client);
}

const char *client_lacks(const struct client *client)
{
	if (!client->socket || !client->socket->conn)
		return "a connection";
	if (!client->v1)
		return NULL;
	if (!client->welcome)
		return "a welcome";
	if (client->asked >= 0)
		return "the end of its resume";
	if (client->pending_count > 0)
		return client->pending[0].json;
	for (int room = 0; room < ROOMS; room++)
		if (client->history[room])
			return "a room's history";
	int64_t pos = first_skipped(client, client->pos, truth.pos + 1);
	return pos ? event_name(truth.facts[pos].kind) : NULL;
}

void clients_open(void)
{
	for (int i = 0; i < CLIENTS; i++) {
		struct client *client = &clients[i];
		*client = (struct client){.number = i,
					  .user = i % USERS,
					  .v1 = i % 4 != 3,
					  .subscribes = i % 5 == 4,
					  .asked = -1};
		for (int room = 0; room < ROOMS; room++)
			client->only[room] = chance(2);
	}
}

void clients_close(void)
{
	for (int i = 0; i < CLIENTS; i++) {
		client_loses(&clients[i]);
		buf_free(&clients[i].in);
	}
}
