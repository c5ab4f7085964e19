/* realm/people: who is found by a name. Each test looks at all of a name, and only near the viewer.
 */
#include <jansson.h>

#include "realm/rooms.h"
#include "store/queries.h"
#include "tests/unit/texts.h"

#define MANY 100

static int realm_setup(void **state)
{
	int failed = fixture_setup(state);
	run_sql(*state, "UPDATE users SET full_name = 'Zoe', discoverable = (username <> 'dora')");
	return failed;
}

#define WITH_NAMES(test) cmocka_unit_test_setup_teardown(test, realm_setup, fixture_teardown)

/* The usernames that Ada finds, of at most so many of each kind that are looked at. */
static const char *found(struct fixture *f, bool wide, int most)
{
	struct buf *names = buf_in(f->arena);
	MUST(q_people_found(f->store, f->ada, "zo", "[\"zo\"]", wide, most, most, MANY, &f->out,
			    &why));
	json_t *list = json_loads(take_output(f), 0, NULL), *user;
	size_t i;
	json_array_foreach(list, i, user) {
		buf_printf(names, "%s%s", i ? " " : "",
			   json_string_value(json_object_get(user, "username")));
	}
	json_decref(list);
	return buf_text(names);
}

#define FOUND(expected)                                                                            \
	do {                                                                                       \
		assert_string_equal(found(f, false, MANY), expected);                              \
		assert_string_equal(found(f, true, MANY), expected);                               \
	} while (0)

static void a_user_who_is_not_discoverable_is_found_in_a_common_room_alone(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true, f->dora, 0);
	FOUND("dora ben cleo");
	MUST(room_leave(f->arena, f->store, f->dora, room, &why));
	FOUND("ben cleo");
	MUST(room_join(f->arena, f->store, f->dora, room, &why));
	run_sql(f, "UPDATE room_participants SET is_active = 0 WHERE user_id = %d", (int)f->ada);
	FOUND("ben cleo");
}

static void friends_come_first_and_other_relationships_do_not(void **state)
{
	struct fixture *f = *state;
	relate(f, f->ada, f->ben, "colleague");
	relate(f, f->ada, f->cleo, "friend");
	FOUND("cleo ben");
}

static void a_blocked_user_is_not_found_and_takes_no_place_of_another(void **state)
{
	struct fixture *f = *state;
	make_room(f, true, f->ben, f->dora);
	relate(f, f->ben, f->ada, "blocked");
	FOUND("dora cleo");
	run_sql(f, "UPDATE users SET discoverable = (username <> 'ada')");
	assert_string_equal(found(f, false, 1), "cleo");
	run_sql(f, "UPDATE users SET discoverable = 0");
	assert_string_equal(found(f, false, 3), "dora");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_NAMES(a_user_who_is_not_discoverable_is_found_in_a_common_room_alone),
		WITH_NAMES(friends_come_first_and_other_relationships_do_not),
		WITH_NAMES(a_blocked_user_is_not_found_and_takes_no_place_of_another),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
