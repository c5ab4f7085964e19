/* Answers: see answers.h. */
#include "realm/answers.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "realm/causes.h"
#include "realm/collect.h"
#include "realm/exchange.h"
#include "realm/recall.h"
#include "realm/turn_rules.h"
#include "store/queries.h"

static const struct turn_end cause_gone = {.state = "refused", .reason = "cause_gone"};
static const struct turn_end nothing_new = {.state = "refused", .reason = "nothing_new"};

/* Ends the turn without an answer. Returns 0 or -1. */
static int give_up(struct arena *arena, struct store *store, const struct turn *turn,
		   const struct turn_end *end, struct problem *why)
{
	TRY(turn_refuse(arena, store, turn, end, why));
	return 0;
}

/* --- sources ---------------------------------------------------------------------------------- */

struct cited {
	struct arena *arena;
	struct buf *list; /* of struct source_id */
};

static int add_cited(const struct q_turns_cited *row, void *context, struct problem *why)
{
	const struct cited *cited = context;
	const struct source_id id = {source_kind_by_name(row->kind),
				     arena_strdup(cited->arena, row->source)};
	(void)why;
	buf_add(cited->list, &id, sizeof(id));
	return 0;
}

/* What the chain has cited already, and the cause itself. */
static int find_used(struct arena *arena, struct store *store, const struct turn *turn,
		     struct source_ids *used_r, struct problem *why)
{
	struct cited cited = {arena, buf_in(arena)};
	const struct source_id cause = {turn_cause_source(turn->cause), turn->cause_id};
	buf_add(cited.list, &cause, sizeof(cause));
	TRY(q_turns_cited(store, turn->root_kind, turn->root_id, add_cited, &cited, why));
	used_r->list = (const struct source_id *)(const void *)cited.list->data;
	used_r->count = cited.list->len / sizeof(cause);
	return 0;
}

static int find_sources(struct arena *arena, struct store *store, enum leaving leaving,
			struct answer *answer, const struct source_ids *used, struct problem *why)
{
	answer->audience.owner = answer->turn.twin_id;
	answer->searched = leaving;
	answer->is_searched = true;
	return sources_find(arena, store, &answer->audience, leaving, answer->question,
			    answer->vector, used, ANSWER_SOURCES, &answer->sources,
			    &answer->source_count, why);
}

/* What another twin has told stands first. */
static int find_all_sources(struct arena *arena, struct store *store, enum leaving leaving,
			    struct answer *answer, const struct source_ids *used,
			    struct problem *why)
{
	struct source *told;
	size_t count;
	TRY(find_sources(arena, store, leaving, answer, used, why));
	TRY(exchange_told(arena, store, &answer->turn, &answer->audience, leaving, &told, &count,
			  why));
	if (count == 0)
		return 0;
	size_t own = answer->source_count;
	if (own > ANSWER_SOURCES - count)
		own = ANSWER_SOURCES - count;
	struct source *all = arena_alloc(arena, (count + own) * sizeof(*all));
	memcpy(all, told, count * sizeof(*all));
	if (own > 0)
		memcpy(all + count, answer->sources, own * sizeof(*all));
	answer->sources = all;
	answer->source_count = count + own;
	return 0;
}

int answer_find_sources(struct arena *arena, struct store *store, enum leaving leaving,
			struct answer *answer, struct problem *why)
{
	struct source_ids used;
	if (answer->is_searched && answer->searched == leaving)
		return 0;
	TRY(find_used(arena, store, &answer->turn, &used, why));
	return find_all_sources(arena, store, leaving, answer, &used, why);
}

/* --- the twin --------------------------------------------------------------------------------- */

/* How much the twin has to say by its owner's own words. */
static double own_score(const struct answer *answer)
{
	for (size_t i = 0; i < answer->source_count; i++)
		if (answer->sources[i].author_id == answer->turn.twin_id)
			return answer->sources[i].score;
	return 0;
}

/* Why the twin may not answer is in the end. Returns 1 when it may, 0 or -1. */
static int may_answer(struct arena *arena, struct store *store, const struct turn *turn,
		      struct turn_end *end_r, int64_t *not_before_r, struct problem *why)
{
	struct turn_permission permission;
	TRY(turn_check(arena, store, turn, &permission, why));
	*end_r = (struct turn_end){
		.state = "refused", .reason = permission.reason, .until = permission.until};
	*not_before_r = permission.not_before;
	return !permission.reason;
}

static int add_twin(const struct q_room_twins_to_answer *row, void *list, struct problem *why)
{
	(void)why;
	buf_add(list, row, sizeof(*row));
	return 0;
}

/* `shared` has what another twin has found that finds the same, if one has searched; NULL: none
 * does. */
static int find_sources_of_twin(struct arena *arena, struct store *store, struct answer *answer,
				const struct source_ids *used, struct answer *shared,
				struct problem *why)
{
	if (shared && shared->is_searched) {
		answer->audience.owner = answer->turn.twin_id;
		answer->sources = shared->sources;
		answer->source_count = shared->source_count;
		return 0;
	}
	TRY(find_sources(arena, store, LEAVE_NEVER, answer, used, why));
	if (shared)
		*shared = *answer;
	return 0;
}

/*
 * Chooses the twin of the room with the best sources; of equal ones the first. The turn's twin
 * stays 0 when none may answer; `end` then has the reason of the last.
 */
static int choose_twin(struct arena *arena, struct store *store, struct answer *answer,
		       const struct source_ids *used, struct turn_end *end_r, int64_t *not_before_r,
		       struct problem *why)
{
	struct buf *twins = buf_in(arena);
	struct answer best = *answer, shared = {.is_searched = false};
	double best_score = -1;
	TRY(q_room_twins_to_answer(store, answer->turn.room_id, answer->turn.asker_id,
				   answer->turn.id, ANSWER_TWINS, add_twin, twins, why));
	const struct q_room_twins_to_answer *list = (const void *)twins->data;
	for (size_t i = 0; i < twins->len / sizeof(*list); i++) {
		int64_t not_before;
		struct turn_end refused;
		answer->turn.twin_id = list[i].twin;
		int may = may_answer(arena, store, &answer->turn, &refused, &not_before, why);
		TRY(may);
		if (!may) {
			*end_r = refused;
			continue;
		}
		TRY(find_sources_of_twin(arena, store, answer, used,
					 list[i].is_own ? NULL : &shared, why));
		if (own_score(answer) <= best_score)
			continue;
		best_score = own_score(answer);
		best = *answer;
		*not_before_r = not_before;
	}
	*answer = best;
	return 0;
}

int answer_question(struct arena *arena, struct store *store, const struct turn *turn,
		    const char **question_r, enum leaving *leaving_r, struct problem *why)
{
	struct audience audience;
	int there = cause_read(arena, store, turn, question_r, &audience, why);
	if (there <= 0)
		return there;
	*leaving_r = LEAVE_NEVER; /* the question of another twin is its asker's */
	if (turn->cause == CAUSE_EXCHANGE)
		return 1;
	TRY(text_leaving(store, turn->twin_id, turn_cause_source(turn->cause), turn->cause_id,
			 leaving_r, why));
	return 1;
}

int answer_prepare(struct arena *arena, struct store *store, const struct turn *turn,
		   const struct query_vector *vector, enum leaving leaving, struct answer *answer_r,
		   struct problem *why)
{
	struct source_ids used;
	struct turn_end end = {.state = "refused", .reason = "not_in_room"};
	int64_t not_before = 0;
	*answer_r = (struct answer){.turn = *turn, .vector = vector};
	int there = cause_read(arena, store, turn, &answer_r->question, &answer_r->audience, why);
	if (there <= 0)
		return there < 0 ? -1 : give_up(arena, store, turn, &cause_gone, why);
	TRY(find_used(arena, store, turn, &used, why));
	if (turn->twin_id) {
		int may = may_answer(arena, store, turn, &end, &not_before, why);
		if (may <= 0)
			return may < 0 ? -1 : give_up(arena, store, turn, &end, why);
		TRY(find_all_sources(arena, store, leaving, answer_r, &used, why));
	} else {
		TRY(choose_twin(arena, store, answer_r, &used, &end, &not_before, why));
	}
	if (!answer_r->turn.twin_id)
		return give_up(arena, store, turn, &end, why);
	if (not_before > clock_now()) {
		TRY(turn_postpone(store, &answer_r->turn, not_before, why));
		return 0;
	}
	const struct exchange_question question = {&answer_r->turn, &answer_r->audience,
						   answer_r->question, answer_r->sources,
						   answer_r->source_count};
	int waits = exchange_ask(arena, store, &question, why);
	return waits < 0 ? -1 : !waits;
}

int answer_recall(struct arena *arena, struct store *store, struct answer *answer,
		  struct problem *why)
{
	struct reply reply;
	TRY(answer_find_sources(arena, store, LEAVE_NEVER, answer, why));
	TRY(recall_answer(arena, store, answer->question, answer->sources, answer->source_count,
			  &reply, why));
	if (reply.nothing && turn_is_caused_by_twin(&answer->turn))
		return give_up(arena, store, &answer->turn, &nothing_new, why);
	answer->engine = "recall";
	answer->text = reply.text;
	for (size_t i = 0; i < reply.cited_count; i++)
		answer->cited[reply.cited[i]] = true;
	return 1;
}
