/* realm/changes: rights to change messages, the changed messages, and the room's log. */
#include <stdio.h>

#include <jansson.h>

#include "realm/changes.h"
#include "realm/feed.h"
#include "realm/messages.h"
#include "realm/relationships.h"
#include "realm/rooms.h"
#include "store/queries.h"
#include "tests/unit/test.h"

#define UNKNOWN_ID "00000000-0000-7000-8000-000000000000"

/* A room of ada with the members ben and cleo, and a message from ben. */
struct chat {
	struct fixture *f;
	const char *room;
	struct message_posted message;
	struct message_done done;
};

static struct message_posted post_message(struct fixture *f, int64_t sender, const char *room,
					  const char *text, const char *client_id)
{
	struct message_posted posted;
	struct message_new message = {.content = text,
				      .message_type = "text",
				      .meta_data = "{\"x\":1}",
				      .client_id = client_id};
	MUST(message_post(f->arena, f->store, sender, room, &message, &posted, &why));
	return posted;
}

static struct chat chat_create(struct fixture *f, bool is_public)
{
	struct chat c = {.f = f};
	struct room_new room = {.name = "A room", .is_public = true, .max_participants = 50};
	room.is_public = is_public;
	MUST(room_create(f->arena, f->store, f->ada, &room, &c.room, &why));
	MUST(q_room_enter(f->store, c.room, f->ben, "member", 1L, &why));
	MUST(q_room_enter(f->store, c.room, f->cleo, "member", 1L, &why));
	MUST(q_room_count_in(f->store, c.room, 2, &why));
	c.message = post_message(f, f->ben, c.room, "hello", NULL);
	return c;
}

static int make_change(struct chat *c, int64_t user, struct message_change change,
		       struct problem *why)
{
	change.room_id = c->room;
	change.message_id = c->message.id;
	return message_change(c->f->arena, c->f->store, user, &change, &c->done, why);
}

static int edit_message(struct chat *c, int64_t user, const char *content, struct problem *why)
{
	return make_change(
		c, user, (struct message_change){.kind = EVENT_MESSAGE_EDITED, .content = content},
		why);
}

static int delete_message(struct chat *c, int64_t user, struct problem *why)
{
	return make_change(c, user, (struct message_change){.kind = EVENT_MESSAGE_DELETED}, why);
}

static int set_reaction(struct chat *c, int64_t user, const char *key, bool on, struct problem *why)
{
	return make_change(c, user,
			   (struct message_change){.kind = EVENT_REACTION, .key = key, .on = on},
			   why);
}

static json_t *show_message(struct chat *c, int64_t viewer)
{
	MUST(message_show(c->f->store, viewer, c->room, c->message.id, &c->f->out, &why));
	return json_loads(take_output(c->f), 0, NULL);
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static int64_t number_of(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static bool is_null(const json_t *object, const char *key)
{
	return json_is_null(json_object_get(object, key));
}

static void block_user(struct fixture *f, int64_t user, int64_t other)
{
	const struct relationship_new blocked = {
		.related_user_id = other, .relationship_type = "blocked", .strength = 1};
	MUST(relationship_put(f->arena, f->store, user, &blocked, &why));
}

static int count_finding(const char *finding, void *count, struct problem *why)
{
	(void)finding, (void)why;
	++*(int *)count;
	return 0;
}

/* The findings of `aeonctl check` that concern messages. */
static int count_findings(struct fixture *f)
{
	int count = 0;
	MUST(q_check_room_seq(f->store, 0, INT64_MAX, count_finding, &count, &why));
	MUST(q_check_reactions(f->store, 0, INT64_MAX, count_finding, &count, &why));
	MUST(q_check_participants(f->store, 0, INT64_MAX, count_finding, &count, &why));
	return count;
}

static int64_t last_seq(struct fixture *f, const char *room)
{
	int64_t seq = 0;
	MUST(q_room_readable(f->store, f->ada, room, &seq, &why));
	return seq;
}

/* --- rights --- */

static void only_the_sender_can_edit_a_message(void **state)
{
	struct chat c = chat_create(*state, true);
	REFUSED(FORBIDDEN, edit_message(&c, c.f->ada, "x", &why)); /* the owner */
	REFUSED(FORBIDDEN, edit_message(&c, c.f->cleo, "x", &why));
	REFUSED(FORBIDDEN, edit_message(&c, c.f->dora, "x", &why)); /* not a participant */
	MUST(edit_message(&c, c.f->ben, "x", &why));
	assert_false(c.done.duplicate);
}

static void only_the_sender_and_moderators_can_delete_a_message(void **state)
{
	struct fixture *f = *state;
	struct chat c = chat_create(f, true);
	REFUSED(FORBIDDEN, delete_message(&c, f->cleo, &why));
	REFUSED(FORBIDDEN, delete_message(&c, f->dora, &why));
	MUST(delete_message(&c, f->ben, &why));
	c.message = post_message(f, f->ben, c.room, "two", NULL);
	MUST(delete_message(&c, f->ada, &why));
	assert_false(c.done.duplicate);
	c.message = post_message(f, f->ben, c.room, "three", NULL);
	MUST(q_room_enter(f->store, c.room, f->dora, "moderator", 1L, &why));
	MUST(delete_message(&c, f->dora, &why));
	assert_false(c.done.duplicate);
}

static void a_reaction_can_be_a_part_of_a_path(void **state)
{
	struct chat c = chat_create(*state, true);
	REFUSED(INVALID, set_reaction(&c, c.f->ben, ".", true, &why));
	REFUSED(INVALID, set_reaction(&c, c.f->ben, "..", true, &why));
	MUST(set_reaction(&c, c.f->ben, "...", true, &why));
}

static void only_participants_can_react(void **state)
{
	struct chat c = chat_create(*state, true);
	REFUSED(FORBIDDEN, set_reaction(&c, c.f->dora, "+", true, &why));
	MUST(set_reaction(&c, c.f->cleo, "+", true, &why));
	MUST(set_reaction(&c, c.f->ben, "+", true, &why));
}

static void blocked_users_cannot_react_to_each_other(void **state)
{
	struct chat c = chat_create(*state, true);
	MUST(set_reaction(&c, c.f->cleo, "+", true, &why));
	block_user(c.f, c.f->ben, c.f->cleo);
	block_user(c.f, c.f->ada, c.f->ben);
	REFUSED(NOT_FOUND, set_reaction(&c, c.f->cleo, "-", true, &why));
	REFUSED(NOT_FOUND, set_reaction(&c, c.f->cleo, "+", false, &why));
	REFUSED(NOT_FOUND, set_reaction(&c, c.f->ada, "+", true, &why));
	MUST(set_reaction(&c, c.f->ben, "+", true, &why));
}

static void a_user_who_left_cannot_change_messages(void **state)
{
	for (int is_public = 0; is_public < 2; is_public++) {
		struct chat c = chat_create(*state, is_public);
		MUST(room_leave(c.f->arena, c.f->store, c.f->ben, c.room, &why));
		if (is_public) {
			REFUSED(FORBIDDEN, edit_message(&c, c.f->ben, "x", &why));
			REFUSED(FORBIDDEN, delete_message(&c, c.f->ben, &why));
			REFUSED(FORBIDDEN, set_reaction(&c, c.f->ben, "+", true, &why));
		} else {
			REFUSED(ROOM_NOT_FOUND, edit_message(&c, c.f->ben, "x", &why));
			REFUSED(ROOM_NOT_FOUND, delete_message(&c, c.f->ben, &why));
			REFUSED(ROOM_NOT_FOUND, set_reaction(&c, c.f->ben, "+", true, &why));
		}
	}
}

static void an_unknown_message_is_not_found(void **state)
{
	struct chat c = chat_create(*state, true), other = chat_create(*state, true);
	struct message_posted existing = c.message;
	snprintf(c.message.id, sizeof(c.message.id), "%s", UNKNOWN_ID);
	REFUSED(NOT_FOUND, edit_message(&c, c.f->ben, "x", &why));
	REFUSED(NOT_FOUND, delete_message(&c, c.f->ben, &why));
	REFUSED(NOT_FOUND, set_reaction(&c, c.f->ben, "+", true, &why));
	other.message = existing; /* of another room */
	REFUSED(NOT_FOUND, delete_message(&other, c.f->ben, &why));
	other.room = UNKNOWN_ID;
	REFUSED(ROOM_NOT_FOUND, delete_message(&other, c.f->ben, &why));
}

static void a_refused_change_writes_nothing(void **state)
{
	struct chat c = chat_create(*state, true);
	int64_t before, after;
	MUST(events_head(c.f->store, &before, &why));
	REFUSED(FORBIDDEN, delete_message(&c, c.f->cleo, &why));
	REFUSED(FORBIDDEN, edit_message(&c, c.f->cleo, "x", &why));
	MUST(events_head(c.f->store, &after, &why));
	assert_int_equal(after, before);
	assert_int_equal(last_seq(c.f, c.room), 1);
}

/* --- the changed messages --- */

static void an_edit_changes_the_message_and_the_same_edit_is_a_duplicate(void **state)
{
	struct chat c = chat_create(*state, true);
	int64_t before, after;
	MUST(edit_message(&c, c.f->ben, "héllo", &why));
	assert_int_equal(c.done.seq, 2);
	assert_true(c.done.pos > c.message.pos);
	assert_string_equal(c.done.message_id, c.message.id);
	MUST(events_head(c.f->store, &before, &why));
	MUST(edit_message(&c, c.f->ben, "héllo", &why));
	assert_true(c.done.duplicate);
	assert_int_equal(c.done.seq, 0);
	assert_int_equal(c.done.pos, 0);
	MUST(events_head(c.f->store, &after, &why));
	assert_int_equal(after, before);
	json_t *message = show_message(&c, c.f->ada);
	assert_string_equal(text_of(message, "content"), "héllo");
	assert_false(is_null(message, "edited_at"));
	assert_true(is_null(message, "deleted_at"));
	assert_int_equal(number_of(message, "seq"), 1);
	json_decref(message);
}

static void a_deleted_message_remains_without_content(void **state)
{
	struct chat c = chat_create(*state, true);
	MUST(set_reaction(&c, c.f->cleo, "+", true, &why));
	MUST(delete_message(&c, c.f->ben, &why));
	json_t *message = show_message(&c, c.f->cleo);
	assert_string_equal(text_of(message, "content"), "");
	assert_false(is_null(message, "deleted_at"));
	assert_true(is_null(message, "meta_data"));
	assert_true(is_null(message, "reactions"));
	assert_true(is_null(message, "my_reactions"));
	json_decref(message);
	MUST(delete_message(&c, c.f->ada, &why));
	assert_true(c.done.duplicate);
	REFUSED(NOT_FOUND, edit_message(&c, c.f->ben, "again", &why));
	REFUSED(NOT_FOUND, set_reaction(&c, c.f->cleo, "+", true, &why));
	assert_int_equal(count_findings(c.f), 0);
}

static void reactions_are_counted_by_key_and_my_reactions_are_listed(void **state)
{
	struct chat c = chat_create(*state, true);
	MUST(set_reaction(&c, c.f->ada, "👍", true, &why));
	MUST(set_reaction(&c, c.f->cleo, "👍", true, &why));
	MUST(set_reaction(&c, c.f->cleo, "🎉", true, &why));
	MUST(set_reaction(&c, c.f->cleo, "🎉", true, &why));
	assert_true(c.done.duplicate);
	json_t *message = show_message(&c, c.f->ada),
	       *counts = json_object_get(message, "reactions");
	assert_int_equal(json_object_size(counts), 2);
	assert_int_equal(number_of(counts, "👍"), 2);
	assert_int_equal(number_of(counts, "🎉"), 1);
	json_t *mine = json_object_get(message, "my_reactions");
	assert_int_equal(json_array_size(mine), 1);
	assert_string_equal(json_string_value(json_array_get(mine, 0)), "👍");
	json_decref(message);

	MUST(set_reaction(&c, c.f->ada, "👍", false, &why));
	assert_false(c.done.duplicate);
	MUST(set_reaction(&c, c.f->ada, "👍", false, &why));
	assert_true(c.done.duplicate);
	message = show_message(&c, c.f->ada);
	assert_int_equal(number_of(json_object_get(message, "reactions"), "👍"), 1);
	json_decref(message);
	assert_int_equal(count_findings(c.f), 0);
}

static void a_message_has_at_most_fifty_different_reactions(void **state)
{
	struct chat c = chat_create(*state, true);
	char key[12];
	for (int i = 0; i < 50; i++) {
		snprintf(key, sizeof(key), "%d", i);
		MUST(set_reaction(&c, c.f->cleo, key, true, &why));
	}
	REFUSED(FORBIDDEN, set_reaction(&c, c.f->cleo, "more", true, &why));
	MUST(set_reaction(&c, c.f->ben, "7", true, &why)); /* an existing reaction */
	MUST(set_reaction(&c, c.f->cleo, "8", false, &why));
	MUST(set_reaction(&c, c.f->ben, "more", true, &why));
}

static int pin_message(struct chat *c, int64_t user, bool on, struct problem *why)
{
	return make_change(c, user, (struct message_change){.kind = EVENT_PIN, .on = on}, why);
}

static size_t count_pins(struct chat *c, int64_t viewer)
{
	MUST(room_show(c->f->store, viewer, c->room, &c->f->out, &why));
	json_t *room = json_loads(take_output(c->f), 0, NULL);
	size_t count = json_array_size(json_object_get(room, "pins"));
	json_decref(room);
	return count;
}

static void only_moderators_can_pin_and_a_deleted_message_is_not_pinned(void **state)
{
	struct chat c = chat_create(*state, true);
	REFUSED(FORBIDDEN, pin_message(&c, c.f->ben, true, &why));
	MUST(pin_message(&c, c.f->ada, true, &why));
	assert_int_equal(c.done.seq, 2);
	MUST(pin_message(&c, c.f->ada, true, &why));
	assert_true(c.done.duplicate);
	assert_int_equal(count_pins(&c, c.f->cleo), 1);
	MUST(pin_message(&c, c.f->ada, false, &why));
	assert_int_equal(count_pins(&c, c.f->cleo), 0);
	MUST(pin_message(&c, c.f->ada, true, &why));
	MUST(delete_message(&c, c.f->ben, &why));
	assert_int_equal(count_pins(&c, c.f->cleo), 0);
	REFUSED(NOT_FOUND, pin_message(&c, c.f->ada, true, &why));
}

static void a_room_has_at_most_fifty_pinned_messages(void **state)
{
	struct chat c = chat_create(*state, true);
	for (int i = 0; i < 50; i++) {
		MUST(message_post(c.f->arena, c.f->store, c.f->ben, c.room,
				  &(struct message_new){.content = "x", .message_type = "text"},
				  &c.message, &why));
		MUST(pin_message(&c, c.f->ada, true, &why));
	}
	assert_int_equal(count_pins(&c, c.f->cleo), 50);
	MUST(message_post(c.f->arena, c.f->store, c.f->ben, c.room,
			  &(struct message_new){.content = "x", .message_type = "text"}, &c.message,
			  &why));
	REFUSED(FORBIDDEN, pin_message(&c, c.f->ada, true, &why));
}

static void a_resent_message_is_a_duplicate_even_after_edit_and_deletion(void **state)
{
	struct chat c = chat_create(*state, true);
	c.message = post_message(c.f, c.f->ben, c.room, "hello", "c-1");
	MUST(edit_message(&c, c.f->ben, "better", &why));
	struct message_posted again = post_message(c.f, c.f->ben, c.room, "hello", "c-1");
	assert_true(again.duplicate);
	assert_string_equal(again.id, c.message.id);
	MUST(delete_message(&c, c.f->ben, &why));
	assert_true(post_message(c.f, c.f->ben, c.room, "hello", "c-1").duplicate);
}

/* --- the room's log --- */

static int note_entry(const struct room_log_entry *entry, void *context, struct problem *why)
{
	(void)why;
	json_t *noted = json_loadb(entry->json->data, entry->json->len, 0, NULL);
	json_object_set_new(noted, "kind", json_string(event_name(entry->kind)));
	assert_int_equal(number_of(noted, "seq"), entry->seq);
	json_array_append_new(context, noted);
	return 0;
}

static json_t *room_log(struct chat *c, int64_t viewer, int64_t after, int limit)
{
	json_t *entries = json_array();
	MUST(room_log_after(c->f->store, viewer, c->room, after, limit, note_entry, entries, &why));
	return entries;
}

static void messages_and_changes_share_one_numbering(void **state)
{
	static const char *const kinds[] = {"chat_message", "message_edited", "chat_message",
					    "reaction", "message_deleted"};
	struct chat c = chat_create(*state, true);
	MUST(edit_message(&c, c.f->ben, "hello!", &why));
	post_message(c.f, c.f->ada, c.room, "another", NULL);
	MUST(set_reaction(&c, c.f->cleo, "+", true, &why));
	MUST(delete_message(&c, c.f->ada, &why));
	json_t *log = room_log(&c, c.f->cleo, 0, 50);
	assert_int_equal(json_array_size(log), 5);
	for (size_t i = 0; i < 5; i++) {
		assert_string_equal(text_of(json_array_get(log, i), "kind"), kinds[i]);
		assert_int_equal(number_of(json_array_get(log, i), "seq"), i + 1);
	}
	assert_int_equal(number_of(json_array_get(log, 4), "user_id"), c.f->ben); /* the sender */
	json_decref(log);
	log = room_log(&c, c.f->cleo, 2, 2);
	assert_int_equal(json_array_size(log), 2);
	assert_int_equal(number_of(json_array_get(log, 0), "seq"), 3);
	json_decref(log);
	assert_int_equal(count_findings(c.f), 0);
}

static void the_log_has_only_the_latest_content(void **state)
{
	struct chat c = chat_create(*state, true);
	MUST(edit_message(&c, c.f->ben, "second", &why));
	MUST(edit_message(&c, c.f->ben, "third", &why));
	json_t *log = room_log(&c, c.f->cleo, 0, 50);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(text_of(json_array_get(log, i), "content"), "third");
	json_decref(log);
	MUST(delete_message(&c, c.f->ben, &why));
	log = room_log(&c, c.f->cleo, 0, 50);
	assert_string_equal(text_of(json_array_get(log, 0), "content"), "");
	for (size_t i = 1; i < 4; i++) {
		assert_true(is_null(json_array_get(log, i), "content"));
		assert_true(is_null(json_array_get(log, i), "edited_at"));
	}
	json_decref(log);
}

static void a_user_who_may_not_read_a_room_gets_no_log(void **state)
{
	struct chat c = chat_create(*state, false);
	json_t *log = room_log(&c, c.f->dora, 0, 50);
	assert_int_equal(json_array_size(log), 0);
	json_decref(log);
}

/* --- changes that are sent again --- */

static void a_change_that_is_sent_again_undoes_nothing_newer(void **state)
{
	struct chat c = chat_create(*state, true);
	struct message_change edit = {.kind = EVENT_MESSAGE_EDITED,
				      .content = "laptop",
				      .client_id = "e"},
			      like = {.kind = EVENT_REACTION,
				      .key = "+",
				      .on = true,
				      .client_id = "r"},
			      again = {.kind = EVENT_REACTION,
				       .key = "+",
				       .on = true,
				       .client_id = "nothing to change"};
	MUST(make_change(&c, c.f->ben, edit, &why));
	struct message_done first = c.done;
	MUST(edit_message(&c, c.f->ben, "phone, later", &why));
	MUST(make_change(&c, c.f->ben, edit, &why));
	assert_true(c.done.duplicate);
	assert_int_equal(c.done.seq, first.seq);
	assert_int_equal(c.done.timestamp, first.timestamp);
	MUST(make_change(&c, c.f->ben, like, &why));
	MUST(make_change(&c, c.f->ben, again, &why));
	assert_true(c.done.duplicate);
	MUST(set_reaction(&c, c.f->ben, "+", false, &why));
	MUST(make_change(&c, c.f->ben, like, &why));
	MUST(make_change(&c, c.f->ben, again, &why));
	assert_int_equal(c.done.seq, 0);
	json_t *message = show_message(&c, c.f->ben);
	assert_string_equal(text_of(message, "content"), "phone, later");
	assert_true(is_null(message, "reactions"));
	json_decref(message);
	/* It is answered also when the user could not make it any more. */
	MUST(room_leave(c.f->arena, c.f->store, c.f->ben, c.room, &why));
	MUST(make_change(&c, c.f->ben, edit, &why));
	assert_int_equal(c.done.seq, first.seq);
}

static void a_client_id_names_one_message_or_change_of_a_user(void **state)
{
	struct chat c = chat_create(*state, true);
	struct message_posted posted;
	struct message_new message = {
		.content = "hi", .message_type = "text", .client_id = "change"};
	struct message_change edit = {
		.kind = EVENT_MESSAGE_EDITED, .content = "x", .client_id = "change"};
	MUST(make_change(&c, c.f->ben, edit, &why));
	REFUSED(IDEMPOTENCY_CONFLICT,
		message_post(c.f->arena, c.f->store, c.f->ben, c.room, &message, &posted, &why));
	edit.content = "y";
	REFUSED(IDEMPOTENCY_CONFLICT, make_change(&c, c.f->ben, edit, &why));
	edit.kind = EVENT_MESSAGE_DELETED;
	REFUSED(IDEMPOTENCY_CONFLICT, make_change(&c, c.f->ben, edit, &why));
	post_message(c.f, c.f->ben, c.room, "hello", "message");
	edit.client_id = "message";
	REFUSED(IDEMPOTENCY_CONFLICT, make_change(&c, c.f->ben, edit, &why));
	/* The same client_id of another user is another change. A refused one can be sent again. */
	struct message_change like = {
		.kind = EVENT_REACTION, .key = "+", .on = true, .client_id = "change"};
	REFUSED(FORBIDDEN, make_change(&c, c.f->dora, like, &why));
	MUST(room_join(c.f->arena, c.f->store, c.f->dora, c.room, &why));
	MUST(make_change(&c, c.f->dora, like, &why));
	assert_false(c.done.duplicate);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_REALM(only_the_sender_can_edit_a_message),
		IN_REALM(only_the_sender_and_moderators_can_delete_a_message),
		IN_REALM(a_reaction_can_be_a_part_of_a_path),
		IN_REALM(only_participants_can_react),
		IN_REALM(blocked_users_cannot_react_to_each_other),
		IN_REALM(a_user_who_left_cannot_change_messages),
		IN_REALM(an_unknown_message_is_not_found),
		IN_REALM(a_refused_change_writes_nothing),
		IN_REALM(an_edit_changes_the_message_and_the_same_edit_is_a_duplicate),
		IN_REALM(a_deleted_message_remains_without_content),
		IN_REALM(reactions_are_counted_by_key_and_my_reactions_are_listed),
		IN_REALM(a_message_has_at_most_fifty_different_reactions),
		IN_REALM(only_moderators_can_pin_and_a_deleted_message_is_not_pinned),
		IN_REALM(a_room_has_at_most_fifty_pinned_messages),
		IN_REALM(a_resent_message_is_a_duplicate_even_after_edit_and_deletion),
		IN_REALM(messages_and_changes_share_one_numbering),
		IN_REALM(the_log_has_only_the_latest_content),
		IN_REALM(a_user_who_may_not_read_a_room_gets_no_log),
		IN_REALM(a_change_that_is_sent_again_undoes_nothing_newer),
		IN_REALM(a_client_id_names_one_message_or_change_of_a_user),
	};
	return cmocka_run_group_tests_name("changes", tests, NULL, NULL);
}
