/* The causes of turns: see causes.h. */
#include "realm/causes.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "realm/interactions.h"
#include "realm/knowledge.h"
#include "realm/messages.h"
#include "realm/telling.h"
#include "realm/turns.h"
#include "store/queries.h"

/* --- what a turn asks: each gives 1, 0 when the cause is gone, or -1 -------------------------- */

static int read_chat(struct arena *arena, struct store *store, const struct turn *turn,
		     const char **question_r, struct audience *audience, struct problem *why)
{
	struct q_cause_chat cause;
	int found = q_cause_chat(arena, store, strtoll(turn->cause_id, NULL, 10), &cause, why);
	if (found <= 0)
		return found;
	*question_r = cause.content;
	audience->to = ANSWER_TO_OWNER;
	return 1;
}

static int read_interaction(struct arena *arena, struct store *store, const struct turn *turn,
			    const char **question_r, struct audience *audience, struct problem *why)
{
	struct q_cause_interaction cause;
	int64_t id = strtoll(turn->cause_id, NULL, 10);
	int found = q_cause_interaction(arena, store, id, &cause, why);
	if (found <= 0)
		return found;
	bool asked = turn->cause == CAUSE_INTERACTION;
	*question_r = asked ? cause.content : cause.response;
	audience->to = cause.is_public ? ANSWER_TO_ALL : ANSWER_TO_PAIR;
	audience->thread = id;
	return *question_r != NULL;
}

static int read_message(struct arena *arena, struct store *store, const struct turn *turn,
			const char **question_r, struct audience *audience, struct problem *why)
{
	struct q_cause_message cause;
	int found = q_cause_message(arena, store, turn->cause_id, &cause, why);
	if (found <= 0)
		return found;
	*question_r = cause.content;
	audience->to = ANSWER_TO_ROOM;
	audience->room_id = turn->room_id;
	return 1;
}

/* Another twin asks what it was asked, for its own readers. */
static int read_exchange(struct arena *arena, struct store *store, const struct turn *turn,
			 const char **question_r, struct audience *audience, struct problem *why)
{
	struct q_exchange_asking row;
	struct audience answer;
	int found = q_exchange_asking(arena, store, strtoll(turn->cause_id, NULL, 10), &row, why);
	if (found <= 0)
		return found;
	const struct turn asking = {.twin_id = row.twin,
				    .asker_id = row.asker,
				    .cause = turn_cause_named(row.cause_kind),
				    .cause_id = row.cause,
				    .room_id = row.room};
	int there = cause_read(arena, store, &asking, question_r, &answer, why);
	return there <= 0 ? there : telling_audience(store, &answer, turn->twin_id, audience, why);
}

/* A proposal is a draft from its beginning. */
static int read_nothing(struct arena *arena, struct store *store, const struct turn *turn,
			const char **question_r, struct audience *audience, struct problem *why)
{
	(void)arena, (void)store, (void)turn, (void)question_r, (void)audience, (void)why;
	return 0;
}

/* --- where the answer goes -------------------------------------------------------------------- */

static int post_chat(struct arena *arena, struct store *store, const struct turn *turn,
		     const char *content, const char **answer_id_r, struct problem *why)
{
	struct q_cause_chat cause;
	int64_t line;
	int found = q_cause_chat(arena, store, strtoll(turn->cause_id, NULL, 10), &cause, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_NOT_FOUND);
	TRY(q_chat_answer(store, cause.conversation, content, turn->id, clock_now(), &line, why));
	*answer_id_r = arena_printf(arena, "%" PRId64, line);
	return 0;
}

static int post_response(struct arena *arena, struct store *store, const struct turn *turn,
			 const char *content, const char **answer_id_r, struct problem *why)
{
	const struct interaction_response response = {content, turn->id};
	TRY(interaction_respond(arena, store, turn->twin_id, strtoll(turn->cause_id, NULL, 10),
				&response, why));
	*answer_id_r = turn->cause_id;
	return 0;
}

/* The twin goes on: it addresses the twin that has answered. */
static int post_next(struct arena *arena, struct store *store, const struct turn *turn,
		     const char *content, const char **answer_id_r, struct problem *why)
{
	struct q_cause_interaction cause;
	int64_t id = strtoll(turn->cause_id, NULL, 10), next;
	int found = q_cause_interaction(arena, store, id, &cause, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_INTERACTION_NOT_FOUND);
	const struct interaction_new input = {.target_aeon_user_id = cause.target,
					      .interaction_type = cause.type,
					      .content = content,
					      .is_public = cause.is_public,
					      .parent_id = id,
					      .turn_id = turn->id};
	TRY(interaction_create(arena, store, turn->twin_id, &input, &next, why));
	*answer_id_r = arena_printf(arena, "%" PRId64, next);
	return 0;
}

static int post_message(struct arena *arena, struct store *store, const struct turn *turn,
			const char *content, const char **answer_id_r, struct problem *why)
{
	struct message_posted posted;
	const struct message_new input = {.content = content,
					  .message_type = "text",
					  .reply_to = turn->cause_id,
					  .turn_id = turn->id};
	TRY(message_post(arena, store, turn->twin_id, turn->room_id, &input, &posted, why));
	*answer_id_r = arena_strdup(arena, posted.id);
	return 0;
}

/* The turn has what was told; the one that asks reads it there. What others ask for may be worth
 * sharing. */
static int post_told(struct arena *arena, struct store *store, const struct turn *turn,
		     const char *content, const char **answer_id_r, struct problem *why)
{
	(void)content, (void)answer_id_r;
	return turn_propose(arena, store, turn, why);
}

/* The owner shares it, with those who may know the memory. */
static int post_knowledge(struct arena *arena, struct store *store, const struct turn *turn,
			  const char *content, const char **answer_id_r, struct problem *why)
{
	struct q_memory_to_share memory;
	int64_t id;
	int found = q_memory_to_share(arena, store, turn->twin_id,
				      strtoll(turn->cause_id, NULL, 10), &memory, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_NOT_FOUND);
	const struct knowledge_new input = {
		.content = content,
		.knowledge_type = memory.type,
		.visibility = memory.visibility,
		.meta_data =
			arena_printf(arena, "{\"sources\":[{\"kind\":\"memory\",\"id\":\"%s\"}]}",
				     turn->cause_id)};
	TRY(knowledge_create(arena, store, turn->twin_id, &input, &id, why));
	*answer_id_r = arena_printf(arena, "%" PRId64, id);
	return 0;
}

static const struct {
	int (*read)(struct arena *arena, struct store *store, const struct turn *turn,
		    const char **question_r, struct audience *audience, struct problem *why);
	int (*answer)(struct arena *arena, struct store *store, const struct turn *turn,
		      const char *content, const char **answer_id_r, struct problem *why);
} ways[TURN_CAUSE__COUNT] = {
	[CAUSE_CHAT] = {read_chat, post_chat},
	[CAUSE_INTERACTION] = {read_interaction, post_response},
	[CAUSE_RESPONSE] = {read_interaction, post_next},
	[CAUSE_MESSAGE] = {read_message, post_message},
	[CAUSE_EXCHANGE] = {read_exchange, post_told},
	[CAUSE_KNOWLEDGE] = {read_nothing, post_knowledge},
};

int cause_read(struct arena *arena, struct store *store, const struct turn *turn,
	       const char **question_r, struct audience *audience_r, struct problem *why)
{
	*audience_r = (struct audience){.owner = turn->twin_id, .reader = turn->asker_id};
	return ways[turn->cause].read(arena, store, turn, question_r, audience_r, why);
}

int cause_answer(struct arena *arena, struct store *store, const struct turn *turn,
		 const char *content, const char **answer_id_r, struct problem *why)
{
	return ways[turn->cause].answer(arena, store, turn, content, answer_id_r, why);
}
