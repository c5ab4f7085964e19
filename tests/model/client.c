/* A client of the simulation: see client.h. */
#include "tests/model/client.h"

#include <inttypes.h>
#include <string.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/clock.h"
#include "realm/messages.h"
#include "realm/rooms.h"
#include "store/store.h"
#include "tests/model/presence.h"
#include "tests/model/typing.h"
#include "ws-bridge/core/conn.h"

struct client clients[CLIENTS];
static int64_t client_ids; /* the number of client_ids made so far */

/* --- what it receives ------------------------------------------------------------------------- */

static int64_t json_number(const json_t *json, const char *name)
{
	return json_integer_value(json_object_get(json, name));
}

static const char *json_text(const json_t *json, const char *name)
{
	const char *value = json_string_value(json_object_get(json, name));
	return value ? value : "";
}

static bool subscribes_to(const struct client *client, const struct logged_event *logged)
{
	return logged->room < 0 || !client->subscribes || client->rooms[logged->room];
}

/* The connection that asked does not get what its answer says. */
static bool may_be_spared(const struct client *client, int64_t pos)
{
	const struct logged_event *logged = &expected.events[pos];
	return logged->room >= 0 && logged->user == client->user && client->acted[logged->room];
}

/* The first position between the two that the client must get, or 0. */
static int64_t first_skipped(const struct client *client, int64_t from, int64_t to)
{
	for (int64_t pos = from + 1; pos < to; pos++)
		if (must_receive(client->user, pos, client->v1) &&
		    subscribes_to(client, &expected.events[pos]) && !may_be_spared(client, pos))
			return pos;
	return 0;
}

static void check_none_skipped(const struct client *client, int64_t from, int64_t to)
{
	int64_t pos = first_skipped(client, from, to);
	HOLDS(!pos, "client %d did not receive %" PRId64 ", %s, but %" PRId64 " after %" PRId64,
	      client->number, pos, event_name(expected.events[pos].kind), to, from);
}

static void check_event(const struct client *client, int64_t pos, const char *type,
			const json_t *data)
{
	HOLDS(pos <= expected.pos, "%" PRId64 " is not in the log yet", pos);
	const struct logged_event *logged = &expected.events[pos];
	bool hidden = logged->seq && may_be_hidden(client->user, logged) &&
		      strcmp(type, event_name(EVENT_HIDDEN)) == 0;
	HOLDS(hidden || strcmp(type, event_name(logged->kind)) == 0, "%s at %" PRId64, type, pos);
	HOLDS(may_receive(client->user, pos, client->v1), "client %d may not see %" PRId64 ", %s",
	      client->number, pos, type);
	HOLDS(!client->subscribed || subscribes_to(client, logged) || client->joined[logged->room],
	      "client %d has not subscribed to %" PRId64, client->number, pos);
	if (logged->seq)
		HOLDS(json_number(data, "seq") == logged->seq &&
			      (hidden || strcmp(json_text(data, "message_id"), logged->id) == 0),
		      "another message at %" PRId64, pos);
}

/* A user who enters or leaves a room knows of no typing there. */
static void note_own(struct client *client, int64_t pos)
{
	const struct logged_event *logged = &expected.events[pos];
	if (pos > client->live_from && logged->user == client->user &&
	    (logged->kind == EVENT_USER_JOINED || logged->kind == EVENT_USER_LEFT))
		typing_forget(client, logged->room);
}

/* An event of the log, live or replayed. Positions go back only once, when a replay begins. */
static void receive_event(struct client *client, int64_t pos, const char *type, const json_t *data)
{
	check_event(client, pos, type, data);
	note_own(client, pos);
	if (pos <= client->pos) {
		HOLDS(client->resume_from >= 0 && !client->went_back && pos > client->resume_from,
		      "client %d received %" PRId64 " after %" PRId64, client->number, pos,
		      client->pos);
		client->went_back = true;
		client->pos = client->resume_from;
	}
	if (client->pos > 0) /* a client in compat mode does not know its first position */
		check_none_skipped(client, client->pos, pos);
	client->pos = pos;
}

/* An entry of a room's history, which has no position. */
static void receive_history(struct client *client, const char *type, const json_t *data)
{
	int room = room_index(json_text(data, "room_id"));
	int64_t seq = json_number(data, "seq");
	HOLDS(room >= 0 && client->history_next[room],
	      "client %d gets %s %" PRId64 " of room %d, which it did not request", client->number,
	      type, seq, room);
	HOLDS(client->v1 ? seq == client->history_next[room] : seq >= client->history_next[room],
	      "seq %" PRId64 " instead of %" PRId64, seq, client->history_next[room]);
	HOLDS(seq <= client->history_end[room], "history beyond its end");
	const struct logged_event *logged = &expected.events[pos_of(room, seq)];
	bool hidden =
		may_be_hidden(client->user, logged) && strcmp(type, event_name(EVENT_HIDDEN)) == 0;
	HOLDS(hidden || (strcmp(type, event_name(logged->kind)) == 0 &&
			 strcmp(json_text(data, "message_id"), logged->id) == 0),
	      "%s at seq %" PRId64, type, seq);
	client->history_next[room] = seq == client->history_end[room] ? 0 : seq + 1;
}

static void receive_room_info(struct client *client, const json_t *data)
{
	int room = room_index(json_text(data, "room_id"));
	int64_t last_seq = json_number(data, "last_seq");
	HOLDS(last_seq <= expected.last_seq[room],
	      "last_seq is higher than the last seq of the room");
	typing_forget(client, room);
	client->joining[room] = false;
	client->history_end[room] = last_seq;
	if (client->history_next[room] > last_seq)
		client->history_next[room] = 0;
}

static void receive_gap(struct client *client, const json_t *data)
{
	int room = room_index(json_text(data, "room_id"));
	HOLDS(client->history_next[room] == json_number(data, "from_seq"),
	      "the gap does not begin at the next seq");
	int64_t to = json_number(data, "to_seq");
	client->history_next[room] = to == client->history_end[room] ? 0 : to + 1;
}

static void receive_welcome(struct client *client, const json_t *data)
{
	int64_t pos = json_number(data, "pos");
	HOLDS(pos <= expected.pos, "welcome at %" PRId64, pos);
	if (client->welcome) { /* the answer to its hello */
		HOLDS(client->subscribes && !client->subscribed, "an unexpected welcome");
		client->subscribed = true;
		return;
	}
	client->welcome = true;
	if (client->pos > 0 && !chance(8)) {
		char json[128];
		snprintf(json, sizeof(json),
			 "{\"type\":\"resume\",\"epoch\":\"%s\",\"pos\":%" PRId64 "}", sim.epoch,
			 client->pos);
		client->resume_from = client->pos;
		client->went_back = false;
		socket_send(client->socket, json);
	}
	client->pos = client->live_from = pos;
}

static void receive_resumed(struct client *client, const json_t *data)
{
	int64_t pos = json_number(data, "pos");
	HOLDS(client->resume_from >= 0, "an unexpected resumed");
	HOLDS(json_is_false(json_object_get(data, "epoch_changed")), "the epoch changed");
	HOLDS(pos <= expected.pos && pos >= client->pos, "resumed at %" PRId64, pos);
	if (!client->went_back)
		check_none_skipped(client, client->resume_from, client->live_from + 1);
	check_none_skipped(client, client->pos, pos + 1);
	client->pos = pos;
	client->resume_from = -1;
}

static struct pending *pending_of(struct client *client, const char *client_id)
{
	for (int i = 0; i < client->pending_count; i++)
		if (strcmp(client->pending[i].client_id, client_id) == 0)
			return &client->pending[i];
	return NULL;
}

static void remove_pending(struct client *client, struct pending *pending)
{
	*pending = client->pending[--client->pending_count];
}

/* An acknowledged message is in the log once, with the seq of its ack. */
static void receive_ack(struct client *client, const json_t *data)
{
	struct pending *pending = pending_of(client, json_text(data, "client_id"));
	int64_t seq = json_number(data, "seq");
	if (!pending)
		return; /* the command was sent twice, and this ack answers the second one */
	HOLDS(seq || !pending->chat, "the ack of a message has no seq");
	if (seq) {
		int64_t pos = pos_of(pending->room, seq);
		HOLDS(pos && strcmp(expected.events[pos].id, json_text(data, "message_id")) == 0,
		      "the ack of %s names another message", pending->client_id);
	}
	remove_pending(client, pending);
}

static void receive_error(struct client *client, const json_t *data)
{
	struct pending *pending = pending_of(client, json_text(data, "client_id"));
	HOLDS(strcmp(json_text(data, "code"), "internal_error") != 0, "%s",
	      json_text(data, "message"));
	if (pending && !json_is_true(json_object_get(data, "retryable")))
		remove_pending(client, pending);
	if (!*json_text(data, "client_id") &&
	    strcmp(json_text(data, "code"), "room_not_found") == 0 &&
	    room_index(json_text(data, "room_id")) == PRIVATE_ROOM) {
		client->joining[PRIVATE_ROOM] = false;
		client->history_next[PRIVATE_ROOM] = 0;
	}
}

static void receive_message(struct client *client, const json_t *json)
{
	const char *type = json_text(json, "type");
	const json_t *data = json_object_get(json, "data");
	int64_t pos = json_number(json, "pos");
	static const struct {
		const char *type;
		void (*receive)(struct client *, const json_t *data);
	} answers[] = {
		{"welcome", receive_welcome},
		{"resumed", receive_resumed},
		{"ack", receive_ack},
		{"error", receive_error},
		{"room_info", receive_room_info},
		{"history_gap", receive_gap},
		{"presence_update", presence_receive},
		{"room_participants", presence_receive_members},
		{"typing_indicator", typing_receive},
	};
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++)
		if (strcmp(answers[i].type, type) == 0) {
			answers[i].receive(client, data);
			return;
		}
	if (pos)
		receive_event(client, pos, type, data);
	else if (json_object_get(data, "seq"))
		receive_history(client, type, data);
}

static void receive_text(struct client *client, const char *bytes, size_t count)
{
	const char *end = bytes + count;
	while (bytes < end) {
		const char *line = memchr(bytes, '\n', (size_t)(end - bytes));
		size_t length = (size_t)((line ? line : end) - bytes);
		json_t *json = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, NULL);
		HOLDS(json, "not JSON: %.*s", (int)length, bytes);
		receive_message(client, json);
		json_decref(json);
		bytes += length + 1;
	}
}

/* --- frames ----------------------------------------------------------------------------------- */

/* Removes the first frame from the received bytes, and handles it. Returns false while it is
 * incomplete. */
static bool receive_frame(struct client *client)
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
		receive_text(client, client->in.data + head, bytes);
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

static void read_bytes(struct client *client, bool all)
{
	struct buf *to_client = &client->socket->to_client;
	size_t most =
		to_client->len < client->socket->window ? to_client->len : client->socket->window;
	size_t bytes = all || most == 0 ? most : 1 + random_below((uint32_t)most);
	buf_add(&client->in, to_client->data, bytes);
	to_client->len -= bytes;
	if (bytes > 0)
		memmove(to_client->data, to_client->data + bytes, to_client->len);
	while (client->socket->conn && receive_frame(client))
		;
}

/* --- what it sends ---------------------------------------------------------------------------- */

static void client_connect(struct client *client)
{
	client->socket = socket_open(client->v1, expected.tokens[client->user]);
	client->welcome = client->subscribed = false;
	presence_forget(client);
	memset(client->typists, 0, sizeof(client->typists));
	client->resume_from = -1;
	client->read_interval = chance(4) ? 40 : 1;
	memset(client->history_next, 0, sizeof(client->history_next));
	memset(client->joining, 0, sizeof(client->joining));
	memset(client->acted, 0, sizeof(client->acted));
	memset(client->joined, 0, sizeof(client->joined));
	buf_clear(&client->in);
	if (!client->v1)
		client->pos = 0;
	if (client->v1 && client->subscribes) {
		struct buf hello = {0};
		const char *comma = "";
		buf_puts(&hello, "{\"type\":\"hello\",\"rooms\":[");
		for (int room = 0; room < ROOMS; room++)
			if (client->rooms[room]) {
				buf_printf(&hello, "%s\"%s\"", comma, expected.rooms[room]);
				comma = ",";
			}
		buf_puts(&hello, "]}");
		socket_send(client->socket, hello.data);
		buf_free(&hello);
	}
	for (int i = 0; i < client->pending_count; i++) {
		client->pending[i].sent_at = sim.now;
		socket_send(client->socket, client->pending[i].json);
	}
}

void client_disconnect(struct client *client)
{
	if (client->socket)
		socket_free(client->socket);
	client->socket = NULL;
	if (!client->v1) /* without acks it cannot know what to send again */
		client->pending_count = 0;
}

/* The id of a recent message of the room; an unknown id when there is none. */
static const char *random_message(int room)
{
	for (int tries = 0; tries < 20 && expected.pos > 1; tries++) {
		int64_t back =
			random_below((uint32_t)(expected.pos < 200 ? expected.pos - 1 : 200));
		const struct logged_event *logged = &expected.events[expected.pos - back];
		if (logged->room == room && logged->kind == EVENT_CHAT_MESSAGE)
			return logged->id;
	}
	return "018f0000-0000-7000-8000-000000000001";
}

static void compose_command(struct pending *made, int client_number, bool v1)
{
	static const char *const keys[] = {"+1", "\xe2\x9d\xa4", "eyes"};
	made->room = (int)random_below(ROOMS);
	made->sent_at = sim.now;
	char id[sizeof(made->client_id)];
	snprintf(id, sizeof(id), "c%d-%" PRId64, client_number, ++client_ids);
	memcpy(made->client_id, id, sizeof(id));
	uint32_t what = v1 ? random_below(8) : 0;
	made->chat = what < 5;
	int at = snprintf(made->json, sizeof(made->json),
			  "{\"type\":\"%s\",\"room_id\":\"%s\",\"client_id\":\"%s\"",
			  made->chat  ? "chat_message"
			  : what == 5 ? "edit_message"
			  : what == 6 ? "delete_message"
				      : "react",
			  expected.rooms[made->room], id);
	char *rest = made->json + at;
	size_t left = sizeof(made->json) - (size_t)at;
	if (made->chat)
		snprintf(rest, left, ",\"content\":\"%" PRId64 " %.*s\"}", client_ids,
			 (int)random_below(200),
			 "a long text so that frames have different lengths and queues fill up: "
			 "Lorem ipsum dolor sit amet, consetetur sadipscing elitr, sed diam "
			 "nonumy eirmod tempor invidunt ut labore et dolore magna aliquyam");
	else if (what == 5)
		snprintf(rest, left, ",\"message_id\":\"%s\",\"content\":\"edited %" PRId64 "\"}",
			 random_message(made->room), client_ids);
	else if (what == 6)
		snprintf(rest, left, ",\"message_id\":\"%s\"}", random_message(made->room));
	else
		snprintf(rest, left, ",\"message_id\":\"%s\",\"key\":\"%s\",\"on\":%s}",
			 random_message(made->room), keys[random_below(3)],
			 chance(3) ? "false" : "true");
}

static void send_command(struct client *client)
{
	if (client->pending_count == PENDING) {
		if (client->v1)
			return;
		client->pending_count = 0; /* compat mode gets no ack */
	}
	struct pending *made = &client->pending[client->pending_count++];
	compose_command(made, client->number, client->v1);
	socket_send(client->socket, made->json);
}

static void join_or_leave(struct client *client)
{
	char json[160];
	int room = (int)random_below(ROOMS);
	client->acted[room] = true;
	if (is_member(client->user, room) && room != PRIVATE_ROOM && chance(3)) {
		snprintf(json, sizeof(json), "{\"type\":\"leave_room\",\"room_id\":\"%s\"}",
			 expected.rooms[room]);
	} else if (client->joining[room] || client->history_next[room]) {
		return;
	} else {
		int64_t since =
			chance(3) ? -1
				  : (int64_t)random_below((uint32_t)expected.last_seq[room] + 1);
		snprintf(json, sizeof(json),
			 "{\"type\":\"join_room\",\"room_id\":\"%s\",\"since\":%" PRId64 "}",
			 expected.rooms[room], since);
		client->history_next[room] = since >= 0 ? since + 1 : 0;
		client->history_end[room] = INT64_MAX;
		client->joining[room] = client->joined[room] = true;
	}
	socket_send(client->socket, json);
}

/* A refusal by PRIVATE_ROOM is always that of a join. */
static void send_other(struct client *client)
{
	char json[160];
	int room = (int)random_below(PRIVATE_ROOM);
	static const char *const forms[] = {
		"{\"type\":\"typing\",\"room_id\":\"%s\",\"is_typing\":true}",
		"{\"type\":\"presence\",\"status\":\"away\"}",
		"{\"type\":\"presence\",\"status\":\"connected\"}",
		"{\"type\":\"ping\"}",
		"{\"type\":\"nonsense\",\"room_id\":\"%s\"}",
	};
	if (client->v1 && chance(3)) {
		client->acted[room] = true;
		snprintf(json, sizeof(json),
			 "{\"type\":\"read\",\"room_id\":\"%s\",\"up_to_seq\":%" PRId64 "}",
			 expected.rooms[room], expected.last_seq[room]);
	} else {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(json, sizeof(json), forms[random_below(5)], expected.rooms[room]);
#pragma GCC diagnostic pop
	}
	socket_send(client->socket, json);
}

/* A change by another process, which the bridge finds only in the log. */
static void act_by_rest(const struct client *client)
{
	struct arena *arena = arena_new();
	struct problem why = {0};
	const char *room = expected.rooms[random_below(ROOMS)];
	int64_t user = expected.users[client->user];
	struct message_new message = {.content = "by REST", .message_type = "text"};
	struct message_posted posted;
	switch (random_below(6)) {
	case 0:
		room_join(arena, sim.store, user, room, &why);
		break;
	case 1:
		room_leave(arena, sim.store, user, room, &why);
		break;
	case 2:
	case 3:
		presence_act(client->user);
		break;
	default:
		message_post(arena, sim.store, user, room, &message, &posted, &why);
	}
	arena_free(&arena);
	expected_update();
}

static void act_randomly(struct client *client)
{
	switch (random_below(16)) {
	case 0:
		join_or_leave(client);
		break;
	case 1:
	case 2:
		send_other(client);
		break;
	case 3:
		act_by_rest(client);
		break;
	case 4:
		if (chance(6))
			client_disconnect(client);
		break;
	default:
		send_command(client);
	}
}

/* Sends commands again that have no answer for too long. */
static void resend_pending(struct client *client)
{
	for (int i = 0; i < client->pending_count; i++)
		if (client->v1 && sim.now - client->pending[i].sent_at > 5 * CLOCK_SECOND) {
			client->pending[i].sent_at = sim.now;
			socket_send(client->socket, client->pending[i].json);
		}
}

void client_step(struct client *client, bool quiet)
{
	if (client->socket && !client->socket->conn)
		client_disconnect(client);
	if (!client->socket) {
		if (sim.up && (quiet || chance(4)))
			client_connect(client);
		return;
	}
	if (quiet || chance((uint32_t)client->read_interval))
		read_bytes(client, quiet);
	if (!client->socket->conn || client->socket->cut)
		return;
	resend_pending(client);
	if (!quiet)
		act_randomly(client);
}

const char *client_waits_for(const struct client *client)
{
	if (!client->socket || !client->socket->conn)
		return "a connection";
	if (!socket_is_idle(client->socket))
		return "frames to be read";
	if (!client->v1)
		return NULL;
	if (!client->welcome)
		return "a welcome";
	if (client->resume_from >= 0)
		return "the end of its resume";
	if (client->pending_count > 0)
		return client->pending[0].json;
	for (int room = 0; room < ROOMS; room++)
		if (client->history_next[room])
			return "a room's history";
	int64_t pos = first_skipped(client, client->pos, expected.pos + 1);
	return pos ? event_name(expected.events[pos].kind) : NULL;
}

void clients_open(void)
{
	for (int i = 0; i < CLIENTS; i++) {
		struct client *client = &clients[i];
		*client = (struct client){.number = i,
					  .user = i % USERS,
					  .v1 = i % 4 != 3,
					  .subscribes = i % 5 == 4,
					  .resume_from = -1};
		for (int room = 0; room < ROOMS; room++)
			client->rooms[room] = chance(2);
	}
}

void clients_close(void)
{
	for (int i = 0; i < CLIENTS; i++) {
		client_disconnect(&clients[i]);
		buf_free(&clients[i].in);
	}
}
