/* The making of a realm: see round.h. */
#include "tests/interference/round.h"

#include "base/clock.h"
#include "realm/indexing.h"
#include "realm/interactions.h"
#include "realm/knowledge.h"
#include "realm/memories.h"
#include "realm/messages.h"
#include "realm/moderation.h"
#include "realm/relationships.h"
#include "realm/rooms.h"
#include "realm/twins.h"
#include "store/queries.h"
#include "tests/unit/clock.h"

#define BEGAN 1700000000000000

static int make_rooms(struct round *r, struct store *store, struct problem *why)
{
	for (int i = 0; i < ROOMS; i++) {
		struct room_new room = {.name = "A room",
					.is_public = r->plan->is_public[i],
					.max_participants = 50};
		TRY(room_create(r->f->arena, store, r->users[0], &room, &r->rooms[i], why));
		for (int u = 1; u < USERS; u++) {
			if (!r->plan->is_in[i][u])
				continue;
			if (!room.is_public)
				TRY(room_invite(r->f->arena, store, r->users[0], r->rooms[i],
						r->users[u], why));
			TRY(room_join(r->f->arena, store, r->users[u], r->rooms[i], why));
		}
	}
	return 0;
}

static int make_interaction(struct round *r, struct store *store, int i, struct problem *why)
{
	const struct thing *thing = &r->plan->things[i];
	struct interaction_response response = {.response_content = thing->response};
	struct interaction_new asked = {.target_aeon_user_id = r->users[thing->other],
					.parent_id = thing->parent >= 0 ? r->ids[thing->parent] : 0,
					.interaction_type = "question",
					.content = thing->text,
					.is_public = thing->openness == PUBLIC};
	TRY(interaction_create(r->f->arena, store, r->users[thing->author], &asked, &r->ids[i],
			       why));
	return interaction_respond(r->f->arena, store, r->users[thing->other], r->ids[i], &response,
				   why);
}

int say_to_twin(struct round *r, struct store *store, int user, const char *text, int64_t *line_r,
		struct problem *why)
{
	const char *id = r->conversations[user];
	if (!id) {
		id = arena_printf(r->f->arena, "00000000-0000-7000-8000-%012lld",
				  (long long)r->users[user]);
		TRY(q_conversation_insert(store, id, r->users[user], now, why));
		r->conversations[user] = id;
	}
	return q_chat_line_insert(store, id, text, NULL, now, line_r, why);
}

static int make_thing(struct round *r, struct store *store, int i, struct problem *why)
{
	static const char *const openness[] = {"public", "friends", "private"};
	const struct thing *thing = &r->plan->things[i];
	bool left_out = !r->with && i == r->plan->hidden;
	struct message_posted posted;
	int64_t id;
	struct message_new message = {.content = left_out ? "another text" : thing->text,
				      .message_type = "text"};
	struct knowledge_new note = {.content = thing->text,
				     .knowledge_type = "note",
				     .visibility = openness[thing->openness]};
	now = BEGAN + (int64_t)i * 3600 * CLOCK_SECOND;
	if (thing->kind == MESSAGE) {
		bool is_counted = r->plan->is_public[thing->room] ||
				  r->plan->is_in[thing->room][r->plan->owner];
		return left_out && !is_counted
			       ? 0
			       : message_post(r->f->arena, store, r->users[thing->author],
					      r->rooms[thing->room], &message, &posted, why);
	}
	if (left_out)
		return 0;
	struct memory_new memory = {.content = thing->text,
				    .memory_type = "note",
				    .importance = 5,
				    .visibility = openness[thing->openness],
				    .local_only = thing->is_local};
	bool is_new;
	int64_t author = r->users[thing->author];
	switch (thing->kind) {
	case KNOWLEDGE:
		return knowledge_create(r->f->arena, store, author, &note, &r->ids[i], why);
	case MEMORY:
		return memory_add(store, author, &memory, &id, &is_new, why);
	case CHAT:
		return say_to_twin(r, store, thing->author, thing->text, &id, why);
	default:
		return make_interaction(r, store, i, why);
	}
}

static int make_bonds_of(struct round *r, struct store *store, enum bond bond, struct problem *why)
{
	for (int from = 0; from < USERS; from++)
		for (int to = 0; to < USERS; to++) {
			struct relationship_new relationship = {
				.related_user_id = r->users[to],
				.relationship_type = bond == FRIEND ? "friend" : "blocked",
				.strength = r->strength};
			if (r->plan->bonds[from][to] == bond)
				TRY(relationship_put(r->f->arena, store, r->users[from],
						     &relationship, why));
		}
	return 0;
}

static int make_twins(struct round *r, struct store *store, struct problem *why)
{
	const struct twin_change on = {.autopilot = "draft", .given = TWIN_CHANGE_AUTOPILOT};
	for (int u = 0; u < USERS; u++)
		if (r->plan->has_twin[u])
			TRY(twin_set(r->f->arena, store, r->users[u], &on, why));
	return 0;
}

int round_make(struct round *r, struct store *store, struct problem *why)
{
	int done;
	now = BEGAN;
	TRY(make_twins(r, store, why));
	TRY(make_rooms(r, store, why));
	for (int i = 0; i < r->plan->count; i++)
		TRY(make_thing(r, store, i, why));
	/* Blocks come last: users with a block cannot invite, ask and befriend each other. */
	TRY(make_bonds_of(r, store, FRIEND, why));
	TRY(make_bonds_of(r, store, BLOCKED, why));
	do
		TRY(done = index_text(store, why));
	while (done > 0);
	return 0;
}
