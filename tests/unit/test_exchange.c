/* realm/exchange: a twin that has too little asks another one. */
#include "base/clock.h"
#include "realm/answers.h"
#include "realm/drafts.h"
#include "realm/exchange.h"
#include "realm/forget.h"
#include "realm/indexing.h"
#include "realm/interactions.h"
#include "realm/knowledge.h"
#include "realm/memories.h"
#include "realm/posting.h"
#include "realm/recall.h"
#include "realm/relationships.h"
#include "store/queries.h"
#include "tests/unit/twins.h"

#define QUESTION "Where is the ferry landing?"
#define FACT "The ferry landing is behind the mill."

static int64_t now;
int64_t __wrap_clock_now(void);
int64_t __wrap_clock_now(void)
{
	return now += 1000;
}

static void index_all(struct fixture *f)
{
	int done;
	do
		MUST(done = index_text(f->store, &why));
	while (done > 0);
}

static int64_t remember(struct fixture *f, int64_t owner, const char *text, const char *visibility)
{
	int64_t id;
	bool fresh;
	const struct memory_new memory = {
		.content = text, .memory_type = "fact", .importance = 5, .visibility = visibility};
	MUST(memory_add(f->store, owner, &memory, &id, &fresh, &why));
	index_all(f);
	return id;
}

static void know(struct fixture *f, int64_t creator, const char *text)
{
	int64_t id;
	const struct knowledge_new note = {
		.content = text, .knowledge_type = "note", .visibility = "public"};
	MUST(knowledge_create(f->arena, f->store, creator, &note, &id, &why));
	index_all(f);
}

static void relate(struct fixture *f, int64_t from, int64_t to, const char *type)
{
	const struct relationship_new bond = {
		.related_user_id = to, .relationship_type = type, .strength = 1};
	MUST(relationship_put(f->arena, f->store, from, &bond, &why));
}

static int64_t ask_twin(struct fixture *f, int64_t from, int64_t to, bool is_public)
{
	int64_t id;
	const struct interaction_new input = {.target_aeon_user_id = to,
					      .interaction_type = "question",
					      .content = QUESTION,
					      .is_public = is_public};
	MUST(interaction_create(f->arena, f->store, from, &input, &id, &why));
	return id;
}

/* Runs the next turn that is due. Returns whether there was one. */
static bool run_turn(struct fixture *f)
{
	struct answer answer;
	int ready = 0;
	struct turn turn = claim(f);
	if (!turn.id)
		return false;
	MUST(ready = answer_prepare(f->arena, f->store, &turn, NULL, LEAVE_NEVER, &answer, &why));
	if (ready)
		MUST(ready = answer_recall(f->arena, f->store, &answer, &why));
	if (ready)
		MUST(answer_post(f->arena, f->store, &answer, &why));
	return true;
}

static const char *answer_to(struct fixture *f, int64_t viewer, int64_t interaction)
{
	while (run_turn(f))
		;
	MUST(interaction_show(f->store, viewer, interaction, &f->out, &why));
	return take_output(f);
}

/* Ada asks ben's twin, which knows nothing. Cleo knows it, and ben is her friend. */
static void set_up(struct fixture *f)
{
	now = 1700000000000000;
	set_twin(f, f->ben, "on"), set_twin(f, f->cleo, "on");
	change_twin(f, f->ben, "asks_others = 'always'");
	run_sql(f, "UPDATE users SET privacy_relationships = 'everyone'");
	relate(f, f->ben, f->cleo, "friend");
	run_sql(f, "DELETE FROM twin_turns");
}

#define ASKED "3:posted:2"

static void a_twin_asks_and_quotes_the_author_with_a_cite(void **state)
{
	struct fixture *f = *state;
	set_up(f);
	int64_t memory = remember(f, f->cleo, FACT, "public");
	const char *shown = answer_to(f, f->ada, ask_twin(f, f->ada, f->ben, false));
	assert_non_null(strstr(shown, "cleo said: “" FACT "”"));
	assert_non_null(strstr(
		shown, arena_printf(f->arena, "{\"kind\":\"memory\",\"id\":\"%d\"}", (int)memory)));
	assert_non_null(strstr(turns(f), "2:posted:1 " ASKED));
}

static void only_an_owner_who_wants_it_has_a_twin_that_asks(void **state)
{
	struct fixture *f = *state;
	set_up(f);
	remember(f, f->cleo, FACT, "public");
	change_twin(f, f->ben, "asks_others = 'never'");
	assert_non_null(
		strstr(answer_to(f, f->ada, ask_twin(f, f->ada, f->ben, true)), RECALL_NOTHING));
	change_twin(f, f->ben, "asks_others = 'public'");
	assert_non_null(
		strstr(answer_to(f, f->ada, ask_twin(f, f->ada, f->ben, false)), RECALL_NOTHING));
	assert_non_null(strstr(answer_to(f, f->ada, ask_twin(f, f->ada, f->ben, true)), FACT));
}

/* How many questions of a message in the room twins ask each other. */
static int64_t asked_in_room(struct fixture *f, const char *room)
{
	run_sql(f, "DELETE FROM twin_turns");
	say(f, f->ada, room, QUESTION, 0);
	while (run_turn(f))
		;
	return number_of(f, "SELECT count(*) FROM twin_turns WHERE cause_kind = 'exchange'");
}

static void a_twin_that_asks_only_in_public_asks_nothing_for_a_private_room(void **state)
{
	struct fixture *f = *state;
	set_up(f);
	remember(f, f->cleo, FACT, "public");
	change_twin(f, f->ben, "asks_others = 'public'");
	const char *room = aeon_room(f, f->ada);
	bring_twin(f, f->ben, room);
	run_sql(f, "UPDATE chat_rooms SET is_public = 0");
	assert_int_equal(asked_in_room(f, room), 0);
	run_sql(f, "UPDATE chat_rooms SET is_public = 1");
	assert_int_equal(asked_in_room(f, room), 1);
}

static void answers_to_limits_what_a_twin_tells(void **state)
{
	struct fixture *f = *state;
	set_up(f);
	relate(f, f->cleo, f->ben, "friend");
	remember(f, f->cleo, FACT, "public");
	static const char *const settings[] = {"answers_to = 'nobody'", "answers_to = 'friends'"};
	for (int i = 0; i < 2; i++) {
		change_twin(f, f->cleo, settings[i]);
		assert_non_null(strstr(answer_to(f, f->ada, ask_twin(f, f->ada, f->ben, false)),
				       RECALL_NOTHING));
	}
	relate(f, f->cleo, f->ada, "friend");
	assert_non_null(strstr(answer_to(f, f->ada, ask_twin(f, f->ada, f->ben, false)), FACT));
}

static void a_twin_that_knows_enough_asks_nobody(void **state)
{
	struct fixture *f = *state;
	set_up(f);
	remember(f, f->cleo, FACT, "public");
	remember(f, f->ben, "The landing of the ferry is near the inn.", "public");
	const char *shown = answer_to(f, f->ada, ask_twin(f, f->ada, f->ben, true));
	assert_non_null(strstr(shown, "near the inn"));
	assert_null(strstr(shown, FACT));
}

static void a_memory_for_friends_is_told_only_when_all_readers_are_friends(void **state)
{
	struct fixture *f = *state;
	set_up(f);
	remember(f, f->cleo, FACT, "friends");
	relate(f, f->cleo, f->ben, "friend");
	assert_non_null(
		strstr(answer_to(f, f->ada, ask_twin(f, f->ada, f->ben, false)), RECALL_NOTHING));
	relate(f, f->cleo, f->ada, "friend");
	assert_non_null(
		strstr(answer_to(f, f->ada, ask_twin(f, f->ada, f->ben, true)), RECALL_NOTHING));
	assert_non_null(strstr(answer_to(f, f->ada, ask_twin(f, f->ada, f->ben, false)), FACT));
	assert_int_equal(number_of(f, "SELECT count(*) FROM twin_turns WHERE cause_kind = "
				      "'exchange'"),
			 1);
}

static void a_private_memory_is_never_told(void **state)
{
	struct fixture *f = *state;
	set_up(f);
	remember(f, f->cleo, FACT, "private");
	relate(f, f->cleo, f->ben, "friend"), relate(f, f->cleo, f->ada, "friend");
	assert_non_null(
		strstr(answer_to(f, f->ada, ask_twin(f, f->ada, f->ben, false)), RECALL_NOTHING));
	assert_int_equal(
		number_of(f, "SELECT count(*) FROM twin_turns WHERE twin_id = %d", (int)f->cleo),
		0);
}

/* What each of them stands for: nothing is told. */
static void the_other_owner_decides_as_for_every_question(void **state)
{
	struct fixture *f = *state;
	static const char *const settings[] = {"answers_to = 'nobody'", "autopilot = 'off'",
					       "autopilot = 'draft'", "max_replies_per_day = 0",
					       "answers_to = 'friends'"};
	set_up(f);
	remember(f, f->cleo, FACT, "public");
	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
		change_twin(f, f->cleo, settings[i]);
		assert_non_null(strstr(answer_to(f, f->ada, ask_twin(f, f->ada, f->ben, true)),
				       RECALL_NOTHING));
		change_twin(f, f->cleo,
			    "autopilot = 'on', answers_to = 'everyone', "
			    "max_replies_per_day = 100");
	}
	assert_non_null(strstr(answer_to(f, f->ada, ask_twin(f, f->ada, f->ben, true)), FACT));
}

static void nothing_is_told_to_a_reader_with_a_block(void **state)
{
	struct fixture *f = *state;
	set_up(f);
	remember(f, f->cleo, FACT, "public");
	relate(f, f->ada, f->cleo, "blocked");
	assert_non_null(
		strstr(answer_to(f, f->ada, ask_twin(f, f->ada, f->ben, false)), RECALL_NOTHING));
}

static void
who_has_shared_knowledge_on_it_is_asked_without_being_a_friend_of_the_owner(void **state)
{
	struct fixture *f = *state;
	set_up(f);
	run_sql(f, "DELETE FROM user_relationships");
	remember(f, f->cleo, "The new ferry landing for bicycles is behind the mill.", "friends");
	relate(f, f->cleo, f->ada, "friend"), relate(f, f->cleo, f->ben, "friend");
	assert_non_null(
		strstr(answer_to(f, f->ada, ask_twin(f, f->ada, f->ben, false)), RECALL_NOTHING));
	/* This has one word of the question, which is too little for an answer. */
	know(f, f->cleo, "I draw maps of the ferry and of much else.");
	int64_t id;
	const struct interaction_new input = {
		.target_aeon_user_id = f->ben,
		.interaction_type = "question",
		.content = "Where is the new ferry landing for bicycles?"};
	MUST(interaction_create(f->arena, f->store, f->ada, &input, &id, &why));
	assert_non_null(strstr(answer_to(f, f->ada, id), "behind the mill"));
}

static void a_friend_whom_the_readers_may_not_know_of_is_not_asked(void **state)
{
	struct fixture *f = *state;
	set_up(f);
	remember(f, f->cleo, FACT, "friends");
	relate(f, f->cleo, f->ada, "friend"), relate(f, f->cleo, f->ben, "friend");
	run_sql(f, "UPDATE users SET privacy_relationships = 'friends'");
	assert_non_null(
		strstr(answer_to(f, f->ada, ask_twin(f, f->ada, f->ben, false)), RECALL_NOTHING));
	relate(f, f->ben, f->ada, "friend");
	assert_non_null(
		strstr(answer_to(f, f->ada, ask_twin(f, f->ada, f->ben, true)), RECALL_NOTHING));
	assert_non_null(strstr(answer_to(f, f->ada, ask_twin(f, f->ada, f->ben, false)), FACT));
}

static void a_memory_for_everybody_is_found_without_a_friend(void **state)
{
	struct fixture *f = *state;
	set_up(f);
	run_sql(f, "DELETE FROM user_relationships");
	int64_t memory = remember(f, f->cleo, FACT, "friends");
	assert_non_null(
		strstr(answer_to(f, f->ada, ask_twin(f, f->ada, f->ben, true)), RECALL_NOTHING));
	run_sql(f, "UPDATE twin_memories SET visibility = 'public' WHERE id = %d", (int)memory);
	index_all(f);
	assert_non_null(strstr(answer_to(f, f->ada, ask_twin(f, f->ada, f->ben, true)), FACT));
	run_sql(f, "UPDATE twin_memories SET visibility = 'private' WHERE id = %d", (int)memory);
	index_all(f);
	assert_non_null(
		strstr(answer_to(f, f->ada, ask_twin(f, f->ada, f->ben, true)), RECALL_NOTHING));
	assert_int_equal(number_of(f, "SELECT count(*) FROM texts WHERE also_place IS NOT NULL"),
			 0);
}

static void a_twin_that_does_not_answer_is_not_waited_for(void **state)
{
	struct fixture *f = *state;
	set_up(f);
	remember(f, f->cleo, FACT, "public");
	int64_t id = ask_twin(f, f->ada, f->ben, true);
	assert_true(run_turn(f)); /* asks */
	struct turn other = claim(f);
	assert_int_equal(other.twin_id, f->cleo);
	assert_int_equal(claim(f).id, 0);
	now += EXCHANGE_WAIT_US;
	assert_non_null(strstr(answer_to(f, f->ada, id), RECALL_NOTHING));
	assert_string_equal(turns(f), "2:posted:1 3:refused/too_late:2");
}

static void what_was_told_is_looked_at_again_before_it_is_posted(void **state)
{
	struct fixture *f = *state;
	set_up(f);
	int64_t memory = remember(f, f->cleo, FACT, "public");
	int64_t id = ask_twin(f, f->ada, f->ben, true);
	struct answer answer;
	int ready = 0, posted = 1;
	assert_true(run_turn(f) && run_turn(f));
	struct turn turn = claim(f);
	MUST(ready = answer_prepare(f->arena, f->store, &turn, NULL, LEAVE_NEVER, &answer, &why));
	MUST(ready = answer_recall(f->arena, f->store, &answer, &why));
	assert_non_null(strstr(answer.text, FACT));
	run_sql(f, "UPDATE twin_memories SET visibility = 'private' WHERE id = %d", (int)memory);
	MUST(posted = answer_post(f->arena, f->store, &answer, &why));
	assert_int_equal(posted, 0);
	assert_non_null(strstr(answer_to(f, f->ada, id), RECALL_NOTHING));
}

static void an_answer_goes_with_what_was_told_for_it(void **state)
{
	struct fixture *f = *state;
	int forgotten;
	set_up(f);
	int64_t memory = remember(f, f->cleo, FACT, "public");
	int64_t id = ask_twin(f, f->ada, f->ben, true);
	assert_non_null(strstr(answer_to(f, f->ada, id), FACT));
	run_sql(f, "DELETE FROM twin_memories WHERE id = %d", (int)memory);
	do
		MUST(forgotten = forget_step(f->store, &why));
	while (forgotten > 0);
	assert_non_null(strstr(answer_to(f, f->ada, id), "\"response_content\":null"));
	assert_int_equal(number_of(f, "SELECT count(*) FROM twin_turns WHERE content IS NOT NULL"),
			 0);
}

/* --- proposals -------------------------------------------------------------------------------- */

static int64_t proposal(struct fixture *f)
{
	return number_of(f, "SELECT coalesce(max(id), 0) FROM twin_turns "
			    "WHERE cause_kind = 'knowledge' AND state = 'draft'");
}

/* Another twin has asked cleo's twin, which proposes what it has told. Returns the draft. */
static int64_t propose_fact(struct fixture *f)
{
	set_up(f);
	remember(f, f->cleo, FACT, "public");
	answer_to(f, f->ada, ask_twin(f, f->ada, f->ben, true));
	return proposal(f);
}

static void what_others_ask_for_is_proposed_once_to_its_author(void **state)
{
	struct fixture *f = *state;
	int64_t draft = propose_fact(f);
	assert_int_equal(number_of(f, "SELECT twin_id FROM twin_turns WHERE id = %d", (int)draft),
			 f->cleo);
	REFUSED(NOT_FOUND, draft_approve(f->arena, f->store, f->ben, draft, NULL, &why));
	MUST(draft_reject(f->arena, f->store, f->cleo, draft, &why));
	answer_to(f, f->ada, ask_twin(f, f->ada, f->ben, true));
	assert_int_equal(proposal(f), 0);
}

static void an_approved_proposal_is_knowledge_of_its_author(void **state)
{
	struct fixture *f = *state;
	int64_t draft = propose_fact(f);
	MUST(draft_approve(f->arena, f->store, f->cleo, draft, NULL, &why));
	assert_int_equal(number_of(f, "SELECT creator_id FROM shared_knowledge "
				      "WHERE content = '" FACT "' AND visibility = 'public'"),
			 f->cleo);
	index_all(f);
	run_sql(f, "DELETE FROM twin_memories");
	/* Every twin knows it now, and asks nobody. */
	change_twin(f, f->ben, "asks_others = 'never'");
	assert_non_null(strstr(answer_to(f, f->ada, ask_twin(f, f->ada, f->ben, true)),
			       "cleo said: “" FACT "”"));
	run_sql(f, "DELETE FROM shared_knowledge");
	assert_int_equal(number_of(f, "SELECT count(*) FROM twin_turns WHERE cause_kind = "
				      "'knowledge' AND answer_id IS NOT NULL"),
			 0);
}

static void a_memory_for_friends_becomes_knowledge_for_friends(void **state)
{
	struct fixture *f = *state;
	set_up(f);
	remember(f, f->cleo, FACT, "friends");
	relate(f, f->cleo, f->ada, "friend"), relate(f, f->cleo, f->ben, "friend");
	answer_to(f, f->ada, ask_twin(f, f->ada, f->ben, false));
	MUST(draft_approve(f->arena, f->store, f->cleo, proposal(f), "Behind the mill.", &why));
	assert_int_equal(number_of(f, "SELECT count(*) FROM shared_knowledge WHERE content = "
				      "'Behind the mill.' AND visibility = 'friends'"),
			 1);
}

static void a_memory_made_private_is_not_shared_by_its_proposal(void **state)
{
	struct fixture *f = *state;
	int64_t draft = propose_fact(f);
	run_sql(f, "UPDATE twin_memories SET visibility = 'private'");
	REFUSED(NOT_FOUND, draft_approve(f->arena, f->store, f->cleo, draft, NULL, &why));
	assert_int_equal(number_of(f, "SELECT count(*) FROM shared_knowledge"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_REALM(a_twin_asks_and_quotes_the_author_with_a_cite),
		IN_REALM(only_an_owner_who_wants_it_has_a_twin_that_asks),
		IN_REALM(a_twin_that_asks_only_in_public_asks_nothing_for_a_private_room),
		IN_REALM(answers_to_limits_what_a_twin_tells),
		IN_REALM(a_twin_that_knows_enough_asks_nobody),
		IN_REALM(a_memory_for_friends_is_told_only_when_all_readers_are_friends),
		IN_REALM(a_private_memory_is_never_told),
		IN_REALM(the_other_owner_decides_as_for_every_question),
		IN_REALM(nothing_is_told_to_a_reader_with_a_block),
		IN_REALM(
			who_has_shared_knowledge_on_it_is_asked_without_being_a_friend_of_the_owner),
		IN_REALM(a_friend_whom_the_readers_may_not_know_of_is_not_asked),
		IN_REALM(a_memory_for_everybody_is_found_without_a_friend),
		IN_REALM(a_twin_that_does_not_answer_is_not_waited_for),
		IN_REALM(what_was_told_is_looked_at_again_before_it_is_posted),
		IN_REALM(an_answer_goes_with_what_was_told_for_it),
		IN_REALM(what_others_ask_for_is_proposed_once_to_its_author),
		IN_REALM(an_approved_proposal_is_knowledge_of_its_author),
		IN_REALM(a_memory_for_friends_becomes_knowledge_for_friends),
		IN_REALM(a_memory_made_private_is_not_shared_by_its_proposal),
	};
	return cmocka_run_group_tests_name("exchange", tests, NULL, NULL);
}
