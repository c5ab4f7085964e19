/* Exchange between twins: see exchange.h. */
#include "realm/exchange.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "realm/collect.h"
#include "realm/recall.h"
#include "realm/telling.h"
#include "realm/turn_rules.h"
#include "realm/turns.h"
#include "store/queries.h"
#include "store/store.h"

#define SOURCES 8         /* of a twin that are looked at */
#define MEMORIES_MOST 200 /* of a word of the question that are looked at */

struct asking {
	struct arena *arena;
	const struct exchange_question *question;
	int64_t best; /* the owner of the twin that has most to say; 0: none has anything */
	int words;    /* of the question in its best sentence */
};

/* --- whether to ask --------------------------------------------------------------------------- */

static int wants_to_ask(struct arena *arena, struct store *store,
			const struct exchange_question *question, struct problem *why)
{
	const struct audience *to = question->audience;
	struct q_twin_asks row;
	int found = q_twin_asks(arena, store, question->turn->twin_id, question->turn->room_id,
				&row, why);
	if (found <= 0)
		return found;
	if (strcmp(row.asks, "public") == 0)
		return to->to == ANSWER_TO_ALL || (to->to == ANSWER_TO_ROOM && row.room_public);
	return strcmp(row.asks, "always") == 0;
}

static int has_too_little(struct arena *arena, struct store *store,
			  const struct exchange_question *question, struct problem *why)
{
	struct reply reply;
	TRY(recall_answer(arena, store, question->text, question->sources, question->source_count,
			  &reply, why));
	return reply.nothing;
}

/* --- the twin to ask -------------------------------------------------------------------------- */

/* Whether the twin may tell something now: 1, 0 or -1. */
static int may_tell(struct asking *a, struct store *store, int64_t teller,
		    struct audience *audience_r, struct problem *why)
{
	const struct turn *asks = a->question->turn;
	const struct turn turn = {.twin_id = teller,
				  .asker_id = asks->twin_id,
				  .cause = CAUSE_EXCHANGE,
				  .created_at = clock_now()};
	struct turn_permission permission;
	if (teller == asks->twin_id || teller == asks->asker_id)
		return 0;
	TRY(turn_check(a->arena, store, &turn, &permission, why));
	return permission.reason
		       ? 0
		       : telling_audience(store, a->question->audience, teller, audience_r, why);
}

/* Of equal twins the first one stays. */
static int consider(struct asking *a, struct store *store, int64_t teller, struct problem *why)
{
	struct audience audience;
	struct source *sources;
	struct reply reply;
	size_t count;
	int may = may_tell(a, store, teller, &audience, why);
	if (may <= 0)
		return may;
	TRY(sources_find(a->arena, store, &audience, LEAVE_NEVER, a->question->text, NULL, NULL,
			 SOURCES, &sources, &count, why));
	TRY(recall_answer(a->arena, store, a->question->text, sources, count, &reply, why));
	if (!reply.nothing && reply.words > a->words) {
		a->best = teller;
		a->words = reply.words;
	}
	return 0;
}

static int consider_all(struct asking *a, struct store *store, const struct buf *users,
			struct problem *why)
{
	const int64_t *ids = (const int64_t *)(const void *)users->data;
	for (size_t i = 0; i < users->len / sizeof(*ids); i++)
		TRY(consider(a, store, ids[i], why));
	return 0;
}

/* Those whose knowledge fits best; votes are a part of its score. */
static int consider_experts(struct asking *a, struct store *store, struct problem *why)
{
	const struct exchange_question *q = a->question;
	for (size_t i = 0; i < q->source_count && i < EXCHANGE_TWINS_MOST; i++) {
		bool is_known = q->sources[i].id.kind != SOURCE_KNOWLEDGE;
		for (size_t j = 0; j < i; j++)
			is_known |= q->sources[j].id.kind == SOURCE_KNOWLEDGE &&
				    q->sources[j].author_id == q->sources[i].author_id;
		if (!is_known)
			TRY(consider(a, store, q->sources[i].author_id, why));
	}
	return 0;
}

static int consider_friends(struct asking *a, struct store *store, struct problem *why)
{
	const struct exchange_question *q = a->question;
	struct buf *friends = buf_in(a->arena);
	TRY(q_exchange_friends(store, audience_reader(q->audience), q->turn->twin_id,
			       q->audience->to, q->turn->id, EXCHANGE_TWINS_MOST, collect_id,
			       friends, why));
	return consider_all(a, store, friends, why);
}

/* Those with a memory on it that every user may know. */
static int consider_tellers(struct asking *a, struct store *store, struct problem *why)
{
	const struct exchange_question *q = a->question;
	struct buf *tellers = buf_in(a->arena);
	TRY(q_exchange_tellers(store, q->turn->twin_id, audience_reader(q->audience), q->text,
			       MEMORIES_MOST, EXCHANGE_TWINS_MOST, collect_id, tellers, why));
	return consider_all(a, store, tellers, why);
}

/* --- asking ----------------------------------------------------------------------------------- */

/* Returns 0 when the turn need not wait, because the chain has ended. */
static int begin(struct store *store, void *context, struct problem *why)
{
	const struct asking *a = context;
	const struct turn *turn = a->question->turn;
	int mine = turn_is_mine(store, turn, why);
	if (mine <= 0)
		return mine < 0 ? -1 : 1; /* nothing is left to do */
	int waits = turn_for_exchange(store, turn, a->best, why);
	if (waits <= 0)
		return waits;
	TRY(turn_postpone(store, turn, clock_now() + EXCHANGE_WAIT_US, why));
	return 1;
}

int exchange_ask(struct arena *arena, struct store *store, const struct exchange_question *question,
		 struct problem *why)
{
	struct asking a = {.arena = arena, .question = question};
	struct q_exchange_of before;
	if (turn_is_caused_by_twin(question->turn))
		return 0;
	int wants = wants_to_ask(arena, store, question, why);
	if (wants > 0)
		wants = has_too_little(arena, store, question, why);
	if (wants <= 0)
		return wants;
	int asked = q_exchange_of(arena, store, question->turn->id, &before, why);
	if (asked != 0)
		return asked < 0 ? -1 : 0;
	TRY(consider_experts(&a, store, why));
	TRY(consider_friends(&a, store, why));
	TRY(consider_tellers(&a, store, why));
	return a.best ? store_write_unsynced(store, begin, &a, why) : 0;
}

/* --- what was told ---------------------------------------------------------------------------- */

struct telling {
	struct arena *arena;
	struct source *list;
	size_t count;
};

static int add_told(const struct q_exchange_told *row, void *context, struct problem *why)
{
	struct telling *t = context;
	(void)why;
	t->list[t->count++] = (struct source){
		.id = {SOURCE_MEMORY, arena_strdup(t->arena, row->source)},
		.author_id = row->author,
		.author_name = arena_strdup(t->arena, row->author_name),
		.content = arena_strdup(t->arena, row->content),
		.created_at = row->created_at,
		.score = row->score,
		.told_by = row->author,
	};
	return 0;
}

/* Drops what may not be used any more, or may not leave. */
static int drop_unusable(struct telling *t, struct store *store, const struct audience *audience,
			 int64_t for_twin, enum leaving leaving, struct problem *why)
{
	size_t kept = 0;
	for (size_t i = 0; i < t->count; i++) {
		enum leaving needs;
		int holds = source_holds(store, audience, &t->list[i], why);
		TRY(holds);
		TRY(text_leaving(store, for_twin, SOURCE_MEMORY, t->list[i].id.id, &needs, why));
		if (holds && needs <= leaving)
			t->list[kept++] = t->list[i];
	}
	t->count = kept;
	return 0;
}

static int end_late(struct store *store, void *exchange, struct problem *why)
{
	return q_exchange_late(store, *(const int64_t *)exchange, clock_now(), why);
}

int exchange_told(struct arena *arena, struct store *store, const struct turn *turn,
		  const struct audience *audience, enum leaving leaving, struct source **told_r,
		  size_t *count_r, struct problem *why)
{
	struct telling t = {.arena = arena};
	struct q_exchange_of exchange;
	struct audience telling;
	*count_r = 0;
	int found = q_exchange_of(arena, store, turn->id, &exchange, why);
	if (found <= 0)
		return found;
	if (strcmp(exchange.state, "posted") != 0) {
		TRY(store_write_unsynced(store, end_late, &exchange.id, why));
		return 0;
	}
	int may = telling_audience(store, audience, exchange.twin, &telling, why);
	if (may <= 0)
		return may;
	t.list = arena_alloc(arena, EXCHANGE_TOLD * sizeof(*t.list));
	TRY(q_exchange_told(store, exchange.id, EXCHANGE_TOLD, add_told, &t, why));
	TRY(drop_unusable(&t, store, &telling, turn->twin_id, leaving, why));
	*told_r = t.list;
	*count_r = t.count;
	return 0;
}
