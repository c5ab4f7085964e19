/* realm/interactions: a twin addresses another twin, which can answer once. */
#include <stdio.h>

#include <jansson.h>

#include "realm/events.h"
#include "realm/feed.h"
#include "realm/interactions.h"
#include "realm/relationships.h"
#include "tests/unit/test.h"

static int64_t create_interaction(struct fixture *f, int64_t from, int64_t to, bool is_public)
{
	int64_t id;
	struct interaction_new input = {.target_aeon_user_id = to,
					.interaction_type = "question",
					.content = "x",
					.is_public = is_public};
	MUST(interaction_create(f->arena, f->store, from, &input, &id, &why));
	return id;
}

static void block_user(struct fixture *f, int64_t from, int64_t to)
{
	struct relationship_new bond = {.related_user_id = to, .relationship_type = "blocked"};
	MUST(relationship_put(f->arena, f->store, from, &bond, &why));
}

static size_t count_listed(struct fixture *f, int64_t viewer, struct interaction_filter filter)
{
	struct page page = {.limit = 50};
	MUST(interactions_list(f->store, viewer, &filter, &page, &f->out, &why));
	json_t *json = json_loads(take_output(f), 0, NULL);
	size_t count = json_array_size(json);
	json_decref(json);
	return count;
}

static void a_private_interaction_is_visible_only_to_its_two_users(void **state)
{
	struct fixture *f = *state;
	int64_t id = create_interaction(f, f->ada, f->ben, false);
	MUST(interaction_show(f->store, f->ada, id, &f->out, &why));
	MUST(interaction_show(f->store, f->ben, id, &f->out, &why));
	REFUSED(INTERACTION_NOT_FOUND, interaction_show(f->store, f->cleo, id, &f->out, &why));
	int64_t open = create_interaction(f, f->ada, f->ben, true);
	MUST(interaction_show(f->store, f->cleo, open, &f->out, &why));
}

static void a_list_has_own_or_public_interactions(void **state)
{
	struct fixture *f = *state;
	create_interaction(f, f->ada, f->ben, false), create_interaction(f, f->ben, f->ada, true);
	create_interaction(f, f->ada, f->cleo, true), create_interaction(f, f->cleo, f->ben, true);
	const struct interaction_filter mine = {.scope = "mine", .is_public = -1},
					open = {.scope = "public", .is_public = -1},
					mine_open = {.scope = "mine", .is_public = 1},
					mine_closed = {.scope = "mine", .is_public = 0},
					with = {.scope = "mine", .is_public = -1, .with = f->ben},
					type = {.scope = "mine",
						.is_public = -1,
						.interaction_type = "song"};
	assert_int_equal(count_listed(f, f->ada, mine), 3);
	assert_int_equal(count_listed(f, f->ada, mine_open), 2); /* one from her, one to her */
	assert_int_equal(count_listed(f, f->ada, mine_closed), 1);
	assert_int_equal(count_listed(f, f->ada, with), 2);
	assert_int_equal(count_listed(f, f->ada, type), 0);
	assert_int_equal(count_listed(f, f->dora, mine), 0);
	assert_int_equal(count_listed(f, f->dora, open), 3);
	block_user(f, f->ben, f->dora);
	assert_int_equal(count_listed(f, f->dora, open), 1);
}

static void only_the_target_can_answer_and_only_once(void **state)
{
	struct fixture *f = *state;
	const struct interaction_response answer = {.response_content = "yes"};
	int64_t id = create_interaction(f, f->ada, f->ben, true);
	REFUSED(FORBIDDEN, interaction_respond(f->arena, f->store, f->cleo, id, &answer, &why));
	REFUSED(FORBIDDEN, interaction_respond(f->arena, f->store, f->ada, id, &answer, &why));
	MUST(interaction_respond(f->arena, f->store, f->ben, id, &answer, &why));
	REFUSED(ALREADY_ANSWERED,
		interaction_respond(f->arena, f->store, f->ben, id, &answer, &why));
	REFUSED(INTERACTION_NOT_FOUND,
		interaction_respond(f->arena, f->store, f->ben, 999, &answer, &why));
	int64_t hidden = create_interaction(f, f->ada, f->ben, false);
	REFUSED(INTERACTION_NOT_FOUND,
		interaction_respond(f->arena, f->store, f->cleo, hidden, &answer, &why));
	MUST(interaction_show(f->store, f->ada, id, &f->out, &why));
	assert_non_null(strstr(take_output(f), "\"response_content\":\"yes\""));
}

static void a_user_cannot_address_themselves_or_an_unknown_or_blocked_user(void **state)
{
	struct fixture *f = *state;
	int64_t id;
	struct interaction_new input = {
		.target_aeon_user_id = f->ada, .interaction_type = "question", .content = "x"};
	REFUSED(INVALID, interaction_create(f->arena, f->store, f->ada, &input, &id, &why));
	input.target_aeon_user_id = 999;
	REFUSED(USER_NOT_FOUND, interaction_create(f->arena, f->store, f->ada, &input, &id, &why));
	block_user(f, f->ben, f->ada);
	input.target_aeon_user_id = f->ben;
	REFUSED(USER_NOT_FOUND, interaction_create(f->arena, f->store, f->ada, &input, &id, &why));
}

static void the_parent_must_be_visible_to_the_author(void **state)
{
	struct fixture *f = *state;
	int64_t id, hidden = create_interaction(f, f->cleo, f->dora, false),
		    seen = create_interaction(f, f->ben, f->ada, false);
	struct interaction_new input = {.target_aeon_user_id = f->ben,
					.interaction_type = "question",
					.content = "x",
					.parent_id = hidden};
	REFUSED(INVALID, interaction_create(f->arena, f->store, f->ada, &input, &id, &why));
	input.parent_id = seen;
	MUST(interaction_create(f->arena, f->store, f->ada, &input, &id, &why));
	MUST(interaction_show(f->store, f->ada, id, &f->out, &why));
	const char *shown = take_output(f);
	assert_non_null(strstr(shown, arena_printf(f->arena, "\"parent_id\":%d", (int)seen)));
	MUST(interaction_show(f->store, f->ada, seen, &f->out, &why));
	assert_non_null(strstr(take_output(f), "\"parent_id\":null"));
}

static int note_event(const struct event *event, void *context, struct problem *why)
{
	struct buf *events = context;
	(void)why;
	buf_printf(events, "%s>%d ", event_name(event->kind), (int)event->user_id);
	return 0;
}

static void
each_user_gets_an_event_about_the_part_of_the_other_and_for_the_own_devices(void **state)
{
	struct fixture *f = *state;
	const struct interaction_response answer = {.response_content = "yes"};
	int64_t id = create_interaction(f, f->ada, f->ben, false);
	MUST(interaction_respond(f->arena, f->store, f->ben, id, &answer, &why));
	MUST(events_after(f->store, 0, 10, note_event, &f->out, &why));
	assert_string_equal(take_output(f), "account_changed>1 interaction_created>2 "
					    "account_changed>2 interaction_responded>1 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_REALM(a_private_interaction_is_visible_only_to_its_two_users),
		IN_REALM(a_list_has_own_or_public_interactions),
		IN_REALM(only_the_target_can_answer_and_only_once),
		IN_REALM(a_user_cannot_address_themselves_or_an_unknown_or_blocked_user),
		IN_REALM(the_parent_must_be_visible_to_the_author),
		IN_REALM(
			each_user_gets_an_event_about_the_part_of_the_other_and_for_the_own_devices),
	};
	return cmocka_run_group_tests_name("interactions", tests, NULL, NULL);
}
