/* realm/rooms: joining and leaving, their events, and rooms that are hidden. */
#include <stdio.h>

#include <jansson.h>

#include "base/clock.h"
#include "realm/direct.h"
#include "realm/events.h"
#include "realm/feed.h"
#include "realm/messages.h"
#include "realm/muting.h"
#include "realm/relationships.h"
#include "realm/removal.h"
#include "realm/rooms.h"
#include "store/internal.h"
#include "tests/unit/test.h"

static const char *make_room(struct fixture *f, int64_t creator, bool is_public, int most)
{
	const char *id = NULL;
	struct room_new room = {.name = "A room", .is_public = is_public, .max_participants = most};
	MUST(room_create(f->arena, f->store, creator, &room, &id, &why));
	return id;
}

static int join_room(struct fixture *f, int64_t user, const char *room)
{
	int result;
	MUST(result = room_join(f->arena, f->store, user, room, &why));
	return result;
}

static int leave_room(struct fixture *f, int64_t user, const char *room)
{
	int result;
	MUST(result = room_leave(f->arena, f->store, user, room, &why));
	return result;
}

static json_t *show_room(struct fixture *f, int64_t viewer, const char *room)
{
	MUST(room_show(f->store, viewer, room, &f->out, &why));
	json_t *json = json_loads(take_output(f), 0, NULL);
	assert_non_null(json);
	return json;
}

static size_t count_listed(struct fixture *f, int64_t viewer, struct room_filter filter)
{
	struct page page = {.limit = 50};
	MUST(rooms_list(f->arena, f->store, viewer, &filter, &page, &f->out, &why));
	json_t *json = json_loads(take_output(f), 0, NULL);
	size_t count = json_array_size(json);
	json_decref(json);
	return count;
}

static const struct room_filter all = {-1, -1, -1, NULL, NULL};

static void the_creator_is_owner_and_first_participant(void **state)
{
	struct fixture *f = *state;
	json_t *room = show_room(f, f->ben, make_room(f, f->ada, true, 50));
	json_t *participants = json_object_get(room, "participants");
	assert_int_equal(json_integer_value(json_object_get(room, "current_participants")), 1);
	assert_int_equal(json_integer_value(json_object_get(room, "created_by")), f->ada);
	assert_int_equal(json_array_size(participants), 1);
	json_t *first = json_array_get(participants, 0);
	assert_string_equal(json_string_value(json_object_get(first, "username")), "ada");
	assert_string_equal(json_string_value(json_object_get(first, "role")), "owner");
	assert_string_equal(json_string_value(json_object_get(first, "status")), "offline");
	json_decref(room);
}

static bool is_muted_for(struct fixture *f, int64_t viewer, const char *room_id)
{
	MUST(room_show(f->store, viewer, room_id, &f->out, &why));
	json_t *room = json_loads(take_output(f), 0, NULL);
	bool is_muted = json_is_string(json_object_get(room, "muted_until"));
	json_decref(room);
	return is_muted;
}

static void a_room_is_muted_for_one_user_until_a_time_or_until_the_user_leaves(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, f->ada, true, 50);
	int64_t later = clock_now() + CLOCK_DAY;
	REFUSED(FORBIDDEN, room_mute(f->arena, f->store, f->ben, room, later, &f->out, &why));
	MUST(room_join(f->arena, f->store, f->ben, room, &why));
	MUST(room_mute(f->arena, f->store, f->ben, room, later, &f->out, &why));
	assert_non_null(strstr(take_output(f), "\"muted_until\":\""));
	assert_true(is_muted_for(f, f->ben, room));
	assert_false(is_muted_for(f, f->ada, room));
	MUST(room_mute(f->arena, f->store, f->ben, room, clock_now() - 1, &f->out, &why));
	assert_non_null(strstr(take_output(f), "\"muted_until\":null"));
	MUST(room_mute(f->arena, f->store, f->ben, room, later, &f->out, &why));
	take_output(f);
	MUST(room_leave(f->arena, f->store, f->ben, room, &why));
	MUST(room_join(f->arena, f->store, f->ben, room, &why));
	assert_false(is_muted_for(f, f->ben, room));
}

static void a_private_room_is_hidden_from_other_users(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, f->ada, false, 50);
	REFUSED(ROOM_NOT_FOUND, room_show(f->store, f->ben, room, &f->out, &why));
	int64_t last_seq;
	REFUSED(ROOM_NOT_FOUND, room_info(f->store, f->ben, room, &f->out, &last_seq, &why));
	REFUSED(ROOM_NOT_FOUND, room_join(f->arena, f->store, f->ben, room, &why));
	REFUSED(ROOM_NOT_FOUND, room_leave(f->arena, f->store, f->ben, room, &why));
	assert_int_equal(f->out.len, 0);
	assert_int_equal(count_listed(f, f->ben, all), 0);
	assert_int_equal(count_listed(f, f->ada, all), 1);
	json_decref(show_room(f, f->ada, room));
}

static void repeated_joins_and_leaves_count_once(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, f->ada, true, 50);
	assert_int_equal(join_room(f, f->ben, room), 1);
	assert_int_equal(join_room(f, f->ben, room), 0);
	json_t *json = show_room(f, f->ada, room);
	assert_int_equal(json_integer_value(json_object_get(json, "current_participants")), 2);
	json_decref(json);
	assert_int_equal(leave_room(f, f->ben, room), 1);
	assert_int_equal(leave_room(f, f->ben, room), 0);
	assert_int_equal(leave_room(f, f->cleo, room), 0);
	assert_int_equal(join_room(f, f->ben, room), 1);
	json = show_room(f, f->ada, room);
	assert_int_equal(json_integer_value(json_object_get(json, "current_participants")), 2);
	assert_int_equal(json_array_size(json_object_get(json, "participants")), 2);
	json_decref(json);
}

static void a_full_room_refuses_users_until_somebody_leaves(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, f->ada, true, 2);
	assert_int_equal(join_room(f, f->ben, room), 1);
	REFUSED(ROOM_FULL, room_join(f->arena, f->store, f->cleo, room, &why));
	assert_int_equal(join_room(f, f->ben, room), 0);
	assert_int_equal(leave_room(f, f->ben, room), 1);
	assert_int_equal(join_room(f, f->cleo, room), 1);
}

struct events {
	char text[1000];
};

static int note_event(const struct event *event, void *context, struct problem *why)
{
	struct events *events = context;
	size_t at = strlen(events->text);
	(void)why;
	snprintf(events->text + at, sizeof(events->text) - at, "%s>%s ", event_name(event->kind),
		 event->room_id ? "room" : "user");
	return 0;
}

static void a_join_and_a_leave_are_one_event_each(void **state)
{
	struct fixture *f = *state;
	struct events events = {""};
	const char *room = make_room(f, f->ada, true, 50);
	join_room(f, f->ben, room), join_room(f, f->ben, room);
	leave_room(f, f->ben, room), leave_room(f, f->ben, room);
	/* The first event is the creator's own join. */
	MUST(events_after(f->store, 0, 100, note_event, &events, &why));
	assert_string_equal(events.text, "user_joined>room user_joined>room user_left>room ");
}

static int64_t read_up_to(struct fixture *f, int64_t user, const char *room, int64_t seq)
{
	MUST(room_read(f->arena, f->store, user, room, &(struct room_reading){.up_to_seq = seq},
		       &why));
	MUST(room_marker(f->store, user, room, &f->out, &why));
	json_t *marker = json_loads(take_output(f), 0, NULL);
	int64_t at = json_integer_value(json_object_get(marker, "up_to_seq"));
	json_decref(marker);
	return at;
}

static void a_read_marker_moves_only_forward_and_not_beyond_the_newest_message(void **state)
{
	struct fixture *f = *state;
	struct events events = {""};
	struct message_posted posted;
	struct message_new message = {.content = "x", .message_type = "text"};
	int64_t head;
	const char *room = make_room(f, f->ada, true, 50);
	join_room(f, f->ben, room);
	for (int i = 0; i < 5; i++)
		MUST(message_post(f->arena, f->store, f->ada, room, &message, &posted, &why));
	MUST(events_head(f->store, &head, &why));
	assert_int_equal(read_up_to(f, f->ben, room, 3), 3);
	assert_int_equal(read_up_to(f, f->ben, room, 2), 3);
	assert_int_equal(read_up_to(f, f->ben, room, 3), 3);
	assert_int_equal(read_up_to(f, f->ben, room, 1000), 5);
	assert_int_equal(read_up_to(f, f->ben, room, 1000), 5);
	MUST(events_after(f->store, head, 100, note_event, &events, &why));
	assert_string_equal(events.text, "read_marker>room read_marker>room ");
	json_t *shown_room = show_room(f, f->ada, room);
	json_t *ben = json_array_get(json_object_get(shown_room, "participants"), 1);
	assert_int_equal(json_integer_value(json_object_get(ben, "read_seq")), 5);
	json_decref(shown_room);
}

static void only_participants_have_a_read_marker(void **state)
{
	struct fixture *f = *state;
	REFUSED(FORBIDDEN, room_read(f->arena, f->store, f->ben, make_room(f, f->ada, true, 50),
				     &(struct room_reading){0}, &why));
	REFUSED(ROOM_NOT_FOUND,
		room_read(f->arena, f->store, f->ben, make_room(f, f->ada, false, 50),
			  &(struct room_reading){0}, &why));
}

static void a_list_of_rooms_can_be_filtered(void **state)
{
	struct fixture *f = *state;
	const char *id;
	make_room(f, f->ada, true, 50);
	make_room(f, f->ada, false, 50);
	make_room(f, f->ben, false, 50);
	struct room_new aeon = {
		.name = "x", .is_public = true, .is_aeon_room = true, .max_participants = 9};
	MUST(room_create(f->arena, f->store, f->ben, &aeon, &id, &why));
	assert_int_equal(count_listed(f, f->ada, all), 3);
	assert_int_equal(count_listed(f, f->ada, (struct room_filter){1, -1, -1, NULL, NULL}), 2);
	assert_int_equal(count_listed(f, f->ada, (struct room_filter){0, -1, -1, NULL, NULL}), 1);
	assert_int_equal(count_listed(f, f->ada, (struct room_filter){-1, 1, -1, NULL, NULL}), 1);
	assert_int_equal(count_listed(f, f->ada, (struct room_filter){-1, -1, 1, NULL, NULL}), 2);
	assert_int_equal(count_listed(f, f->ada, (struct room_filter){-1, -1, 0, NULL, NULL}), 1);
	assert_int_equal(count_listed(f, f->cleo, (struct room_filter){-1, -1, 1, NULL, NULL}), 0);
}

static void pages_of_rooms_are_newest_first_and_complete(void **state)
{
	struct fixture *f = *state;
	struct page page = {.limit = 3};
	char last[40] = "~";
	int seen = 0;
	for (int i = 0; i < 8; i++)
		make_room(f, f->ada, i % 3 != 0, 50);
	do {
		page.after = *page.next ? arena_strdup(f->arena, page.next) : NULL;
		MUST(rooms_list(f->arena, f->store, f->ada, &all, &page, &f->out, &why));
		json_t *json = json_loads(take_output(f), 0, NULL), *room;
		size_t i;
		json_array_foreach(json, i, room) {
			const char *id = json_string_value(json_object_get(room, "id"));
			assert_true(strcmp(id, last) < 0);
			snprintf(last, sizeof(last), "%s", id);
			seen++;
		}
		json_decref(json);
	} while (*page.next);
	assert_int_equal(seen, 8);
}

static void blocked_users_do_not_see_each_other_in_a_room(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, f->ada, true, 50);
	struct relationship_new block = {
		.related_user_id = f->ben, .relationship_type = "blocked", .strength = 0};
	join_room(f, f->ben, room), join_room(f, f->cleo, room);
	MUST(relationship_put(f->arena, f->store, f->cleo, &block, &why));
	const int64_t both[] = {f->cleo, f->ben};
	for (int i = 0; i < 2; i++) {
		json_t *json = show_room(f, both[i], room);
		assert_int_equal(json_array_size(json_object_get(json, "participants")), 2);
		json_decref(json);
	}
	json_t *json = show_room(f, f->ada, room);
	assert_int_equal(json_array_size(json_object_get(json, "participants")), 3);
	json_decref(json);
}

static void co_members_are_the_users_of_the_same_rooms(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, f->ada, true, 50);
	make_room(f, f->cleo, true, 50);
	join_room(f, f->ben, room);
	struct co_members_place place = {0};
	struct problem fault = {0};
	assert_int_equal(
		0, room_co_members(f->arena, f->store, f->ben, &place, 16384, &f->out, &fault));
	const char *co_members = take_output(f);
	assert_non_null(strstr(co_members, "\"ada\""));
	assert_non_null(strstr(co_members, "\"ben\""));
	assert_null(strstr(co_members, "\"cleo\""));
	const char **rooms;
	MUST(rooms_of_user(f->arena, f->store, f->ben, &rooms, &why));
	assert_string_equal(rooms[0], room);
	assert_null(rooms[1]);
	leave_room(f, f->ben, room);
	MUST(rooms_of_user(f->arena, f->store, f->ben, &rooms, &why));
	assert_null(rooms[0]);
}

static void members_of_many_rooms_come_in_parts_and_each_of_them_once(void **state)
{
	struct fixture *f = *state;
	struct co_members_place place = {0};
	struct problem fault = {0};
	int more = 1, parts = 0;
	size_t rows = 0;
	for (int i = 0; i < 20; i++)
		join_room(f, f->ben, make_room(f, f->ada, true, 50));
	for (; more == 1; parts++) {
		more = room_co_members(f->arena, f->store, f->ben, &place, 1000, &f->out, &fault);
		const char *text = take_output(f);
		assert_true(strlen(text) <= 1000);
		json_t *json = json_loads(text, 0, NULL);
		rows += json_array_size(json);
		json_decref(json);
	}
	assert_int_equal(more, 0);
	assert_int_equal(rows, 40);
	assert_true(parts >= 5);
}

static void the_default_rooms_are_created_once(void **state)
{
	struct fixture *f = *state;
	int made;
	MUST(made = rooms_make_default(f->arena, f->store, &why));
	assert_int_equal(made, 3);
	MUST(made = rooms_make_default(f->arena, f->store, &why));
	assert_int_equal(made, 0);
	assert_int_equal(count_listed(f, f->ada, all), 3);
}

static int prune_removals(struct store *store, void *context, struct problem *why)
{
	(void)context;
	return removals_prune(store, clock_now(), 1, why);
}

static int open_direct(struct fixture *f, const char **room_r)
{
	int is_new;
	MUST(is_new = direct_open(f->arena, f->store, f->ada, &(struct ints){&f->ben, 1}, room_r,
				  &why));
	return is_new;
}

/* The removal for good deletes the rows of the room later, step by step. */
static void a_direct_room_can_be_opened_again_after_its_removal(void **state)
{
	struct fixture *f = *state;
	const char *first, *second;
	assert_int_equal(open_direct(f, &first), 1);
	MUST(store_run(f->store, "UPDATE chat_rooms SET removed_at = 1", &why));
	MUST(store_write(f->store, prune_removals, NULL, &why));
	assert_int_equal(open_direct(f, &second), 1);
	assert_string_not_equal(first, second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_REALM(the_creator_is_owner_and_first_participant),
		IN_REALM(a_room_is_muted_for_one_user_until_a_time_or_until_the_user_leaves),
		IN_REALM(a_private_room_is_hidden_from_other_users),
		IN_REALM(repeated_joins_and_leaves_count_once),
		IN_REALM(a_full_room_refuses_users_until_somebody_leaves),
		IN_REALM(a_join_and_a_leave_are_one_event_each),
		IN_REALM(a_read_marker_moves_only_forward_and_not_beyond_the_newest_message),
		IN_REALM(only_participants_have_a_read_marker),
		IN_REALM(a_list_of_rooms_can_be_filtered),
		IN_REALM(pages_of_rooms_are_newest_first_and_complete),
		IN_REALM(blocked_users_do_not_see_each_other_in_a_room),
		IN_REALM(co_members_are_the_users_of_the_same_rooms),
		IN_REALM(members_of_many_rooms_come_in_parts_and_each_of_them_once),
		IN_REALM(the_default_rooms_are_created_once),
		IN_REALM(a_direct_room_can_be_opened_again_after_its_removal),
	};
	return cmocka_run_group_tests_name("rooms", tests, NULL, NULL);
}
