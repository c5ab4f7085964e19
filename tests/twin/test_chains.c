/*
 * Every chain of turns ends with every answer of a model, and a word of a user opens it again.
 *
 * Each run makes a realm with 2 to 20 users and their twins, and lets users speak in its rooms and
 * in interactions. The model is hostile: each of its answers is new and names other twins. Several
 * turns are in work at a time, and end in any order. The clock is the test's, so nothing waits.
 *
 * AEON_RUNS says how many runs, AEON_SEED is that of the first one.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "realm/answers.h"
#include "realm/drafts.h"
#include "realm/interactions.h"
#include "realm/posting.h"
#include "realm/rooms.h"
#include "store/internal.h"
#include "store/queries.h"
#include "tests/unit/clock.h"
#include "tests/unit/random.h"
#include "tests/unit/twins.h"

#define USERS_MAX 20
#define ROOMS_MAX 4
#define WORDS_MAX 12 /* of users, in a run */
#define CHAIN_MOST 8 /* turns of a chain: realm/turns.h */
#define AT_ONCE 4    /* turns in work */
#define BEGAN 1700000000000000

/* --- a realm ---------------------------------------------------------------------------------- */

struct room_of_run {
	const char *id;
	bool has[USERS_MAX];
};

struct run {
	struct fixture *f;
	int64_t users[USERS_MAX];
	char names[USERS_MAX][16];
	int user_count, room_count, words, claims, posts;
	struct room_of_run rooms[ROOMS_MAX];
	struct answer in_work[AT_ONCE];
	int work_count;
};

static struct {
	int chains, posts, refused, longest;
} totals;

static void add_user(struct run *run)
{
	static const char *const autopilots[] = {"on", "on", "on", "on", "draft", "off"};
	int i = run->user_count++;
	char email[40];
	snprintf(run->names[i], sizeof(run->names[i]), "user%02d", i);
	snprintf(email, sizeof(email), "%s@example.org", run->names[i]);
	MUST(q_user_insert(run->f->store, run->names[i], email, email, "none", NULL, NULL, "user",
			   false, now, &run->users[i], &why));
	set_twin(run->f, run->users[i], i == 0 ? "on" : autopilots[draw(6)]);
	if (draw(4) == 0)
		change_twin(run->f, run->users[i], "max_replies_per_day = 3");
}

static void add_room(struct run *run)
{
	struct room_of_run *room = &run->rooms[run->room_count++];
	room->id = aeon_room(run->f, run->users[0]);
	for (int i = 0; i < run->user_count; i++) {
		room->has[i] = i < 2 || draw(2);
		if (room->has[i] && (i == 0 || draw(5)))
			bring_twin(run->f, run->users[i], room->id);
		else if (room->has[i])
			MUST(room_join(run->f->arena, run->f->store, run->users[i], room->id,
				       &why));
	}
}

static void make_realm(struct run *run)
{
	int users = 2 + draw(USERS_MAX - 1), rooms = 1 + draw(ROOMS_MAX);
	while (run->user_count < users)
		add_user(run);
	while (run->room_count < rooms)
		add_room(run);
}

/* --- what users and models say ---------------------------------------------------------------- */

/* A text that was never said, which names up to `most` users. */
static const char *make_text(struct run *run, int most)
{
	static int number;
	struct buf *text = buf_in(run->f->arena);
	buf_printf(text, "What about %d", number++);
	for (int i = draw(most + 1); i > 0; i--)
		buf_printf(text, " @%s", run->names[draw(run->user_count)]);
	if (draw(10) == 0)
		for (int i = 0; i < 300; i++)
			buf_puts(text, " and so on");
	return buf_text(text);
}

static void say_in_room(struct run *run)
{
	const struct room_of_run *room = &run->rooms[draw(run->room_count)];
	int who;
	do
		who = draw(run->user_count);
	while (!room->has[who]);
	say(run->f, run->users[who], room->id,
	    arena_strndup(run->f->arena, make_text(run, 3), 1000), 0);
}

static void ask_user(struct run *run)
{
	int from = draw(run->user_count),
	    to = (from + 1 + draw(run->user_count - 1)) % run->user_count;
	ask(run->f, run->users[from], run->users[to], make_text(run, 0));
}

static void speak(struct run *run)
{
	run->words++;
	if (draw(2))
		say_in_room(run);
	else
		ask_user(run);
}

/* --- turns ------------------------------------------------------------------------------------ */

/* Moves the clock to the next turn that is due. False: there is none. */
static bool wait_for_turn(struct run *run)
{
	int64_t due;
	MUST(turns_next_due(run->f->store, &due, &why));
	if (due > now + CLOCK_DAY)
		return false;
	if (due > now)
		now = due;
	return true;
}

static void finish(struct run *run, int i)
{
	struct answer *answer = &run->in_work[i];
	int posted;
	answer->text = make_text(run, 8);
	answer->engine = "hostile";
	MUST(posted = answer_post(run->f->arena, run->f->store, answer, &why));
	run->posts += posted;
	*answer = run->in_work[--run->work_count];
}

/* Takes a turn into work, or ends one of those in work. False: nothing is left. */
static bool step(struct run *run)
{
	if (run->work_count == AT_ONCE || (run->work_count > 0 && draw(2))) {
		finish(run, draw(run->work_count));
		return true;
	}
	struct turn turn = claim(run->f);
	if (!turn.id && run->work_count > 0) {
		finish(run, draw(run->work_count));
		return true;
	}
	if (!turn.id)
		return wait_for_turn(run);
	int ready;
	MUST(ready = answer_prepare(run->f->arena, run->f->store, &turn, NULL, LEAVE_NEVER,
				    &run->in_work[run->work_count], &why));
	run->work_count += ready;
	run->claims++;
	return true;
}

/* Owners approve some of the drafts, and reject others. An approval can be refused, since the owner
 * may have answered in another way. */
static void decide_draft(struct run *run)
{
	struct fixture *f = run->f;
	struct problem refused = {0};
	int64_t id = number_of(f, "SELECT coalesce(min(id), 0) FROM twin_turns "
				  "WHERE state = 'draft'");
	if (!id)
		return;
	int64_t owner = number_of(f, "SELECT twin_id FROM twin_turns WHERE id = %d", (int)id);
	if (draw(2) == 0 || draft_approve(f->arena, f->store, owner, id, NULL, &refused) < 0)
		MUST(draft_reject(f->arena, f->store, owner, id, &why));
}

static void run_to_the_end(struct run *run)
{
	/* A turn is claimed again only when its twin has posted meanwhile. */
	const int turns = CHAIN_MOST * WORDS_MAX, most = turns * turns;
	while (step(run)) {
		assert_true(run->claims < most);
		if (run->words < WORDS_MAX && draw(20) == 0)
			speak(run);
		if (draw(20) == 0)
			decide_draft(run);
	}
}

/* --- what must hold --------------------------------------------------------------------------- */

static void check_chains(struct run *run)
{
	struct fixture *f = run->f;
	assert_int_equal(number_of(f, "SELECT count(*) FROM twin_turns "
				      "WHERE state IN ('queued', 'running')"),
			 0);
	assert_int_equal(number_of(f, "SELECT count(*) FROM twin_turns WHERE step > "
				      "CASE cause_kind WHEN 'message' THEN 8 ELSE 6 END"),
			 0);
	assert_int_equal(number_of(f,
				   "SELECT count(*) FROM (SELECT 1 FROM twin_turns "
				   "WHERE state = 'posted' GROUP BY twin_id, cause_kind, cause_id "
				   "HAVING count(*) > 1)"),
			 0);
	int longest = (int)number_of(f, "SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n "
					"FROM twin_turns WHERE step IS NOT NULL "
					"GROUP BY root_kind, root_id)");
	assert_in_range(longest, 0, CHAIN_MOST);
	if (totals.longest < longest)
		totals.longest = longest;
	totals.chains +=
		(int)number_of(f, "SELECT count(*) FROM (SELECT DISTINCT root_kind, root_id "
				  "FROM twin_turns)");
	totals.refused += (int)number_of(f, "SELECT count(*) FROM twin_turns "
					    "WHERE reason = 'chain_limit'");
	totals.posts += run->posts;
}

/* What an owner has approved is no word of a twin alone. */
static void check_room(struct run *run, const struct room_of_run *room)
{
	assert_in_range(
		number_of(run->f,
			  "SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n "
			  "FROM real_time_messages m JOIN twin_turns t ON t.id = m.turn_id "
			  "WHERE m.room_id = '%s' AND t.approved = 0 "
			  "GROUP BY (SELECT count(*) FROM real_time_messages h WHERE h.room_id = "
			  "m.room_id AND h.is_aeon_message = 0 AND h.seq < m.seq))",
			  room->id),
		0, CHAIN_MOST);
}

static int64_t messages_of(struct run *run, int64_t user, const struct room_of_run *room)
{
	return number_of(run->f,
			 "SELECT count(*) FROM real_time_messages WHERE room_id = '%s' "
			 "AND sender_id = %d AND is_aeon_message = 1",
			 room->id, (int)user);
}

/* On another day, since a twin may have used up this one. */
static void open_again(struct run *run)
{
	const struct room_of_run *room = &run->rooms[draw(run->room_count)];
	int64_t before = messages_of(run, run->users[0], room);
	now += CLOCK_DAY;
	say(run->f, run->users[1], room->id, "@user00 And you?", 0);
	run->words = WORDS_MAX;
	run_to_the_end(run);
	assert_true(messages_of(run, run->users[0], room) > before);
}

static void run_once(uint64_t seed)
{
	struct run run = {0};
	draw_from(seed);
	now = BEGAN;
	fixture_setup((void **)&run.f);
	make_realm(&run);
	for (int i = 1 + draw(4); i > 0; i--)
		speak(&run);
	run_to_the_end(&run);
	open_again(&run);
	check_chains(&run);
	for (int i = 0; i < run.room_count; i++)
		check_room(&run, &run.rooms[i]);
	fixture_teardown((void **)&run.f);
}

static void every_chain_ends_and_a_word_of_a_user_opens_it_again(void **state)
{
	uint64_t seed = (uint64_t)setting("AEON_SEED", 1);
	int64_t runs = setting("AEON_RUNS", 25);
	(void)state;
	for (int64_t i = 0; i < runs; i++) {
		print_message("# seed %" PRIu64 "\n", seed + (uint64_t)i);
		run_once(seed + (uint64_t)i);
	}
	print_message("# %d chains: %d answers, the longest chain has %d turns, "
		      "%d turns were refused because their chain had ended\n",
		      totals.chains, totals.posts, totals.longest, totals.refused);
	assert_true(totals.posts > 0 && totals.refused > 0 && totals.longest == CHAIN_MOST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_chain_ends_and_a_word_of_a_user_opens_it_again),
	};
	return cmocka_run_group_tests_name("chains", tests, NULL, NULL);
}
