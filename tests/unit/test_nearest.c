/* realm/knowledge_nearest: public knowledge by its meaning. */
#include "base/json_in.h"
#include "realm/knowledge.h"
#include "realm/knowledge_nearest.h"
#include "realm/search_vectors.h"
#include "realm/settings.h"
#include "tests/unit/embedder.h"
#include "tests/unit/texts.h"

/* The contents that the viewer finds, nearest first; `found` are candidates, or NULL. */
static const char *nearest(struct fixture *f, int64_t viewer, const char *question,
			   const char *found, int limit, const struct knowledge_filter *filter)
{
	static const struct knowledge_filter all;
	struct settings settings = embedder_settings();
	struct buf *list = buf_in(f->arena);
	struct page page = {.limit = limit};
	size_t at;
	json_t *item;
	index_all(f);
	embed_all(f, &settings, "small-1");
	const struct search_meaning meaning = {embed_question(f, question), found};
	MUST(knowledge_nearest(f->arena, f->store, viewer, filter ? filter : &all, &meaning, &page,
			       &f->out, &why));
	const char *answer = take_output(f);
	json_t *items = json_in_value(f->arena, answer, strlen(answer), 10000, buf_in(f->arena));
	json_array_foreach(items, at, item)
		buf_printf(list, "%s%s", at ? ", " : "",
			   json_string_value(json_object_get(item, "excerpt")));
	return buf_text(list);
}

static void share_some(struct fixture *f)
{
	share(f, f->ada, "public", "green tea");
	share(f, f->ben, "public", "a bicycle");
	share(f, f->ada, "private", "a bicycle of mine");
	share(f, f->ada, "friends", "a bicycle for friends");
	share(f, f->ada, "public", "a red bicycle");
	ask(f, f->ada, f->cleo, 0, true, "a bicycle question");
	remember(f, f->ada, "public", "a bicycle memory");
	post(f, f->ada, make_room(f, true, f->ben, 0), "a bicycle message");
}

static void public_knowledge_is_found_nearest_first(void **state)
{
	struct fixture *f = *state;
	share_some(f);
	assert_string_equal(nearest(f, f->cleo, "a bicycle", NULL, 10, NULL),
			    "a bicycle, a red bicycle, green tea");
	assert_string_equal(nearest(f, f->cleo, "a bicycle", NULL, 1, NULL), "a bicycle");
	assert_string_equal(nearest(f, f->cleo, "a bicycle", "[1,5,2]", 3, NULL),
			    "a bicycle, a red bicycle, green tea");
}

static void too_few_candidates_are_not_the_whole_answer(void **state)
{
	struct fixture *f = *state;
	share_some(f);
	assert_string_equal(nearest(f, f->cleo, "a bicycle", "[1]", 2, NULL),
			    "a bicycle, a red bicycle");
	assert_string_equal(nearest(f, f->cleo, "a bicycle", "[]", 2, NULL),
			    "a bicycle, a red bicycle");
	/* What is none: a private one, one that is gone, and garbage. */
	assert_string_equal(nearest(f, f->cleo, "a bicycle", "[3,4,99,\"x\",null]", 2, NULL),
			    "a bicycle, a red bicycle");
	assert_string_equal(nearest(f, f->cleo, "a bicycle", "{", 2, NULL),
			    "a bicycle, a red bicycle");
}

static void what_the_viewer_may_not_see_takes_no_place(void **state)
{
	struct fixture *f = *state;
	share_some(f);
	relate(f, f->ben, f->cleo, "blocked");
	assert_string_equal(nearest(f, f->cleo, "a bicycle", "[2]", 1, NULL), "a red bicycle");
	assert_string_equal(nearest(f, f->cleo, "a bicycle", NULL, 2, NULL),
			    "a red bicycle, green tea");
}

static void the_filter_of_the_list_holds(void **state)
{
	struct fixture *f = *state;
	struct knowledge_filter of_ada = {.creator_id = f->ada}, mine = {.visibility = "private"};
	share_some(f);
	assert_string_equal(nearest(f, f->cleo, "a bicycle", "[2]", 5, &of_ada),
			    "a red bicycle, green tea");
	assert_string_equal(nearest(f, f->ben, "a bicycle", NULL, 5, &mine), "a bicycle");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_REALM(public_knowledge_is_found_nearest_first),
		IN_REALM(too_few_candidates_are_not_the_whole_answer),
		IN_REALM(what_the_viewer_may_not_see_takes_no_place),
		IN_REALM(the_filter_of_the_list_holds),
	};
	return cmocka_run_group_tests_name("nearest", tests, NULL, NULL);
}
