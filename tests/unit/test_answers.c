/* realm/answers: how a turn becomes an answer, and where it is posted. */
#include <stdio.h>

#include "base/clock.h"
#include "realm/answers.h"
#include "realm/drafts.h"
#include "realm/changes.h"
#include "realm/indexing.h"
#include "realm/interactions.h"
#include "realm/knowledge.h"
#include "realm/memories.h"
#include "realm/messages.h"
#include "realm/relationships.h"
#include "realm/recall.h"
#include "realm/posting.h"
#include "realm/rooms.h"
#include "store/queries.h"
#include "tests/unit/twins.h"

static int64_t know(struct fixture *f, int64_t creator, const char *text)
{
	int64_t id;
	int done;
	const struct knowledge_new note = {
		.content = text, .knowledge_type = "note", .visibility = "public"};
	MUST(knowledge_create(f->arena, f->store, creator, &note, &id, &why));
	do
		MUST(done = index_text(f->store, &why));
	while (done > 0);
	return id;
}

/* Prepares the answer of the next turn, and lets the engine make it. */
static struct answer make(struct fixture *f)
{
	struct answer answer = {0};
	struct turn turn = claim(f);
	struct problem why = {0};
	assert_int_equal(
		answer_prepare(f->arena, f->store, &turn, NULL, LEAVE_NEVER, &answer, &why), 1);
	assert_int_equal(answer_recall(f->arena, f->store, &answer, &why), 1);
	return answer;
}

static int post(struct fixture *f, const struct answer *answer)
{
	int posted = 0;
	MUST(posted = answer_post(f->arena, f->store, answer, &why));
	return posted;
}

/* Runs the next turn. Returns whether something was posted or drafted. */
static int run_turn(struct fixture *f)
{
	struct turn turn = claim(f);
	struct answer answer;
	int ready = 0;
	if (!turn.id)
		return 0;
	MUST(ready = answer_prepare(f->arena, f->store, &turn, NULL, LEAVE_NEVER, &answer, &why));
	if (ready)
		MUST(ready = answer_recall(f->arena, f->store, &answer, &why));
	return ready ? post(f, &answer) : 0;
}

static const char *shown(struct fixture *f, int64_t interaction)
{
	MUST(interaction_show(f->store, f->ada, interaction, &f->out, &why));
	return take_output(f);
}

static const char *history(struct fixture *f, const char *room)
{
	struct page page = {.limit = 50};
	const struct message_filter filter = {.after = 0, .before = 1000};
	MUST(messages_list(f->store, f->ada, room, &filter, &page, &f->out, &why));
	return take_output(f);
}

static void an_interaction_is_answered_by_the_twin_from_what_it_may_say(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ben, "on");
	know(f, f->ben, "Kassel lies on the Fulda.");
	int64_t id = ask(f, f->ada, f->ben, "Where is Kassel?");
	assert_int_equal(run_turn(f), 1);
	assert_non_null(strstr(shown(f, id), "Kassel lies on the Fulda."));
	assert_non_null(strstr(shown(f, id), "\"responded_by\":\"twin\""));
	assert_string_equal(turns(f), "2:posted:1");
	int64_t other = ask(f, f->ada, f->ben, "Who won?");
	assert_int_equal(run_turn(f), 1);
	assert_non_null(strstr(shown(f, other), RECALL_NOTHING));
	assert_int_equal(run_turn(f), 0);
}

static void the_owner_who_answers_while_the_twin_thinks_is_the_one_who_answered(void **state)
{
	struct fixture *f = *state;
	const struct interaction_response own = {.response_content = "I say it."};
	set_twin(f, f->ben, "on");
	int64_t id = ask(f, f->ada, f->ben, "Where is Kassel?");
	struct answer answer = make(f);
	MUST(interaction_respond(f->arena, f->store, f->ben, id, &own, &why));
	assert_int_equal(post(f, &answer), 0);
	assert_non_null(strstr(shown(f, id), "I say it."));
	assert_string_equal(turns(f), "2:overtaken/owner_answered:1");
}

static void a_right_that_ends_while_the_twin_thinks_ends_the_turn(void **state)
{
	struct fixture *f = *state;
	const struct relationship_new block = {.related_user_id = f->ada,
					       .relationship_type = "blocked"};
	set_twin(f, f->ben, "on");
	ask(f, f->ada, f->ben, "Where is Kassel?");
	struct answer answer = make(f);
	MUST(relationship_put(f->arena, f->store, f->ben, &block, &why));
	assert_int_equal(post(f, &answer), 0);
	assert_string_equal(turns(f), "2:refused/blocked:1");
}

static void a_source_that_goes_while_the_twin_thinks_is_not_quoted(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ben, "on");
	int64_t note = know(f, f->ben, "Kassel lies on the Fulda.");
	int64_t id = ask(f, f->ada, f->ben, "Where is Kassel?");
	struct answer answer = make(f);
	MUST(knowledge_delete(f->arena, f->store, f->ben, note, &why));
	assert_int_equal(post(f, &answer), 0);
	assert_string_equal(turns(f), "2:queued:1");
	assert_int_equal(run_turn(f), 1);
	assert_non_null(strstr(shown(f, id), RECALL_NOTHING));
}

static void twins_go_on_while_they_have_something_new(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ada, "on"), set_twin(f, f->ben, "on");
	know(f, f->ben, "Kassel lies on the Fulda.");
	know(f, f->ada, "A barge lies on the Fulda.");
	ask(f, f->ada, f->ben, "Where is Kassel?");
	while (run_turn(f) || claim(f).id)
		;
	/* The answer, the other twin's word about the river, and a last turn without anything new.
	 */
	assert_string_equal(turns(f), "2:posted:1 1:posted:2 2:refused/nothing_new:3");
}

static void the_twin_with_the_best_sources_answers_the_room_and_the_other_goes_on(void **state)
{
	struct fixture *f = *state;
	const char *room = aeon_room(f, f->ada);
	set_twin(f, f->ben, "on"), bring_twin(f, f->ben, room);
	set_twin(f, f->cleo, "on"), bring_twin(f, f->cleo, room);
	know(f, f->cleo, "Kassel lies on the Fulda.");
	say(f, f->ada, room, "Where is Kassel?", 0);
	assert_int_equal(run_turn(f), 1);
	assert_non_null(strstr(history(f, room), "cleo said: “Kassel lies on the Fulda.”"));
	assert_non_null(strstr(history(f, room), "\"is_aeon_message\":true"));
	assert_int_equal(run_turn(f), 0);
	assert_string_equal(turns(f), "3:posted:1 2:refused/nothing_new:2");
}

static void the_twin_is_chosen_by_what_it_alone_may_draw_on(void **state)
{
	struct fixture *f = *state;
	const char *room = aeon_room(f, f->ada);
	set_twin(f, f->ben, "on"), bring_twin(f, f->ben, room);
	set_twin(f, f->cleo, "on"), bring_twin(f, f->cleo, room);
	set_twin(f, f->dora, "on"), bring_twin(f, f->dora, room);
	const struct memory_new memory = {.content = "Kassel: Kassel lies on the Fulda.",
					  .memory_type = "note",
					  .importance = 10,
					  .visibility = "public"};
	int64_t id;
	bool is_new;
	MUST(memory_add(f->store, f->cleo, &memory, &id, &is_new, &why));
	know(f, f->dora, "A path leads to Kassel.");
	say(f, f->ada, room, "Where is Kassel?", 0);
	assert_int_equal(run_turn(f), 1);
	assert_memory_equal(turns(f), "3:posted:1", 10);
}

static void twins_whose_owners_see_the_same_answer_from_the_same_sources(void **state)
{
	struct fixture *f = *state;
	const char *room = aeon_room(f, f->ada);
	set_twin(f, f->ben, "on"), bring_twin(f, f->ben, room);
	set_twin(f, f->cleo, "on"), bring_twin(f, f->cleo, room);
	know(f, f->dora, "Kassel lies on the Fulda.");
	know(f, f->cleo, "Kassel has a river.");
	const struct relationship_new block = {.related_user_id = f->cleo,
					       .relationship_type = "blocked"};
	MUST(relationship_put(f->arena, f->store, f->dora, &block, &why));
	say(f, f->ada, room, "Where does Kassel lie on the Fulda?", 0);
	assert_int_equal(run_turn(f), 1);
	/* cleo's twin has words of its owner, but none of dora. */
	assert_memory_equal(turns(f), "3:posted:1", 10);
	assert_null(strstr(history(f, room), "dora said"));
}

static void a_room_in_which_no_twin_may_answer_gets_no_answer(void **state)
{
	struct fixture *f = *state;
	const char *room = aeon_room(f, f->ada);
	set_twin(f, f->ben, "on"), bring_twin(f, f->ben, room);
	change_twin(f, f->ben, "answers_to = 'nobody'");
	say(f, f->ada, room, "Where is Kassel?", 0);
	assert_int_equal(run_turn(f), 0);
	assert_string_equal(turns(f), "0:refused/answers_to:1");
}

/* Ada asks in a room, and the twin of Ben will answer. */
static struct message_posted post_question(struct fixture *f)
{
	const char *room = aeon_room(f, f->ada);
	struct message_posted posted;
	const struct message_new input = {.content = "@ben?", .message_type = "text"};
	set_twin(f, f->ben, "on"), bring_twin(f, f->ben, room);
	MUST(message_post(f->arena, f->store, f->ada, room, &input, &posted, &why));
	return posted;
}

static void a_message_that_is_deleted_before_the_answer_gets_none(void **state)
{
	struct fixture *f = *state;
	struct message_posted posted = post_question(f);
	change_message(f, f->ada, posted.room_id, posted.id, NULL);
	assert_int_equal(run_turn(f), 0);
	assert_string_equal(turns(f), "2:refused/cause_gone:1");
}

static void no_twin_answers_in_a_room_closed_or_deleted_meanwhile(void **state)
{
	static const char *const columns[] = {"closed_at", "deleted_at"};
	for (int i = 0; i < 2; i++) {
		fixture_teardown(state);
		fixture_setup(state);
		struct fixture *f = *state;
		struct message_posted posted = post_question(f);
		run_sql(f, "UPDATE chat_rooms SET %s = 1 WHERE id = '%s'", columns[i],
			posted.room_id);
		assert_int_equal(run_turn(f), 0);
		assert_string_equal(turns(f), "2:refused/cause_gone:1");
	}
}

/* --- drafts ----------------------------------------------------------------------------------- */

static int64_t drafted(struct fixture *f)
{
	set_twin(f, f->ben, "draft");
	int64_t id = ask(f, f->ada, f->ben, "Where is Kassel?");
	assert_int_equal(run_turn(f), 1);
	assert_string_equal(turns(f), "2:draft:1");
	assert_null(strstr(shown(f, id), RECALL_NOTHING));
	return id;
}

static void a_draft_is_posted_as_its_owner_approves_it(void **state)
{
	struct fixture *f = *state;
	int64_t id = drafted(f);
	REFUSED(NOT_FOUND, draft_approve(f->arena, f->store, f->ada, 1, NULL, &why));
	MUST(draft_approve(f->arena, f->store, f->ben, 1, "In Hesse.", &why));
	assert_non_null(strstr(shown(f, id), "In Hesse."));
	REFUSED(TURN_ENDED, draft_approve(f->arena, f->store, f->ben, 1, NULL, &why));
	REFUSED(TURN_ENDED, draft_reject(f->arena, f->store, f->ben, 1, &why));
}

static void a_rejected_draft_is_posted_nowhere(void **state)
{
	struct fixture *f = *state;
	int64_t id = drafted(f);
	MUST(draft_reject(f->arena, f->store, f->ben, 1, &why));
	assert_string_equal(turns(f), "2:rejected/rejected:1");
	assert_null(strstr(shown(f, id), RECALL_NOTHING));
	REFUSED(TURN_ENDED, draft_approve(f->arena, f->store, f->ben, 1, NULL, &why));
}

static void an_owner_who_answers_overtakes_the_draft(void **state)
{
	struct fixture *f = *state;
	const struct interaction_response own = {.response_content = "I say it."};
	int64_t id = drafted(f);
	MUST(interaction_respond(f->arena, f->store, f->ben, id, &own, &why));
	assert_string_equal(turns(f), "2:overtaken/owner_answered:1");
	REFUSED(TURN_ENDED, draft_approve(f->arena, f->store, f->ben, 1, NULL, &why));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_REALM(an_interaction_is_answered_by_the_twin_from_what_it_may_say),
		IN_REALM(the_owner_who_answers_while_the_twin_thinks_is_the_one_who_answered),
		IN_REALM(a_right_that_ends_while_the_twin_thinks_ends_the_turn),
		IN_REALM(a_source_that_goes_while_the_twin_thinks_is_not_quoted),
		IN_REALM(twins_go_on_while_they_have_something_new),
		IN_REALM(the_twin_with_the_best_sources_answers_the_room_and_the_other_goes_on),
		IN_REALM(the_twin_is_chosen_by_what_it_alone_may_draw_on),
		IN_REALM(twins_whose_owners_see_the_same_answer_from_the_same_sources),
		IN_REALM(a_room_in_which_no_twin_may_answer_gets_no_answer),
		IN_REALM(a_message_that_is_deleted_before_the_answer_gets_none),
		IN_REALM(no_twin_answers_in_a_room_closed_or_deleted_meanwhile),
		IN_REALM(a_draft_is_posted_as_its_owner_approves_it),
		IN_REALM(a_rejected_draft_is_posted_nowhere),
		IN_REALM(an_owner_who_answers_overtakes_the_draft),
	};
	return cmocka_run_group_tests_name("answers", tests, NULL, NULL);
}
