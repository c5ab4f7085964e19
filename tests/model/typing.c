/* Which users clients believe to be typing: see typing.h. */
#include "tests/model/typing.h"

#include <string.h>

#include "base/arena.h"
#include "realm/rooms.h"
#include "store/queries.h"

/* The client that said last that the user types there, or -1. */
static int typists[ROOMS][USERS];

/* --- what clients are told -------------------------------------------------------------------- */

void typing_forget(struct client *client, int room)
{
	memset(client->typists[room], 0, sizeof(client->typists[room]));
}

static int user_of(const json_t *typist)
{
	return user_index(json_integer_value(json_object_get(typist, "user_id")));
}

/* The list replaces the last one. In compat mode an indicator is about one user. */
void typing_receive(struct client *client, const json_t *data)
{
	int room = room_index(json_string_value(json_object_get(data, "room_id")));
	size_t i;
	json_t *typist;
	HOLDS(room >= 0, "an indicator of an unknown room");
	if (!client->v1) {
		client->typists[room][user_of(data)] =
			json_is_true(json_object_get(data, "is_typing"));
		return;
	}
	typing_forget(client, room);
	json_array_foreach(json_object_get(data, "users"), i, typist)
		client->typists[room][user_of(typist)] = true;
}

/* --- a trial ---------------------------------------------------------------------------------- */

#define SAY(client, room, rest)                                                                    \
	do {                                                                                       \
		char json[160];                                                                    \
		snprintf(json, sizeof(json), "{\"room_id\":\"%s\"," rest "}",                      \
			 expected.rooms[room]);                                                    \
		socket_send((client)->socket, json);                                               \
	} while (0)

/* In compat mode there is no list, so a client that was too slow may have missed an end. */
static void forget_in_compat_mode(void)
{
	for (struct client *client = clients; client < clients + CLIENTS; client++)
		if (!client->v1)
			memset(client->typists, 0, sizeof(client->typists));
}

void typing_open(void)
{
	forget_in_compat_mode();
	typing_time_out();
}

void typing_begin(void)
{
	for (struct client *client = clients; client < clients + CLIENTS; client++) {
		int room = (int)random_below(ROOMS);
		if (chance(2) || !is_member(client->user, room))
			continue;
		SAY(client, room, "\"type\":\"typing\",\"is_typing\":true");
		typists[room][client->user] = client->number;
	}
}

static void leave(const struct client *client, int room)
{
	struct arena *arena = arena_new();
	struct problem why = {0};
	room_leave(arena, sim.store, expected.users[client->user], expected.rooms[room], &why);
	arena_free(&arena);
	expected_update();
	typists[room][client->user] = -1;
}

/* A message, and the end of typing, count only on the connection that typed. */
static void end(struct client *client, int room)
{
	if (chance(2))
		SAY(client, room, "\"type\":\"typing\",\"is_typing\":false");
	else
		SAY(client, room, "\"type\":\"chat_message\",\"content\":\"typed\"");
	if (typists[room][client->user] == client->number)
		typists[room][client->user] = -1;
}

void typing_go_on(void)
{
	for (struct client *client = clients; client < clients + CLIENTS; client++) {
		int room = (int)random_below(ROOMS);
		if (!is_member(client->user, room) || chance(2))
			continue;
		if (chance(8))
			leave(client, room);
		else if (chance(4))
			client_disconnect(client);
		else if (typists[room][client->user] >= 0)
			end(client, room);
	}
}

void typing_time_out(void)
{
	memset(typists, -1, sizeof(typists));
}

/* --- what they must believe ------------------------------------------------------------------- */

static bool hears_of(const struct client *client, int room)
{
	return is_member(client->user, room) && (!client->subscribes || client->rooms[room]);
}

static bool is_hidden(int viewer, int user)
{
	int blocked;
	MUST(blocked = q_relationship_blocked(sim.store, expected.users[viewer],
					      expected.users[user], &why));
	return blocked;
}

static bool one_agrees(const struct client *client, int room, int user, char text_r[128])
{
	bool types = typists[room][user] >= 0 && !is_hidden(client->user, user);
	if (client->typists[room][user] == types)
		return true;
	snprintf(text_r, 128, "client %d of user %d believes that user %d %s in room %d",
		 client->number, client->user, user, types ? "does not type" : "types", room);
	return false;
}

bool typing_agrees(char text_r[128])
{
	for (const struct client *client = clients; client < clients + CLIENTS; client++)
		for (int room = 0; room < ROOMS; room++)
			for (int user = 0; user < USERS && hears_of(client, room); user++)
				if (user != client->user && !one_agrees(client, room, user, text_r))
					return false;
	return true;
}
