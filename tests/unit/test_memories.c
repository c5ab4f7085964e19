/* realm/memories and realm/conversations: what users give to their own twins, and say to them. */
#include <inttypes.h>

#include "base/clock.h"
#include "realm/conversations.h"
#include "realm/memories.h"
#include "realm/settings.h"
#include "tests/unit/twins.h"

#define NOWHERE "01890000-0000-7000-8000-000000000000"

/* --- memories --------------------------------------------------------------------------------- */

static int64_t remember(struct fixture *f, int64_t owner, const char *text, int64_t importance)
{
	const struct memory_new input = {.content = text,
					 .memory_type = "fact",
					 .importance = importance,
					 .visibility = "private"};
	int64_t id;
	bool fresh;
	MUST(memory_add(f->store, owner, &input, &id, &fresh, &why));
	return fresh ? id : -id;
}

static const char *shown(struct fixture *f, int64_t owner, int64_t id)
{
	MUST(memory_show(f->store, owner, id, &f->out, &why));
	return take_output(f);
}

static bool shows(struct fixture *f, int64_t id, const char *text)
{
	return strstr(shown(f, f->ada, id), text) != NULL;
}

static void the_same_text_again_strengthens_the_memory_of_its_owner(void **state)
{
	struct fixture *f = *state;
	int64_t id = remember(f, f->ada, "I like tea", 5);
	assert_int_equal(remember(f, f->ada, "I like tea", 3), -id);
	assert_true(shows(f, id, "\"times\":2") && shows(f, id, "\"importance\":5"));
	assert_int_equal(remember(f, f->ada, "I like tea", 9), -id);
	assert_true(shows(f, id, "\"times\":3") && shows(f, id, "\"importance\":9"));
	assert_true(remember(f, f->ada, "I like tea.", 5) > 0);
	assert_true(remember(f, f->ben, "I like tea", 5) > 0);
	assert_true(shows(f, id, "\"times\":3"));
}

static void a_memory_takes_no_text_that_another_one_has(void **state)
{
	struct fixture *f = *state;
	int64_t tea = remember(f, f->ada, "I like tea", 5);
	int64_t coffee = remember(f, f->ada, "I like coffee", 5);
	const struct memory_change to_tea = {.content = "I like tea", .local_only = -1, .given = 1};
	REFUSED(MEMORY_EXISTS, memory_update(f->store, f->ada, coffee, &to_tea, &why));
	MUST(memory_update(f->store, f->ada, tea, &to_tea, &why));
	MUST(memory_delete(f->store, f->ada, tea, &why));
	MUST(memory_update(f->store, f->ada, coffee, &to_tea, &why));
	assert_int_equal(remember(f, f->ada, "I like tea", 5), -coffee);
	assert_true(remember(f, f->ada, "I like coffee", 5) > 0);
}

static void only_what_is_given_changes(void **state)
{
	struct fixture *f = *state;
	int64_t id = remember(f, f->ada, "I like tea", 5);
	const struct memory_change local = {.local_only = 1, .given = UINT32_C(1) << 4};
	MUST(memory_update(f->store, f->ada, id, &local, &why));
	assert_true(shows(f, id, "\"local_only\":true") && shows(f, id, "\"importance\":5"));
	const struct memory_change visible = {
		.visibility = "public", .local_only = -1, .given = UINT32_C(1) << 3};
	MUST(memory_update(f->store, f->ada, id, &visible, &why));
	assert_true(shows(f, id, "\"local_only\":true") &&
		    shows(f, id, "\"visibility\":\"public\""));
}

static void a_memory_exists_for_its_owner_alone(void **state)
{
	struct fixture *f = *state;
	int64_t id = remember(f, f->ada, "I like tea", 5);
	const struct memory_change change = {.importance = 9, .local_only = -1, .given = 4};
	const char *before = shown(f, f->ada, id);
	REFUSED(NOT_FOUND, memory_show(f->store, f->ben, id, &f->out, &why));
	REFUSED(NOT_FOUND, memory_update(f->store, f->ben, id, &change, &why));
	REFUSED(NOT_FOUND, memory_delete(f->store, f->ben, id, &why));
	assert_string_equal(shown(f, f->ada, id), before);
	MUST(memory_delete(f->store, f->ada, id, &why));
	REFUSED(NOT_FOUND, memory_delete(f->store, f->ada, id, &why));
}

/* --- conversations ---------------------------------------------------------------------------- */

static const struct settings settings = {.quota_conversations = 2};

static int say_in(struct fixture *f, int64_t owner, const char *conversation, int64_t *turn_r,
		  struct problem *why)
{
	const struct chat_new input = {.message = "Hello", .conversation_id = conversation};
	return chat_say(f->store, &settings, owner, &input, turn_r, why);
}

static const char *conversation_of(struct fixture *f, int64_t owner)
{
	struct page page = {.limit = 1};
	MUST(conversations_list(f->store, owner, &page, &f->out, &why));
	const char *list = take_output(f);
	return arena_strndup(f->arena, strstr(list, "\"id\":\"") + 6, UUID_TEXT - 1);
}

static void ten_messages_wait_and_the_next_one_is_refused_until_one_is_answered(void **state)
{
	struct fixture *f = *state;
	int64_t turn;
	MUST(say_in(f, f->ada, NULL, &turn, &why));
	const char *talk = conversation_of(f, f->ada);
	for (int i = 1; i < 10; i++)
		MUST(say_in(f, f->ada, talk, &turn, &why));
	REFUSED(RATE_LIMITED, say_in(f, f->ada, talk, &turn, &why));
	assert_int_equal(number_of(f, "SELECT messages FROM twin_conversations"), 10);
	MUST(say_in(f, f->ben, NULL, &turn, &why));
	MUST(turn_cancel(f->arena, f->store, f->ben, turn, &why));
	REFUSED(RATE_LIMITED, say_in(f, f->ada, talk, &turn, &why));
	MUST(turn_cancel(f->arena, f->store, f->ada, 1, &why));
	MUST(say_in(f, f->ada, talk, &turn, &why));
}

static void a_refused_conversation_leaves_nothing(void **state)
{
	struct fixture *f = *state;
	int64_t turn;
	MUST(say_in(f, f->ada, NULL, &turn, &why));
	MUST(say_in(f, f->ada, NULL, &turn, &why));
	REFUSED(QUOTA_EXCEEDED, say_in(f, f->ada, NULL, &turn, &why));
	REFUSED(NOT_FOUND, say_in(f, f->ada, NOWHERE, &turn, &why));
	REFUSED(NOT_FOUND, say_in(f, f->ben, conversation_of(f, f->ada), &turn, &why));
	assert_int_equal(number_of(f, "SELECT count(*) FROM twin_conversations"), 2);
	assert_int_equal(number_of(f, "SELECT count(*) FROM twin_chat"), 2);
	assert_int_equal(number_of(f, "SELECT count(*) FROM twin_turns"), 2);
}

static int has_answer(struct fixture *f, int64_t turn)
{
	int ended;
	buf_clear(&f->out);
	MUST(ended = chat_answer_show(f->arena, f->store, f->ada, turn, &f->out, &why));
	return ended;
}

static void an_answer_is_there_when_its_turn_has_ended(void **state)
{
	struct fixture *f = *state;
	int64_t turn;
	MUST(say_in(f, f->ada, NULL, &turn, &why));
	assert_int_equal(has_answer(f, turn), 0);
	REFUSED(NOT_FOUND, chat_answer_show(f->arena, f->store, f->ben, turn, &f->out, &why));
	claim(f);
	assert_int_equal(has_answer(f, turn), 0);
	MUST(turn_cancel(f->arena, f->store, f->ada, turn, &why));
	assert_int_equal(has_answer(f, turn), 1);
	assert_non_null(strstr(take_output(f), "\"state\":\"cancelled\""));
}

static void a_long_conversation_is_deleted_to_its_last_message(void **state)
{
	struct fixture *f = *state;
	int64_t turn;
	MUST(say_in(f, f->ada, NULL, &turn, &why));
	MUST(say_in(f, f->ada, NULL, &turn, &why));
	const char *talk = conversation_of(f, f->ada);
	run_sql(f,
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
		"INSERT INTO twin_chat (conversation_id, is_aeon, content, created_at) "
		"SELECT '%s', 0, 'line ' || i, 1 FROM n",
		talk);
	REFUSED(NOT_FOUND, conversation_delete(f->store, f->ben, talk, &why));
	assert_int_equal(number_of(f, "SELECT count(*) FROM twin_chat"), 1002);
	MUST(conversation_delete(f->store, f->ada, talk, &why));
	assert_int_equal(number_of(f, "SELECT count(*) FROM twin_chat"), 1);
	REFUSED(NOT_FOUND, conversation_delete(f->store, f->ada, talk, &why));
	REFUSED(NOT_FOUND, chat_answer_show(f->arena, f->store, f->ada, turn, &f->out, &why));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_REALM(the_same_text_again_strengthens_the_memory_of_its_owner),
		IN_REALM(a_memory_takes_no_text_that_another_one_has),
		IN_REALM(only_what_is_given_changes),
		IN_REALM(a_memory_exists_for_its_owner_alone),
		IN_REALM(ten_messages_wait_and_the_next_one_is_refused_until_one_is_answered),
		IN_REALM(a_refused_conversation_leaves_nothing),
		IN_REALM(an_answer_is_there_when_its_turn_has_ended),
		IN_REALM(a_long_conversation_is_deleted_to_its_last_message),
	};
	return cmocka_run_group_tests_name("memories", tests, NULL, NULL);
}
