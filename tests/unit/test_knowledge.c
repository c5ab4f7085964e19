/* realm/knowledge: visibility, tags and votes. */
#include <jansson.h>

#include "base/clock.h"
#include "realm/feed.h"
#include "realm/indexing.h"
#include "realm/knowledge.h"
#include "realm/knowledge_list.h"
#include "realm/relationships.h"
#include "realm/votes.h"
#include "store/queries.h"
#include "tests/unit/test.h"

static int64_t create_knowledge(struct fixture *f, int64_t creator, const char *visibility)
{
	int64_t id;
	struct knowledge_new note = {
		.content = "x", .knowledge_type = "note", .visibility = visibility};
	MUST(knowledge_create(f->arena, f->store, creator, &note, &id, &why));
	return id;
}

static void set_relationship(struct fixture *f, int64_t from, int64_t to, const char *type)
{
	struct relationship_new bond = {
		.related_user_id = to, .relationship_type = type, .strength = 1};
	MUST(relationship_put(f->arena, f->store, from, &bond, &why));
}

/* The number of items in the viewer's list. */
static size_t count_listed(struct fixture *f, int64_t viewer, struct knowledge_filter filter)
{
	struct page page = {.limit = 50};
	MUST(knowledge_list(f->arena, f->store, viewer, &filter, &page, &f->out, &why));
	json_t *json = json_loads(take_output(f), 0, NULL);
	size_t count = json_array_size(json);
	json_decref(json);
	return count;
}

static bool can_see(struct fixture *f, int64_t viewer, int64_t id)
{
	struct problem why = {0};
	bool seen = knowledge_show(f->store, viewer, id, &f->out, &why) >= 0;
	assert_true(seen || why.code == PROBLEM_KNOWLEDGE_NOT_FOUND);
	buf_clear(&f->out);
	return seen;
}

static const struct knowledge_filter all = {0};

static void knowledge_for_friends_is_visible_only_to_friends_of_the_author(void **state)
{
	struct fixture *f = *state;
	int64_t open = create_knowledge(f, f->ada, "public"),
		friendly = create_knowledge(f, f->ada, "friends"),
		own = create_knowledge(f, f->ada, "private");
	/* Ben made Ada a friend. That does not show him her knowledge for friends. */
	set_relationship(f, f->ben, f->ada, "friend");
	set_relationship(f, f->ada, f->cleo, "friend");
	assert_true(can_see(f, f->ada, open) && can_see(f, f->ada, friendly) &&
		    can_see(f, f->ada, own));
	assert_true(can_see(f, f->ben, open));
	assert_false(can_see(f, f->ben, friendly));
	assert_false(can_see(f, f->ben, own));
	assert_true(can_see(f, f->cleo, friendly));
	assert_false(can_see(f, f->cleo, own));
	assert_int_equal(count_listed(f, f->ada, all), 3);
	assert_int_equal(count_listed(f, f->ben, all), 1);
	assert_int_equal(count_listed(f, f->cleo, all), 2);
	set_relationship(f, f->ada, f->cleo, "rival");
	assert_false(can_see(f, f->cleo, friendly));
}

static void a_block_hides_knowledge_in_both_directions(void **state)
{
	struct fixture *f = *state;
	int64_t adas = create_knowledge(f, f->ada, "public"),
		bens = create_knowledge(f, f->ben, "public");
	set_relationship(f, f->ada, f->ben, "blocked");
	assert_false(can_see(f, f->ada, bens));
	assert_false(can_see(f, f->ben, adas));
	assert_true(can_see(f, f->cleo, adas));
	assert_int_equal(count_listed(f, f->ben, all), 1);
}

static void a_list_is_filtered_by_visibility(void **state)
{
	struct fixture *f = *state;
	create_knowledge(f, f->ada, "public"), create_knowledge(f, f->ada, "friends"),
		create_knowledge(f, f->ada, "private");
	create_knowledge(f, f->cleo, "private");
	set_relationship(f, f->ada, f->cleo, "friend");
	assert_int_equal(
		count_listed(f, f->cleo, (struct knowledge_filter){.visibility = "public"}), 1);
	assert_int_equal(
		count_listed(f, f->cleo, (struct knowledge_filter){.visibility = "friends"}), 2);
	assert_int_equal(
		count_listed(f, f->cleo, (struct knowledge_filter){.visibility = "private"}), 1);
}

static void tags_are_folded_and_stored_without_repeats(void **state)
{
	struct fixture *f = *state;
	const char *tags[] = {" Bread", "bread", "Écho", "  ", "a"};
	struct knowledge_new note = {.content = "x",
				     .knowledge_type = "note",
				     .visibility = "public",
				     .tags = {tags, 5}};
	int64_t id;
	MUST(knowledge_create(f->arena, f->store, f->ada, &note, &id, &why));
	MUST(knowledge_show(f->store, f->ben, id, &f->out, &why));
	assert_non_null(strstr(take_output(f), "\"tags\":[\"a\",\"bread\",\"écho\"]"));
	assert_int_equal(count_listed(f, f->ben, (struct knowledge_filter){.tag = "BREAD "}), 1);
	assert_int_equal(count_listed(f, f->ben, (struct knowledge_filter){.tag = "ÉCHO"}), 1);
	assert_int_equal(count_listed(f, f->ben, (struct knowledge_filter){.tag = "brea"}), 0);
}

static void a_list_of_a_tag_has_only_visible_knowledge(void **state)
{
	struct fixture *f = *state;
	const char *tags[] = {"bread"};
	struct knowledge_new note = {.content = "x",
				     .knowledge_type = "note",
				     .visibility = "private",
				     .tags = {tags, 1}};
	int64_t id;
	MUST(knowledge_create(f->arena, f->store, f->ada, &note, &id, &why));
	assert_int_equal(count_listed(f, f->ben, (struct knowledge_filter){.tag = "bread"}), 0);
	assert_int_equal(count_listed(f, f->ada, (struct knowledge_filter){.tag = "bread"}), 1);
}

static void check_vote(struct fixture *f, int64_t voter, int64_t id, int value, int up, int down)
{
	struct votes votes;
	MUST(knowledge_vote(f->arena, f->store, voter, id, value, 0, &votes, &why));
	assert_int_equal(votes.up, up);
	assert_int_equal(votes.down, down);
}

static int count_telling(const struct event *event, void *context, struct problem *why)
{
	(void)why;
	*(int *)context += event->kind == EVENT_KNOWLEDGE_VOTED;
	return 0;
}

/* Events for creators. */
static int tellings(struct fixture *f)
{
	int count = 0;
	MUST(events_after(f->store, 0, 1000, count_telling, &count, &why));
	return count;
}

static void a_user_has_one_vote(void **state)
{
	struct fixture *f = *state;
	int64_t id = create_knowledge(f, f->ada, "public");
	check_vote(f, f->ben, id, 1, 1, 0);
	check_vote(f, f->ben, id, 1, 1, 0);
	check_vote(f, f->cleo, id, 1, 2, 0);
	check_vote(f, f->ben, id, -1, 1, 1);
	check_vote(f, f->ben, id, -1, 1, 1);
	check_vote(f, f->ben, id, 1, 2, 0);
	/* The creator gets an event only when a vote has changed. */
	assert_int_equal(tellings(f), 4);
	MUST(knowledge_show(f->store, f->ben, id, &f->out, &why));
	assert_non_null(strstr(take_output(f), "\"my_vote\":\"up\""));
	MUST(knowledge_show(f->store, f->dora, id, &f->out, &why));
	assert_non_null(strstr(take_output(f), "\"my_vote\":null"));
}

static void a_user_cannot_vote_on_hidden_or_own_knowledge(void **state)
{
	struct fixture *f = *state;
	struct votes votes;
	int64_t hidden = create_knowledge(f, f->ada, "private"),
		own = create_knowledge(f, f->ada, "public");
	REFUSED(KNOWLEDGE_NOT_FOUND,
		knowledge_vote(f->arena, f->store, f->ben, hidden, 1, 0, &votes, &why));
	REFUSED(KNOWLEDGE_NOT_FOUND,
		knowledge_vote(f->arena, f->store, f->ben, 9999, 1, 0, &votes, &why));
	REFUSED(OWN_KNOWLEDGE, knowledge_vote(f->arena, f->store, f->ada, own, 1, 0, &votes, &why));
	set_relationship(f, f->ada, f->ben, "blocked");
	REFUSED(KNOWLEDGE_NOT_FOUND,
		knowledge_vote(f->arena, f->store, f->ben, own, 1, 0, &votes, &why));
}

/* Votes so often, for and against in turn, that only the quiet time keeps the events few. */
static void vote_in_a_burst(struct fixture *f, int64_t id, int votes)
{
	struct votes now;
	for (int i = 0; i < votes; i++)
		MUST(knowledge_vote(f->arena, f->store, f->ben, id, i % 2 ? -1 : 1, CLOCK_DAY, &now,
				    &why));
}

static void a_burst_of_votes_is_told_twice_and_the_second_time_as_it_ended(void **state)
{
	struct fixture *f = *state;
	struct problem why = {0};
	int64_t id = create_knowledge(f, f->ada, "public");
	vote_in_a_burst(f, id, 50);
	assert_int_equal(tellings(f), 1);
	assert_int_equal(votes_tell(f->store, CLOCK_DAY, &why), 0);
	assert_int_equal(votes_tell(f->store, 0, &why), 1);
	assert_int_equal(votes_tell(f->store, 0, &why), 0);
	assert_int_equal(tellings(f), 2);
}

static void a_burst_of_votes_that_ends_as_it_was_told_is_not_told_again(void **state)
{
	struct fixture *f = *state;
	struct problem why = {0};
	int64_t id = create_knowledge(f, f->ada, "public");
	vote_in_a_burst(f, id, 51);
	assert_int_equal(votes_tell(f->store, 0, &why), 0);
	assert_int_equal(tellings(f), 1);
}

/* --- long texts, which are indexed later --- */

/* A text that begins with the word and is too long to be indexed at once. */
static const char *long_text(struct fixture *f, const char *word)
{
	return arena_printf(f->arena, "%s %02100d", word, 0);
}

static int64_t create_long(struct fixture *f, const char *word)
{
	int64_t id;
	struct knowledge_new note = {
		.content = long_text(f, word), .knowledge_type = "note", .visibility = "public"};
	MUST(knowledge_create(f->arena, f->store, f->ada, &note, &id, &why));
	return id;
}

static void change_content(struct fixture *f, int64_t id, const char *content)
{
	struct knowledge_change change = {.given = 1, .content = content};
	MUST(knowledge_update(f->arena, f->store, f->ada, id, &change, &why));
}

/* In how many texts the index has the word. */
static int64_t count_indexed(struct fixture *f, const char *word)
{
	int64_t texts;
	MUST(q_knowledge_texts(f->store, word, 10, &texts, &why));
	return texts;
}

static void index_all(struct fixture *f)
{
	int done;
	do {
		MUST(done = index_text(f->store, &why));
	} while (done > 0);
}

static void a_long_text_is_found_when_it_is_indexed(void **state)
{
	struct fixture *f = *state;
	create_long(f, "canary");
	assert_int_equal(count_listed(f, f->ben, (struct knowledge_filter){.q = "canary"}), 0);
	assert_int_equal(count_listed(f, f->ben, all), 1);
	index_all(f);
	assert_int_equal(count_listed(f, f->ben, (struct knowledge_filter){.q = "canary"}), 1);
}

static void the_index_follows_changes_of_long_texts(void **state)
{
	struct fixture *f = *state;
	int64_t id = create_long(f, "one");
	change_content(f, id, long_text(f, "two")); /* while it waits */
	index_all(f);
	assert_int_equal(count_indexed(f, "one"), 0);
	assert_int_equal(count_indexed(f, "two"), 1);
	change_content(f, id, long_text(f, "three"));
	change_content(f, id, "four"); /* short, but the long one is still in the index */
	index_all(f);
	assert_int_equal(count_indexed(f, "two") + count_indexed(f, "three"), 0);
	assert_int_equal(count_indexed(f, "four"), 1);
	change_content(f, id, long_text(f, "five"));
	index_all(f);
	assert_int_equal(count_indexed(f, "four"), 0);
	assert_int_equal(count_indexed(f, "five"), 1);
}

static void a_deleted_long_text_leaves_the_index(void **state)
{
	struct fixture *f = *state;
	int64_t indexed = create_long(f, "indexed"), waiting,
		shortened = create_long(f, "shortened");
	index_all(f);
	waiting = create_long(f, "waiting");
	change_content(f, shortened, "brief");
	MUST(knowledge_delete(f->arena, f->store, f->ada, indexed, &why));
	MUST(knowledge_delete(f->arena, f->store, f->ada, waiting, &why));
	MUST(knowledge_delete(f->arena, f->store, f->ada, shortened, &why));
	index_all(f);
	assert_int_equal(count_indexed(f, "indexed") + count_indexed(f, "waiting") +
				 count_indexed(f, "shortened") + count_indexed(f, "brief"),
			 0);
}

static int index_and_fail(struct store *store, void *unused, struct problem *why)
{
	(void)unused;
	TRY(index_text(store, why));
	return problem_set(why, PROBLEM_FORBIDDEN);
}

static void a_text_still_waits_when_its_indexing_was_rolled_back(void **state)
{
	struct fixture *f = *state;
	create_long(f, "canary");
	REFUSED(FORBIDDEN, store_write(f->store, index_and_fail, NULL, &why));
	assert_int_equal(count_indexed(f, "canary"), 0);
	index_all(f);
	assert_int_equal(count_indexed(f, "canary"), 1);
}

static void the_index_is_merged_until_nothing_is_left_to_merge(void **state)
{
	struct fixture *f = *state;
	int steps = 0, done;
	for (int i = 0; i < 50; i++)
		create_knowledge(f, f->ada, "public");
	do {
		MUST(done = index_merge(f->store, &why));
		steps += done;
	} while (done > 0);
	assert_true(steps > 0);
	assert_int_equal(count_listed(f, f->ben, (struct knowledge_filter){.q = "x"}), 50);
}

static int64_t write_about(struct fixture *f, const char *visibility, const char *content)
{
	int64_t id;
	struct knowledge_new note = {
		.content = content, .knowledge_type = "note", .visibility = visibility};
	MUST(knowledge_create(f->arena, f->store, f->ada, &note, &id, &why));
	return id;
}

/* What Ben finds, without the times. */
static const char *found_by_ben(struct fixture *f, const char *q)
{
	struct page page = {.limit = 9};
	struct knowledge_filter filter = {.q = q, .content = "full"};
	struct buf *found = buf_in(f->arena);
	index_all(f);
	MUST(knowledge_list(f->arena, f->store, f->ben, &filter, &page, &f->out, &why));
	json_t *list = json_loads(take_output(f), 0, NULL), *item;
	size_t i;
	json_array_foreach(list, i, item)
		buf_printf(found, "%s. ", json_string_value(json_object_get(item, "content")));
	json_decref(list);
	return buf_text(found);
}

static void texts_that_a_user_may_not_see_do_not_change_the_order_of_the_others(void **state)
{
	static const char *const hidden[] = {"bike", "red"};
	struct fixture *f = *state;
	write_about(f, "public", "red red bike");
	write_about(f, "public", "red bike bike");
	const char *before = found_by_ben(f, "red bike");
	for (int word = 0; word < 2; word++) {
		for (int i = 0; i < 40; i++)
			write_about(f, "private", hidden[word]);
		assert_string_equal(found_by_ben(f, "red bike"), before);
		/* The same texts change the order as soon as everybody may see them. */
		for (int i = 0; i < 40; i++)
			write_about(f, "public", hidden[word]);
		assert_true(strncmp(found_by_ben(f, "red bike"), word ? "red bike" : "red red",
				    7) == 0);
		for (int64_t id = 3; id <= 200; id++)
			if (can_see(f, f->ada, id))
				MUST(knowledge_delete(f->arena, f->store, f->ada, id, &why));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_REALM(knowledge_for_friends_is_visible_only_to_friends_of_the_author),
		IN_REALM(a_block_hides_knowledge_in_both_directions),
		IN_REALM(a_list_is_filtered_by_visibility),
		IN_REALM(tags_are_folded_and_stored_without_repeats),
		IN_REALM(a_list_of_a_tag_has_only_visible_knowledge),
		IN_REALM(a_user_has_one_vote),
		IN_REALM(a_burst_of_votes_is_told_twice_and_the_second_time_as_it_ended),
		IN_REALM(a_burst_of_votes_that_ends_as_it_was_told_is_not_told_again),
		IN_REALM(a_user_cannot_vote_on_hidden_or_own_knowledge),
		IN_REALM(a_long_text_is_found_when_it_is_indexed),
		IN_REALM(the_index_follows_changes_of_long_texts),
		IN_REALM(a_deleted_long_text_leaves_the_index),
		IN_REALM(a_text_still_waits_when_its_indexing_was_rolled_back),
		IN_REALM(texts_that_a_user_may_not_see_do_not_change_the_order_of_the_others),
		IN_REALM(the_index_is_merged_until_nothing_is_left_to_merge),
	};
	return cmocka_run_group_tests_name("knowledge", tests, NULL, NULL);
}
