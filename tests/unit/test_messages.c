/* realm/messages: numbered without gaps, taken once, read by whom it should be. */
#include <stdio.h>

#include <jansson.h>

#include "realm/events.h"
#include "realm/feed.h"
#include "realm/messages.h"
#include "realm/rooms.h"
#include "tests/unit/test.h"

static const char *make_room(struct world *w, bool is_public)
{
	const char *id = NULL;
	struct room_new room = {.name = "A room", .is_public = is_public, .max_participants = 50};
	MUST(room_create(w->arena, w->store, w->ada, &room, &id, &why));
	return id;
}

static struct message_posted post(struct world *w, const char *room, const char *text,
				  const char *client_id)
{
	struct message_posted posted;
	struct message_new message = {
		.content = text, .message_type = "text", .client_id = client_id};
	MUST(message_post(w->arena, w->store, w->ada, room, &message, &posted, &why));
	return posted;
}

static json_t *listed(struct world *w, int64_t viewer, const char *room, int64_t before,
		      int64_t after, int limit)
{
	struct page page = {.limit = limit};
	const struct message_filter filter = {.before = before, .after = after};
	MUST(messages_list(w->store, viewer, room, &filter, &page, &w->out, &why));
	return json_loads(taken(w), 0, NULL);
}

static int64_t seq_at(const json_t *list, size_t i)
{
	return json_integer_value(json_object_get(json_array_get(list, i), "seq"));
}

static void each_room_counts_its_own_messages(void **state)
{
	struct world *w = *state;
	const char *one = make_room(w, true), *other = make_room(w, true);
	for (int i = 1; i <= 5; i++)
		assert_int_equal(post(w, one, "x", NULL).seq, i);
	assert_int_equal(post(w, other, "x", NULL).seq, 1);
	assert_int_equal(post(w, one, "x", NULL).seq, 6);
}

static void a_refused_message_takes_no_number(void **state)
{
	struct world *w = *state;
	const char *room = make_room(w, true);
	struct message_posted posted;
	struct message_new reply = {.content = "x",
				    .message_type = "text",
				    .reply_to = "00000000-0000-7000-8000-000000000000"};
	post(w, room, "x", NULL);
	REFUSED(INVALID, message_post(w->arena, w->store, w->ada, room, &reply, &posted, &why));
	struct message_new broken = {.content = "x", .message_type = "song"};
	REFUSED(INTERNAL, message_post(w->arena, w->store, w->ada, room, &broken, &posted, &why));
	assert_int_equal(post(w, room, "x", NULL).seq, 2);
}

static void a_resend_is_taken_once(void **state)
{
	struct world *w = *state;
	const char *room = make_room(w, true);
	struct message_posted first = post(w, room, "hello", "c-1");
	post(w, room, "between", NULL);
	struct message_posted again = post(w, room, "hello", "c-1");
	assert_false(first.duplicate);
	assert_true(first.pos > 0);
	assert_true(again.duplicate);
	assert_int_equal(again.pos, 0);
	assert_string_equal(again.id, first.id);
	assert_string_equal(again.room_id, room);
	assert_int_equal(again.seq, first.seq);
	assert_int_equal(again.timestamp, first.timestamp);
	json_t *list = listed(w, w->ada, room, 0, -1, 50);
	assert_int_equal(json_array_size(list), 2);
	json_decref(list);
}

static void a_client_id_stands_for_one_message(void **state)
{
	struct world *w = *state;
	const char *room = make_room(w, true), *other = make_room(w, true);
	struct message_posted posted;
	struct message_new message = {
		.content = "other", .message_type = "text", .client_id = "c-1"};
	post(w, room, "hello", "c-1");
	REFUSED(IDEMPOTENCY_CONFLICT,
		message_post(w->arena, w->store, w->ada, room, &message, &posted, &why));
	message.content = "hello";
	REFUSED(IDEMPOTENCY_CONFLICT,
		message_post(w->arena, w->store, w->ada, other, &message, &posted, &why));
	/* Of another sender it is another one. */
	MUST(room_join(w->arena, w->store, w->ben, room, &why));
	MUST(message_post(w->arena, w->store, w->ben, room, &message, &posted, &why));
	assert_false(posted.duplicate);
}

static void what_was_taken_is_a_duplicate_also_after_leaving(void **state)
{
	struct world *w = *state;
	const char *room = make_room(w, true);
	struct message_posted first, again;
	struct message_new message = {.content = "bye", .message_type = "text", .client_id = "c-2"};
	MUST(room_join(w->arena, w->store, w->ben, room, &why));
	MUST(message_post(w->arena, w->store, w->ben, room, &message, &first, &why));
	MUST(room_leave(w->arena, w->store, w->ben, room, &why));
	MUST(message_post(w->arena, w->store, w->ben, room, &message, &again, &why));
	assert_true(again.duplicate);
	assert_int_equal(again.seq, first.seq);
	message.client_id = "c-3";
	REFUSED(FORBIDDEN, message_post(w->arena, w->store, w->ben, room, &message, &again, &why));
}

static void only_participants_post(void **state)
{
	struct world *w = *state;
	struct message_posted posted;
	struct message_new message = {.content = "x", .message_type = "text"};
	REFUSED(FORBIDDEN, message_post(w->arena, w->store, w->ben, make_room(w, true), &message,
					&posted, &why));
	REFUSED(ROOM_NOT_FOUND, message_post(w->arena, w->store, w->ben, make_room(w, false),
					     &message, &posted, &why));
	REFUSED(ROOM_NOT_FOUND, message_post(w->arena, w->store, w->ben, "no room at all", &message,
					     &posted, &why));
}

static void public_rooms_are_read_by_anyone_private_ones_by_participants(void **state)
{
	struct world *w = *state;
	const struct message_filter filter = {.after = -1};
	struct page page = {.limit = 50};
	const char *open = make_room(w, true), *closed = make_room(w, false);
	post(w, open, "x", NULL), post(w, closed, "x", NULL);
	json_t *list = listed(w, w->ben, open, 0, -1, 50);
	assert_int_equal(json_array_size(list), 1);
	json_decref(list);
	REFUSED(ROOM_NOT_FOUND,
		messages_list(w->store, w->ben, closed, &filter, &page, &w->out, &why));
	assert_int_equal(w->out.len, 0);
}

static void history_is_read_in_both_directions(void **state)
{
	struct world *w = *state;
	const char *room = make_room(w, true);
	for (int i = 0; i < 10; i++)
		post(w, room, "x", NULL);
	json_t *list = listed(w, w->ada, room, 0, -1, 3);
	assert_int_equal(json_array_size(list), 3);
	assert_int_equal(seq_at(list, 0), 10);
	assert_int_equal(seq_at(list, 2), 8);
	json_decref(list);
	list = listed(w, w->ada, room, 8, -1, 3);
	assert_int_equal(seq_at(list, 0), 7);
	json_decref(list);
	list = listed(w, w->ada, room, 0, 4, 3);
	assert_int_equal(seq_at(list, 0), 5);
	assert_int_equal(seq_at(list, 2), 7);
	json_decref(list);
	list = listed(w, w->ada, room, 0, 0, 50);
	assert_int_equal(json_array_size(list), 10);
	assert_int_equal(seq_at(list, 0), 1);
	json_decref(list);
}

static int keep(const struct event *event, void *context, struct problem *why)
{
	struct buf *kept = context;
	(void)why;
	buf_clear(kept);
	buf_add(kept, event->data, event->data_bytes);
	return 0;
}

static void the_event_is_the_message_itself(void **state)
{
	struct world *w = *state;
	const char *room = make_room(w, true);
	struct message_posted posted = post(w, room, "héllo \"x\"", "c-1");
	struct buf *kept = buf_in(w->arena);
	MUST(events_after(w->store, posted.pos - 1, 1, keep, kept, &why));
	MUST(message_show(w->store, w->ada, room, posted.id, &w->out, &why));
	assert_string_equal(kept->data, taken(w));
	json_t *json = json_loads(kept->data, 0, NULL);
	assert_string_equal(json_string_value(json_object_get(json, "content")), "héllo \"x\"");
	assert_string_equal(json_string_value(json_object_get(json, "sender_name")), "ada");
	assert_string_equal(json_string_value(json_object_get(json, "client_id")), "c-1");
	assert_int_equal(json_object_size(json), message_shape.count);
	json_decref(json);
	int64_t head;
	MUST(events_head(w->store, &head, &why));
	assert_int_equal(head, posted.pos);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(each_room_counts_its_own_messages),
		IN_WORLD(a_refused_message_takes_no_number),
		IN_WORLD(a_resend_is_taken_once),
		IN_WORLD(a_client_id_stands_for_one_message),
		IN_WORLD(what_was_taken_is_a_duplicate_also_after_leaving),
		IN_WORLD(only_participants_post),
		IN_WORLD(public_rooms_are_read_by_anyone_private_ones_by_participants),
		IN_WORLD(history_is_read_in_both_directions),
		IN_WORLD(the_event_is_the_message_itself),
	};
	return cmocka_run_group_tests_name("messages", tests, NULL, NULL);
}
