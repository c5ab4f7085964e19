/* Which cites of knowledge count, and when they stop: sql/migrations/0022_useful.sql. */
#include "realm/answers.h"
#include "realm/drafts.h"
#include "realm/forget.h"
#include "realm/indexing.h"
#include "realm/interactions.h"
#include "realm/knowledge.h"
#include "realm/knowledge_list.h"
#include "realm/posting.h"
#include "realm/votes.h"
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

static int64_t ask_about(struct fixture *f, int64_t from, int64_t to, bool is_public)
{
	int64_t id;
	const struct interaction_new input = {.target_aeon_user_id = to,
					      .interaction_type = "question",
					      .content = "Where is Kassel?",
					      .is_public = is_public};
	MUST(interaction_create(f->arena, f->store, from, &input, &id, &why));
	return id;
}

/* Runs the turns that wait, as far as twins answer. */
static void run_turns(struct fixture *f)
{
	for (struct turn turn; (turn = claim(f)).id;) {
		struct answer answer;
		int ready = 0;
		MUST(ready = answer_prepare(f->arena, f->store, &turn, NULL, LEAVE_NEVER, &answer,
					    &why));
		if (ready)
			MUST(ready = answer_recall(f->arena, f->store, &answer, &why));
		if (ready)
			MUST(answer_post(f->arena, f->store, &answer, &why));
	}
}

static int64_t new_user(struct fixture *f, const char *name)
{
	int64_t id;
	MUST(q_user_insert(f->store, name, name, name, "none", NULL, NULL, "user", false, 1, &id,
			   &why));
	return id;
}

/* "TWINS/ASKERS, APPROVALS-REJECTIONS" of the knowledge. */
static const char *cites(struct fixture *f, int64_t id)
{
	int counts[4];
	static const char *const columns[] = {"citing_twins", "citing_askers", "approvals",
					      "rejections"};
	for (int i = 0; i < 4; i++)
		counts[i] = (int)number_of(f, "SELECT %s FROM shared_knowledge WHERE id = %d",
					   columns[i], (int)id);
	return arena_printf(f->arena, "%d/%d, %d-%d", counts[0], counts[1], counts[2], counts[3]);
}

static void only_public_answers_to_others_than_the_creator_count(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ben, "on"), set_twin(f, f->cleo, "on");
	int64_t note = know(f, f->cleo, "Kassel lies on the Fulda.");
	ask_about(f, f->ada, f->ben, false);
	ask_about(f, f->cleo, f->ben, true); /* the creator asks */
	ask_about(f, f->ada, f->cleo, true); /* the creator's twin answers */
	run_turns(f);
	assert_int_equal(number_of(f, "SELECT count(*) FROM twin_turns WHERE state = 'posted'"), 3);
	assert_string_equal(cites(f, note), "0/0, 0-0");
	ask_about(f, f->ada, f->ben, true);
	run_turns(f);
	assert_string_equal(cites(f, note), "1/1, 0-0");
}

static void nobody_counts_twice(void **state)
{
	struct fixture *f = *state;
	int64_t eve = new_user(f, "eve");
	set_twin(f, f->ben, "on"), set_twin(f, eve, "on");
	int64_t note = know(f, f->cleo, "Kassel lies on the Fulda.");
	for (int i = 0; i < 3; i++)
		ask_about(f, f->ada, f->ben, true), ask_about(f, f->ada, eve, true);
	run_turns(f);
	assert_string_equal(cites(f, note), "2/1, 0-0");
	assert_int_equal(number_of(f, "SELECT good FROM shared_knowledge WHERE id = %d", (int)note),
			 1);
}

static void a_cite_stops_counting_with_its_answer(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ben, "on");
	int64_t note = know(f, f->cleo, "Kassel lies on the Fulda.");
	int64_t one = ask_about(f, f->ada, f->ben, true),
		other = ask_about(f, f->ada, f->ben, true);
	run_turns(f);
	MUST(interaction_delete(f->store, f->ada, one, &why));
	assert_string_equal(cites(f, note), "1/1, 0-0");
	MUST(interaction_delete(f->store, f->ada, other, &why));
	assert_string_equal(cites(f, note), "0/0, 0-0");
	ask_about(f, f->ada, f->ben, true);
	run_turns(f);
	assert_string_equal(cites(f, note), "1/1, 0-0");
	run_sql(f, "DELETE FROM twin_turns");
	assert_string_equal(cites(f, note), "0/0, 0-0");
}

static void an_edited_text_is_not_cited_any_more(void **state)
{
	struct fixture *f = *state;
	const struct knowledge_change change = {.content = "Kassel lies elsewhere.", .given = 1};
	int forgotten;
	set_twin(f, f->ben, "on");
	int64_t note = know(f, f->cleo, "Kassel lies on the Fulda.");
	ask_about(f, f->ada, f->ben, true);
	run_turns(f);
	change_twin(f, f->ben, "autopilot = 'draft'");
	ask_about(f, f->ada, f->ben, true);
	run_turns(f);
	MUST(draft_reject(f->arena, f->store, f->ben,
			  number_of(f, "SELECT id FROM twin_turns WHERE state = 'draft'"), &why));
	assert_string_equal(cites(f, note), "1/1, 0-1");
	MUST(knowledge_update(f->arena, f->store, f->cleo, note, &change, &why));
	do
		MUST(forgotten = forget_step(f->store, &why));
	while (forgotten > 0);
	assert_string_equal(cites(f, note), "0/0, 0-0");
}

static int64_t drafted(struct fixture *f, bool is_public)
{
	ask_about(f, f->ada, f->ben, is_public);
	run_turns(f);
	return number_of(f, "SELECT id FROM twin_turns WHERE state = 'draft'");
}

static void what_owners_do_with_public_drafts_weighs_what_they_cite(void **state)
{
	struct fixture *f = *state;
	struct q_source_one before, after;
	set_twin(f, f->ben, "draft");
	int64_t note = know(f, f->cleo, "Kassel lies on the Fulda.");
	const char *id = arena_printf(f->arena, "%d", (int)note);
	MUST(draft_approve(f->arena, f->store, f->ben, drafted(f, true), "Elsewhere.", &why));
	assert_string_equal(cites(f, note), "1/1, 0-0");
	MUST(draft_approve(f->arena, f->store, f->ben, drafted(f, true), NULL, &why));
	assert_string_equal(cites(f, note), "1/1, 1-0");
	MUST(q_source_one(f->arena, f->store, "knowledge", id, &before, &why));
	assert_true(before.votes > 0 && before.votes < 1);
	MUST(draft_reject(f->arena, f->store, f->ben, drafted(f, false), &why));
	assert_string_equal(cites(f, note), "1/1, 1-0");
	MUST(draft_reject(f->arena, f->store, f->ben, drafted(f, true), &why));
	MUST(draft_reject(f->arena, f->store, f->ben, drafted(f, true), &why));
	assert_string_equal(cites(f, note), "1/1, 1-1");
	MUST(q_source_one(f->arena, f->store, "knowledge", id, &after, &why));
	assert_true(after.votes < before.votes);
}

static const char *useful_order(struct fixture *f)
{
	struct page page = {.limit = 50};
	const struct knowledge_filter filter = {.sort = "useful", .content = "full"};
	MUST(knowledge_list(f->arena, f->store, f->ada, &filter, &page, &f->out, &why));
	const char *list = take_output(f);
	struct buf *order = buf_in(f->arena);
	for (const char *at = list; (at = strstr(at, "\"content\":\"")) != NULL; at++)
		buf_printf(order, "%.1s", at + strlen("\"content\":\""));
	return buf_text(order);
}

static void what_is_cited_rises_and_what_is_voted_down_sinks(void **state)
{
	struct fixture *f = *state;
	struct votes votes;
	set_twin(f, f->ben, "on");
	int64_t cited = know(f, f->cleo, "Kassel lies on the Fulda.");
	know(f, f->cleo, "Tea is green.");
	assert_string_equal(useful_order(f), "TK");
	ask_about(f, f->ada, f->ben, true);
	run_turns(f);
	assert_string_equal(useful_order(f), "KT");
	int64_t other = know(f, f->cleo, "Other things are useful, too.");
	MUST(knowledge_vote(f->arena, f->store, f->ada, other, 1, 0, &votes, &why));
	assert_string_equal(useful_order(f), "OKT"); /* as useful, and newer */
	MUST(knowledge_vote(f->arena, f->store, f->ada, cited, -1, 0, &votes, &why));
	MUST(knowledge_vote(f->arena, f->store, f->ada, other, 0, 0, &votes, &why));
	assert_string_equal(useful_order(f), "KOT");
	MUST(knowledge_vote(f->arena, f->store, f->ada, other, 1, 0, &votes, &why));
	assert_string_equal(useful_order(f), "OKT");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_REALM(only_public_answers_to_others_than_the_creator_count),
		IN_REALM(nobody_counts_twice),
		IN_REALM(a_cite_stops_counting_with_its_answer),
		IN_REALM(an_edited_text_is_not_cited_any_more),
		IN_REALM(what_owners_do_with_public_drafts_weighs_what_they_cite),
		IN_REALM(what_is_cited_rises_and_what_is_voted_down_sinks),
	};
	return cmocka_run_group_tests_name("cites", tests, NULL, NULL);
}
