/* lib/store/shape: rows as JSON objects, and complete pages. */
#include <stdio.h>

#include <jansson.h>

#include "base/json_out.h"
#include "realm/knowledge.h"
#include "realm/knowledge_list.h"
#include "realm/users.h"
#include "store/queries.h"
#include "tests/unit/test.h"

static void a_row_becomes_an_object(void **state)
{
	struct fixture *f = *state;
	MUST(q_user_update(f->store, f->ben, "B \"x\"", NULL, "b@x.org", "b@x.org", 1, &why));
	MUST(q_user_self(f->store, f->ben, &f->out, &why));
	json_t *user = json_loads(f->out.data, 0, NULL);
	assert_int_equal(json_integer_value(json_object_get(user, "id")), f->ben);
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
	struct fixture *f = *state;
	int found;
	MUST(found = q_user_self(f->store, 99, &f->out, &why));
	assert_int_equal(found, 0);
	assert_int_equal(f->out.len, 0);
}

static void a_reopened_object_takes_more_properties(void **state)
{
	struct fixture *f = *state;
	MUST(q_user_self(f->store, f->ben, &f->out, &why));
	jw_reopen(&f->out);
	jw_kv_int(&f->out, "more", 1);
	jw_close(&f->out, '}');
	json_t *user = json_loads(f->out.data, 0, NULL);
	assert_int_equal(json_object_size(user), user_shape.count + 1);
	json_decref(user);
}

static void an_empty_list_is_an_empty_array(void **state)
{
	struct fixture *f = *state;
	struct page page = {.limit = 3};
	const struct knowledge_filter all = {0};
	MUST(knowledge_list(f->arena, f->store, f->ada, &all, &page, &f->out, &why));
	assert_string_equal(f->out.data, "[]");
	assert_string_equal(page.next, "");
}

static int64_t id_at(const json_t *list, size_t i)
{
	return json_integer_value(json_object_get(json_array_get(list, i), "id"));
}

static void pages_have_every_row_once_even_while_rows_are_added(void **state)
{
	struct fixture *f = *state;
	const struct knowledge_filter all = {0};
	struct knowledge_new note = {
		.content = "x", .knowledge_type = "note", .visibility = "public"};
	int64_t id, last = INT64_MAX, seen = 0;
	for (int i = 0; i < 10; i++)
		MUST(knowledge_create(f->arena, f->store, f->ada, &note, &id, &why));
	struct page page = {.limit = 3};
	do {
		page.after = *page.next ? arena_strdup(f->arena, page.next) : NULL;
		MUST(knowledge_list(f->arena, f->store, f->ben, &all, &page, &f->out, &why));
		json_t *list = json_loads(take_output(f), 0, NULL);
		assert_in_range(json_array_size(list), 1, 3);
		for (size_t i = 0; i < json_array_size(list); i++) {
			assert_true(id_at(list, i) < last);
			last = id_at(list, i);
			seen++;
		}
		json_decref(list);
		MUST(knowledge_create(f->arena, f->store, f->ada, &note, &id, &why));
	} while (*page.next);
	assert_int_equal(seen, 10);
	assert_int_equal(last, 1);
}

static void a_full_last_page_has_no_next_page(void **state)
{
	struct fixture *f = *state;
	struct page page = {.limit = 4};
	MUST(users_list(f->store, 0, &page, &f->out, &why));
	assert_string_equal(page.next, "");
	page.limit = 3;
	buf_clear(&f->out);
	MUST(users_list(f->store, 0, &page, &f->out, &why));
	assert_string_equal(page.next, "2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_REALM(a_row_becomes_an_object),
		IN_REALM(without_a_row_nothing_is_written),
		IN_REALM(a_reopened_object_takes_more_properties),
		IN_REALM(an_empty_list_is_an_empty_array),
		IN_REALM(pages_have_every_row_once_even_while_rows_are_added),
		IN_REALM(a_full_last_page_has_no_next_page),
	};
	return cmocka_run_group_tests_name("shape", tests, NULL, NULL);
}
