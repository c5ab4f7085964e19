/* realm/messages: numbering without gaps, messages sent again, rights to read and post. */
#include <stdio.h>

#include <jansson.h>

#include "base/clock.h"
#include "realm/events.h"
#include "realm/feed.h"
#include "realm/messages.h"
#include "realm/rooms.h"
#include "store/queries.h"
#include "tests/unit/test.h"

static const char *make_room(struct fixture *f, bool is_public)
{
	const char *id = NULL;
	struct room_new room = {.name = "A room", .is_public = is_public, .max_participants = 50};
	MUST(room_create(f->arena, f->store, f->ada, &room, &id, &why));
	return id;
}

static struct message_posted post_message(struct fixture *f, const char *room, const char *text,
					  const char *client_id)
{
	struct message_posted posted;
	struct message_new message = {
		.content = text, .message_type = "text", .client_id = client_id};
	MUST(message_post(f->arena, f->store, f->ada, room, &message, &posted, &why));
	return posted;
}

static json_t *list_messages(struct fixture *f, int64_t viewer, const char *room, int64_t before,
			     int64_t after, int limit)
{
	struct page page = {.limit = limit};
	const struct message_filter filter = {.before = before ? before : INT64_MAX,
					      .after = after};
	MUST(messages_list(f->store, viewer, room, &filter, &page, &f->out, &why));
	return json_loads(take_output(f), 0, NULL);
}

static int64_t seq_at(const json_t *list, size_t i)
{
	return json_integer_value(json_object_get(json_array_get(list, i), "seq"));
}

static void each_room_numbers_its_own_messages(void **state)
{
	struct fixture *f = *state;
	const char *one = make_room(f, true), *other = make_room(f, true);
	for (int i = 1; i <= 5; i++)
		assert_int_equal(post_message(f, one, "x", NULL).seq, i);
	assert_int_equal(post_message(f, other, "x", NULL).seq, 1);
	assert_int_equal(post_message(f, one, "x", NULL).seq, 6);
}

static void a_refused_message_uses_no_number(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true);
	struct message_posted posted;
	struct message_new reply = {.content = "x",
				    .message_type = "text",
				    .reply_to = "00000000-0000-7000-8000-000000000000"};
	post_message(f, room, "x", NULL);
	REFUSED(INVALID, message_post(f->arena, f->store, f->ada, room, &reply, &posted, &why));
	struct message_new broken = {.content = "x", .message_type = "song"};
	REFUSED(INTERNAL, message_post(f->arena, f->store, f->ada, room, &broken, &posted, &why));
	assert_int_equal(post_message(f, room, "x", NULL).seq, 2);
}

static void a_resent_message_is_stored_once(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true);
	struct message_posted first = post_message(f, room, "hello", "c-1");
	post_message(f, room, "between", NULL);
	struct message_posted again = post_message(f, room, "hello", "c-1");
	assert_false(first.duplicate);
	assert_true(first.pos > 0);
	assert_true(again.duplicate);
	assert_int_equal(again.pos, 0);
	assert_string_equal(again.id, first.id);
	assert_string_equal(again.room_id, room);
	assert_int_equal(again.seq, first.seq);
	assert_int_equal(again.timestamp, first.timestamp);
	json_t *list = list_messages(f, f->ada, room, 0, -1, 50);
	assert_int_equal(json_array_size(list), 2);
	json_decref(list);
}

static void a_client_id_names_one_message_of_a_sender(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true), *other = make_room(f, true);
	struct message_posted posted;
	struct message_new message = {
		.content = "other", .message_type = "text", .client_id = "c-1"};
	post_message(f, room, "hello", "c-1");
	REFUSED(IDEMPOTENCY_CONFLICT,
		message_post(f->arena, f->store, f->ada, room, &message, &posted, &why));
	message.content = "hello";
	REFUSED(IDEMPOTENCY_CONFLICT,
		message_post(f->arena, f->store, f->ada, other, &message, &posted, &why));
	message.meta_data = "{\"x\":1}";
	REFUSED(IDEMPOTENCY_CONFLICT,
		message_post(f->arena, f->store, f->ada, room, &message, &posted, &why));
	message.meta_data = NULL;
	message.message_type = "memory";
	REFUSED(IDEMPOTENCY_CONFLICT,
		message_post(f->arena, f->store, f->ada, room, &message, &posted, &why));
	message.message_type = "text";
	/* The same client_id of another sender names another message. */
	MUST(room_join(f->arena, f->store, f->ben, room, &why));
	MUST(message_post(f->arena, f->store, f->ben, room, &message, &posted, &why));
	assert_false(posted.duplicate);
}

static void a_resent_message_is_a_duplicate_even_after_leaving_the_room(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true);
	struct message_posted first, again;
	struct message_new message = {.content = "bye", .message_type = "text", .client_id = "c-2"};
	MUST(room_join(f->arena, f->store, f->ben, room, &why));
	MUST(message_post(f->arena, f->store, f->ben, room, &message, &first, &why));
	MUST(room_leave(f->arena, f->store, f->ben, room, &why));
	MUST(message_post(f->arena, f->store, f->ben, room, &message, &again, &why));
	assert_true(again.duplicate);
	assert_int_equal(again.seq, first.seq);
	message.client_id = "c-3";
	REFUSED(FORBIDDEN, message_post(f->arena, f->store, f->ben, room, &message, &again, &why));
}

static void only_participants_can_post(void **state)
{
	struct fixture *f = *state;
	struct message_posted posted;
	struct message_new message = {.content = "x", .message_type = "text"};
	REFUSED(FORBIDDEN, message_post(f->arena, f->store, f->ben, make_room(f, true), &message,
					&posted, &why));
	REFUSED(ROOM_NOT_FOUND, message_post(f->arena, f->store, f->ben, make_room(f, false),
					     &message, &posted, &why));
	REFUSED(ROOM_NOT_FOUND, message_post(f->arena, f->store, f->ben, "no room at all", &message,
					     &posted, &why));
}

static void anyone_can_read_public_rooms_and_only_participants_private_ones(void **state)
{
	struct fixture *f = *state;
	const struct message_filter filter = {.before = INT64_MAX, .after = -1};
	struct page page = {.limit = 50};
	const char *open = make_room(f, true), *closed = make_room(f, false);
	post_message(f, open, "x", NULL), post_message(f, closed, "x", NULL);
	json_t *list = list_messages(f, f->ben, open, 0, -1, 50);
	assert_int_equal(json_array_size(list), 1);
	json_decref(list);
	REFUSED(ROOM_NOT_FOUND,
		messages_list(f->store, f->ben, closed, &filter, &page, &f->out, &why));
	assert_int_equal(f->out.len, 0);
}

static void history_is_read_in_both_directions(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true);
	for (int i = 0; i < 10; i++)
		post_message(f, room, "x", NULL);
	json_t *list = list_messages(f, f->ada, room, 0, -1, 3);
	assert_int_equal(json_array_size(list), 3);
	assert_int_equal(seq_at(list, 0), 10);
	assert_int_equal(seq_at(list, 2), 8);
	json_decref(list);
	list = list_messages(f, f->ada, room, 8, -1, 3);
	assert_int_equal(seq_at(list, 0), 7);
	json_decref(list);
	list = list_messages(f, f->ada, room, 0, 4, 3);
	assert_int_equal(seq_at(list, 0), 5);
	assert_int_equal(seq_at(list, 2), 7);
	json_decref(list);
	list = list_messages(f, f->ada, room, 0, 0, 50);
	assert_int_equal(json_array_size(list), 10);
	assert_int_equal(seq_at(list, 0), 1);
	json_decref(list);
}

static int keep_event_data(const struct event *event, void *context, struct problem *why)
{
	struct buf *kept = context;
	(void)why;
	buf_clear(kept);
	buf_add(kept, event->data, event->data_bytes);
	return 0;
}

/* The number of days in the list of one day and the next one, when so many messages are counted. */
static size_t activity_days(struct fixture *f, const char *room, int most)
{
	int64_t tomorrow = clock_now() / CLOCK_DAY + 1;
	MUST(q_room_activity(f->store, f->ben, room, tomorrow, 3, most, &f->out, &why));
	json_t *days = json_loads(take_output(f), 0, NULL);
	size_t count = json_array_size(days);
	json_decref(days);
	return count;
}

static void activity_ends_with_the_last_day_that_is_counted_as_a_whole(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true);
	for (int i = 0; i < 4; i++)
		post_message(f, room, "x", NULL);
	assert_int_equal(activity_days(f, room, 5), 3);
	assert_int_equal(activity_days(f, room, 4), 1);
	assert_int_equal(activity_days(f, room, 3), 1);
}

static void the_data_of_the_event_is_the_message(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true);
	struct message_posted posted = post_message(f, room, "héllo \"x\"", "c-1");
	struct buf *kept = buf_in(f->arena);
	MUST(events_after(f->store, posted.pos - 1, 1, keep_event_data, kept, &why));
	MUST(message_show(f->store, f->ada, room, posted.id, &f->out, &why));
	assert_string_equal(kept->data, take_output(f));
	json_t *json = json_loads(kept->data, 0, NULL);
	assert_string_equal(json_string_value(json_object_get(json, "content")), "héllo \"x\"");
	assert_string_equal(json_string_value(json_object_get(json, "sender_name")), "ada");
	assert_string_equal(json_string_value(json_object_get(json, "client_id")), "c-1");
	assert_int_equal(json_object_size(json), message_shape.count);
	json_decref(json);
	int64_t head;
	MUST(events_head(f->store, &head, &why));
	assert_int_equal(head, posted.pos);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_REALM(each_room_numbers_its_own_messages),
		IN_REALM(a_refused_message_uses_no_number),
		IN_REALM(a_resent_message_is_stored_once),
		IN_REALM(a_client_id_names_one_message_of_a_sender),
		IN_REALM(a_resent_message_is_a_duplicate_even_after_leaving_the_room),
		IN_REALM(only_participants_can_post),
		IN_REALM(anyone_can_read_public_rooms_and_only_participants_private_ones),
		IN_REALM(history_is_read_in_both_directions),
		IN_REALM(activity_ends_with_the_last_day_that_is_counted_as_a_whole),
		IN_REALM(the_data_of_the_event_is_the_message),
	};
	return cmocka_run_group_tests_name("messages", tests, NULL, NULL);
}
