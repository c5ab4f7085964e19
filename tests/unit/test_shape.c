/* lib/store/shape: rows as JSON, and pages that lose nothing. */
#include <stdio.h>

#include <jansson.h>

#include "base/json_out.h"
#include "realm/knowledge.h"
#include "realm/users.h"
#include "store/queries.h"
#include "tests/unit/test.h"

static void a_row_becomes_an_object(void **state)
{
	struct world *w = *state;
	MUST(q_user_update(w->store, w->ben, "B \"x\"", NULL, "b@x.org", 1, &why));
	MUST(q_user_self(w->store, w->ben, &w->out, &why));
	json_t *user = json_loads(w->out.data, 0, NULL);
	assert_int_equal(json_integer_value(json_object_get(user, "id")), w->ben);
	assert_string_equal(json_string_value(json_object_get(user, "full_name")), "B \"x\"");
	assert_true(json_is_null(json_object_get(user, "bio")));
	assert_true(json_is_true(json_object_get(user, "is_active")));
	assert_string_equal(json_string_value(json_object_get(user, "updated_at")),
			    "1970-01-01T00:00:00.000001Z");
	assert_int_equal(json_object_size(user), user_shape.count);
	json_decref(user);
}

static void without_a_row_nothing_is_written(void **state)
{
	struct world *w = *state;
	int found;
	MUST(found = q_user_self(w->store, 99, &w->out, &why));
	assert_int_equal(found, 0);
	assert_int_equal(w->out.len, 0);
}

static void an_open_object_takes_more_members(void **state)
{
	struct world *w = *state;
	MUST(q_user_self(w->store, w->ben, &w->out, &why));
	jw_reopen(&w->out);
	jw_kv_int(&w->out, "more", 1);
	jw_close(&w->out, '}');
	json_t *user = json_loads(w->out.data, 0, NULL);
	assert_int_equal(json_object_size(user), user_shape.count + 1);
	json_decref(user);
}

static void an_empty_list_is_an_empty_array(void **state)
{
	struct world *w = *state;
	struct page page = {.limit = 3};
	const struct knowledge_filter all = {0};
	MUST(knowledge_list(w->arena, w->store, w->ada, &all, &page, &w->out, &why));
	assert_string_equal(w->out.data, "[]");
	assert_string_equal(page.next, "");
}

static int64_t id_at(const json_t *list, size_t i)
{
	return json_integer_value(json_object_get(json_array_get(list, i), "id"));
}

static void pages_give_every_row_once_also_while_rows_come(void **state)
{
	struct world *w = *state;
	const struct knowledge_filter all = {0};
	struct knowledge_new note = {
		.content = "x", .knowledge_type = "note", .visibility = "public"};
	int64_t id, last = INT64_MAX, seen = 0;
	for (int i = 0; i < 10; i++)
		MUST(knowledge_create(w->arena, w->store, w->ada, &note, &id, &why));
	struct page page = {.limit = 3};
	do {
		page.after = *page.next ? arena_strdup(w->arena, page.next) : NULL;
		MUST(knowledge_list(w->arena, w->store, w->ben, &all, &page, &w->out, &why));
		json_t *list = json_loads(taken(w), 0, NULL);
		assert_in_range(json_array_size(list), 1, 3);
		for (size_t i = 0; i < json_array_size(list); i++) {
			assert_true(id_at(list, i) < last);
			last = id_at(list, i);
			seen++;
		}
		json_decref(list);
		MUST(knowledge_create(w->arena, w->store, w->ada, &note, &id, &why));
	} while (*page.next);
	assert_int_equal(seen, 10);
	assert_int_equal(last, 1);
}

static void a_full_last_page_has_no_next(void **state)
{
	struct world *w = *state;
	struct page page = {.limit = 4};
	MUST(users_list(w->store, &page, &w->out, &why));
	assert_string_equal(page.next, "");
	page.limit = 3;
	buf_clear(&w->out);
	MUST(users_list(w->store, &page, &w->out, &why));
	assert_string_equal(page.next, "2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(a_row_becomes_an_object),
		IN_WORLD(without_a_row_nothing_is_written),
		IN_WORLD(an_open_object_takes_more_members),
		IN_WORLD(an_empty_list_is_an_empty_array),
		IN_WORLD(pages_give_every_row_once_also_while_rows_come),
		IN_WORLD(a_full_last_page_has_no_next),
	};
	return cmocka_run_group_tests_name("shape", tests, NULL, NULL);
}
