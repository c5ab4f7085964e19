/* Answers: see answers.h. */
#include "realm/answers.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "realm/collect.h"
#include "realm/interactions.h"
#include "realm/messages.h"
#include "realm/recall.h"
#include "realm/thread.h"
#include "realm/turn_rules.h"
#include "store/queries.h"
#include "store/store.h"

static const struct turn_end cause_gone = {.state = "refused", .reason = "cause_gone"};
static const struct turn_end nothing_new = {.state = "refused", .reason = "nothing_new"};

/* Ends the turn without an answer. Returns 0 or -1. */
static int give_up(struct arena *arena, struct store *store, const struct turn *turn,
		   const struct turn_end *end, struct problem *why)
{
	TRY(turn_refuse(arena, store, turn, end, why));
	return 0;
}

/* --- what a turn answers: each gives 1, 0 when the cause is gone, or -1 -------------------------
 */

static int read_chat(struct arena *arena, struct store *store, struct answer *answer,
		     struct problem *why)
{
	struct q_cause_chat cause;
	int found =
		q_cause_chat(arena, store, strtoll(answer->turn.cause_id, NULL, 10), &cause, why);
	if (found <= 0)
		return found;
	answer->question = cause.content;
	answer->audience.to = ANSWER_TO_OWNER;
	return 1;
}

static int read_interaction(struct arena *arena, struct store *store, struct answer *answer,
			    struct problem *why)
{
	struct q_cause_interaction cause;
	int64_t id = strtoll(answer->turn.cause_id, NULL, 10);
	int found = q_cause_interaction(arena, store, id, &cause, why);
	if (found <= 0)
		return found;
	bool asked = answer->turn.cause == CAUSE_INTERACTION;
	answer->question = asked ? cause.content : cause.response;
	answer->audience.to = cause.is_public ? ANSWER_TO_ALL : ANSWER_TO_PAIR;
	answer->audience.thread = id;
	return answer->question != NULL;
}

static int read_message(struct arena *arena, struct store *store, struct answer *answer,
			struct problem *why)
{
	struct q_cause_message cause;
	int found = q_cause_message(arena, store, answer->turn.cause_id, &cause, why);
	if (found <= 0)
		return found;
	answer->question = cause.content;
	answer->audience.to = ANSWER_TO_ROOM;
	answer->audience.room_id = answer->turn.room_id;
	return 1;
}

/* --- where the answer goes: each sets the id of what it posted ----------------------------------
 */

struct posting {
	struct arena *arena;
	const struct answer *answer;
	struct turn turn;
	const char *content; /* what is posted */
	const char *answer_id;
	bool approved;
	int outcome;            /* what answer_post() returns */
	int64_t owner, turn_id; /* of a draft */
};

static int post_chat(struct store *store, struct posting *p, struct problem *why)
{
	struct q_cause_chat cause;
	int64_t line;
	int found = q_cause_chat(p->arena, store, strtoll(p->turn.cause_id, NULL, 10), &cause, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_NOT_FOUND);
	TRY(q_chat_answer(store, cause.conversation, p->content, p->turn.id, clock_now(), &line,
			  why));
	p->answer_id = arena_printf(p->arena, "%" PRId64, line);
	return 0;
}

static int post_response(struct store *store, struct posting *p, struct problem *why)
{
	const struct interaction_response response = {p->content, p->turn.id};
	TRY(interaction_respond(p->arena, store, p->turn.twin_id,
				strtoll(p->turn.cause_id, NULL, 10), &response, why));
	p->answer_id = p->turn.cause_id;
	return 0;
}

/* The twin goes on: it addresses the twin that has answered. */
static int post_next(struct store *store, struct posting *p, struct problem *why)
{
	struct q_cause_interaction cause;
	int64_t id = strtoll(p->turn.cause_id, NULL, 10), next;
	int found = q_cause_interaction(p->arena, store, id, &cause, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_INTERACTION_NOT_FOUND);
	const struct interaction_new input = {.target_aeon_user_id = cause.target,
					      .interaction_type = cause.type,
					      .content = p->content,
					      .is_public = cause.is_public,
					      .parent_id = id,
					      .turn_id = p->turn.id};
	TRY(interaction_create(p->arena, store, p->turn.twin_id, &input, &next, why));
	p->answer_id = arena_printf(p->arena, "%" PRId64, next);
	return 0;
}

static int post_message(struct store *store, struct posting *p, struct problem *why)
{
	struct message_posted posted;
	const struct message_new input = {.content = p->content,
					  .message_type = "text",
					  .reply_to = p->turn.cause_id,
					  .turn_id = p->turn.id};
	TRY(message_post(p->arena, store, p->turn.twin_id, p->turn.room_id, &input, &posted, why));
	p->answer_id = arena_strdup(p->arena, posted.id);
	return 0;
}

static const struct {
	int (*read)(struct arena *arena, struct store *store, struct answer *answer,
		    struct problem *why);
	int (*post)(struct store *store, struct posting *p, struct problem *why);
} ways[TURN_CAUSE__COUNT] = {
	[CAUSE_CHAT] = {read_chat, post_chat},
	[CAUSE_INTERACTION] = {read_interaction, post_response},
	[CAUSE_RESPONSE] = {read_interaction, post_next},
	[CAUSE_MESSAGE] = {read_message, post_message},
};

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
	answer->audience.reader = answer->turn.asker_id;
	return sources_find(arena, store, &answer->audience, leaving, answer->question,
			    answer->vector, used, ANSWER_SOURCES, &answer->sources,
			    &answer->source_count, why);
}

int answer_find_sources(struct arena *arena, struct store *store, enum leaving leaving,
			struct answer *answer, struct problem *why)
{
	struct source_ids used;
	TRY(find_used(arena, store, &answer->turn, &used, why));
	return find_sources(arena, store, leaving, answer, &used, why);
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

/*
 * Chooses the twin of the room with the best sources; of equal ones the first. The turn's twin
 * stays 0 when none may answer; `end` then has the reason of the last.
 */
static int choose_twin(struct arena *arena, struct store *store, struct answer *answer,
		       const struct source_ids *used, struct turn_end *end_r, int64_t *not_before_r,
		       struct problem *why)
{
	struct buf *twins = buf_in(arena);
	struct answer best = *answer;
	double best_score = -1;
	TRY(q_room_twins_to_answer(store, answer->turn.room_id, answer->turn.asker_id,
				   answer->turn.id, ANSWER_TWINS, collect_id, twins, why));
	const int64_t *ids = (const int64_t *)(const void *)twins->data;
	for (size_t i = 0; i < twins->len / sizeof(*ids); i++) {
		int64_t not_before;
		struct turn_end refused;
		answer->turn.twin_id = ids[i];
		int may = may_answer(arena, store, &answer->turn, &refused, &not_before, why);
		TRY(may);
		if (!may) {
			*end_r = refused;
			continue;
		}
		TRY(find_sources(arena, store, LEAVE_NEVER, answer, used, why));
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
	struct answer answer = {.turn = *turn};
	int there = ways[turn->cause].read(arena, store, &answer, why);
	if (there <= 0)
		return there;
	*question_r = answer.question;
	TRY(text_leaving(store, turn->twin_id, turn_cause_source(turn->cause), turn->cause_id,
			 leaving_r, why));
	return 1;
}

int answer_prepare(struct arena *arena, struct store *store, const struct turn *turn,
		   const struct query_vector *vector, struct answer *answer_r, struct problem *why)
{
	struct source_ids used;
	struct turn_end end = {.state = "refused", .reason = "not_in_room"};
	int64_t not_before = 0;
	*answer_r = (struct answer){.turn = *turn, .vector = vector};
	int there = ways[turn->cause].read(arena, store, answer_r, why);
	if (there <= 0)
		return there < 0 ? -1 : give_up(arena, store, turn, &cause_gone, why);
	TRY(find_used(arena, store, turn, &used, why));
	if (turn->twin_id) {
		int may = may_answer(arena, store, turn, &end, &not_before, why);
		if (may <= 0)
			return may < 0 ? -1 : give_up(arena, store, turn, &end, why);
		TRY(find_sources(arena, store, LEAVE_NEVER, answer_r, &used, why));
	} else {
		TRY(choose_twin(arena, store, answer_r, &used, &end, &not_before, why));
	}
	if (!answer_r->turn.twin_id)
		return give_up(arena, store, turn, &end, why);
	if (not_before > clock_now()) {
		TRY(turn_postpone(store, &answer_r->turn, not_before, why));
		return 0;
	}
	return 1;
}

int answer_recall(struct arena *arena, struct store *store, struct answer *answer,
		  struct problem *why)
{
	struct reply reply;
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

/* --- posting ---------------------------------------------------------------------------------- */

/* The recall engine draws on what it cites, a model perhaps on all that it has read. */
static bool is_drawn_on(const struct answer *answer, size_t source)
{
	return answer->cited[source] || answer->thread_count > 0;
}

/* A text that was edited, deleted or hidden meanwhile must not be drawn on. */
static int sources_hold(struct arena *arena, struct store *store, const struct answer *answer,
			struct problem *why)
{
	for (size_t i = 0; i < answer->source_count; i++) {
		int holds = 1;
		if (is_drawn_on(answer, i))
			holds = source_holds(store, &answer->audience, &answer->sources[i], why);
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

/* Posts, or keeps the draft, and ends the turn. */
static int post_and_end(struct store *store, struct posting *p, bool draft, struct problem *why)
{
	const struct answer *answer = p->answer;
	struct turn_end end = {.state = draft ? "draft" : "posted",
			       .content = p->content,
			       .approved = p->approved};
	if (answer) {
		end.engine = answer->engine, end.model = answer->model;
		end.prompt_tokens = answer->prompt_tokens, end.reply_tokens = answer->reply_tokens;
		TRY(note_sources(store, answer, why));
	}
	if (!draft)
		TRY(ways[p->turn.cause].post(store, p, why));
	end.answer_id = p->answer_id;
	return turn_end(p->arena, store, &p->turn, &end, why);
}

static int post(struct store *store, void *context, struct problem *why)
{
	struct posting *p = context;
	struct turn_permission permission;
	p->outcome = 0;
	int mine = turn_is_mine(store, &p->turn, why);
	if (mine <= 0)
		return mine;
	TRY(turn_check(p->arena, store, &p->turn, &permission, why));
	const struct turn_end refused = {
		.state = "refused", .reason = permission.reason, .until = permission.until};
	if (permission.reason)
		return turn_end(p->arena, store, &p->turn, &refused, why);
	if (permission.not_before > clock_now())
		return turn_postpone(store, &p->turn, permission.not_before, why);
	int hold = sources_hold(p->arena, store, p->answer, why);
	if (hold <= 0) /* make another answer of what is left */
		return hold < 0 ? -1 : turn_postpone(store, &p->turn, clock_now(), why);
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
			    .turn = answer->turn,
			    .content = arena_strndup(arena, answer->text, bytes)};
	if (store_write_unsynced(store, post, &p, why) == 0)
		return p.outcome;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		if (refusals[i].code != why->code)
			continue;
		*why = (struct problem){0};
		return give_up(arena, store, &answer->turn, &refusals[i].end, why);
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

/* --- drafts ----------------------------------------------------------------------------------- */

static int find_draft(struct store *store, struct posting *p, struct problem *why)
{
	struct q_turn_of_owner row;
	int found = q_turn_of_owner(p->arena, store, p->owner, p->turn_id, &row, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_NOT_FOUND);
	if (strcmp(row.state, "draft") != 0)
		return problem_set(why, PROBLEM_TURN_ENDED);
	p->turn = (struct turn){.id = row.id,
				.twin_id = row.twin,
				.asker_id = row.asker,
				.cause = turn_cause_named(row.cause_kind),
				.cause_id = row.cause,
				.root_kind = row.root_kind,
				.root_id = row.root,
				.room_id = row.room,
				.created_at = row.created_at};
	if (!p->content)
		p->content = row.content;
	return 0;
}

static int approve(struct store *store, void *context, struct problem *why)
{
	struct posting p = *(const struct posting *)context;
	TRY(find_draft(store, &p, why));
	return post_and_end(store, &p, false, why);
}

static int reject(struct store *store, void *context, struct problem *why)
{
	struct posting p = *(const struct posting *)context;
	const struct turn_end end = {.state = "rejected", .reason = "rejected"};
	TRY(find_draft(store, &p, why));
	return turn_end(p.arena, store, &p.turn, &end, why);
}

int draft_approve(struct arena *arena, struct store *store, int64_t owner, int64_t turn_id,
		  const char *content, struct problem *why)
{
	struct posting p = {.arena = arena,
			    .owner = owner,
			    .turn_id = turn_id,
			    .content = content,
			    .approved = true};
	TRY(store_write(store, approve, &p, why));
	return 0;
}

int draft_reject(struct arena *arena, struct store *store, int64_t owner, int64_t turn_id,
		 struct problem *why)
{
	struct posting p = {.arena = arena, .owner = owner, .turn_id = turn_id};
	TRY(store_write(store, reject, &p, why));
	return 0;
}
