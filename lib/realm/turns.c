/* The turns of twins: see turns.h. */
#include "realm/turns.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "realm/collect.h"
#include "realm/events.h"
#include "realm/named.h"
#include "realm/realm.h"
#include "store/queries.h"
#include "store/store.h"

#define WAITING_MAX 16 /* questions of a user that wait at one time */
#define NAMES_MAX 8    /* in a message; a chain has no more steps */

static const struct {
	const char *name;
	int64_t steps; /* of a chain; a CHECK of twin_turns has the same numbers */
	enum source_kind source;
} causes[TURN_CAUSE__COUNT] = {
	[CAUSE_CHAT] = {"chat", 6, SOURCE_CHAT},
	[CAUSE_INTERACTION] = {"interaction", 6, SOURCE_QUESTION},
	[CAUSE_RESPONSE] = {"response", 6, SOURCE_RESPONSE},
	[CAUSE_MESSAGE] = {"message", 8, SOURCE_MESSAGE},
	[CAUSE_EXCHANGE] = {"exchange", 6, SOURCE__COUNT},
	[CAUSE_KNOWLEDGE] = {"knowledge", 1, SOURCE_MEMORY},
};

static const struct property event_properties[] = {
	PROPERTY("turn_id", INT),
	PROPERTY("state", TEXT),
	PROPERTY("reason", TEXT, .nullable = true, .help = "Why there is no answer."),
	PROPERTY("cause_kind", TEXT,
		 .help = "chat, interaction, response, message, exchange or knowledge."),
	PROPERTY("cause_id", TEXT),
	PROPERTY("room_id", TEXT, .nullable = true),
	PROPERTY("answer_id", TEXT, .nullable = true, .help = "Id of what was posted."),
};
const struct shape turn_event_shape = SHAPE("TurnEvent", event_properties);

const char *turn_cause_name(enum turn_cause cause)
{
	return causes[cause].name;
}

enum turn_cause turn_cause_named(const char *name)
{
	enum turn_cause cause = CAUSE_CHAT;
	while (cause + 1 < TURN_CAUSE__COUNT && strcmp(causes[cause].name, name) != 0)
		cause++;
	return cause;
}

enum source_kind turn_cause_source(enum turn_cause cause)
{
	return causes[cause].source;
}

bool turn_is_caused_by_twin(const struct turn *turn)
{
	return strcmp(turn->root_kind, causes[turn->cause].name) != 0 ||
	       strcmp(turn->root_id, turn->cause_id) != 0;
}

/* --- the queue -------------------------------------------------------------------------------- */

/* A cause: what the turns of it have in common. */
struct cause {
	enum turn_cause kind;
	const char *id;
	const char *root_kind, *root_id;
	int64_t asker;
	const char *room_id;
};

/* The root of a user's word is that word itself. */
static int find_root(struct arena *arena, struct store *store, int64_t turn_id, struct cause *cause,
		     struct problem *why)
{
	struct q_turn_root root;
	cause->root_kind = causes[cause->kind].name;
	cause->root_id = cause->id;
	if (!turn_id)
		return 0;
	int found = q_turn_root(arena, store, turn_id, &root, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_INTERNAL);
	cause->root_kind = root.root_kind;
	cause->root_id = root.root;
	return 0;
}

/* twin 0: the best one of the room. A turn beyond a limit is refused at once. */
static int queue_turn(struct store *store, const struct cause *cause, int64_t twin, int64_t *turn_r,
		      struct problem *why)
{
	int64_t turn = 0, now = clock_now(), due = now;
	if (twin && cause->room_id) {
		int64_t last;
		TRY(q_twin_last_message(store, twin, &last, why));
		due = last + TURN_SPACING_US > now ? last + TURN_SPACING_US : now;
	}
	TRY(q_turn_insert(store, twin, causes[cause->kind].name, cause->id, cause->root_kind,
			  cause->root_id, causes[cause->kind].steps, cause->asker, WAITING_MAX,
			  cause->room_id, due, now, &turn, why));
	store_tell(store, realm_wake_twins, "");
	if (turn_r)
		*turn_r = turn;
	return 0;
}

int turn_for_interaction(struct store *store, int64_t interaction, int64_t author, int64_t target,
			 int64_t turn_id, struct problem *why)
{
	char id[24];
	struct cause cause = {.kind = CAUSE_INTERACTION, .id = id, .asker = author};
	int answers = q_twin_answers(store, target, why);
	if (answers <= 0)
		return answers;
	snprintf(id, sizeof(id), "%" PRId64, interaction);
	struct arena *arena = arena_new();
	int result = find_root(arena, store, turn_id, &cause, why);
	if (result == 0)
		result = queue_turn(store, &cause, target, NULL, why);
	arena_free(&arena);
	return result;
}

static int tell_owner(struct arena *arena, struct store *store, enum event_kind kind, int64_t owner,
		      int64_t turn, struct problem *why)
{
	struct buf *data = buf_in(arena);
	TRY(q_turn_told(store, turn, data, why));
	return event_append(
		store, &(struct event){.kind = kind, .user_id = owner, .data = data->data}, why);
}

/* The owner has answered, so the waiting turns of the twin end: those of the cause or of the room.
 */
static int overtake(struct arena *arena, struct store *store, int64_t owner, enum turn_cause kind,
		    const char *cause_id, const char *room_id, struct problem *why)
{
	struct buf *turns = buf_in(arena);
	TRY(q_turns_overtake(store, owner, causes[kind].name, cause_id, room_id, clock_now(),
			     collect_id, turns, why));
	const int64_t *ids = (const int64_t *)(const void *)turns->data;
	for (size_t i = 0; i < turns->len / sizeof(*ids); i++)
		TRY(tell_owner(arena, store, EVENT_TURN_UPDATED, owner, ids[i], why));
	return 0;
}

int turn_for_response(struct arena *arena, struct store *store, int64_t interaction, int64_t author,
		      int64_t target, int64_t turn_id, struct problem *why)
{
	struct q_interaction_turns by;
	struct cause cause = {.kind = CAUSE_RESPONSE,
			      .id = arena_printf(arena, "%" PRId64, interaction),
			      .asker = target};
	if (!turn_id)
		TRY(overtake(arena, store, target, CAUSE_INTERACTION, cause.id, NULL, why));
	TRY(q_interaction_turns(store, interaction, &by, why));
	if (!by.turn && !turn_id)
		return 0;
	int answers = q_twin_answers(store, author, why);
	if (answers <= 0)
		return answers;
	TRY(find_root(arena, store, turn_id, &cause, why));
	return queue_turn(store, &cause, author, NULL, why);
}

int turn_for_chat(struct store *store, int64_t owner, int64_t line, int64_t *turn_r,
		  struct problem *why)
{
	char id[24];
	snprintf(id, sizeof(id), "%" PRId64, line);
	const struct cause cause = {.kind = CAUSE_CHAT,
				    .id = id,
				    .root_kind = causes[CAUSE_CHAT].name,
				    .root_id = id,
				    .asker = owner};
	return queue_turn(store, &cause, owner, turn_r, why);
}

int turn_for_exchange(struct store *store, const struct turn *asking, int64_t twin,
		      struct problem *why)
{
	char id[24];
	snprintf(id, sizeof(id), "%" PRId64, asking->id);
	const struct cause cause = {.kind = CAUSE_EXCHANGE,
				    .id = id,
				    .root_kind = asking->root_kind,
				    .root_id = asking->root_id,
				    .asker = asking->twin_id};
	TRY(queue_turn(store, &cause, twin, NULL, why));
	return q_exchange_waits(store, asking->id, why);
}

int turn_propose(struct arena *arena, struct store *store, const struct turn *turn,
		 struct problem *why)
{
	struct buf *drafts = buf_in(arena);
	TRY(q_turn_propose(store, turn->id, clock_now(), collect_id, drafts, why));
	const int64_t *ids = (const int64_t *)(const void *)drafts->data;
	for (size_t i = 0; i < drafts->len / sizeof(*ids); i++) {
		TRY(q_turn_propose_source(store, ids[i], why));
		TRY(tell_owner(arena, store, EVENT_DRAFT_WAITING, turn->twin_id, ids[i], why));
	}
	return 0;
}

/* --- messages --------------------------------------------------------------------------------- */

int turns_for_message(struct arena *arena, struct store *store, const char *message_id,
		      const char *room_id, int64_t sender, const struct named *named,
		      int64_t turn_id, struct problem *why)
{
	struct cause cause = {
		.kind = CAUSE_MESSAGE, .id = message_id, .asker = sender, .room_id = room_id};
	int twins = q_room_has_twins(store, room_id, why);
	if (twins <= 0)
		return twins;
	if (!turn_id)
		TRY(overtake(arena, store, sender, CAUSE_MESSAGE, NULL, room_id, why));
	TRY(find_root(arena, store, turn_id, &cause, why));
	for (int i = 0; i < named->count && i < NAMES_MAX; i++)
		if (named->members[i].has_twin)
			TRY(queue_turn(store, &cause, named->members[i].user, NULL, why));
	if (named->count > 0)
		return 0;
	int others = q_room_has_other_twins(store, room_id, sender, why);
	return others > 0 ? queue_turn(store, &cause, 0, NULL, why) : others;
}

/* --- claims ----------------------------------------------------------------------------------- */

int turns_next_due(struct store *store, int64_t *at_r, struct problem *why)
{
	return q_turn_next_due(store, TURNS_OF_ASKER, at_r, why);
}

struct claiming {
	struct arena *arena;
	int worker;
	int64_t lease_us;
	struct turn *turn;
};

static int claim(struct store *store, void *context, struct problem *why)
{
	struct claiming *c = context;
	struct q_turn_pick row;
	int64_t now = clock_now();
	int found = q_turn_pick(c->arena, store, TURNS_OF_ASKER, now, &row, why);
	if (found <= 0)
		return found;
	*c->turn = (struct turn){.id = row.id,
				 .twin_id = row.twin,
				 .asker_id = row.asker,
				 .cause = turn_cause_named(row.cause_kind),
				 .cause_id = row.cause,
				 .root_kind = row.root_kind,
				 .root_id = row.root,
				 .room_id = row.room,
				 .attempts = row.attempts + 1,
				 .created_at = row.created_at};
	if (row.attempts < TURN_ATTEMPTS) {
		TRY(q_turn_start(store, row.id, c->worker, now + c->lease_us, now, why));
		return 1;
	}
	const struct turn_end end = {.state = "failed", .reason = "interrupted"};
	TRY(turn_end(c->arena, store, c->turn, &end, why));
	return 2;
}

int turn_claim(struct arena *arena, struct store *store, int worker, int64_t lease_us,
	       struct turn *turn_r, struct problem *why)
{
	struct claiming c = {
		.arena = arena, .worker = worker, .lease_us = lease_us, .turn = turn_r};
	int claimed;
	do
		claimed = store_write_unsynced(store, claim, &c, why);
	while (claimed > 1);
	return claimed;
}

static int release_all(struct store *store, void *worker, struct problem *why)
{
	return q_turns_release(store, *(const int *)worker, clock_now(), why);
}

int turns_release(struct store *store, int worker, struct problem *why)
{
	TRY(store_write_unsynced(store, release_all, &worker, why));
	return 0;
}

/* --- ends ------------------------------------------------------------------------------------- */

int turn_is_mine(struct store *store, const struct turn *turn, struct problem *why)
{
	return q_turn_is_running(store, turn->id, turn->attempts, why);
}

/* The owner need not hear of a twin that has nothing to add. */
static bool is_silent(const struct turn *turn, const struct turn_end *end)
{
	return !turn->twin_id || (end->reason && strcmp(end->reason, "nothing_new") == 0);
}

int turn_end(struct arena *arena, struct store *store, const struct turn *turn,
	     const struct turn_end *end, struct problem *why)
{
	bool draft = strcmp(end->state, "draft") == 0;
	TRY(q_turn_end(store, turn->id, turn->twin_id, end->state, end->reason, end->until,
		       end->content, end->answer_id, end->engine, end->model, end->prompt_tokens,
		       end->reply_tokens, end->approved, clock_now(), why));
	if (is_silent(turn, end))
		return 0;
	return tell_owner(arena, store, draft ? EVENT_DRAFT_WAITING : EVENT_TURN_UPDATED,
			  turn->twin_id, turn->id, why);
}

struct noting {
	const struct turn *turn;
	const char *text;
};

static int note_text(struct store *store, void *context, struct problem *why)
{
	const struct noting *n = context;
	int mine = turn_is_mine(store, n->turn, why);
	if (mine > 0)
		TRY(q_turn_note_text(store, n->turn->id, n->text, why));
	return mine;
}

int turn_note_text(struct store *store, const struct turn *turn, const char *text,
		   struct problem *why)
{
	struct noting n = {turn, text};
	return store_write_unsynced(store, note_text, &n, why);
}

struct ending {
	struct arena *arena;
	const struct turn *turn;
	const struct turn_end *end;
	int64_t owner, turn_id, due_at;
};

static int refuse(struct store *store, void *context, struct problem *why)
{
	const struct ending *e = context;
	int mine = turn_is_mine(store, e->turn, why);
	return mine > 0 ? turn_end(e->arena, store, e->turn, e->end, why) : mine;
}

int turn_refuse(struct arena *arena, struct store *store, const struct turn *turn,
		const struct turn_end *end, struct problem *why)
{
	struct ending e = {.arena = arena, .turn = turn, .end = end};
	assert(end->reason);
	TRY(store_write_unsynced(store, refuse, &e, why));
	return 0;
}

static int release(struct store *store, void *context, struct problem *why)
{
	const struct ending *e = context;
	return q_turn_release(store, e->turn->id, e->turn->attempts, e->due_at, why);
}

int turn_release(struct store *store, const struct turn *turn, int64_t due_at, struct problem *why)
{
	struct ending e = {.turn = turn, .due_at = due_at};
	TRY(store_write_unsynced(store, release, &e, why));
	return 0;
}

static int postpone(struct store *store, void *context, struct problem *why)
{
	const struct ending *e = context;
	return q_turn_postpone(store, e->turn->id, e->turn->attempts, e->turn->twin_id, e->due_at,
			       why);
}

int turn_postpone(struct store *store, const struct turn *turn, int64_t due_at, struct problem *why)
{
	struct ending e = {.turn = turn, .due_at = due_at};
	TRY(store_write_unsynced(store, postpone, &e, why));
	return 0;
}

static int cancel(struct store *store, void *context, struct problem *why)
{
	const struct ending *e = context;
	const struct turn_end end = {.state = "cancelled", .reason = "cancelled"};
	struct q_turn_of_owner row;
	int found = q_turn_of_owner(e->arena, store, e->owner, e->turn_id, &row, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_NOT_FOUND);
	if (strcmp(row.state, "queued") != 0 && strcmp(row.state, "running") != 0)
		return problem_set(why, PROBLEM_TURN_ENDED);
	return turn_end(e->arena, store,
			&(struct turn){.id = row.id, .twin_id = e->owner, .cause = CAUSE_CHAT},
			&end, why);
}

int turn_cancel(struct arena *arena, struct store *store, int64_t owner, int64_t turn_id,
		struct problem *why)
{
	struct ending e = {.arena = arena, .owner = owner, .turn_id = turn_id};
	TRY(store_write(store, cancel, &e, why));
	return 0;
}
