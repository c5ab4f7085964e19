/* realm/turns: a twin answers one cause, once, and only where it may. */
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "realm/interactions.h"
#include "realm/messages.h"
#include "realm/relationships.h"
#include "realm/rooms.h"
#include "realm/turn_rules.h"
#include "realm/turns.h"
#include "tests/unit/clock.h"
#include "tests/unit/twins.h"

#define HOUR (3600 * CLOCK_SECOND)
#define NOON (20000 * CLOCK_DAY + 12 * HOUR)

static int twins_setup(void **state)
{
	now = NOON;
	return fixture_setup(state);
}

#define WITH_TWINS(test) cmocka_unit_test_setup_teardown(test, twins_setup, fixture_teardown)

static void end(struct fixture *f, const struct turn *turn, const char *state)
{
	const struct turn_end end = {.state = state, .reason = "test"};
	MUST(turn_refuse(f->arena, f->store, turn, &end, &why));
}

/* Why the twin of a claimed turn may not answer; "" when it may. */
static const char *refusal(struct fixture *f, const struct turn *turn)
{
	struct turn_permission permission;
	MUST(turn_check(f->arena, f->store, turn, &permission, &why));
	return permission.reason ? permission.reason : "";
}

static int64_t refused_until(struct fixture *f, const struct turn *turn)
{
	struct turn_permission permission;
	MUST(turn_check(f->arena, f->store, turn, &permission, &why));
	return permission.until;
}

static void befriend(struct fixture *f, int64_t from, int64_t to, const char *type)
{
	const struct relationship_new bond = {.related_user_id = to, .relationship_type = type};
	MUST(relationship_put(f->arena, f->store, from, &bond, &why));
}

/* --- the queue -------------------------------------------------------------------------------- */

static int queue_again(struct store *store, void *context, struct problem *why)
{
	const struct fixture *f = context;
	return turn_for_interaction(store, 1, f->ada, f->ben, 0, why);
}

static void an_interaction_is_queued_once_for_a_twin_that_may_answer(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ben, "on"), set_twin(f, f->cleo, "off");
	ask(f, f->ada, f->ben, "x"), ask(f, f->ada, f->cleo, "x"), ask(f, f->ada, f->dora, "x");
	assert_string_equal(turns(f), "2:queued:1");
	MUST(store_write(f->store, queue_again, f, &why));
	assert_string_equal(turns(f), "2:queued:1");
}

static void a_turn_is_claimed_by_one_process(void **state)
{
	struct fixture *f = *state;
	struct turn one, other;
	set_twin(f, f->ben, "on");
	ask(f, f->ada, f->ben, "x");
	struct problem why = {0};
	assert_int_equal(turn_claim(f->arena, f->store, 1, TURN_LEASE_US, &one, &why), 1);
	assert_int_equal(turn_claim(f->arena, f->store, 2, TURN_LEASE_US, &other, &why), 0);
	now += TURN_LEASE_US; /* the first process has died */
	assert_int_equal(turn_claim(f->arena, f->store, 2, TURN_LEASE_US, &other, &why), 1);
	assert_int_equal(one.id, other.id);
	assert_int_equal(turn_is_mine(f->store, &one, &why), 0);
	assert_int_equal(turn_is_mine(f->store, &other, &why), 1);
	end(f, &other, "posted");
	assert_int_equal(turn_is_mine(f->store, &other, &why), 0);
	now += TURN_LEASE_US;
	assert_int_equal(turn_claim(f->arena, f->store, 1, TURN_LEASE_US, &one, &why), 0);
}

static void a_process_that_starts_again_takes_its_own_turns_back_at_once(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ben, "on");
	ask(f, f->ada, f->ben, "x");
	claim(f);
	MUST(turns_release(f->store, 2, &why));
	assert_string_equal(turns(f), "2:running:1");
	MUST(turns_release(f->store, 1, &why));
	assert_string_equal(turns(f), "2:queued:1");
	assert_int_equal(claim(f).attempts, 2);
}

static void a_turn_that_ends_each_process_fails(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ben, "on");
	ask(f, f->ada, f->ben, "x");
	for (int i = 0; i < TURN_ATTEMPTS; i++) {
		assert_int_equal(claim(f).attempts, i + 1);
		now += TURN_LEASE_US;
	}
	assert_int_equal(claim(f).id, 1);
	assert_string_equal(turns(f), "2:failed/interrupted:1");
}

/* --- overtaken -------------------------------------------------------------------------------- */

static void an_owner_who_answers_first_overtakes_the_twin(void **state)
{
	struct fixture *f = *state;
	const struct interaction_response answer = {.response_content = "yes"};
	set_twin(f, f->ben, "on");
	int64_t id = ask(f, f->ada, f->ben, "x");
	struct turn turn = claim(f);
	MUST(interaction_respond(f->arena, f->store, f->ben, id, &answer, &why));
	assert_string_equal(turns(f), "2:overtaken/owner_answered:1");
	struct problem why = {0};
	assert_int_equal(turn_is_mine(f->store, &turn, &why), 0);
}

static void an_owner_who_writes_in_the_room_overtakes_the_twin_there(void **state)
{
	struct fixture *f = *state;
	const char *room = aeon_room(f, f->ada);
	set_twin(f, f->ben, "on"), bring_twin(f, f->ben, room);
	int64_t interaction = ask(f, f->ada, f->ben, "x");
	say(f, f->ada, room, "What do you say, @ben?", 0);
	say(f, f->ben, room, "I say it myself.", 0);
	(void)interaction;
	assert_string_equal(turns(f), "2:queued:1 2:overtaken/owner_answered:1");
}

/* --- rooms ------------------------------------------------------------------------------------ */

static void a_message_asks_the_named_twins_or_else_one_of_the_room(void **state)
{
	struct fixture *f = *state;
	const char *room = aeon_room(f, f->ada);
	set_twin(f, f->ben, "on"), bring_twin(f, f->ben, room);
	set_twin(f, f->cleo, "on"), bring_twin(f, f->cleo, room);
	MUST(room_join(f->arena, f->store, f->dora, room, &why));
	say(f, f->ada, room, "Where is Kassel?", 0);
	assert_string_equal(turns(f), "0:queued:1");
	say(f, f->ada, room, "@Ben, and @cleo. Write to me@ben.example.org @nobody", 0);
	assert_string_equal(turns(f), "0:queued:1 2:queued:1 3:queued:2");
	say(f, f->ada, room, "@dora has no twin", 0);
	assert_string_equal(turns(f), "0:queued:1 2:queued:1 3:queued:2");
}

static void an_ordinary_room_and_a_lone_twin_cause_no_turn(void **state)
{
	struct fixture *f = *state;
	const char *id, *room = aeon_room(f, f->ada);
	const struct room_new plain = {.name = "plain", .is_public = true, .max_participants = 50};
	MUST(room_create(f->arena, f->store, f->ada, &plain, &id, &why));
	set_twin(f, f->ben, "on");
	bring_twin(f, f->ben, id), bring_twin(f, f->ben, room);
	say(f, f->ada, id, "@ben?", 0);
	say(f, f->ben, room, "Nobody is here.", 0);
	assert_string_equal(turns(f), "");
}

static void a_twin_posts_once_in_five_seconds(void **state)
{
	struct fixture *f = *state;
	const char *room = aeon_room(f, f->ada);
	set_twin(f, f->ben, "on"), bring_twin(f, f->ben, room);
	say(f, f->ada, room, "@ben one", 0);
	struct turn turn = claim(f);
	end(f, &turn, "posted");
	say(f, f->ada, room, "@ben two", 0);
	int64_t due;
	MUST(turns_next_due(f->store, &due, &why));
	assert_int_equal(due, now + TURN_SPACING_US);
	assert_int_equal(claim(f).id, 0);
	now = due;
	assert_int_equal(claim(f).id, 2);
}

static void a_chain_of_messages_has_eight_turns(void **state)
{
	struct fixture *f = *state;
	const char *room = aeon_room(f, f->ada);
	set_twin(f, f->ben, "on"), bring_twin(f, f->ben, room);
	set_twin(f, f->cleo, "on"), bring_twin(f, f->cleo, room);
	say(f, f->ada, room, "@ben", 0);
	for (int i = 0; i < 9; i++, now += TURN_SPACING_US) {
		struct turn turn = claim(f);
		if (!turn.id)
			break;
		assert_int_equal(turn_is_caused_by_twin(&turn), i > 0);
		end(f, &turn, "posted");
		say(f, turn.twin_id, room, turn.twin_id == f->ben ? "@cleo" : "@ben", turn.id);
	}
	assert_string_equal(
		turns(f),
		"2:posted/test:1 3:posted/test:2 2:posted/test:3 3:posted/test:4 2:posted/test:5 "
		"3:posted/test:6 2:posted/test:7 3:posted/test:8 2:refused/chain_limit:-");
}

static void a_room_takes_eight_messages_of_twins_after_the_last_word_of_a_user(void **state)
{
	struct fixture *f = *state;
	const char *room = aeon_room(f, f->ada);
	set_twin(f, f->ben, "on"), bring_twin(f, f->ben, room);
	say(f, f->ada, room, "@ben one", 0);
	struct turn turn = claim(f);
	for (int i = 0; i < 8; i++) {
		assert_string_equal(refusal(f, &turn), "");
		say(f, f->ada, room, "x", turn.id);
	}
	assert_string_equal(refusal(f, &turn), "chain_limit");
	say(f, f->ada, room, "a word of a user", 0);
	assert_string_equal(refusal(f, &turn), "");
}

static void a_chain_of_interactions_has_six_turns(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ada, "on"), set_twin(f, f->ben, "on");
	int64_t id = ask(f, f->ada, f->ben, "x");
	for (struct turn turn; (turn = claim(f)).id;) {
		end(f, &turn, "posted");
		if (turn.cause == CAUSE_INTERACTION) {
			const struct interaction_response answer = {"yes", turn.id};
			MUST(interaction_respond(f->arena, f->store, f->ben, id, &answer, &why));
		} else {
			const struct interaction_new next = {.target_aeon_user_id = f->ben,
							     .interaction_type = "question",
							     .content = "x",
							     .parent_id = id,
							     .turn_id = turn.id};
			MUST(interaction_create(f->arena, f->store, f->ada, &next, &id, &why));
		}
	}
	assert_string_equal(
		turns(f),
		"2:posted/test:1 1:posted/test:2 2:posted/test:3 1:posted/test:4 2:posted/test:5 "
		"1:posted/test:6 2:refused/chain_limit:-");
}

static void a_twin_goes_on_only_where_a_twin_has_spoken(void **state)
{
	struct fixture *f = *state;
	const struct interaction_response answer = {.response_content = "yes"};
	set_twin(f, f->ada, "on");
	int64_t id = ask(f, f->ada, f->ben, "x");
	MUST(interaction_respond(f->arena, f->store, f->ben, id, &answer, &why));
	assert_string_equal(turns(f), "");
}

/* --- the rules -------------------------------------------------------------------------------- */

static struct turn turn_of(struct fixture *f)
{
	set_twin(f, f->ben, "on");
	ask(f, f->ada, f->ben, "x");
	return claim(f);
}

static void the_owner_decides_which_users_the_twin_answers(void **state)
{
	struct fixture *f = *state;
	struct turn turn = turn_of(f);
	assert_string_equal(refusal(f, &turn), "");
	change_twin(f, f->ben, "answers_to = 'nobody'");
	assert_string_equal(refusal(f, &turn), "answers_to");
	change_twin(f, f->ben, "answers_to = 'friends'");
	assert_string_equal(refusal(f, &turn), "answers_to");
	befriend(f, f->ben, f->ada, "friend");
	assert_string_equal(refusal(f, &turn), "");
	change_twin(f, f->ben, "autopilot = 'off'");
	assert_string_equal(refusal(f, &turn), "off");
}

static void a_block_or_a_suspension_of_either_user_counts_when_the_turn_runs(void **state)
{
	struct fixture *f = *state;
	struct turn turn = turn_of(f);
	run_sql(f, "UPDATE users SET suspended_at = 1 WHERE id = %d", (int)f->ada);
	assert_string_equal(refusal(f, &turn), "suspended");
	run_sql(f, "UPDATE users SET suspended_until = 2 WHERE id = %d", (int)f->ada);
	assert_string_equal(refusal(f, &turn), "");
	for (int64_t user = f->ada; user <= f->ben; user++) {
		run_sql(f, "UPDATE users SET is_active = 0 WHERE id = %d", (int)user);
		assert_string_equal(refusal(f, &turn), "suspended");
		run_sql(f, "UPDATE users SET is_active = 1 WHERE id = %d", (int)user);
	}
	befriend(f, f->ada, f->ben, "blocked");
	assert_string_equal(refusal(f, &turn), "blocked");
}

static void the_own_twin_is_silent_while_its_owner_is_disabled_or_suspended(void **state)
{
	struct fixture *f = *state;
	const struct turn chat = {.cause = CAUSE_CHAT, .twin_id = f->ben, .asker_id = f->ben};
	assert_string_equal(refusal(f, &chat), "");
	run_sql(f, "UPDATE users SET is_active = 0 WHERE id = %d", (int)f->ben);
	assert_string_equal(refusal(f, &chat), "suspended");
	run_sql(f, "UPDATE users SET is_active = 1, suspended_at = 1 WHERE id = %d", (int)f->ben);
	assert_string_equal(refusal(f, &chat), "suspended");
}

static void a_twin_can_be_silent_while_the_owner_is_there(void **state)
{
	struct fixture *f = *state;
	struct turn turn = turn_of(f);
	run_sql(f, "INSERT INTO bridges (instance, lease_until) VALUES (1, %" PRId64 ")", now + 1);
	run_sql(f,
		"INSERT INTO connected_users (user_id, instance, status) VALUES (%d, 1, "
		"'connected')",
		(int)f->ben);
	assert_string_equal(refusal(f, &turn), "");
	change_twin(f, f->ben, "only_when_away = 1");
	assert_string_equal(refusal(f, &turn), "away");
	run_sql(f, "UPDATE connected_users SET status = 'away'");
	assert_string_equal(refusal(f, &turn), "");
}

static void quiet_hours_reach_over_midnight_in_the_zone_of_the_owner(void **state)
{
	struct fixture *f = *state;
	const int64_t ten_pm = 22 * 60, seven_am = 7 * 60, midnight = NOON - 12 * HOUR;
	assert_int_equal(quiet_until(midnight + 23 * HOUR, ten_pm, seven_am, 0),
			 midnight + 31 * HOUR);
	assert_int_equal(quiet_until(midnight + 6 * HOUR, ten_pm, seven_am, 0),
			 midnight + 7 * HOUR);
	assert_int_equal(quiet_until(midnight + 7 * HOUR, ten_pm, seven_am, 0), 0);
	assert_int_equal(quiet_until(midnight + 21 * HOUR, ten_pm, seven_am, 0), 0);
	/* Two hours east of UTC it is 22 o'clock two hours earlier. */
	assert_int_equal(quiet_until(midnight + 20 * HOUR, ten_pm, seven_am, 120),
			 midnight + 29 * HOUR);
	assert_int_equal(quiet_until(midnight + 20 * HOUR, ten_pm, seven_am, -120), 0);
	/* From the first minute on, and to the end of the last one, in the zones at the edges. */
	assert_int_equal(quiet_until(midnight + 22 * HOUR, ten_pm, seven_am, 0),
			 midnight + 31 * HOUR);
	assert_int_equal(quiet_until(midnight + 22 * HOUR - 1, ten_pm, seven_am, 0), 0);
	assert_int_equal(quiet_until(midnight + 7 * HOUR - 1, ten_pm, seven_am, 0),
			 midnight + 7 * HOUR);
	assert_int_equal(quiet_until(midnight + 8 * HOUR, ten_pm, seven_am, 840),
			 midnight + 17 * HOUR);
	assert_int_equal(quiet_until(midnight + 12 * HOUR, ten_pm, seven_am, -840),
			 midnight + 21 * HOUR);
	assert_int_equal(quiet_until(midnight + 21 * HOUR, ten_pm, seven_am, -840), 0);
	/* Within a day, and none. */
	assert_int_equal(quiet_until(NOON + 30 * CLOCK_SECOND, 720, 780, 0), NOON + HOUR);
	assert_int_equal(quiet_until(NOON, 720, 720, 0), 0);
	struct turn turn = turn_of(f);
	change_twin(f, f->ben, "quiet_from = 720, quiet_to = 780, quiet_offset = 0");
	assert_string_equal(refusal(f, &turn), "quiet_hours");
	assert_int_equal(refused_until(f, &turn), NOON + HOUR);
}

static void a_twin_has_a_limit_for_the_day_and_for_each_user(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ben, "on");
	change_twin(f, f->ben, "max_replies_per_day = 3, max_replies_per_person = 2");
	for (int i = 0; i < 2; i++) {
		ask(f, f->ada, f->ben, "x");
		struct turn turn = claim(f);
		assert_string_equal(refusal(f, &turn), "");
		end(f, &turn, i ? "draft" : "posted");
	}
	ask(f, f->ada, f->ben, "x");
	struct turn third = claim(f);
	assert_string_equal(refusal(f, &third), "person_limit");
	assert_int_equal(refused_until(f, &third), NOON + 12 * HOUR);
	ask(f, f->cleo, f->ben, "x");
	struct turn other = claim(f);
	assert_string_equal(refusal(f, &other), "");
	end(f, &other, "posted");
	ask(f, f->dora, f->ben, "x");
	struct turn last = claim(f);
	assert_string_equal(refusal(f, &last), "day_limit");
	now += CLOCK_DAY;
	ask(f, f->ada, f->ben, "x");
	struct turn tomorrow = claim(f);
	assert_string_equal(refusal(f, &tomorrow), "");
}

static void the_questions_of_a_user_that_wait_are_limited(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ben, "on");
	for (int i = 0; i < 17; i++)
		ask(f, f->ada, f->ben, "x");
	ask(f, f->cleo, f->ben, "x");
	const char *all = turns(f);
	assert_non_null(strstr(all, "2:refused/busy:- 2:queued:1"));
	struct turn turn = claim(f);
	end(f, &turn, "posted");
	ask(f, f->ada, f->ben, "x");
	assert_null(strstr(turns(f) + strlen(all), "busy"));
}

static void an_owner_cancels_only_the_own_turns_that_still_wait(void **state)
{
	struct fixture *f = *state;
	struct turn turn = turn_of(f);
	REFUSED(NOT_FOUND, turn_cancel(f->arena, f->store, f->ada, turn.id, &why));
	MUST(turn_cancel(f->arena, f->store, f->ben, turn.id, &why));
	assert_string_equal(turns(f), "2:cancelled/cancelled:1");
	REFUSED(TURN_ENDED, turn_cancel(f->arena, f->store, f->ben, turn.id, &why));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_TWINS(an_interaction_is_queued_once_for_a_twin_that_may_answer),
		WITH_TWINS(a_turn_is_claimed_by_one_process),
		WITH_TWINS(a_process_that_starts_again_takes_its_own_turns_back_at_once),
		WITH_TWINS(a_turn_that_ends_each_process_fails),
		WITH_TWINS(an_owner_who_answers_first_overtakes_the_twin),
		WITH_TWINS(an_owner_who_writes_in_the_room_overtakes_the_twin_there),
		WITH_TWINS(a_message_asks_the_named_twins_or_else_one_of_the_room),
		WITH_TWINS(an_ordinary_room_and_a_lone_twin_cause_no_turn),
		WITH_TWINS(a_twin_posts_once_in_five_seconds),
		WITH_TWINS(a_chain_of_messages_has_eight_turns),
		WITH_TWINS(a_room_takes_eight_messages_of_twins_after_the_last_word_of_a_user),
		WITH_TWINS(a_chain_of_interactions_has_six_turns),
		WITH_TWINS(a_twin_goes_on_only_where_a_twin_has_spoken),
		WITH_TWINS(the_owner_decides_which_users_the_twin_answers),
		WITH_TWINS(a_block_or_a_suspension_of_either_user_counts_when_the_turn_runs),
		WITH_TWINS(the_own_twin_is_silent_while_its_owner_is_disabled_or_suspended),
		WITH_TWINS(a_twin_can_be_silent_while_the_owner_is_there),
		WITH_TWINS(quiet_hours_reach_over_midnight_in_the_zone_of_the_owner),
		WITH_TWINS(a_twin_has_a_limit_for_the_day_and_for_each_user),
		WITH_TWINS(the_questions_of_a_user_that_wait_are_limited),
		WITH_TWINS(an_owner_cancels_only_the_own_turns_that_still_wait),
	};
	return cmocka_run_group_tests_name("turns", tests, NULL, NULL);
}
