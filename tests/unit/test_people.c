/*
 * realm/people: the users that a search by name finds, and those that the viewer is shown. FOUND()
 * searches twice: among all users of the name, and among those near the viewer.
 */
#include <jansson.h>

#include "realm/accounts.h"
#include "realm/knowledge.h"
#include "realm/moderation.h"
#include "realm/rooms.h"
#include "realm/sessions.h"
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

/* The usernames that Ada finds. The query looks at `most` users of each kind. */
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

/* Whether Ada may see the profile of the user. */
static bool is_shown(struct fixture *f, int64_t user)
{
	const struct session ada = {.user_id = f->ada, .role = "user"};
	struct problem why = {0};
	int result = user_profile(f->store, &ada, user, &f->out, &why);
	take_output(f);
	if (result < 0)
		assert_int_equal(why.code, PROBLEM_USER_NOT_FOUND);
	return result >= 0;
}

static void an_undiscoverable_user_is_known_only_in_a_common_room(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true, f->dora, 0);
	FOUND("dora ben cleo");
	assert_true(is_shown(f, f->dora));
	MUST(room_leave(f->arena, f->store, f->dora, room, &why));
	FOUND("ben cleo");
	assert_false(is_shown(f, f->dora));
	MUST(room_join(f->arena, f->store, f->dora, room, &why));
	run_sql(f, "UPDATE room_participants SET is_active = 0 WHERE user_id = %d", (int)f->ada);
	FOUND("ben cleo");
	assert_false(is_shown(f, f->dora));
}

static void relate_as_colleague(struct fixture *f, int64_t from, int64_t to)
{
	relate(f, from, to, "colleague");
}

static void invite(struct fixture *f, int64_t from, int64_t to)
{
	const char *id;
	const struct room_new room = {.name = "A room", .max_participants = 50};
	MUST(room_create(f->arena, f->store, from, &room, &id, &why));
	MUST(room_invite(f->arena, f->store, from, id, to, &why));
}

static void interact(struct fixture *f, int64_t from, int64_t to)
{
	ask(f, from, to, 0, false, "Do you like tea?");
}

static void share_with(struct fixture *f, int64_t from, int64_t to)
{
	const struct knowledge_share with = {.user_id = to};
	MUST(knowledge_share(f->arena, f->store, from, share(f, from, "public", "green tea"), &with,
			     &why));
}

static void a_tie_makes_an_undiscoverable_user_known(void **state)
{
	void (*const ties[])(struct fixture *, int64_t, int64_t) = {relate_as_colleague, invite,
								    interact, share_with};
	for (size_t i = 0; i < 2 * sizeof(ties) / sizeof(*ties); i++) {
		fixture_teardown(state);
		realm_setup(state);
		struct fixture *f = *state;
		const int64_t ends[] = {f->ada, f->dora};
		run_sql(f, "UPDATE users SET discoverable = 1");
		ties[i / 2](f, ends[i % 2], ends[1 - i % 2]);
		run_sql(f, "UPDATE users SET discoverable = (username < 'cleo')");
		FOUND("ben dora");
		assert_true(is_shown(f, f->dora));
		assert_false(is_shown(f, f->cleo));
	}
}

static void friends_come_first_and_other_relationships_do_not(void **state)
{
	struct fixture *f = *state;
	relate(f, f->ada, f->ben, "colleague");
	relate(f, f->ada, f->cleo, "friend");
	FOUND("cleo ben");
}

static void a_blocked_user_is_not_found_and_displaces_nobody(void **state)
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
		WITH_NAMES(an_undiscoverable_user_is_known_only_in_a_common_room),
		WITH_NAMES(a_tie_makes_an_undiscoverable_user_known),
		WITH_NAMES(friends_come_first_and_other_relationships_do_not),
		WITH_NAMES(a_blocked_user_is_not_found_and_displaces_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
