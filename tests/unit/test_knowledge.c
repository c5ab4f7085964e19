/* realm/knowledge: who sees it, and what a vote counts. */
#include <jansson.h>

#include "realm/feed.h"
#include "realm/knowledge.h"
#include "realm/relationships.h"
#include "tests/unit/test.h"

static int64_t share(struct world *w, int64_t creator, const char *visibility)
{
	int64_t id;
	struct knowledge_new note = {
		.content = "x", .knowledge_type = "note", .visibility = visibility};
	MUST(knowledge_create(w->arena, w->store, creator, &note, &id, &why));
	return id;
}

static void relate(struct world *w, int64_t from, int64_t to, const char *type)
{
	struct relationship_new bond = {
		.related_user_id = to, .relationship_type = type, .strength = 1};
	MUST(relationship_put(w->arena, w->store, from, &bond, &why));
}

/* How many of a list there are for the viewer. */
static size_t listed(struct world *w, int64_t viewer, struct knowledge_filter filter)
{
	struct page page = {.limit = 50};
	MUST(knowledge_list(w->arena, w->store, viewer, &filter, &page, &w->out, &why));
	json_t *json = json_loads(taken(w), 0, NULL);
	size_t count = json_array_size(json);
	json_decref(json);
	return count;
}

static bool sees(struct world *w, int64_t viewer, int64_t id)
{
	struct problem why = {0};
	bool seen = knowledge_show(w->store, viewer, id, &w->out, &why) >= 0;
	assert_true(seen || why.code == PROBLEM_KNOWLEDGE_NOT_FOUND);
	buf_clear(&w->out);
	return seen;
}

static const struct knowledge_filter all = {0};

static void the_author_decides_who_is_a_friend(void **state)
{
	struct world *w = *state;
	int64_t open = share(w, w->ada, "public"), friendly = share(w, w->ada, "friends"),
		own = share(w, w->ada, "private");
	/* Ben calls Ada a friend, which opens nothing of hers to him. */
	relate(w, w->ben, w->ada, "friend");
	relate(w, w->ada, w->cleo, "friend");
	assert_true(sees(w, w->ada, open) && sees(w, w->ada, friendly) && sees(w, w->ada, own));
	assert_true(sees(w, w->ben, open));
	assert_false(sees(w, w->ben, friendly));
	assert_false(sees(w, w->ben, own));
	assert_true(sees(w, w->cleo, friendly));
	assert_false(sees(w, w->cleo, own));
	assert_int_equal(listed(w, w->ada, all), 3);
	assert_int_equal(listed(w, w->ben, all), 1);
	assert_int_equal(listed(w, w->cleo, all), 2);
	relate(w, w->ada, w->cleo, "rival");
	assert_false(sees(w, w->cleo, friendly));
}

static void a_block_hides_each_from_the_other(void **state)
{
	struct world *w = *state;
	int64_t adas = share(w, w->ada, "public"), bens = share(w, w->ben, "public");
	relate(w, w->ada, w->ben, "blocked");
	assert_false(sees(w, w->ada, bens));
	assert_false(sees(w, w->ben, adas));
	assert_true(sees(w, w->cleo, adas));
	assert_int_equal(listed(w, w->ben, all), 1);
}

static void a_list_narrows_by_visibility(void **state)
{
	struct world *w = *state;
	share(w, w->ada, "public"), share(w, w->ada, "friends"), share(w, w->ada, "private");
	share(w, w->cleo, "private");
	relate(w, w->ada, w->cleo, "friend");
	assert_int_equal(listed(w, w->cleo, (struct knowledge_filter){.visibility = "public"}), 1);
	assert_int_equal(listed(w, w->cleo, (struct knowledge_filter){.visibility = "friends"}), 2);
	assert_int_equal(listed(w, w->cleo, (struct knowledge_filter){.visibility = "private"}), 1);
}

static void tags_are_folded_and_each_there_once(void **state)
{
	struct world *w = *state;
	const char *tags[] = {" Bread", "bread", "Écho", "  ", "a"};
	struct knowledge_new note = {.content = "x",
				     .knowledge_type = "note",
				     .visibility = "public",
				     .tags = {tags, 5}};
	int64_t id;
	MUST(knowledge_create(w->arena, w->store, w->ada, &note, &id, &why));
	MUST(knowledge_show(w->store, w->ben, id, &w->out, &why));
	assert_non_null(strstr(taken(w), "\"tags\":[\"a\",\"bread\",\"écho\"]"));
	assert_int_equal(listed(w, w->ben, (struct knowledge_filter){.tag = "BREAD "}), 1);
	assert_int_equal(listed(w, w->ben, (struct knowledge_filter){.tag = "ÉCHO"}), 1);
	assert_int_equal(listed(w, w->ben, (struct knowledge_filter){.tag = "brea"}), 0);
}

static void the_tag_list_hides_what_the_plain_one_hides(void **state)
{
	struct world *w = *state;
	const char *tags[] = {"bread"};
	struct knowledge_new note = {.content = "x",
				     .knowledge_type = "note",
				     .visibility = "private",
				     .tags = {tags, 1}};
	int64_t id;
	MUST(knowledge_create(w->arena, w->store, w->ada, &note, &id, &why));
	assert_int_equal(listed(w, w->ben, (struct knowledge_filter){.tag = "bread"}), 0);
	assert_int_equal(listed(w, w->ada, (struct knowledge_filter){.tag = "bread"}), 1);
}

static void vote(struct world *w, int64_t voter, int64_t id, int value, int up, int down)
{
	struct votes votes;
	MUST(knowledge_vote(w->arena, w->store, voter, id, value, &votes, &why));
	assert_int_equal(votes.up, up);
	assert_int_equal(votes.down, down);
}

static void one_vote_a_user(void **state)
{
	struct world *w = *state;
	int64_t id = share(w, w->ada, "public");
	vote(w, w->ben, id, 1, 1, 0);
	vote(w, w->ben, id, 1, 1, 0);
	vote(w, w->cleo, id, 1, 2, 0);
	vote(w, w->ben, id, -1, 1, 1);
	vote(w, w->ben, id, -1, 1, 1);
	vote(w, w->ben, id, 1, 2, 0);
	/* The creator hears of what changed, and of that alone. */
	int64_t head;
	MUST(events_head(w->store, &head, &why));
	assert_int_equal(head, 4);
	MUST(knowledge_show(w->store, w->ben, id, &w->out, &why));
	assert_non_null(strstr(taken(w), "\"my_vote\":\"up\""));
	MUST(knowledge_show(w->store, w->dora, id, &w->out, &why));
	assert_non_null(strstr(taken(w), "\"my_vote\":null"));
}

static void who_may_not_see_it_may_not_vote(void **state)
{
	struct world *w = *state;
	struct votes votes;
	int64_t hidden = share(w, w->ada, "private"), own = share(w, w->ada, "public");
	REFUSED(KNOWLEDGE_NOT_FOUND,
		knowledge_vote(w->arena, w->store, w->ben, hidden, 1, &votes, &why));
	REFUSED(KNOWLEDGE_NOT_FOUND,
		knowledge_vote(w->arena, w->store, w->ben, 9999, 1, &votes, &why));
	REFUSED(OWN_KNOWLEDGE, knowledge_vote(w->arena, w->store, w->ada, own, 1, &votes, &why));
	relate(w, w->ada, w->ben, "blocked");
	REFUSED(KNOWLEDGE_NOT_FOUND,
		knowledge_vote(w->arena, w->store, w->ben, own, 1, &votes, &why));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(the_author_decides_who_is_a_friend),
		IN_WORLD(a_block_hides_each_from_the_other),
		IN_WORLD(a_list_narrows_by_visibility),
		IN_WORLD(tags_are_folded_and_each_there_once),
		IN_WORLD(the_tag_list_hides_what_the_plain_one_hides),
		IN_WORLD(one_vote_a_user),
		IN_WORLD(who_may_not_see_it_may_not_vote),
	};
	return cmocka_run_group_tests_name("knowledge", tests, NULL, NULL);
}
