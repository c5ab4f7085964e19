/* What really happened: see truth.h. */
#include "tests/model/truth.h"

#include <string.h>

#include <jansson.h>
#include <sodium.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/memory.h"
#include "realm/feed.h"
#include "realm/rooms.h"
#include "realm/sessions.h"
#include "store/queries.h"
#include "store/store.h"

struct truth truth;

static int user_index(int64_t id)
{
	for (int i = 0; i < USERS; i++)
		if (truth.users[i] == id)
			return i;
	return -1;
}

int room_index(const char *room_id)
{
	for (int i = 0; room_id && i < ROOMS; i++)
		if (strcmp(truth.rooms[i], room_id) == 0)
			return i;
	return -1;
}

bool is_inside(int user, int room)
{
	return truth.last_stay[user][room].until == INT64_MAX;
}

static bool concerns(const struct fact *fact, int user, bool v1)
{
	enum event_hearers hearers = event_info(fact->kind)->hearers;
	if (hearers == HEARD_BY_BRIDGE || (hearers == HEARD_BY_V1 && !v1))
		return false;
	return fact->room >= 0 ? fact->user != user : fact->user == user;
}

bool is_owed(int user, int64_t pos, bool v1)
{
	const struct fact *fact = &truth.facts[pos];
	if (!concerns(fact, user, v1))
		return false;
	const struct stay *stay = fact->room >= 0 ? &truth.last_stay[user][fact->room] : NULL;
	return !stay || (stay->until == INT64_MAX && stay->from < pos);
}

bool is_allowed(int user, int64_t pos, bool v1)
{
	const struct fact *fact = &truth.facts[pos];
	if (!concerns(fact, user, v1))
		return false;
	return fact->room < 0 || pos < truth.last_stay[user][fact->room].until;
}

int64_t pos_of(int room, int64_t seq)
{
	for (int64_t pos = truth.pos; pos > 0; pos--)
		if (truth.facts[pos].room == room && truth.facts[pos].seq == seq)
			return pos;
	return 0;
}

static void note_stay(const struct fact *fact, int64_t pos)
{
	struct stay *stay = &truth.last_stay[fact->user][fact->room];
	if (fact->kind == EVENT_USER_JOINED)
		*stay = (struct stay){pos, INT64_MAX};
	else
		stay->until = pos;
}

static int learn(const struct event *event, void *context, struct problem *why)
{
	(void)context, (void)why;
	if (event->pos >= truth.size) {
		truth.size = event->pos * 2 + 1024;
		truth.facts = xrealloc(truth.facts, (size_t)truth.size * sizeof(*truth.facts));
	}
	HOLDS(event->pos == truth.pos + 1, "event %lld after %lld", (long long)event->pos,
	      (long long)truth.pos);
	struct fact *fact = &truth.facts[event->pos];
	*fact = (struct fact){.kind = event->kind,
			      .room = room_index(event->room_id),
			      .user = user_index(event->seq ? 0 : event->user_id),
			      .seq = event->seq};
	truth.pos = event->pos;
	if (event->kind == EVENT_USER_JOINED || event->kind == EVENT_USER_LEFT)
		note_stay(fact, event->pos);
	if (!event->seq)
		return 0;
	HOLDS(event->seq == truth.last_seq[fact->room] + 1, "seq %lld after %lld",
	      (long long)event->seq, (long long)truth.last_seq[fact->room]);
	truth.last_seq[fact->room] = event->seq;
	json_t *data = json_loadb(event->data, event->data_bytes, 0, NULL);
	snprintf(fact->id, sizeof(fact->id), "%s",
		 json_string_value(json_object_get(data, "message_id")));
	json_decref(data);
	return 0;
}

void truth_learns(void)
{
	MUST(events_after(world.store, truth.pos, INT32_MAX, learn, NULL, &why));
}

static void make_user(int i)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	snprintf(truth.names[i], sizeof(truth.names[i]), "user%d", i);
	snprintf(truth.tokens[i], sizeof(truth.tokens[i]), "%0*d", TOKEN_TEXT - 1, i);
	MUST(q_user_insert(world.store, truth.names[i], truth.names[i], "none", NULL, NULL,
			   clock_now(), &truth.users[i], &why));
	crypto_hash_sha256(hash, (const unsigned char *)truth.tokens[i], strlen(truth.tokens[i]));
	MUST(q_session_insert(world.store, hash, sizeof(hash), truth.users[i], NULL, clock_now(),
			      clock_now() + 3650 * CLOCK_DAY, "none", &why));
}

void truth_open(void)
{
	struct arena *arena = arena_new();
	memset(&truth, 0, sizeof(truth));
	for (int i = 0; i < USERS; i++)
		make_user(i);
	for (int i = 0; i < ROOMS; i++) {
		struct room_new room = {
			.name = "a room", .is_public = true, .max_participants = 50};
		const char *id;
		MUST(room_create(arena, world.store, truth.users[i % USERS], &room, &id, &why));
		snprintf(truth.rooms[i], sizeof(truth.rooms[i]), "%s", id);
	}
	truth_learns();
	arena_free(&arena);
}

void truth_close(void)
{
	free(truth.facts);
}
