/* realm/changes: who may change what was said, what is left of it, and the room's log. */
#include <stdio.h>

#include <jansson.h>

#include "realm/changes.h"
#include "realm/feed.h"
#include "realm/messages.h"
#include "realm/relationships.h"
#include "realm/rooms.h"
#include "store/queries.h"
#include "tests/unit/test.h"

#define NOBODY "00000000-0000-7000-8000-000000000000"

/* A room of ada's that ben and cleo are in, with a message of ben's. */
struct scene {
	struct world *w;
	const char *room;
	struct message_posted message;
	struct message_done done;
};

static struct message_posted post(struct world *w, int64_t sender, const char *room,
				  const char *text, const char *client_id)
{
	struct message_posted posted;
	struct message_new message = {.content = text,
				      .message_type = "text",
				      .meta_data = "{\"x\":1}",
				      .client_id = client_id};
	MUST(message_post(w->arena, w->store, sender, room, &message, &posted, &why));
	return posted;
}

static struct scene scene_in(struct world *w, bool is_public)
{
	struct scene s = {.w = w};
	struct room_new room = {.name = "A room", .is_public = true, .max_participants = 50};
	room.is_public = is_public;
	MUST(room_create(w->arena, w->store, w->ada, &room, &s.room, &why));
	MUST(q_room_enter(w->store, s.room, w->ben, "member", 1L, &why));
	MUST(q_room_enter(w->store, s.room, w->cleo, "member", 1L, &why));
	MUST(q_room_count_in(w->store, s.room, 2, &why));
	s.message = post(w, w->ben, s.room, "hello", NULL);
	return s;
}

static int edit(struct scene *s, int64_t user, const char *content, struct problem *why)
{
	return message_edit(s->w->arena, s->w->store, user, s->room, s->message.id,
			    &(struct message_edit){content}, &s->done, why);
}

static int delete (struct scene *s, int64_t user, struct problem *why)
{
	return message_delete(s->w->arena, s->w->store, user, s->room, s->message.id, &s->done,
			      why);
}

static int react(struct scene *s, int64_t user, const char *key, bool on, struct problem *why)
{
	return message_react(s->w->arena, s->w->store, user, s->room, s->message.id,
			     &(struct message_reaction){key, on}, &s->done, why);
}

static json_t *shown(struct scene *s, int64_t viewer)
{
	MUST(message_show(s->w->store, viewer, s->room, s->message.id, &s->w->out, &why));
	return json_loads(taken(s->w), 0, NULL);
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static int64_t number_of(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static bool null_in(const json_t *object, const char *key)
{
	return json_is_null(json_object_get(object, key));
}

static void block(struct world *w, int64_t user, int64_t other)
{
	const struct relationship_new blocked = {
		.related_user_id = other, .relationship_type = "blocked", .strength = 1};
	MUST(relationship_put(w->arena, w->store, user, &blocked, &why));
}

static int count_finding(const char *finding, void *count, struct problem *why)
{
	(void)finding, (void)why;
	++*(int *)count;
	return 0;
}

/* What an administrator's check finds. */
static int findings(struct world *w)
{
	int count = 0;
	MUST(q_check_room_seq(w->store, 0, INT64_MAX, count_finding, &count, &why));
	MUST(q_check_reactions(w->store, 0, INT64_MAX, count_finding, &count, &why));
	MUST(q_check_participants(w->store, 0, INT64_MAX, count_finding, &count, &why));
	return count;
}

static int64_t last_seq(struct world *w, const char *room)
{
	int64_t seq = 0;
	MUST(q_room_readable(w->store, w->ada, room, &seq, &why));
	return seq;
}

/* --- rights --- */

static void only_the_sender_edits(void **state)
{
	struct scene s = scene_in(*state, true);
	REFUSED(FORBIDDEN, edit(&s, s.w->ada, "x", &why)); /* the owner */
	REFUSED(FORBIDDEN, edit(&s, s.w->cleo, "x", &why));
	REFUSED(FORBIDDEN, edit(&s, s.w->dora, "x", &why)); /* outside */
	MUST(edit(&s, s.w->ben, "x", &why));
	assert_false(s.done.duplicate);
}

static void the_sender_and_moderators_delete(void **state)
{
	struct world *w = *state;
	struct scene s = scene_in(w, true);
	REFUSED(FORBIDDEN, delete (&s, w->cleo, &why));
	REFUSED(FORBIDDEN, delete (&s, w->dora, &why));
	MUST(delete (&s, w->ben, &why));
	s.message = post(w, w->ben, s.room, "two", NULL);
	MUST(delete (&s, w->ada, &why));
	assert_false(s.done.duplicate);
	s.message = post(w, w->ben, s.room, "three", NULL);
	MUST(q_room_enter(w->store, s.room, w->dora, "moderator", 1L, &why));
	MUST(delete (&s, w->dora, &why));
	assert_false(s.done.duplicate);
}

static void participants_react(void **state)
{
	struct scene s = scene_in(*state, true);
	REFUSED(FORBIDDEN, react(&s, s.w->dora, "+", true, &why));
	MUST(react(&s, s.w->cleo, "+", true, &why));
	MUST(react(&s, s.w->ben, "+", true, &why));
}

static void who_has_blocked_whom_gets_no_reaction(void **state)
{
	struct scene s = scene_in(*state, true);
	MUST(react(&s, s.w->cleo, "+", true, &why));
	block(s.w, s.w->ben, s.w->cleo);
	block(s.w, s.w->ada, s.w->ben);
	REFUSED(NOT_FOUND, react(&s, s.w->cleo, "-", true, &why));
	REFUSED(NOT_FOUND, react(&s, s.w->cleo, "+", false, &why));
	REFUSED(NOT_FOUND, react(&s, s.w->ada, "+", true, &why));
	MUST(react(&s, s.w->ben, "+", true, &why));
}

static void who_left_changes_nothing_any_more(void **state)
{
	for (int is_public = 0; is_public < 2; is_public++) {
		struct scene s = scene_in(*state, is_public);
		MUST(room_leave(s.w->arena, s.w->store, s.w->ben, s.room, &why));
		if (is_public) {
			REFUSED(FORBIDDEN, edit(&s, s.w->ben, "x", &why));
			REFUSED(FORBIDDEN, delete (&s, s.w->ben, &why));
			REFUSED(FORBIDDEN, react(&s, s.w->ben, "+", true, &why));
		} else {
			REFUSED(ROOM_NOT_FOUND, edit(&s, s.w->ben, "x", &why));
			REFUSED(ROOM_NOT_FOUND, delete (&s, s.w->ben, &why));
			REFUSED(ROOM_NOT_FOUND, react(&s, s.w->ben, "+", true, &why));
		}
	}
}

static void what_is_not_there_is_not_found(void **state)
{
	struct scene s = scene_in(*state, true), other = scene_in(*state, true);
	struct message_posted there = s.message;
	snprintf(s.message.id, sizeof(s.message.id), "%s", NOBODY);
	REFUSED(NOT_FOUND, edit(&s, s.w->ben, "x", &why));
	REFUSED(NOT_FOUND, delete (&s, s.w->ben, &why));
	REFUSED(NOT_FOUND, react(&s, s.w->ben, "+", true, &why));
	other.message = there; /* of another room */
	REFUSED(NOT_FOUND, delete (&other, s.w->ben, &why));
	other.room = NOBODY;
	REFUSED(ROOM_NOT_FOUND, delete (&other, s.w->ben, &why));
}

static void a_refused_change_leaves_no_trace(void **state)
{
	struct scene s = scene_in(*state, true);
	int64_t before, after;
	MUST(events_head(s.w->store, &before, &why));
	REFUSED(FORBIDDEN, delete (&s, s.w->cleo, &why));
	REFUSED(FORBIDDEN, edit(&s, s.w->cleo, "x", &why));
	MUST(events_head(s.w->store, &after, &why));
	assert_int_equal(after, before);
	assert_int_equal(last_seq(s.w, s.room), 1);
}

/* --- what is left --- */

static void an_edit_is_seen_and_what_changes_nothing_is_a_duplicate(void **state)
{
	struct scene s = scene_in(*state, true);
	int64_t before, after;
	MUST(edit(&s, s.w->ben, "héllo", &why));
	assert_int_equal(s.done.seq, 2);
	assert_true(s.done.pos > s.message.pos);
	assert_string_equal(s.done.message_id, s.message.id);
	MUST(events_head(s.w->store, &before, &why));
	MUST(edit(&s, s.w->ben, "héllo", &why));
	assert_true(s.done.duplicate);
	assert_int_equal(s.done.seq, 0);
	assert_int_equal(s.done.pos, 0);
	MUST(events_head(s.w->store, &after, &why));
	assert_int_equal(after, before);
	json_t *message = shown(&s, s.w->ada);
	assert_string_equal(text_of(message, "content"), "héllo");
	assert_false(null_in(message, "edited_at"));
	assert_true(null_in(message, "deleted_at"));
	assert_int_equal(number_of(message, "seq"), 1);
	json_decref(message);
}

static void a_deleted_message_stays_as_an_empty_one(void **state)
{
	struct scene s = scene_in(*state, true);
	MUST(react(&s, s.w->cleo, "+", true, &why));
	MUST(delete (&s, s.w->ben, &why));
	json_t *message = shown(&s, s.w->cleo);
	assert_string_equal(text_of(message, "content"), "");
	assert_false(null_in(message, "deleted_at"));
	assert_true(null_in(message, "meta_data"));
	assert_true(null_in(message, "reactions"));
	assert_true(null_in(message, "my_reactions"));
	json_decref(message);
	MUST(delete (&s, s.w->ada, &why));
	assert_true(s.done.duplicate);
	REFUSED(NOT_FOUND, edit(&s, s.w->ben, "again", &why));
	REFUSED(NOT_FOUND, react(&s, s.w->cleo, "+", true, &why));
	assert_int_equal(findings(s.w), 0);
}

static void reactions_are_counted_by_key_and_mine_are_mine(void **state)
{
	struct scene s = scene_in(*state, true);
	MUST(react(&s, s.w->ada, "👍", true, &why));
	MUST(react(&s, s.w->cleo, "👍", true, &why));
	MUST(react(&s, s.w->cleo, "🎉", true, &why));
	MUST(react(&s, s.w->cleo, "🎉", true, &why));
	assert_true(s.done.duplicate);
	json_t *message = shown(&s, s.w->ada), *counts = json_object_get(message, "reactions");
	assert_int_equal(json_object_size(counts), 2);
	assert_int_equal(number_of(counts, "👍"), 2);
	assert_int_equal(number_of(counts, "🎉"), 1);
	json_t *mine = json_object_get(message, "my_reactions");
	assert_int_equal(json_array_size(mine), 1);
	assert_string_equal(json_string_value(json_array_get(mine, 0)), "👍");
	json_decref(message);

	MUST(react(&s, s.w->ada, "👍", false, &why));
	assert_false(s.done.duplicate);
	MUST(react(&s, s.w->ada, "👍", false, &why));
	assert_true(s.done.duplicate);
	message = shown(&s, s.w->ada);
	assert_int_equal(number_of(json_object_get(message, "reactions"), "👍"), 1);
	json_decref(message);
	assert_int_equal(findings(s.w), 0);
}

static void a_message_has_fifty_different_reactions_at_most(void **state)
{
	struct scene s = scene_in(*state, true);
	char key[12];
	for (int i = 0; i < 50; i++) {
		snprintf(key, sizeof(key), "%d", i);
		MUST(react(&s, s.w->cleo, key, true, &why));
	}
	REFUSED(FORBIDDEN, react(&s, s.w->cleo, "more", true, &why));
	MUST(react(&s, s.w->ben, "7", true, &why)); /* one that is there */
	MUST(react(&s, s.w->cleo, "8", false, &why));
	MUST(react(&s, s.w->ben, "more", true, &why));
}

static int pin(struct scene *s, int64_t user, bool on, struct problem *why)
{
	return message_pin(s->w->arena, s->w->store, user, s->room, s->message.id, on, &s->done, why);
}

static size_t pins_of_room(struct scene *s, int64_t viewer)
{
	MUST(room_show(s->w->store, viewer, s->room, &s->w->out, &why));
	json_t *room = json_loads(taken(s->w), 0, NULL);
	size_t count = json_array_size(json_object_get(room, "pins"));
	json_decref(room);
	return count;
}

static void moderators_pin_and_a_deleted_message_is_not_pinned(void **state)
{
	struct scene s = scene_in(*state, true);
	REFUSED(FORBIDDEN, pin(&s, s.w->ben, true, &why));
	MUST(pin(&s, s.w->ada, true, &why));
	assert_int_equal(s.done.seq, 2);
	MUST(pin(&s, s.w->ada, true, &why));
	assert_true(s.done.duplicate);
	assert_int_equal(pins_of_room(&s, s.w->cleo), 1);
	MUST(pin(&s, s.w->ada, false, &why));
	assert_int_equal(pins_of_room(&s, s.w->cleo), 0);
	MUST(pin(&s, s.w->ada, true, &why));
	MUST(delete (&s, s.w->ben, &why));
	assert_int_equal(pins_of_room(&s, s.w->cleo), 0);
	REFUSED(NOT_FOUND, pin(&s, s.w->ada, true, &why));
}

static void a_room_has_fifty_pinned_messages_at_most(void **state)
{
	struct scene s = scene_in(*state, true);
	for (int i = 0; i < 50; i++) {
		MUST(message_post(s.w->arena, s.w->store, s.w->ben, s.room,
				  &(struct message_new){.content = "x", .message_type = "text"},
				  &s.message, &why));
		MUST(pin(&s, s.w->ada, true, &why));
	}
	assert_int_equal(pins_of_room(&s, s.w->cleo), 50);
	MUST(message_post(s.w->arena, s.w->store, s.w->ben, s.room,
			  &(struct message_new){.content = "x", .message_type = "text"}, &s.message,
			  &why));
	REFUSED(FORBIDDEN, pin(&s, s.w->ada, true, &why));
}

static void a_resend_is_a_duplicate_whatever_became_of_the_message(void **state)
{
	struct scene s = scene_in(*state, true);
	s.message = post(s.w, s.w->ben, s.room, "hello", "c-1");
	MUST(edit(&s, s.w->ben, "better", &why));
	struct message_posted again = post(s.w, s.w->ben, s.room, "hello", "c-1");
	assert_true(again.duplicate);
	assert_string_equal(again.id, s.message.id);
	MUST(delete (&s, s.w->ben, &why));
	assert_true(post(s.w, s.w->ben, s.room, "hello", "c-1").duplicate);
}

/* --- the log --- */

static int note_entry(const struct room_log_entry *entry, void *context, struct problem *why)
{
	(void)why;
	json_t *noted = json_loadb(entry->json->data, entry->json->len, 0, NULL);
	json_object_set_new(noted, "kind", json_string(event_name(entry->kind)));
	assert_int_equal(number_of(noted, "seq"), entry->seq);
	json_array_append_new(context, noted);
	return 0;
}

static json_t *room_log(struct scene *s, int64_t viewer, int64_t after, int limit)
{
	json_t *entries = json_array();
	MUST(room_log_after(s->w->store, viewer, s->room, after, limit, note_entry, entries, &why));
	return entries;
}

static void messages_and_changes_are_numbered_together(void **state)
{
	static const char *const kinds[] = {"chat_message", "message_edited", "chat_message",
					    "reaction", "message_deleted"};
	struct scene s = scene_in(*state, true);
	MUST(edit(&s, s.w->ben, "hello!", &why));
	post(s.w, s.w->ada, s.room, "another", NULL);
	MUST(react(&s, s.w->cleo, "+", true, &why));
	MUST(delete (&s, s.w->ada, &why));
	json_t *log = room_log(&s, s.w->cleo, 0, 50);
	assert_int_equal(json_array_size(log), 5);
	for (size_t i = 0; i < 5; i++) {
		assert_string_equal(text_of(json_array_get(log, i), "kind"), kinds[i]);
		assert_int_equal(number_of(json_array_get(log, i), "seq"), i + 1);
	}
	assert_int_equal(number_of(json_array_get(log, 4), "user_id"), s.w->ada);
	json_decref(log);
	log = room_log(&s, s.w->cleo, 2, 2);
	assert_int_equal(json_array_size(log), 2);
	assert_int_equal(number_of(json_array_get(log, 0), "seq"), 3);
	json_decref(log);
	assert_int_equal(findings(s.w), 0);
}

static void what_was_changed_is_told_nowhere_again(void **state)
{
	struct scene s = scene_in(*state, true);
	MUST(edit(&s, s.w->ben, "second", &why));
	MUST(edit(&s, s.w->ben, "third", &why));
	json_t *log = room_log(&s, s.w->cleo, 0, 50);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(text_of(json_array_get(log, i), "content"), "third");
	json_decref(log);
	MUST(delete (&s, s.w->ben, &why));
	log = room_log(&s, s.w->cleo, 0, 50);
	assert_string_equal(text_of(json_array_get(log, 0), "content"), "");
	for (size_t i = 1; i < 4; i++) {
		assert_true(null_in(json_array_get(log, i), "content"));
		assert_true(null_in(json_array_get(log, i), "edited_at"));
	}
	json_decref(log);
}

static void a_room_that_one_may_not_read_has_no_log(void **state)
{
	struct scene s = scene_in(*state, false);
	json_t *log = room_log(&s, s.w->dora, 0, 50);
	assert_int_equal(json_array_size(log), 0);
	json_decref(log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(only_the_sender_edits),
		IN_WORLD(the_sender_and_moderators_delete),
		IN_WORLD(participants_react),
		IN_WORLD(who_has_blocked_whom_gets_no_reaction),
		IN_WORLD(who_left_changes_nothing_any_more),
		IN_WORLD(what_is_not_there_is_not_found),
		IN_WORLD(a_refused_change_leaves_no_trace),
		IN_WORLD(an_edit_is_seen_and_what_changes_nothing_is_a_duplicate),
		IN_WORLD(a_deleted_message_stays_as_an_empty_one),
		IN_WORLD(reactions_are_counted_by_key_and_mine_are_mine),
		IN_WORLD(a_message_has_fifty_different_reactions_at_most),
		IN_WORLD(moderators_pin_and_a_deleted_message_is_not_pinned),
		IN_WORLD(a_room_has_fifty_pinned_messages_at_most),
		IN_WORLD(a_resend_is_a_duplicate_whatever_became_of_the_message),
		IN_WORLD(messages_and_changes_are_numbered_together),
		IN_WORLD(what_was_changed_is_told_nowhere_again),
		IN_WORLD(a_room_that_one_may_not_read_has_no_log),
	};
	return cmocka_run_group_tests_name("changes", tests, NULL, NULL);
}
