/* What a twin held back: see held_back.h. */
#include "realm/held_back.h"

#include "base/arena.h"
#include "base/json_out.h"
#include "realm/causes.h"
#include "realm/sources.h"
#include "realm/turns.h"
#include "store/queries.h"
#include "store/shape.h"

static const struct property held_back_properties[] = {
	PROPERTY("kind", TEXT, .help = "message, question, response, knowledge, memory or chat."),
	PROPERTY("id", TEXT),
	PROPERTY("author_id", INT),
	PROPERTY("author_name", TEXT),
	PROPERTY("content", TEXT),
};
const struct shape held_back_shape = SHAPE("HeldBack", held_back_properties);

static void put_text(struct buf *out, const struct source *source)
{
	jw_open(out, '{');
	jw_kv_text(out, "kind", source_kind_name(source->id.kind));
	jw_kv_text(out, "id", source->id.id);
	jw_kv_int(out, "author_id", source->author_id);
	jw_kv_text(out, "author_name", source->author_name);
	jw_kv_text(out, "content", source->content);
	jw_close(out, '}');
}

/*
 * Writes the texts that the owner's own question would find and that do not hold for the readers. A
 * text within their reach is left out: it fails only for a block, of which the owner must not
 * learn.
 */
static int put_texts(struct arena *arena, struct store *store, const struct audience *readers,
		     const char *question, struct buf *out, struct problem *why)
{
	const struct audience alone = {.to = ANSWER_TO_OWNER, .owner = readers->owner};
	struct source *sources;
	size_t count;
	TRY(sources_find(arena, store, &alone, LEAVE_NEVER, question, NULL, NULL, HELD_BACK_LOOKED,
			 &sources, &count, why));
	for (size_t i = 0; i < count; i++) {
		int open = source_holds(store, readers, &sources[i], why);
		TRY(open);
		if (!open)
			TRY(open = source_within_reach(store, readers, &sources[i], why));
		if (!open)
			put_text(out, &sources[i]);
	}
	return 0;
}

int held_back_list(struct arena *arena, struct store *store, int64_t owner, int64_t turn_id,
		   struct buf *out, struct problem *why)
{
	struct q_turn_asked row;
	struct audience readers = {.to = ANSWER_TO_OWNER};
	const char *question;
	int found = q_turn_asked(arena, store, owner, turn_id, &row, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_NOT_FOUND);
	const struct turn turn = {.id = turn_id,
				  .twin_id = owner,
				  .asker_id = row.asker,
				  .cause = turn_cause_named(row.cause_kind),
				  .cause_id = row.cause,
				  .room_id = row.room};
	int is_there = turn.cause == CAUSE_EXCHANGE
			       ? 0
			       : cause_read(arena, store, &turn, &question, &readers, why);
	TRY(is_there);
	jw_open(out, '[');
	if (is_there && readers.to != ANSWER_TO_OWNER)
		TRY(put_texts(arena, store, &readers, question, out, why));
	jw_close(out, ']');
	return 0;
}
