/* The expected events: see expected.h. */
#include "tests/model/expected.h"

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

struct expected expected;

int user_index(int64_t id)
{
	for (int i = 0; i < USERS; i++)
		if (expected.users[i] == id)
			return i;
	return -1;
}

int room_index(const char *room_id)
{
	for (int i = 0; room_id && i < ROOMS; i++)
		if (strcmp(expected.rooms[i], room_id) == 0)
			return i;
	return -1;
}

bool is_member(int user, int room)
{
	return expected.last_membership[user][room].until == INT64_MAX;
}

int blocked_partner(int user)
{
	return user >= USERS - 2 ? 2 * USERS - 3 - user : -1;
}

bool may_be_hidden(int user, const struct logged_event *logged)
{
	int partner = blocked_partner(user);
	return partner >= 0 && (logged->author == partner || logged->other == partner);
}

static bool is_addressed_to(const struct logged_event *logged, int user, bool v1)
{
	enum event_hearers hearers = event_info(logged->kind)->hearers;
	if (hearers == HEARD_BY_BRIDGE || (hearers == HEARD_BY_V1 && !v1))
		return false;
	return logged->room >= 0 || logged->user == user;
}

/* It is about the user's own membership or read marker, and tells the user's other devices. */
static bool is_own(const struct logged_event *logged, int user)
{
	return logged->room >= 0 && logged->user == user;
}

bool must_receive(int user, int64_t pos, bool v1)
{
	const struct logged_event *logged = &expected.events[pos];
	if (!is_addressed_to(logged, user, v1))
		return false;
	if (may_be_hidden(user, logged) && !(v1 && logged->seq))
		return false;
	if (is_own(logged, user))
		return true;
	if (event_info(logged->kind)->subject) /* it may be gone when the event is replayed */
		return false;
	const struct membership_span *span =
		logged->room >= 0 ? &expected.last_membership[user][logged->room] : NULL;
	return !span || (span->until == INT64_MAX && span->from < pos);
}

bool may_receive(int user, int64_t pos, bool v1)
{
	const struct logged_event *logged = &expected.events[pos];
	if (!is_addressed_to(logged, user, v1))
		return false;
	return logged->room < 0 || is_own(logged, user) ||
	       pos < expected.last_membership[user][logged->room].until;
}

int64_t pos_of(int room, int64_t seq)
{
	for (int64_t pos = expected.pos; pos > 0; pos--)
		if (expected.events[pos].room == room && expected.events[pos].seq == seq)
			return pos;
	return 0;
}

static void update_membership(const struct logged_event *logged, int64_t pos)
{
	struct membership_span *span = &expected.last_membership[logged->user][logged->room];
	if (logged->kind == EVENT_USER_JOINED)
		*span = (struct membership_span){pos, INT64_MAX};
	else
		span->until = pos;
}

static int add_event(const struct event *event, void *context, struct problem *why)
{
	(void)context, (void)why;
	if (event->pos >= expected.size) {
		expected.size = event->pos * 2 + 1024;
		expected.events =
			xrealloc(expected.events, (size_t)expected.size * sizeof(*expected.events));
	}
	HOLDS(event->pos == expected.pos + 1, "event %lld after %lld", (long long)event->pos,
	      (long long)expected.pos);
	struct logged_event *logged = &expected.events[event->pos];
	*logged = (struct logged_event){.kind = event->kind,
					.room = room_index(event->room_id),
					.user = user_index(event->seq ? 0 : event->user_id),
					.author = user_index(event->user_id),
					.other = user_index(event->other_id),
					.seq = event->seq};
	expected.pos = event->pos;
	if (logged->user >= 0 &&
	    (event->kind == EVENT_USER_JOINED || event->kind == EVENT_USER_LEFT))
		update_membership(logged, event->pos);
	if (!event->seq)
		return 0;
	HOLDS(event->seq == expected.last_seq[logged->room] + 1, "seq %lld after %lld",
	      (long long)event->seq, (long long)expected.last_seq[logged->room]);
	expected.last_seq[logged->room] = event->seq;
	json_t *data = json_loadb(event->data, event->data_bytes, 0, NULL);
	snprintf(logged->id, sizeof(logged->id), "%s",
		 json_string_value(json_object_get(data, "message_id")));
	json_decref(data);
	return 0;
}

void expected_update(void)
{
	MUST(events_after(sim.store, expected.pos, INT32_MAX, add_event, NULL, &why));
}

static void make_user(int i)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	snprintf(expected.names[i], sizeof(expected.names[i]), "user%d", i);
	snprintf(expected.tokens[i], sizeof(expected.tokens[i]), "%0*d", TOKEN_TEXT - 1, i);
	MUST(q_user_insert(sim.store, expected.names[i], expected.names[i], expected.names[i],
			   "none", NULL, NULL, "user", false, clock_now(), &expected.users[i],
			   &why));
	crypto_hash_sha256(hash, (const unsigned char *)expected.tokens[i],
			   strlen(expected.tokens[i]));
	MUST(q_session_insert(sim.store, hash, sizeof(hash), expected.users[i], NULL, clock_now(),
			      clock_now() + 3650 * CLOCK_DAY, "none", &why));
}

void expected_open(void)
{
	struct arena *arena = arena_new();
	memset(&expected, 0, sizeof(expected));
	for (int i = 0; i < USERS; i++)
		make_user(i);
	MUST(q_user_insert(sim.store, "keeper", "keeper", "keeper", "none", NULL, NULL, "user",
			   false, clock_now(), &expected.keeper, &why));
	for (int i = 0; i < ROOMS; i++) {
		struct room_new room = {
			.name = "a room", .is_public = true, .max_participants = 50};
		const char *id;
		int64_t owner = i == PRIVATE_ROOM ? expected.keeper : expected.users[i % USERS];
		MUST(room_create(arena, sim.store, owner, &room, &id, &why));
		snprintf(expected.rooms[i], sizeof(expected.rooms[i]), "%s", id);
	}
	expected_update();
	arena_free(&arena);
}

void expected_close(void)
{
	free(expected.events);
}
