/* The posting of answers: see posting.h. */
#include "realm/posting.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "realm/answers.h"
#include "realm/causes.h"
#include "realm/telling.h"
#include "realm/thread.h"
#include "realm/turn_rules.h"
#include "store/queries.h"
#include "store/store.h"

struct posting {
	struct arena *arena;
	const struct answer *answer;
	const char *content; /* what is posted */
	int outcome;         /* what answer_post() returns */
};

/* --- the sources ------------------------------------------------------------------------------ */

/* The recall engine draws on what it cites, a model perhaps on all that it has read. */
static bool is_drawn_on(const struct answer *answer, size_t source)
{
	return answer->cited[source] || answer->thread_count > 0;
}

static int one_holds(struct store *store, const struct answer *answer, const struct source *source,
		     struct problem *why)
{
	struct audience telling;
	if (!source->told_by)
		return source_holds(store, &answer->audience, source, why);
	int may = telling_audience(store, &answer->audience, source->told_by, &telling, why);
	return may <= 0 ? may : source_holds(store, &telling, source, why);
}

/* A text that was edited, deleted or hidden meanwhile must not be drawn on. */
static int sources_hold(struct arena *arena, struct store *store, const struct answer *answer,
			struct problem *why)
{
	for (size_t i = 0; i < answer->source_count; i++) {
		int holds = 1;
		if (is_drawn_on(answer, i))
			holds = one_holds(store, answer, &answer->sources[i], why);
		if (holds <= 0)
			return holds;
	}
	if (answer->thread_count == 0)
		return 1;
	return thread_holds(arena, store, &answer->audience, &answer->turn, answer->thread,
			    answer->thread_count, why);
}

/* An answer is forgotten with each of them (forget.h), and leaves this machine only as they may. */
static int note_sources(struct store *store, const struct answer *answer, struct problem *why)
{
	enum leaving highest = LEAVE_PUBLIC;
	for (size_t i = 0; i < answer->source_count; i++) {
		const struct source *source = &answer->sources[i];
		enum leaving leaving = LEAVE_PUBLIC;
		if (is_drawn_on(answer, i))
			TRY(text_leaving(store, answer->turn.twin_id, source->id.kind,
					 source->id.id, &leaving, why));
		highest = leaving > highest ? leaving : highest;
		TRY(q_turn_source_insert(store, answer->turn.id, source_kind_name(source->id.kind),
					 source->id.id, source->author_id, answer->cited[i],
					 source->text_rank, source->nearby_rank,
					 source->vector_rank, source->score, why));
	}
	for (size_t i = 0; i < answer->thread_count; i++) {
		const struct said *said = &answer->thread[i];
		TRY(q_turn_source_insert(store, answer->turn.id, source_kind_name(said->id.kind),
					 said->id.id, said->author_id, false, 0, 0, 0, 0, why));
		highest = said->leaving > highest ? said->leaving : highest;
	}
	return q_answer_set_leaving(store, answer->turn.id, highest, why);
}

/* --- posting ---------------------------------------------------------------------------------- */

/* Posts, or keeps the draft, and ends the turn. */
static int post_and_end(struct store *store, const struct posting *p, bool draft,
			struct problem *why)
{
	const struct answer *answer = p->answer;
	struct turn_end end = {.state = draft ? "draft" : "posted",
			       .content = p->content,
			       .engine = answer->engine,
			       .model = answer->model,
			       .prompt_tokens = answer->prompt_tokens,
			       .reply_tokens = answer->reply_tokens};
	TRY(note_sources(store, answer, why));
	if (!draft)
		TRY(cause_answer(p->arena, store, &answer->turn, p->content, &end.answer_id, why));
	return turn_end(p->arena, store, &answer->turn, &end, why);
}

int draft_post(struct arena *arena, struct store *store, const struct turn *turn,
	       const char *content, struct problem *why)
{
	struct turn_end end = {.state = "posted", .content = content, .approved = true};
	TRY(cause_answer(arena, store, turn, content, &end.answer_id, why));
	return turn_end(arena, store, turn, &end, why);
}

static int post(struct store *store, void *context, struct problem *why)
{
	struct posting *p = context;
	const struct turn *turn = &p->answer->turn;
	struct turn_permission permission;
	p->outcome = 0;
	int mine = turn_is_mine(store, turn, why);
	if (mine <= 0)
		return mine;
	TRY(turn_check(p->arena, store, turn, &permission, why));
	const struct turn_end refused = {
		.state = "refused", .reason = permission.reason, .until = permission.until};
	if (permission.reason)
		return turn_end(p->arena, store, turn, &refused, why);
	if (permission.not_before > clock_now())
		return turn_postpone(store, turn, permission.not_before, why);
	int hold = sources_hold(p->arena, store, p->answer, why);
	if (hold <= 0) /* make another answer of what is left */
		return hold < 0 ? -1 : turn_postpone(store, turn, clock_now(), why);
	TRY(post_and_end(store, p, permission.draft, why));
	p->outcome = 1;
	return 0;
}

/* What the place of an answer says when it does not take one. */
static const struct {
	enum problem_code code;
	struct turn_end end;
} refusals[] = {
	{PROBLEM_ALREADY_ANSWERED, {.state = "overtaken", .reason = "owner_answered"}},
	{PROBLEM_ROOM_CLOSED, {.state = "refused", .reason = "not_in_room"}},
	{PROBLEM_ROOM_NOT_FOUND, {.state = "refused", .reason = "not_in_room"}},
	{PROBLEM_FORBIDDEN, {.state = "refused", .reason = "not_in_room"}},
	{PROBLEM_CONTACT_REFUSED, {.state = "refused", .reason = "answers_to"}},
	{PROBLEM_USER_NOT_FOUND, {.state = "refused", .reason = "blocked"}},
	{PROBLEM_NOT_FOUND, {.state = "refused", .reason = "cause_gone"}},
	{PROBLEM_INTERACTION_NOT_FOUND, {.state = "refused", .reason = "cause_gone"}},
	{PROBLEM_INVALID, {.state = "refused", .reason = "cause_gone"}},
	{PROBLEM_QUOTA_EXCEEDED, {.state = "refused", .reason = "quota"}},
};

int answer_post(struct arena *arena, struct store *store, const struct answer *answer,
		struct problem *why)
{
	size_t bytes = utf8_prefix(answer->text, strlen(answer->text), ANSWER_MAX);
	struct posting p = {.arena = arena,
			    .answer = answer,
			    .content = arena_strndup(arena, answer->text, bytes)};
	if (store_write_unsynced(store, post, &p, why) == 0)
		return p.outcome;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		if (refusals[i].code != why->code)
			continue;
		*why = (struct problem){0};
		TRY(turn_refuse(arena, store, &answer->turn, &refusals[i].end, why));
		return 0;
	}
	return -1;
}

struct interrupting {
	struct arena *arena;
	const struct answer *answer;
	struct turn_end end;
};

static int interrupt(struct store *store, void *context, struct problem *why)
{
	const struct interrupting *i = context;
	struct turn_end end = i->end;
	int mine = turn_is_mine(store, &i->answer->turn, why);
	if (mine <= 0)
		return mine;
	int hold = sources_hold(i->arena, store, i->answer, why);
	TRY(hold);
	if (hold)
		TRY(note_sources(store, i->answer, why));
	else
		end.content = NULL;
	return turn_end(i->arena, store, &i->answer->turn, &end, why);
}

int answer_interrupt(struct arena *arena, struct store *store, const struct answer *answer,
		     const char *reason, struct problem *why)
{
	struct interrupting i = {.arena = arena,
				 .answer = answer,
				 .end = {.state = "interrupted",
					 .reason = reason,
					 .content = answer->text,
					 .engine = answer->engine}};
	TRY(store_write_unsynced(store, interrupt, &i, why));
	return 0;
}
