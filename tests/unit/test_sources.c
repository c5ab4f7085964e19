/* realm/sources and realm/recall: on what a twin may draw, and what it says without a model. */
#include "realm/changes.h"
#include "realm/collect.h"
#include "realm/indexing.h"
#include "realm/interactions.h"
#include "realm/knowledge.h"
#include "realm/memories.h"
#include "realm/messages.h"
#include "realm/moderation.h"
#include "realm/places.h"
#include "realm/recall.h"
#include "realm/relationships.h"
#include "realm/rooms.h"
#include "realm/sources.h"
#include "realm/thread.h"
#include "store/queries.h"
#include "tests/unit/texts.h"

/* The contents of the sources, with a comma between them, best first. */
static const char *found(struct fixture *f, struct audience audience, const char *question,
			 const struct source_ids *without)
{
	struct source *sources;
	size_t count;
	struct buf *list = buf_in(f->arena);
	index_all(f);
	MUST(sources_find(f->arena, f->store, &audience, LEAVE_NEVER, question, NULL, without, 20,
			  &sources, &count, &why));
	for (size_t i = 0; i < count; i++)
		buf_printf(list, i ? ", %s" : "%s", sources[i].content);
	return buf_text(list);
}

static struct audience to_owner(int64_t owner)
{
	return (struct audience){.to = ANSWER_TO_OWNER, .owner = owner};
}

static struct audience to_pair(int64_t owner, int64_t reader, int64_t thread)
{
	return (struct audience){
		.to = ANSWER_TO_PAIR, .owner = owner, .reader = reader, .thread = thread};
}

static struct audience to_room(int64_t owner, int64_t reader, const char *room)
{
	return (struct audience){
		.to = ANSWER_TO_ROOM, .owner = owner, .reader = reader, .room_id = room};
}

static struct audience to_all(int64_t owner, int64_t reader, int64_t thread)
{
	return (struct audience){
		.to = ANSWER_TO_ALL, .owner = owner, .reader = reader, .thread = thread};
}

#define FINDS(expected, audience) assert_string_equal(found(f, audience, "key", NULL), expected)

/* --- places ----------------------------------------------------------------------------------- */

static void words_of_a_public_room_are_for_every_answer(void **state)
{
	struct fixture *f = *state;
	const char *other = make_room(f, true, 0, 0);
	post(f, f->ada, make_room(f, true, 0, 0), "public key");
	FINDS("public key", to_owner(f->cleo));
	FINDS("public key", to_pair(f->cleo, f->dora, 0));
	FINDS("public key", to_room(f->cleo, f->dora, other));
	FINDS("public key", to_all(f->cleo, f->dora, 0));
}

static void words_of_a_private_room_stay_among_its_members(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, false, f->ben, f->cleo),
		   *other = make_room(f, false, f->ben, 0);
	post(f, f->ada, room, "secret key");
	FINDS("secret key", to_owner(f->ben));
	FINDS("", to_owner(f->dora));
	FINDS("secret key", to_pair(f->ben, f->cleo, 0));
	FINDS("", to_pair(f->ben, f->dora, 0));
	FINDS("secret key", to_room(f->ben, f->cleo, room));
	FINDS("", to_room(f->ben, f->ada, other));
	FINDS("", to_room(f->ben, f->dora, room));
	FINDS("", to_all(f->ben, f->cleo, 0));
	MUST(room_leave(f->arena, f->store, f->ben, room, &why));
	FINDS("", to_owner(f->ben));
	FINDS("", to_room(f->ben, f->cleo, room));
	FINDS("", to_pair(f->cleo, f->ben, 0));
}

static void knowledge_is_for_those_who_may_see_it(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, false, f->ben, f->cleo);
	share(f, f->ada, "friends", "friends key");
	share(f, f->ada, "private", "private key");
	relate(f, f->ada, f->ben, "friend");
	FINDS("private key, friends key", to_owner(f->ada));
	FINDS("friends key", to_owner(f->ben));
	FINDS("", to_owner(f->cleo));
	FINDS("friends key", to_pair(f->ada, f->ben, 0));
	FINDS("friends key", to_pair(f->ben, f->ada, 0));
	FINDS("", to_pair(f->ada, f->cleo, 0));
	FINDS("", to_pair(f->ben, f->cleo, 0));
	FINDS("", to_room(f->ada, f->ben, room));
	FINDS("", to_all(f->ada, f->ben, 0));
	relate(f, f->ada, f->cleo, "friend");
	FINDS("friends key", to_pair(f->ben, f->cleo, 0));
	share(f, f->ada, "public", "public key");
	FINDS("public key", to_room(f->ben, f->cleo, room));
	FINDS("public key", to_all(f->ben, f->cleo, 0));
}

static void a_private_thread_stays_between_its_two_sides(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, false, f->ben, 0);
	int64_t first = ask(f, f->ada, f->ben, 0, false, "first key?"), second;
	answer(f, f->ben, first, "a golden key");
	second = ask(f, f->ada, f->ben, first, false, "and now?");
	FINDS("a golden key, first key?", to_owner(f->ada));
	FINDS("a golden key, first key?", to_pair(f->ben, f->ada, second));
	FINDS("", to_pair(f->ben, f->ada, 0));
	FINDS("", to_pair(f->ben, f->cleo, second));
	FINDS("", to_all(f->ben, f->ada, second));
	FINDS("", to_room(f->ben, f->ada, room));
	FINDS("", to_owner(f->cleo));
}

static void a_public_thread_may_be_drawn_on_by_an_answer_to_it(void **state)
{
	struct fixture *f = *state;
	int64_t first = ask(f, f->ada, f->ben, 0, true, "public key");
	FINDS("public key", to_all(f->ben, f->ada, first));
	FINDS("public key", to_owner(f->cleo));
	FINDS("", to_all(f->ben, f->ada, ask(f, f->cleo, f->ben, 0, true, "Hi")));
}

static void a_memory_is_for_its_owner_and_for_users_who_may_see_it(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, false, f->ben, f->cleo);
	remember(f, f->ada, "private", "private key");
	relate(f, f->ada, f->ben, "friend");
	FINDS("private key", to_owner(f->ada));
	FINDS("", to_pair(f->ada, f->ben, 0));
	remember(f, f->ada, "friends", "friends key");
	FINDS("friends key", to_pair(f->ada, f->ben, 0));
	FINDS("", to_pair(f->ada, f->cleo, 0));
	FINDS("", to_room(f->ada, f->ben, room));
	remember(f, f->ada, "public", "public key");
	FINDS("public key", to_pair(f->ada, f->cleo, 0));
	FINDS("public key", to_room(f->ada, f->cleo, room));
	FINDS("public key", to_all(f->ada, f->dora, 0));
	/* Twins of others do not have it. */
	FINDS("", to_owner(f->ben));
	FINDS("", to_pair(f->ben, f->ada, 0));
}

static void words_of_a_user_with_a_block_are_no_source(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, false, f->ben, f->cleo);
	post(f, f->ben, room, "ben's key");
	share(f, f->ben, "public", "shared key");
	FINDS("shared key, ben's key", to_room(f->ada, f->cleo, room));
	relate(f, f->cleo, f->ben, "blocked");
	FINDS("", to_room(f->ada, f->cleo, room));
	FINDS("", to_pair(f->ada, f->cleo, 0));
	FINDS("shared key, ben's key", to_owner(f->ada));
	FINDS("", to_owner(f->cleo));
}

static void what_a_twin_has_said_is_no_source(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true, 0, 0);
	post_by_twin(f, f->ada, room, "key of the twin");
	FINDS("", to_owner(f->ada));
	FINDS("", to_room(f->cleo, f->dora, room));
}

static void what_is_deleted_or_changed_is_found_no_more(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true, f->ben, 0), *gone = post(f, f->ben, room, "old key"),
		   *kept = post(f, f->ben, room, "new key");
	int64_t note = share(f, f->ben, "public", "shared key");
	FINDS("new key, shared key, old key", to_owner(f->ada));
	change_message(f, f->ben, room, gone, NULL);
	change_message(f, f->ben, room, kept, "new lock");
	struct knowledge_change change = {.given = 8, .visibility = "private"};
	MUST(knowledge_update(f->arena, f->store, f->ben, note, &change, &why));
	FINDS("", to_owner(f->ada));
	FINDS("shared key", to_owner(f->ben));
	assert_string_equal(found(f, to_owner(f->ada), "lock", NULL), "new lock");
}

static void what_is_left_out_takes_no_place(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true, 0, 0), *cause = post(f, f->ada, room, "key key"),
		   *other = post(f, f->ada, room, "a key");
	struct source_id one = {SOURCE_MESSAGE, cause};
	struct source_ids without = {&one, 1};
	struct source *sources;
	struct audience audience = to_owner(f->ben);
	size_t count;
	index_all(f);
	MUST(sources_find(f->arena, f->store, &audience, LEAVE_NEVER, "key", NULL, &without, 5,
			  &sources, &count, &why));
	assert_int_equal(count, 1);
	assert_string_equal(sources[0].id.id, other);
	assert_int_equal(sources[0].text_rank, 1);
	assert_int_equal(sources[0].nearby_rank, 1);
	assert_string_equal(sources[0].author_name, "ada");
}

static void a_source_holds_while_its_readers_may_read_it_and_it_says_the_same(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, false, f->ben, f->cleo),
		   *id = post(f, f->ada, room, "old key");
	struct audience to_cleo = to_pair(f->ben, f->cleo, 0), to_ben = to_owner(f->ben);
	struct source *sources;
	size_t count;
	int holds;
	index_all(f);
	MUST(sources_find(f->arena, f->store, &to_cleo, LEAVE_NEVER, "key", NULL, NULL, 5, &sources,
			  &count, &why));
	assert_int_equal(count, 1);
	MUST(holds = source_holds(f->store, &to_cleo, sources, &why));
	assert_int_equal(holds, 1);
	MUST(room_leave(f->arena, f->store, f->cleo, room, &why));
	MUST(holds = source_holds(f->store, &to_cleo, sources, &why));
	assert_int_equal(holds, 0);
	MUST(holds = source_holds(f->store, &to_ben, sources, &why));
	assert_int_equal(holds, 1);
	change_message(f, f->ada, room, id, "new key");
	index_all(f);
	MUST(holds = source_holds(f->store, &to_ben, sources, &why));
	assert_int_equal(holds, 0);
}

/* --- ranking ---------------------------------------------------------------------------------- */

static void a_rare_word_says_more_than_a_frequent_one(void **state)
{
	struct fixture *f = *state;
	for (int i = 0; i < 5; i++)
		share(f, f->ada, "public", "the garden is green");
	share(f, f->ada, "public", "the zebra is striped");
	for (int i = 0; i < 5; i++)
		share(f, f->ada, "public", "a garden grows");
	assert_memory_equal(found(f, to_owner(f->ben), "Is there a zebra in the garden?", NULL),
			    "the zebra", 9);
}

static void what_stands_beside_a_message_counts(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true, 0, 0);
	for (int i = 0; i < 4; i++) {
		post(f, f->ada, room, "a blue bicycle");
		post(f, f->ada, room, "something else");
	}
	post(f, f->ada, room, "the tall ladder");
	post(f, f->ada, room, "a red bicycle");
	post(f, f->ada, room, "something else");
	struct source *sources;
	struct audience audience = to_owner(f->ben);
	size_t count;
	index_all(f);
	MUST(sources_find(f->arena, f->store, &audience, LEAVE_NEVER, "bicycle ladder", NULL, NULL,
			  9, &sources, &count, &why));
	assert_string_equal(sources[0].content, "a red bicycle");
	assert_string_equal(sources[1].content, "the tall ladder");
}

static void a_few_sources_are_the_first_of_many(void **state)
{
	struct fixture *f = *state;
	struct audience audience = to_owner(f->ada);
	struct source *all, *few;
	size_t count, few_count;
	srandom(7);
	for (int i = 0; i < 40; i++) {
		struct memory_change change = {.given = 1 << 2, .importance = 1 + random() % 10};
		const char *text =
			arena_printf(f->arena, "key %.*s", (int)(random() % 60),
				     "lamp lamp river stone garden bread lamp train paper");
		int64_t id = remember(f, f->ada, "private", text);
		MUST(memory_update(f->store, f->ada, id, &change, &why));
	}
	index_all(f);
	MUST(sources_find(f->arena, f->store, &audience, LEAVE_NEVER, "key lamp", NULL, NULL, 50,
			  &all, &count, &why));
	for (int limit = 1; limit <= (int)count; limit++) {
		MUST(sources_find(f->arena, f->store, &audience, LEAVE_NEVER, "key lamp", NULL,
				  NULL, limit, &few, &few_count, &why));
		assert_int_equal(few_count, limit);
		for (int i = 0; i < limit; i++) {
			assert_string_equal(few[i].id.id, all[i].id.id);
			assert_true(few[i].score == all[i].score);
		}
	}
}

static void a_question_of_stop_words_has_no_sources(void **state)
{
	struct fixture *f = *state;
	share(f, f->ada, "public", "who are you and what is this");
	assert_string_equal(found(f, to_owner(f->ada), "Who are you? What is this?", NULL), "");
	assert_string_equal(found(f, to_owner(f->ada), "", NULL), "");
	assert_string_equal(found(f, to_owner(f->ada), "\" * -- ?", NULL), "");
}

static void words_are_found_in_any_form_and_in_writing_without_spaces(void **state)
{
	struct fixture *f = *state;
	share(f, f->ada, "public", "Ada's keys hang by the door");
	share(f, f->ada, "public", "钥匙在门边");
	FINDS("Ada's keys hang by the door", to_owner(f->ben));
	assert_string_equal(found(f, to_owner(f->ben), "钥匙在哪里?", NULL), "钥匙在门边");
}

/* --- recall ----------------------------------------------------------------------------------- */

static const char *recalled(struct fixture *f, int64_t owner, const char *question)
{
	struct audience audience = to_owner(owner);
	struct source *sources;
	struct reply reply;
	size_t count;
	index_all(f);
	MUST(sources_find(f->arena, f->store, &audience, LEAVE_NEVER, question, NULL, NULL, 10,
			  &sources, &count, &why));
	MUST(recall_answer(f->arena, f->store, question, sources, count, &reply, &why));
	assert_true(reply.nothing == (reply.cited_count == 0));
	return reply.text;
}

static void the_recall_engine_quotes_the_sentence_that_fits(void **state)
{
	struct fixture *f = *state;
	share(f, f->ben, "public", "It rains. The key lies under the mat. Dinner is at 7.30.");
	assert_string_equal(recalled(f, f->ada, "Where is the key?"),
			    "ben said: “The key lies under the mat.”");
	assert_string_equal(recalled(f, f->ada, "When is dinner?"),
			    "ben said: “Dinner is at 7.30.”");
}

static void the_recall_engine_has_nothing_on_what_nobody_said(void **state)
{
	struct fixture *f = *state;
	assert_string_equal(recalled(f, f->ada, "Where is the key?"), RECALL_NOTHING);
	share(f, f->ben, "public", "My dog is old. Where is the key?");
	assert_string_equal(recalled(f, f->ada, "Where is the key?"), RECALL_NOTHING);
	/* One word in common of many is no answer. */
	assert_string_equal(recalled(f, f->ada, "Which dog won the great race of Kassel in May?"),
			    RECALL_NOTHING);
}

static void a_long_quote_is_cut(void **state)
{
	struct fixture *f = *state;
	struct buf *text = buf_in(f->arena);
	for (int i = 0; i < 300; i++)
		buf_puts(text, i ? " über" : "key");
	share(f, f->ben, "public", buf_text(text));
	const char *reply = recalled(f, f->ada, "key");
	assert_true(strlen(reply) < 600);
	assert_non_null(strstr(reply, "…”"));
}

/* --- many places ------------------------------------------------------------------------------ */

static void a_word_is_found_in_the_last_of_very_many_rooms(void **state)
{
	struct fixture *f = *state;
	for (int i = 0; i < 300; i++) {
		const char *room = make_room(f, i % 3 != 0, 0, 0);
		post(f, f->ada, room, i % 3 == 0 ? "the key of a hidden room" : "a lamp");
	}
	post(f, f->ada, make_room(f, true, 0, 0), "the key of the last room");
	FINDS("the key of the last room", to_owner(f->ben));
}

static void add_places(struct fixture *f, const struct places *places, int64_t word, size_t *at,
		       struct buf *with)
{
	MUST(places_with_word(f->store, word, places, at, 2, with, &why));
}

static void the_places_that_have_a_word_come_in_order_and_in_parts(void **state)
{
	struct fixture *f = *state;
	struct buf *rooms = buf_in(f->arena), *words = buf_in(f->arena), *with = buf_in(f->arena);
	size_t at = 0;
	for (int i = 0; i < 10; i++)
		post(f, f->ada, make_room(f, true, 0, 0), i % 3 == 0 ? "key" : "lamp");
	index_all(f);
	for (int64_t number = 12; number > 0; number--) /* the last two have no text */
		if (number != 4)
			buf_add(rooms, &number, sizeof(number));
	MUST(q_text_numbers(f->store, "key", collect_id, words, &why));
	const struct places places = places_of(rooms);
	int64_t word = *(const int64_t *)(const void *)words->data;
	add_places(f, &places, word, &at, with);
	assert_int_equal(with->len, 2 * sizeof(int64_t));
	add_places(f, &places, word, &at, with);
	assert_int_equal(at, places.count);
	const int64_t expected[] = {1, 7, 10}; /* not 4, which is none of the places */
	assert_int_equal(with->len, sizeof(expected));
	assert_memory_equal(with->data, expected, sizeof(expected));
}

/* --- threads ---------------------------------------------------------------------------------- */

/* The texts up to that message, for the twin of Ada that answers Ben in the room. */
static const char *thread(struct fixture *f, const char *room, const char *message)
{
	const struct audience audience = to_room(f->ada, f->ben, room);
	const struct turn turn = {.cause = CAUSE_MESSAGE, .cause_id = message};
	struct said *said;
	size_t count;
	struct buf *list = buf_in(f->arena);
	MUST(thread_read(f->arena, f->store, &audience, &turn, &said, &count, &why));
	for (size_t i = 0; i < count; i++)
		buf_printf(list, i ? ", %s" : "%s", said[i].content);
	return buf_text(list);
}

static void a_thread_has_what_the_owner_and_the_asker_may_read(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, false, f->ben, f->cleo);
	post(f, f->ada, room, "one");
	post(f, f->cleo, room, "two");
	const char *cause = post(f, f->ben, room, "three");
	assert_string_equal(thread(f, room, cause), "one, two, three");
	relate(f, f->ada, f->cleo, "blocked");
	assert_string_equal(thread(f, room, cause), "one, three");
	relate(f, f->ada, f->cleo, "friend");
	relate(f, f->cleo, f->ben, "blocked");
	assert_string_equal(thread(f, room, cause), "one, three");
	relate(f, f->cleo, f->ben, "friend");
	run_sql(f, "UPDATE users SET erased_at = 1 WHERE id = %d", (int)f->cleo);
	assert_string_equal(thread(f, room, cause), "one, three");
	MUST(room_leave(f->arena, f->store, f->ben, room, &why));
	assert_string_equal(thread(f, room, cause), "");
}

static void a_thread_of_a_room_that_the_owner_has_left_is_empty(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, false, f->ben, f->cleo);
	const char *cause = post(f, f->ben, room, "one");
	MUST(room_leave(f->arena, f->store, f->ada, room, &why));
	assert_string_equal(thread(f, room, cause), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_REALM(words_of_a_public_room_are_for_every_answer),
		IN_REALM(words_of_a_private_room_stay_among_its_members),
		IN_REALM(knowledge_is_for_those_who_may_see_it),
		IN_REALM(a_private_thread_stays_between_its_two_sides),
		IN_REALM(a_public_thread_may_be_drawn_on_by_an_answer_to_it),
		IN_REALM(a_memory_is_for_its_owner_and_for_users_who_may_see_it),
		IN_REALM(words_of_a_user_with_a_block_are_no_source),
		IN_REALM(what_a_twin_has_said_is_no_source),
		IN_REALM(what_is_deleted_or_changed_is_found_no_more),
		IN_REALM(what_is_left_out_takes_no_place),
		IN_REALM(a_source_holds_while_its_readers_may_read_it_and_it_says_the_same),
		IN_REALM(a_rare_word_says_more_than_a_frequent_one),
		IN_REALM(what_stands_beside_a_message_counts),
		IN_REALM(a_few_sources_are_the_first_of_many),
		IN_REALM(a_question_of_stop_words_has_no_sources),
		IN_REALM(words_are_found_in_any_form_and_in_writing_without_spaces),
		IN_REALM(the_recall_engine_quotes_the_sentence_that_fits),
		IN_REALM(the_recall_engine_has_nothing_on_what_nobody_said),
		IN_REALM(a_long_quote_is_cut),
		IN_REALM(a_word_is_found_in_the_last_of_very_many_rooms),
		IN_REALM(the_places_that_have_a_word_come_in_order_and_in_parts),
		IN_REALM(a_thread_has_what_the_owner_and_the_asker_may_read),
		IN_REALM(a_thread_of_a_room_that_the_owner_has_left_is_empty),
	};
	return cmocka_run_group_tests_name("sources", tests, NULL, NULL);
}
