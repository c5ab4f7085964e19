/* What clients believe of presences: see presence.h. */
#include "tests/model/presence.h"

#include <string.h>

#include "base/arena.h"
#include "realm/accounts.h"
#include "realm/moderation.h"
#include "realm/presence.h"
#include "realm/relationships.h"
#include "realm/rooms.h"
#include "store/store.h"

/* --- what users do ---------------------------------------------------------------------------- */

static void put_relationship(struct arena *arena, int user, int other, const char *type)
{
	struct relationship_new input = {
		.related_user_id = expected.users[other], .relationship_type = type, .strength = 1};
	struct problem why = {0};
	relationship_put(arena, sim.store, expected.users[user], &input, &why);
}

static void set_privacy(int user)
{
	static const char *const circles[] = {"everyone", "friends", "nobody"};
	struct privacy privacy = {.presence = circles[random_below(3)],
				  .relationships = "everyone",
				  .network = "everyone",
				  .contact = "everyone",
				  .discoverable = true};
	MUST(privacy_set(sim.store, expected.users[user], &privacy, &why));
}

static void open_or_close_room(struct arena *arena)
{
	struct room_change change = {.is_public = chance(2), .given = PRIVACY_GIVEN};
	struct problem why = {0};
	room_update(arena, sim.store, expected.keeper, expected.rooms[PRIVATE_ROOM], &change, &why);
}

void presence_act(int user)
{
	struct arena *arena = arena_new();
	struct problem why = {0};
	int64_t id = expected.users[user];
	int other = (int)random_below(USERS);
	switch (random_below(9)) {
	case 0:
		put_relationship(arena, user, other, "friend");
		break;
	case 1:
		relationship_delete(arena, sim.store, id, expected.users[other], &why);
		break;
	case 2:
		if (blocked_partner(user) < 0 || !sim_is_idle())
			break; /* a block right behind a leave is not told to the user who left */
		put_relationship(arena, user, blocked_partner(user),
				 chance(2) ? "blocked" : "colleague");
		break;
	case 3:
		set_privacy(user);
		break;
	case 4:
		open_or_close_room(arena);
		break;
	case 5:
		room_invite(arena, sim.store, expected.keeper, expected.rooms[PRIVATE_ROOM], id,
			    &why);
		break;
	case 6:
		presence_ask(arena, sim.store, id, chance(2) ? "away" : "connected", &why);
		break;
	default:
		presence_note(arena, sim.store, id, &why);
	}
	arena_free(&arena);
	expected_update();
}

/* --- what clients are told -------------------------------------------------------------------- */

void presence_forget(struct client *client)
{
	for (int user = 0; user < USERS; user++)
		client->believed[user] = (struct presence_belief){"offline", -1};
}

static const char *text_of(const json_t *data, const char *name)
{
	return json_string_value(json_object_get(data, name));
}

static struct presence_belief belief_of(const json_t *presence)
{
	struct presence_belief belief = {.room = room_index(text_of(presence, "current_room"))};
	snprintf(belief.status, sizeof(belief.status), "%s", text_of(presence, "status"));
	return belief;
}

void presence_receive(struct client *client, const json_t *data)
{
	int user = user_index(json_integer_value(json_object_get(data, "user_id")));
	HOLDS(user >= 0 && user != client->user, "the presence of user %d", user);
	client->believed[user] = belief_of(data);
}

void presence_receive_members(struct client *client, const json_t *data)
{
	size_t i;
	json_t *member;
	json_array_foreach(data, i, member) {
		int user = user_index(json_integer_value(json_object_get(member, "user_id")));
		if (user >= 0 && user != client->user)
			presence_receive(client, member);
	}
}

/* --- what REST says --------------------------------------------------------------------------- */

static bool is_same(const struct presence_belief *one, const struct presence_belief *other)
{
	return strcmp(one->status, other->status) == 0 && one->room == other->room;
}

static struct presence_belief show_one(int viewer, int user)
{
	struct presence_belief shown = {"offline", -1};
	struct buf data = {0};
	int64_t seeing = expected.users[viewer], seen = expected.users[user];
	int told, there = 0;
	MUST(told = presence_is_told(sim.store, seeing, seen, &why));
	if (told)
		MUST(there = presence_show(sim.store, seeing, seen, &data, &why));
	json_t *presence = there ? json_loadb(data.data, data.len, 0, NULL) : NULL;
	if (presence)
		shown = belief_of(presence);
	json_decref(presence);
	buf_free(&data);
	return shown;
}

/* The list of a room's members says the same as the presences one by one. */
static void check_members(int viewer, int room, const struct presence_belief *shown)
{
	struct buf data = {0};
	size_t i;
	json_t *member;
	if (!is_member(viewer, room))
		return;
	MUST(room_show(sim.store, expected.users[viewer], expected.rooms[room], &data, &why));
	json_t *json = json_loadb(data.data, data.len, 0, NULL);
	json_array_foreach(json_object_get(json, "participants"), i, member) {
		int user = user_index(json_integer_value(json_object_get(member, "user_id")));
		const struct presence_belief listed = belief_of(member);
		HOLDS(user < 0 || user == viewer || is_same(&shown[user], &listed),
		      "user %d is %s in %d for %d, and in the list of room %d %s in %d", user,
		      shown[user].status, shown[user].room, viewer, room, listed.status,
		      listed.room);
	}
	json_decref(json);
	buf_free(&data);
}

bool presence_agrees(char text_r[128])
{
	struct presence_belief shown[USERS][USERS];
	for (int viewer = 0; viewer < USERS; viewer++) {
		for (int user = 0; user < USERS; user++)
			shown[viewer][user] = show_one(viewer, user);
		for (int room = 0; room < ROOMS; room++)
			check_members(viewer, room, shown[viewer]);
	}
	for (const struct client *client = clients; client < clients + CLIENTS; client++)
		for (int user = 0; user < USERS; user++) {
			const struct presence_belief *believed = &client->believed[user],
						     *is = &shown[client->user][user];
			if (user == client->user || is_same(believed, is))
				continue;
			snprintf(text_r, 128,
				 "client %d of user %d believes that %d is %s in %d, not %s in %d",
				 client->number, client->user, user, believed->status,
				 believed->room, is->status, is->room);
			return false;
		}
	return true;
}
