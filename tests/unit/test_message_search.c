/* realm/message_search: messages by their words, as far as the viewer may read them now. */
#include <stdio.h>

#include "base/json_in.h"
#include "realm/changes.h"
#include "realm/indexing.h"
#include "realm/message_search.h"
#include "realm/messages.h"
#include "realm/moderation.h"
#include "realm/relationships.h"
#include "realm/rooms.h"
#include "store/queries.h"
#include "tests/unit/texts.h"

/* The texts of all pages, with the pages between "|". */
static const char *find_all(struct fixture *f, int64_t viewer, struct message_search search,
			    int limit)
{
	struct buf *list = buf_in(f->arena);
	const char *after = NULL;
	do {
		struct page page = {.limit = limit, .after = after};
		size_t at;
		json_t *item;
		if (!search.sort)
			search.sort = "new";
		MUST(message_search(f->arena, f->store, viewer, &search, &page, &f->out, &why));
		const char *answer = take_output(f);
		json_t *items =
			json_in_value(f->arena, answer, strlen(answer), 10000, buf_in(f->arena));
		json_array_foreach(items, at, item)
			buf_printf(list, "%s%s",
				   at      ? ", "
				   : after ? " | "
					   : "",
				   json_string_value(json_object_get(item, "content")));
		after = page.next[0] ? arena_strdup(f->arena, page.next) : NULL;
	} while (after);
	return buf_text(list) ? buf_text(list) : "";
}

static const char *find(struct fixture *f, int64_t viewer, const char *q)
{
	index_all(f);
	return find_all(f, viewer, (struct message_search){.q = q}, 50);
}

static void all_words_must_be_in_a_message_that_the_viewer_may_read(void **state)
{
	struct fixture *f = *state;
	const char *open = make_room(f, true, f->ben, 0), *closed = make_room(f, false, f->ben, 0);
	post(f, f->ada, open, "the red bicycle");
	post(f, f->ben, closed, "red bicycles, in secret");
	post(f, f->ada, open, "a red car");
	share(f, f->ada, "public", "red bicycle of knowledge");
	assert_string_equal(find(f, f->ben, "bicycle RED"),
			    "red bicycles, in secret, the red bicycle");
	assert_string_equal(find(f, f->cleo, "red the"), "a red car, the red bicycle");
	assert_string_equal(find(f, f->cleo, "red bicycle tea"), "");
	assert_string_equal(find(f, f->cleo, "the"), "");
	MUST(room_leave(f->arena, f->store, f->ben, closed, &why));
	assert_string_equal(find(f, f->ben, "bicycle"), "the red bicycle");
}

static void an_edited_text_is_the_newest_and_a_deleted_one_is_gone(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true, 0, 0);
	const char *one = post(f, f->ada, room, "amber one"),
		   *two = post(f, f->ada, room, "amber two");
	post(f, f->ada, room, "amber three");
	assert_string_equal(find(f, f->ben, "amber"), "amber three, amber two, amber one");
	change_message(f, f->ada, room, one, "amber again");
	change_message(f, f->ada, room, two, NULL);
	assert_string_equal(find(f, f->ben, "amber"), "amber again, amber three");
	assert_string_equal(find(f, f->ben, "one"), "");
}

static void a_block_hides_in_both_directions(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true, f->ben, f->cleo);
	post(f, f->ben, room, "amber of ben");
	post(f, f->cleo, room, "amber of cleo");
	relate(f, f->ben, f->cleo, "blocked");
	assert_string_equal(find(f, f->ben, "amber"), "amber of ben");
	assert_string_equal(find(f, f->cleo, "amber"), "amber of cleo");
	assert_string_equal(find(f, f->dora, "amber"), "amber of cleo, amber of ben");
}

static void open_or_close(struct fixture *f, const char *room, bool is_public)
{
	const struct room_change change = {.given = 8, .is_public = is_public};
	MUST(room_update(f->arena, f->store, f->ada, room, &change, &why));
}

/* Whether the viewer finds these messages now and after each step of the index. */
static void finds_at_each_step(struct fixture *f, int64_t viewer, const char *texts)
{
	int done = 0;
	do {
		const struct message_search search = {.q = "amber"};
		assert_string_equal(find_all(f, viewer, search, 200), texts);
		MUST(done = index_text(f->store, &why));
	} while (done > 0);
}

static void a_room_is_found_or_hidden_as_soon_as_it_is_opened_or_closed(void **state)
{
	struct fixture *f = *state;
	const char *other = make_room(f, true, 0, 0), *room = make_room(f, true, f->ben, 0);
	struct buf *list = buf_in(f->arena);
	post(f, f->ada, other, "amber elsewhere");
	for (int i = 0; i < 120; i++) {
		char text[32];
		snprintf(text, sizeof(text), "amber %d", i);
		post(f, f->ada, room, text);
		buf_printf(list, "amber %d, ", 119 - i);
	}
	buf_puts(list, "amber elsewhere");
	const char *all = buf_text(list), *rest = "amber elsewhere";
	index_all(f);
	finds_at_each_step(f, f->cleo, all);
	open_or_close(f, room, false);
	finds_at_each_step(f, f->cleo, rest);
	open_or_close(f, room, true);
	finds_at_each_step(f, f->cleo, all);
	open_or_close(f, room, false);
	finds_at_each_step(f, f->ben, all);
	open_or_close(f, room, true);
	MUST(index_text(f->store, &why)); /* some are added */
	finds_at_each_step(f, f->cleo, all);
	open_or_close(f, room, false);
	MUST(index_text(f->store, &why)); /* some are removed */
	open_or_close(f, room, true);
	finds_at_each_step(f, f->cleo, all);
	open_or_close(f, room, true);
	MUST(index_text(f->store, &why));
	open_or_close(f, room, false);
	finds_at_each_step(f, f->cleo, rest);
}

static void a_new_index_has_the_messages_of_public_rooms(void **state)
{
	struct fixture *f = *state;
	const char *open = make_room(f, true, 0, 0), *closed = make_room(f, false, 0, 0);
	post(f, f->ada, open, "amber");
	post(f, f->ada, closed, "amber in secret");
	index_all(f);
	open_or_close(f, open, false);
	open_or_close(f, closed, true);
	MUST(q_repair_public_words(f->store, &why));
	MUST(q_repair_rooms_words(f->store, &why));
	MUST(q_repair_text_words(f->store, &why));
	MUST(q_repair_texts_waiting(f->store, &why));
	assert_string_equal(find(f, f->cleo, "amber"), "amber in secret");
	assert_string_equal(find(f, f->ada, "amber"), "amber in secret, amber");
}

static const char *make_aeon_room(struct fixture *f)
{
	const char *id;
	const struct room_new room = {.name = "thinkers",
				      .is_public = true,
				      .is_aeon_room = true,
				      .max_participants = 50};
	MUST(room_create(f->arena, f->store, f->ada, &room, &id, &why));
	return id;
}

static void what_a_twin_has_said_is_found_while_it_stands(void **state)
{
	struct fixture *f = *state;
	const char *room = make_aeon_room(f);
	post(f, f->ada, room, "amber of ada");
	const char *id = post_by_twin(f, f->ada, room, "amber of her twin");
	assert_string_equal(find(f, f->ben, "amber"), "amber of her twin, amber of ada");
	const struct message_search here = {.q = "twin", .room_id = room};
	assert_string_equal(find_all(f, f->ben, here, 50), "amber of her twin");
	relate(f, f->ada, f->ben, "blocked");
	assert_string_equal(find(f, f->ben, "amber"), "");
	change_message(f, f->ada, room, id, NULL);
	assert_string_equal(find(f, f->cleo, "amber"), "amber of ada");
}

static void filters_narrow_the_search(void **state)
{
	struct fixture *f = *state;
	const char *one = make_room(f, true, f->ben, 0), *other = make_room(f, false, 0, 0);
	post(f, f->ada, one, "amber one");
	post(f, f->ben, one, "amber two");
	post(f, f->ada, other, "amber three");
	index_all(f);
	struct message_search search = {.q = "amber", .room_id = one};
	struct page page = {.limit = 50};
	assert_string_equal(find_all(f, f->ada, search, 50), "amber two, amber one");
	search.sender_id = f->ada;
	assert_string_equal(find_all(f, f->ada, search, 50), "amber one");
	search = (struct message_search){.q = "amber", .after = 1, .before = 2};
	assert_string_equal(find_all(f, f->ada, search, 50), "");
	search = (struct message_search){.q = "amber", .room_id = other, .sort = "new"};
	REFUSED(ROOM_NOT_FOUND,
		message_search(f->arena, f->store, f->ben, &search, &page, &f->out, &why));
}

static void the_best_match_comes_first(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true, 0, 0);
	post(f, f->ada, room, "amber amber amber");
	post(f, f->ada, room,
	     "amber in a message of very many other long words, which says little");
	index_all(f);
	const struct message_search best = {.q = "amber", .sort = "best"};
	assert_memory_equal(find_all(f, f->ben, best, 1), "amber amber amber | amber in", 28);
}

/* A room with so many messages, half of which have each of two words, and three of which have both.
 */
static void find_in_many(struct fixture *f, bool is_public, int messages)
{
	const char *room = make_room(f, is_public, 0, 0);
	for (int i = 0; i < messages; i++) {
		char text[32];
		snprintf(text, sizeof(text), "%s %d",
			 i % 3000 ? i % 2 ? "amber" : "birch" : "amber birch", i);
		post(f, f->ada, room, text);
	}
	index_all(f);
	const struct message_search both = {.q = "amber birch"};
	assert_string_equal(find_all(f, f->ada, both, 2),
			    "amber birch 6000, amber birch 3000 | amber birch 0");
	const struct message_search one = {.q = "amber"};
	const char *all = find_all(f, f->ada, one, 200);
	int count = 0, pages = 1;
	for (const char *at = all; *at; at++) {
		count += strncmp(at, "amber", 5) == 0;
		pages += *at == '|';
	}
	assert_int_equal(count, messages / 2 + 3);
	assert_int_equal(pages, count / 200 + 1);
}

static void words_of_very_many_texts_are_found_page_by_page(void **state)
{
	find_in_many(*state, true, 6600);
}

/* So many that those of one word do not fit into a window. */
static void words_of_very_many_texts_of_a_private_room_are_found(void **state)
{
	find_in_many(*state, false, 9000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_REALM(all_words_must_be_in_a_message_that_the_viewer_may_read),
		IN_REALM(an_edited_text_is_the_newest_and_a_deleted_one_is_gone),
		IN_REALM(a_block_hides_in_both_directions),
		IN_REALM(a_room_is_found_or_hidden_as_soon_as_it_is_opened_or_closed),
		IN_REALM(a_new_index_has_the_messages_of_public_rooms),
		IN_REALM(what_a_twin_has_said_is_found_while_it_stands),
		IN_REALM(filters_narrow_the_search),
		IN_REALM(the_best_match_comes_first),
		IN_REALM(words_of_very_many_texts_are_found_page_by_page),
		IN_REALM(words_of_very_many_texts_of_a_private_room_are_found),
	};
	return cmocka_run_group_tests_name("message_search", tests, NULL, NULL);
}
