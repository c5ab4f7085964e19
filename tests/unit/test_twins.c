/* realm/twins and realm/turn_list: what owners set, where their twins are, and what these did. */
#include <inttypes.h>

#include "base/clock.h"
#include "realm/relationships.h"
#include "realm/removal.h"
#include "realm/rooms.h"
#include "realm/settings.h"
#include "realm/turn_list.h"
#include "realm/turn_rules.h"
#include "realm/twins.h"
#include "tests/unit/clock.h"
#include "tests/unit/twins.h"

#define NOON (20000 * CLOCK_DAY + CLOCK_DAY / 2)

static int twins_setup(void **state)
{
	now = NOON;
	return fixture_setup(state);
}

#define WITH_TWINS(test) cmocka_unit_test_setup_teardown(test, twins_setup, fixture_teardown)

/* --- settings --------------------------------------------------------------------------------- */

/* The rows of twin_change_fields. */
enum { NAME, PERSONA, TRAITS, AUTOPILOT, ANSWERS_TO, AWAY, QUIET, MODEL, PER_DAY, PER_PERSON };
#define GIVEN(row) (UINT32_C(1) << (row))

static void change(struct fixture *f, const struct twin_change *change)
{
	MUST(twin_set(f->arena, f->store, f->ben, change, &why));
}

static const char *shown(struct fixture *f)
{
	MUST(twin_show(f->store, f->ben, &f->out, &why));
	return take_output(f);
}

static bool shows(struct fixture *f, const char *text)
{
	return strstr(shown(f), text) != NULL;
}

static void only_what_is_given_changes(void **state)
{
	struct fixture *f = *state;
	assert_true(shows(f, "\"name\":\"ben\"") && shows(f, "\"autopilot\":\"off\""));
	change(f, &(struct twin_change){.name = "Echo",
					.persona = "short",
					.autopilot = "on",
					.given = GIVEN(NAME) | GIVEN(PERSONA) | GIVEN(AUTOPILOT)});
	const char *before = shown(f);
	change(f, &(struct twin_change){.name = "Other", .autopilot = "off"});
	assert_string_equal(shown(f), before);
	change(f, &(struct twin_change){.only_when_away = 1, .given = GIVEN(AWAY)});
	assert_true(shows(f, "\"name\":\"Echo\"") && shows(f, "\"only_when_away\":true"));
	change(f, &(struct twin_change){.given = GIVEN(NAME) | GIVEN(PERSONA)});
	assert_true(shows(f, "\"name\":\"ben\"") && shows(f, "\"persona\":null"));
	assert_true(shows(f, "\"autopilot\":\"on\""));
}

static int set_quiet(struct fixture *f, const char *quiet, struct problem *why)
{
	const struct twin_change change = {.quiet_hours = quiet, .given = GIVEN(QUIET)};
	return twin_set(f->arena, f->store, f->ben, &change, why);
}

static void quiet_hours_are_times_of_a_day_in_a_zone_that_exists(void **state)
{
	struct fixture *f = *state;
	static const char *const right[] = {
		"{\"from\":\"00:00\",\"to\":\"23:59\"}",
		"{\"from\":\"23:59\",\"to\":\"00:00\",\"utc_offset\":840}",
		"{\"from\":\"12:00\",\"to\":\"12:00\",\"utc_offset\":-840}",
	};
	static const char *const wrong[] = {
		"{}",
		"{\"from\":\"24:00\",\"to\":\"07:00\"}",
		"{\"from\":\"7:00\",\"to\":\"08:00\"}",
		"{\"from\":\"07:60\",\"to\":\"08:00\"}",
		"{\"from\":\"07:00\"}",
		"{\"from\":\"07:00\",\"to\":\"08:00\",\"utc_offset\":841}",
		"{\"from\":\"07:00\",\"to\":\"08:00\",\"utc_offset\":-841}",
		"{\"from\":\"07:00\",\"to\":\"08:00\",\"utc_offset\":\"60\"}",
	};
	for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++)
		MUST(set_quiet(f, right[i], &why));
	const char *before = shown(f);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		REFUSED(INVALID, set_quiet(f, wrong[i], &why));
	assert_string_equal(shown(f), before);
	MUST(set_quiet(f, NULL, &why));
	assert_true(shows(f, "\"quiet_hours\":null"));
}

static void the_limit_for_a_user_is_half_of_the_day_unless_it_is_set(void **state)
{
	struct fixture *f = *state;
	change(f, &(struct twin_change){.max_replies_per_day = 7, .given = GIVEN(PER_DAY)});
	assert_true(shows(f, "\"max_replies_per_person\":4"));
	change(f, &(struct twin_change){.max_replies_per_day = 0, .given = GIVEN(PER_DAY)});
	assert_true(shows(f, "\"max_replies_per_person\":0"));
	change(f, &(struct twin_change){.max_replies_per_person = 9, .given = GIVEN(PER_PERSON)});
	assert_true(shows(f, "\"max_replies_per_person\":9"));
}

/* --- rooms ------------------------------------------------------------------------------------ */

static int64_t events(struct fixture *f, const char *kind)
{
	return number_of(f, "SELECT count(*) FROM realm_events WHERE kind = '%s'", kind);
}

static int move(struct fixture *f, int64_t owner, const char *room, bool inside,
		struct problem *why)
{
	return room_twin_set(f->arena, f->store, owner, room, inside, why);
}

static void a_twin_enters_and_leaves_once_however_often_the_owner_says_so(void **state)
{
	struct fixture *f = *state;
	const char *room = aeon_room(f, f->ada);
	MUST(move(f, f->ada, room, false, &why));
	assert_int_equal(events(f, "room_twin"), 0);
	for (int inside = 1; inside >= 0; inside--) {
		MUST(move(f, f->ada, room, inside, &why));
		MUST(move(f, f->ada, room, inside, &why));
	}
	assert_int_equal(events(f, "room_twin"), 2);
	assert_int_equal(events(f, "twin_changed"), 2);
}

static void only_members_bring_twins_and_only_into_open_aeon_rooms(void **state)
{
	struct fixture *f = *state;
	const char *room = aeon_room(f, f->ada), *plain, *hidden;
	const struct room_new plain_room = {
		.name = "plain", .is_public = true, .max_participants = 50};
	const struct room_new hidden_room = {
		.name = "hidden", .is_aeon_room = true, .max_participants = 50};
	MUST(room_create(f->arena, f->store, f->ada, &plain_room, &plain, &why));
	MUST(room_create(f->arena, f->store, f->ada, &hidden_room, &hidden, &why));
	REFUSED(FORBIDDEN, move(f, f->ben, room, true, &why));
	REFUSED(ROOM_NOT_FOUND, move(f, f->ben, hidden, true, &why));
	REFUSED(NOT_AEON_ROOM, move(f, f->ada, plain, true, &why));
	MUST(move(f, f->ada, room, true, &why));
	run_sql(f, "UPDATE chat_rooms SET closed_at = 1 WHERE id = '%s'", room);
	REFUSED(ROOM_CLOSED, move(f, f->ada, room, true, &why));
	MUST(move(f, f->ada, room, false, &why));
	MUST(room_twin_show(f->store, f->ada, room, &f->out, &why));
	assert_non_null(strstr(take_output(f), "\"is_inside\":false"));
}

/* --- turns and status ------------------------------------------------------------------------- */

static void end_turn(struct fixture *f, const char *state)
{
	struct turn turn = claim(f);
	const struct turn_end end = {.state = state, .reason = "test"};
	MUST(turn_refuse(f->arena, f->store, &turn, &end, &why));
}

static int64_t listed(struct fixture *f, int64_t owner, const char *state)
{
	const struct turn_filter filter = {.state = state};
	struct page page = {.limit = 50};
	int64_t count = 0;
	MUST(turns_list(f->store, owner, &filter, &page, &f->out, &why));
	for (const char *at = take_output(f); (at = strstr(at, "\"cause_kind\"")); at++)
		count++;
	return count;
}

static void turns_are_listed_by_state_for_the_owner_alone(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ben, "on");
	ask(f, f->ada, f->ben, "one"), ask(f, f->cleo, f->ben, "two");
	end_turn(f, "posted");
	assert_int_equal(listed(f, f->ben, NULL), 2);
	assert_int_equal(listed(f, f->ben, "posted"), 1);
	assert_int_equal(listed(f, f->ben, "draft"), 0);
	assert_int_equal(listed(f, f->ada, NULL), 0);
	REFUSED(NOT_FOUND, turn_show(f->store, f->ada, 1, &f->out, &why));
	const struct relationship_new block = {.related_user_id = f->ben,
					       .relationship_type = "blocked"};
	MUST(relationship_put(f->arena, f->store, f->ada, &block, &why));
	assert_int_equal(listed(f, f->ben, NULL), 1);
	REFUSED(NOT_FOUND, turn_show(f->store, f->ben, 1, &f->out, &why));
	MUST(turn_show(f->store, f->ben, 2, &f->out, &why));
}

static const char *status(struct fixture *f)
{
	static const struct settings settings = {.tokens_per_twin = 10};
	MUST(twin_status(f->store, &settings, f->ben, &f->out, &why));
	return take_output(f);
}

static void the_status_counts_the_answers_of_this_day(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ben, "on");
	for (int i = 0; i < 4; i++)
		ask(f, f->ada, f->ben, "x");
	end_turn(f, "posted"), end_turn(f, "draft"), end_turn(f, "refused");
	const char *today = status(f);
	assert_non_null(strstr(today, "\"replies_today\":2,"));
	assert_non_null(strstr(today, "\"waiting\":1,"));
	assert_non_null(strstr(today, "\"drafts\":1,"));
	now += CLOCK_DAY / 2 - 1; /* the last microsecond of the day */
	assert_non_null(strstr(status(f), "\"replies_today\":2,"));
	now++;
	assert_non_null(strstr(status(f), "\"replies_today\":0,"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_TWINS(only_what_is_given_changes),
		WITH_TWINS(quiet_hours_are_times_of_a_day_in_a_zone_that_exists),
		WITH_TWINS(the_limit_for_a_user_is_half_of_the_day_unless_it_is_set),
		WITH_TWINS(a_twin_enters_and_leaves_once_however_often_the_owner_says_so),
		WITH_TWINS(only_members_bring_twins_and_only_into_open_aeon_rooms),
		WITH_TWINS(turns_are_listed_by_state_for_the_owner_alone),
		WITH_TWINS(the_status_counts_the_answers_of_this_day),
	};
	return cmocka_run_group_tests_name("twins", tests, NULL, NULL);
}
