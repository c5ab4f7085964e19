/* Forgetting: see forget.h. */
#include "realm/forget.h"

#include "base/arena.h"
#include "base/clock.h"
#include "realm/changes.h"
#include "realm/collect.h"
#include "realm/facts.h"
#include "realm/memories.h"
#include "realm/twins.h"
#include "store/queries.h"

#define MOST 50 /* answers in one step */

static int forget_message(struct arena *arena, struct store *store, int64_t turn,
			  const char *message_id, struct problem *why)
{
	struct q_message_of_turn message;
	int found = q_message_of_turn(arena, store, turn, message_id, &message, why);
	if (found <= 0)
		return found;
	TRY(q_reactions_delete(store, message_id, why));
	TRY(q_message_delete(store, message_id, clock_now(), why));
	return message_note_change(store, EVENT_MESSAGE_DELETED, message.room, message_id,
				   message.sender, why);
}

static int forget_chat_line(struct arena *arena, struct store *store, int64_t turn,
			    const struct q_turn_answer *row, struct problem *why)
{
	struct twin_changed told = {.part = TWIN_CONVERSATION};
	int found = q_chat_line_forget(arena, store, turn, row->answer, &told.id, why);
	return found > 0 ? twin_tell(store, row->twin, &told, why) : found;
}

static int forget_turn(struct arena *arena, struct store *store, int64_t turn, struct problem *why)
{
	struct q_turn_answer row = {0};
	TRY(q_turn_answer(arena, store, turn, &row, why));
	if (row.answer) {
		TRY(forget_message(arena, store, turn, row.answer, why));
		TRY(q_interaction_events_forget(store, turn, row.answer, why));
		TRY(q_response_forget(store, turn, row.answer, why));
		TRY(q_question_forget(store, turn, row.answer, why));
		TRY(forget_chat_line(arena, store, turn, &row, why));
	}
	TRY(q_turn_forget(store, turn, clock_now(), why));
	return q_turn_sources_forget(store, turn, why);
}

/* Forgets the turns, a list of ids. Returns how many. */
static int forget_turns(struct arena *arena, struct store *store, const struct buf *turns,
			struct problem *why)
{
	const int64_t *ids = (const int64_t *)(const void *)turns->data;
	size_t count = turns->len / sizeof(*ids);
	for (size_t i = 0; i < count; i++)
		TRY(forget_turn(arena, store, ids[i], why));
	return (int)count;
}

struct facts_of {
	struct arena *arena;
	const char *text;      /* NULL: it is gone */
	struct buf *unfounded; /* of int64_t */
};

static int look_at_fact(const struct q_facts_of_source *row, void *context, struct problem *why)
{
	struct facts_of *f = context;
	(void)why;
	if (!f->text || !fact_stands(f->arena, f->text, row->content))
		buf_add(f->unfounded, &row->memory, sizeof(row->memory));
	return 0;
}

/* Forgets what was learned from the text and is not in it any more. A text has few facts. */
static int forget_facts(struct arena *arena, struct store *store, const struct q_gone_source *gone,
			struct problem *why)
{
	struct facts_of f = {.arena = arena, .unfounded = buf_in(arena)};
	struct q_source_one now;
	int64_t owner;
	int found = q_source_one(arena, store, gone->kind, gone->source, &now, why);
	TRY(found);
	if (found)
		f.text = now.content;
	TRY(q_facts_of_source(store, gone->kind, gone->source, look_at_fact, &f, why));
	const int64_t *ids = (const int64_t *)(const void *)f.unfounded->data;
	for (size_t i = 0; i < f.unfounded->len / sizeof(*ids); i++) {
		TRY(q_fact_source_delete(store, ids[i], gone->kind, gone->source, why));
		int deleted = q_fact_delete_unfounded(store, ids[i], &owner, why);
		TRY(deleted);
		if (deleted)
			TRY(memory_tell(store, owner, ids[i], true, why));
	}
	return 0;
}

static int forget_source(struct store *store, void *context, struct problem *why)
{
	struct arena *arena = context;
	struct q_gone_source gone;
	struct buf *turns = buf_in(arena);
	int forgotten, unused;
	int found = q_gone_source(arena, store, &gone, why);
	if (found <= 0)
		return found;
	TRY(q_turns_from_source(store, gone.kind, gone.source, MOST, collect_id, turns, why));
	TRY(forgotten = forget_turns(arena, store, turns, why));
	if (forgotten == MOST)
		return forgotten;
	TRY(unused = q_source_unused(store, gone.kind, gone.source, MOST, why));
	TRY(forget_facts(arena, store, &gone, why));
	TRY(q_forgotten_note(store, why));
	if (unused < MOST)
		TRY(q_gone_source_done(store, gone.kind, gone.source, why));
	return forgotten + unused + 1;
}

int forget_step(struct store *store, struct problem *why)
{
	struct arena *arena = arena_new();
	struct q_gone_source gone;
	int result = q_gone_source(arena, store, &gone, why); /* mostly there is nothing to write */
	if (result > 0)
		result = store_write_unsynced(store, forget_source, arena, why);
	arena_free(&arena);
	return result;
}

int forget_sources_of(struct store *store, int64_t user_id, int64_t limit, struct problem *why)
{
	return q_sources_of_author(store, user_id, limit, why);
}

int forget_answers_of(struct store *store, int64_t user_id, int64_t limit, struct problem *why)
{
	struct arena *arena = arena_new();
	struct buf *turns = buf_in(arena);
	int result = q_turns_with_messages(store, user_id, limit, collect_id, turns, why);
	if (result == 0)
		result = forget_turns(arena, store, turns, why);
	arena_free(&arena);
	return result;
}
