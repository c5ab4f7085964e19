/* realm/rooms: who may come in, who is told, and who never learns that a room exists. */
#include <stdio.h>

#include <jansson.h>

#include "base/clock.h"
#include "realm/events.h"
#include "realm/feed.h"
#include "realm/messages.h"
#include "realm/relationships.h"
#include "realm/rooms.h"
#include "tests/unit/test.h"

static const char *make_room(struct world *w, int64_t creator, bool is_public, int most)
{
	const char *id = NULL;
	struct room_new room = {.name = "A room", .is_public = is_public, .max_participants = most};
	MUST(room_create(w->arena, w->store, creator, &room, &id, &why));
	return id;
}

static int join(struct world *w, int64_t user, const char *room)
{
	int result;
	MUST(result = room_join(w->arena, w->store, user, room, &why));
	return result;
}

static int leave(struct world *w, int64_t user, const char *room)
{
	int result;
	MUST(result = room_leave(w->arena, w->store, user, room, &why));
	return result;
}

static json_t *shown(struct world *w, int64_t viewer, const char *room)
{
	MUST(room_show(w->store, viewer, room, &w->out, &why));
	json_t *json = json_loads(taken(w), 0, NULL);
	assert_non_null(json);
	return json;
}

static size_t listed(struct world *w, int64_t viewer, struct room_filter filter)
{
	struct page page = {.limit = 50};
	MUST(rooms_list(w->arena, w->store, viewer, &filter, &page, &w->out, &why));
	json_t *json = json_loads(taken(w), 0, NULL);
	size_t count = json_array_size(json);
	json_decref(json);
	return count;
}

static const struct room_filter all = {-1, -1, -1, NULL};

static void the_creator_is_owner_and_first_participant(void **state)
{
	struct world *w = *state;
	json_t *room = shown(w, w->ben, make_room(w, w->ada, true, 50));
	json_t *people = json_object_get(room, "participants");
	assert_int_equal(json_integer_value(json_object_get(room, "current_participants")), 1);
	assert_int_equal(json_integer_value(json_object_get(room, "created_by")), w->ada);
	assert_int_equal(json_array_size(people), 1);
	json_t *first = json_array_get(people, 0);
	assert_string_equal(json_string_value(json_object_get(first, "username")), "ada");
	assert_string_equal(json_string_value(json_object_get(first, "role")), "owner");
	assert_string_equal(json_string_value(json_object_get(first, "status")), "offline");
	json_decref(room);
}

static bool muted(struct world *w, int64_t viewer, const char *room_id)
{
	MUST(room_show(w->store, viewer, room_id, &w->out, &why));
	json_t *room = json_loads(taken(w), 0, NULL);
	bool is_muted = json_is_string(json_object_get(room, "muted_until"));
	json_decref(room);
	return is_muted;
}

static void a_room_is_muted_for_one_user_until_a_time_and_leaving_forgets_it(void **state)
{
	struct world *w = *state;
	const char *room = make_room(w, w->ada, true, 50);
	int64_t later = clock_now() + CLOCK_DAY;
	REFUSED(FORBIDDEN, room_mute(w->arena, w->store, w->ben, room, later, &w->out, &why));
	MUST(room_join(w->arena, w->store, w->ben, room, &why));
	MUST(room_mute(w->arena, w->store, w->ben, room, later, &w->out, &why));
	assert_non_null(strstr(taken(w), "\"muted_until\":\""));
	assert_true(muted(w, w->ben, room));
	assert_false(muted(w, w->ada, room));
	MUST(room_mute(w->arena, w->store, w->ben, room, clock_now() - 1, &w->out, &why));
	assert_non_null(strstr(taken(w), "\"muted_until\":null"));
	MUST(room_mute(w->arena, w->store, w->ben, room, later, &w->out, &why));
	taken(w);
	MUST(room_leave(w->arena, w->store, w->ben, room, &why));
	MUST(room_join(w->arena, w->store, w->ben, room, &why));
	assert_false(muted(w, w->ben, room));
}

static void a_private_room_does_not_exist_for_others(void **state)
{
	struct world *w = *state;
	const char *room = make_room(w, w->ada, false, 50);
	REFUSED(ROOM_NOT_FOUND, room_show(w->store, w->ben, room, &w->out, &why));
	int64_t last_seq;
	REFUSED(ROOM_NOT_FOUND, room_info(w->store, w->ben, room, &w->out, &last_seq, &why));
	REFUSED(ROOM_NOT_FOUND, room_join(w->arena, w->store, w->ben, room, &why));
	REFUSED(ROOM_NOT_FOUND, room_leave(w->arena, w->store, w->ben, room, &why));
	assert_int_equal(w->out.len, 0);
	assert_int_equal(listed(w, w->ben, all), 0);
	assert_int_equal(listed(w, w->ada, all), 1);
	json_decref(shown(w, w->ada, room));
}

static void joining_and_leaving_count_once(void **state)
{
	struct world *w = *state;
	const char *room = make_room(w, w->ada, true, 50);
	assert_int_equal(join(w, w->ben, room), 1);
	assert_int_equal(join(w, w->ben, room), 0);
	json_t *json = shown(w, w->ada, room);
	assert_int_equal(json_integer_value(json_object_get(json, "current_participants")), 2);
	json_decref(json);
	assert_int_equal(leave(w, w->ben, room), 1);
	assert_int_equal(leave(w, w->ben, room), 0);
	assert_int_equal(leave(w, w->cleo, room), 0);
	assert_int_equal(join(w, w->ben, room), 1);
	json = shown(w, w->ada, room);
	assert_int_equal(json_integer_value(json_object_get(json, "current_participants")), 2);
	assert_int_equal(json_array_size(json_object_get(json, "participants")), 2);
	json_decref(json);
}

static void a_full_room_refuses_until_somebody_leaves(void **state)
{
	struct world *w = *state;
	const char *room = make_room(w, w->ada, true, 2);
	assert_int_equal(join(w, w->ben, room), 1);
	REFUSED(ROOM_FULL, room_join(w->arena, w->store, w->cleo, room, &why));
	assert_int_equal(join(w, w->ben, room), 0);
	assert_int_equal(leave(w, w->ben, room), 1);
	assert_int_equal(join(w, w->cleo, room), 1);
}

struct heard {
	char text[1000];
};

static int hear(const struct event *event, void *context, struct problem *why)
{
	struct heard *heard = context;
	size_t at = strlen(heard->text);
	(void)why;
	snprintf(heard->text + at, sizeof(heard->text) - at, "%s>%s ", event_name(event->kind),
		 event->room_id ? "room" : "user");
	return 0;
}

static void the_room_is_told_of_who_comes_and_goes_once(void **state)
{
	struct world *w = *state;
	struct heard heard = {""};
	const char *room = make_room(w, w->ada, true, 50);
	join(w, w->ben, room), join(w, w->ben, room);
	leave(w, w->ben, room), leave(w, w->ben, room);
	/* The creator came in first. */
	MUST(events_after(w->store, 0, 100, hear, &heard, &why));
	assert_string_equal(heard.text, "user_joined>room user_joined>room user_left>room ");
}

static int64_t read_up_to(struct world *w, int64_t user, const char *room, int64_t seq)
{
	MUST(room_read(w->arena, w->store, user, room, seq, &why));
	MUST(room_marker(w->store, user, room, &w->out, &why));
	json_t *marker = json_loads(taken(w), 0, NULL);
	int64_t at = json_integer_value(json_object_get(marker, "up_to_seq"));
	json_decref(marker);
	return at;
}

static void a_read_marker_moves_only_on_and_not_beyond_the_newest(void **state)
{
	struct world *w = *state;
	struct heard heard = {""};
	struct message_posted posted;
	struct message_new message = {.content = "x", .message_type = "text"};
	int64_t head;
	const char *room = make_room(w, w->ada, true, 50);
	join(w, w->ben, room);
	for (int i = 0; i < 5; i++)
		MUST(message_post(w->arena, w->store, w->ada, room, &message, &posted, &why));
	MUST(events_head(w->store, &head, &why));
	assert_int_equal(read_up_to(w, w->ben, room, 3), 3);
	assert_int_equal(read_up_to(w, w->ben, room, 2), 3);
	assert_int_equal(read_up_to(w, w->ben, room, 3), 3);
	assert_int_equal(read_up_to(w, w->ben, room, 1000), 5);
	assert_int_equal(read_up_to(w, w->ben, room, 1000), 5);
	MUST(events_after(w->store, head, 100, hear, &heard, &why));
	assert_string_equal(heard.text, "read_marker>room read_marker>room ");
	json_t *shown_room = shown(w, w->ada, room);
	json_t *ben = json_array_get(json_object_get(shown_room, "participants"), 1);
	assert_int_equal(json_integer_value(json_object_get(ben, "read_seq")), 5);
	json_decref(shown_room);
}

static void only_who_is_inside_has_a_read_marker(void **state)
{
	struct world *w = *state;
	REFUSED(FORBIDDEN,
		room_read(w->arena, w->store, w->ben, make_room(w, w->ada, true, 50), 0, &why));
	REFUSED(ROOM_NOT_FOUND,
		room_read(w->arena, w->store, w->ben, make_room(w, w->ada, false, 50), 0, &why));
}

static void lists_can_be_narrowed(void **state)
{
	struct world *w = *state;
	const char *id;
	make_room(w, w->ada, true, 50);
	make_room(w, w->ada, false, 50);
	make_room(w, w->ben, false, 50);
	struct room_new aeon = {
		.name = "x", .is_public = true, .is_aeon_room = true, .max_participants = 9};
	MUST(room_create(w->arena, w->store, w->ben, &aeon, &id, &why));
	assert_int_equal(listed(w, w->ada, all), 3);
	assert_int_equal(listed(w, w->ada, (struct room_filter){1, -1, -1, NULL}), 2);
	assert_int_equal(listed(w, w->ada, (struct room_filter){0, -1, -1, NULL}), 1);
	assert_int_equal(listed(w, w->ada, (struct room_filter){-1, 1, -1, NULL}), 1);
	assert_int_equal(listed(w, w->ada, (struct room_filter){-1, -1, 1, NULL}), 2);
	assert_int_equal(listed(w, w->ada, (struct room_filter){-1, -1, 0, NULL}), 1);
	assert_int_equal(listed(w, w->cleo, (struct room_filter){-1, -1, 1, NULL}), 0);
}

static void pages_of_rooms_are_newest_first_and_complete(void **state)
{
	struct world *w = *state;
	struct page page = {.limit = 3};
	char last[40] = "~";
	int seen = 0;
	for (int i = 0; i < 8; i++)
		make_room(w, w->ada, i % 3 != 0, 50);
	do {
		page.after = *page.next ? arena_strdup(w->arena, page.next) : NULL;
		MUST(rooms_list(w->arena, w->store, w->ada, &all, &page, &w->out, &why));
		json_t *json = json_loads(taken(w), 0, NULL), *room;
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

static void who_is_blocked_is_not_seen_in_a_room(void **state)
{
	struct world *w = *state;
	const char *room = make_room(w, w->ada, true, 50);
	struct relationship_new block = {
		.related_user_id = w->ben, .relationship_type = "blocked", .strength = 0};
	join(w, w->ben, room), join(w, w->cleo, room);
	MUST(relationship_put(w->arena, w->store, w->cleo, &block, &why));
	const int64_t both[] = {w->cleo, w->ben};
	for (int i = 0; i < 2; i++) {
		json_t *json = shown(w, both[i], room);
		assert_int_equal(json_array_size(json_object_get(json, "participants")), 2);
		json_decref(json);
	}
	json_t *json = shown(w, w->ada, room);
	assert_int_equal(json_array_size(json_object_get(json, "participants")), 3);
	json_decref(json);
}

static void mates_are_those_of_ones_own_rooms(void **state)
{
	struct world *w = *state;
	const char *room = make_room(w, w->ada, true, 50);
	make_room(w, w->cleo, true, 50);
	join(w, w->ben, room);
	MUST(room_co_members(w->store, w->ben, &w->out, &why));
	const char *mates = taken(w);
	assert_non_null(strstr(mates, "\"ada\""));
	assert_non_null(strstr(mates, "\"ben\""));
	assert_null(strstr(mates, "\"cleo\""));
	const char **rooms;
	MUST(rooms_of_user(w->arena, w->store, w->ben, &rooms, &why));
	assert_string_equal(rooms[0], room);
	assert_null(rooms[1]);
	leave(w, w->ben, room);
	MUST(rooms_of_user(w->arena, w->store, w->ben, &rooms, &why));
	assert_null(rooms[0]);
}

static void the_default_rooms_are_made_once(void **state)
{
	struct world *w = *state;
	int made;
	MUST(made = rooms_make_default(w->arena, w->store, &why));
	assert_int_equal(made, 3);
	MUST(made = rooms_make_default(w->arena, w->store, &why));
	assert_int_equal(made, 0);
	assert_int_equal(listed(w, w->ada, all), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(the_creator_is_owner_and_first_participant),
		IN_WORLD(a_room_is_muted_for_one_user_until_a_time_and_leaving_forgets_it),
		IN_WORLD(a_private_room_does_not_exist_for_others),
		IN_WORLD(joining_and_leaving_count_once),
		IN_WORLD(a_full_room_refuses_until_somebody_leaves),
		IN_WORLD(the_room_is_told_of_who_comes_and_goes_once),
		IN_WORLD(a_read_marker_moves_only_on_and_not_beyond_the_newest),
		IN_WORLD(only_who_is_inside_has_a_read_marker),
		IN_WORLD(lists_can_be_narrowed),
		IN_WORLD(pages_of_rooms_are_newest_first_and_complete),
		IN_WORLD(who_is_blocked_is_not_seen_in_a_room),
		IN_WORLD(mates_are_those_of_ones_own_rooms),
		IN_WORLD(the_default_rooms_are_made_once),
	};
	return cmocka_run_group_tests_name("rooms", tests, NULL, NULL);
}
