/* realm/interactions: one twin addresses another, which may answer once. */
#include <stdio.h>

#include <jansson.h>

#include "realm/events.h"
#include "realm/feed.h"
#include "realm/interactions.h"
#include "realm/relationships.h"
#include "tests/unit/test.h"

static int64_t address(struct world *w, int64_t from, int64_t to, bool is_public)
{
	int64_t id;
	struct interaction_new input = {.target_aeon_user_id = to,
					.interaction_type = "question",
					.content = "x",
					.is_public = is_public};
	MUST(interaction_create(w->arena, w->store, from, &input, &id, &why));
	return id;
}

static void block(struct world *w, int64_t from, int64_t to)
{
	struct relationship_new bond = {.related_user_id = to, .relationship_type = "blocked"};
	MUST(relationship_put(w->arena, w->store, from, &bond, &why));
}

static size_t listed(struct world *w, int64_t viewer, struct interaction_filter filter)
{
	struct page page = {.limit = 50};
	MUST(interactions_list(w->store, viewer, &filter, &page, &w->out, &why));
	json_t *json = json_loads(taken(w), 0, NULL);
	size_t count = json_array_size(json);
	json_decref(json);
	return count;
}

static void a_private_one_is_seen_by_its_two_sides(void **state)
{
	struct world *w = *state;
	int64_t id = address(w, w->ada, w->ben, false);
	MUST(interaction_show(w->store, w->ada, id, &w->out, &why));
	MUST(interaction_show(w->store, w->ben, id, &w->out, &why));
	REFUSED(INTERACTION_NOT_FOUND, interaction_show(w->store, w->cleo, id, &w->out, &why));
	int64_t open = address(w, w->ada, w->ben, true);
	MUST(interaction_show(w->store, w->cleo, open, &w->out, &why));
}

static void lists_are_mine_or_public(void **state)
{
	struct world *w = *state;
	address(w, w->ada, w->ben, false), address(w, w->ben, w->ada, true);
	address(w, w->ada, w->cleo, true), address(w, w->cleo, w->ben, true);
	const struct interaction_filter mine = {.scope = "mine", .is_public = -1},
					open = {.scope = "public", .is_public = -1},
					with = {.scope = "mine", .is_public = -1, .with = w->ben},
					type = {.scope = "mine",
						.is_public = -1,
						.interaction_type = "song"};
	assert_int_equal(listed(w, w->ada, mine), 3);
	assert_int_equal(listed(w, w->ada, with), 2);
	assert_int_equal(listed(w, w->ada, type), 0);
	assert_int_equal(listed(w, w->dora, mine), 0);
	assert_int_equal(listed(w, w->dora, open), 3);
	block(w, w->ben, w->dora);
	assert_int_equal(listed(w, w->dora, open), 1);
}

static void only_the_target_answers_and_once(void **state)
{
	struct world *w = *state;
	const struct interaction_response answer = {"yes"};
	int64_t id = address(w, w->ada, w->ben, true);
	REFUSED(FORBIDDEN, interaction_respond(w->arena, w->store, w->cleo, id, &answer, &why));
	REFUSED(FORBIDDEN, interaction_respond(w->arena, w->store, w->ada, id, &answer, &why));
	MUST(interaction_respond(w->arena, w->store, w->ben, id, &answer, &why));
	REFUSED(ALREADY_ANSWERED,
		interaction_respond(w->arena, w->store, w->ben, id, &answer, &why));
	REFUSED(INTERACTION_NOT_FOUND,
		interaction_respond(w->arena, w->store, w->ben, 999, &answer, &why));
	int64_t hidden = address(w, w->ada, w->ben, false);
	REFUSED(INTERACTION_NOT_FOUND,
		interaction_respond(w->arena, w->store, w->cleo, hidden, &answer, &why));
	MUST(interaction_show(w->store, w->ada, id, &w->out, &why));
	assert_non_null(strstr(taken(w), "\"response_content\":\"yes\""));
}

static void not_everybody_can_be_addressed(void **state)
{
	struct world *w = *state;
	int64_t id;
	struct interaction_new input = {
		.target_aeon_user_id = w->ada, .interaction_type = "question", .content = "x"};
	REFUSED(INVALID, interaction_create(w->arena, w->store, w->ada, &input, &id, &why));
	input.target_aeon_user_id = 999;
	REFUSED(USER_NOT_FOUND, interaction_create(w->arena, w->store, w->ada, &input, &id, &why));
	block(w, w->ben, w->ada);
	input.target_aeon_user_id = w->ben;
	REFUSED(USER_NOT_FOUND, interaction_create(w->arena, w->store, w->ada, &input, &id, &why));
}

static void a_parent_must_be_one_that_the_author_sees(void **state)
{
	struct world *w = *state;
	int64_t id, hidden = address(w, w->cleo, w->dora, false),
		    seen = address(w, w->ben, w->ada, false);
	struct interaction_new input = {.target_aeon_user_id = w->ben,
					.interaction_type = "question",
					.content = "x",
					.parent_id = hidden};
	REFUSED(INVALID, interaction_create(w->arena, w->store, w->ada, &input, &id, &why));
	input.parent_id = seen;
	MUST(interaction_create(w->arena, w->store, w->ada, &input, &id, &why));
	MUST(interaction_show(w->store, w->ada, id, &w->out, &why));
	const char *shown = taken(w);
	assert_non_null(strstr(shown, arena_printf(w->arena, "\"parent_id\":%d", (int)seen)));
	MUST(interaction_show(w->store, w->ada, seen, &w->out, &why));
	assert_non_null(strstr(taken(w), "\"parent_id\":null"));
}

static int hear(const struct event *event, void *context, struct problem *why)
{
	struct buf *heard = context;
	(void)why;
	buf_printf(heard, "%s>%d ", event_name(event->kind), (int)event->user_id);
	return 0;
}

static void each_side_is_told_of_the_others_part(void **state)
{
	struct world *w = *state;
	const struct interaction_response answer = {"yes"};
	int64_t id = address(w, w->ada, w->ben, false);
	MUST(interaction_respond(w->arena, w->store, w->ben, id, &answer, &why));
	MUST(events_after(w->store, 0, 10, hear, &w->out, &why));
	assert_string_equal(taken(w), "interaction_created>2 interaction_responded>1 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(a_private_one_is_seen_by_its_two_sides),
		IN_WORLD(lists_are_mine_or_public),
		IN_WORLD(only_the_target_answers_and_once),
		IN_WORLD(not_everybody_can_be_addressed),
		IN_WORLD(a_parent_must_be_one_that_the_author_sees),
		IN_WORLD(each_side_is_told_of_the_others_part),
	};
	return cmocka_run_group_tests_name("interactions", tests, NULL, NULL);
}
