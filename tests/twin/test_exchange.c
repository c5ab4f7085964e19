/*
 * What one user knows reaches those who ask, by twins that ask each other, with its author's name,
 * and never somebody who may not know it.
 *
 * A realm of users with twins, each a friend of a few others. One has a memory for everybody, and
 * another one a memory for friends. In each round every user asks the twin of a friend about one of
 * the two; now and then an owner approves a proposal. At the end each twin is asked once more. All
 * of that is done with twins that ask nobody, with twins that ask, and with owners that also
 * approve. The recall engine answers, so nothing depends on a model. The clock is the test's.
 *
 * AEON_TWINS and AEON_ROUNDS are the numbers of users and rounds, AEON_SEED is another seed
 * than 1.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "realm/answers.h"
#include "realm/drafts.h"
#include "realm/indexing.h"
#include "realm/interactions.h"
#include "realm/knowledge.h"
#include "realm/memories.h"
#include "realm/posting.h"
#include "realm/relationships.h"
#include "store/queries.h"
#include "tests/unit/clock.h"
#include "tests/unit/random.h"
#include "tests/unit/twins.h"

#define TWINS_MAX 200
#define FRIENDS 3 /* that each user looks for; each is a friend of about twice as many */
#define BEGAN 1700000000000000

/* What the first two users know. */
static const struct {
	const char *text, *part, *visibility, *question;
} facts[] = {
	{"The ferry landing of Aldermoor is behind the old mill.", "behind the old mill", "public",
	 "Where is the ferry landing of Aldermoor?"},
	{"The boathouse key hangs under the third stair.", "under the third stair", "friends",
	 "Where is the key of the boathouse?"},
};

/* What else users know, and say in public. */
static const char *const others[] = {
	"Rye bread needs a long night.",      "The museum opens at ten.",
	"My garden has eleven roses.",        "A barge carries sand to the castle.",
	"Chess is played on Thursday night.", "The old bridge was painted green.",
};
#define OTHERS (int)(sizeof(others) / sizeof(*others))

static const struct mode {
	const char *name, *asks;
	bool approves;
} modes[] = {
	{"no twin asks", "never", false},
	{"twins ask", "always", false},
	{"twins ask, owners approve", "always", true},
};

struct town {
	struct fixture *f;
	const struct mode *mode;
	int count;
	int64_t users[TWINS_MAX];
	char names[TWINS_MAX][16];
	bool friends[TWINS_MAX][TWINS_MAX];
	int asked, right, census; /* about the first fact */
	int told;                 /* answers with the second one */
};

/* --- a realm ---------------------------------------------------------------------------------- */

static void index_all(struct town *town)
{
	int done;
	do
		MUST(done = index_text(town->f->store, &why));
	while (done > 0);
}

static void add_user(struct town *town)
{
	int i = town->count++;
	char email[40];
	snprintf(town->names[i], sizeof(town->names[i]), "user%03d", i);
	snprintf(email, sizeof(email), "%s@example.org", town->names[i]);
	MUST(q_user_insert(town->f->store, town->names[i], email, email, "none", NULL, NULL, "user",
			   false, now, &town->users[i], &why));
	set_twin(town->f, town->users[i], "on");
	change_twin(town->f, town->users[i],
		    "max_replies_per_day = 10000, max_replies_per_person = 10000");
	run_sql(town->f, "UPDATE twins SET asks_others = '%s' WHERE user_id = %d", town->mode->asks,
		(int)town->users[i]);
}

static void befriend(struct town *town, int one, int other)
{
	for (int i = 0; i < 2; i++) {
		const struct relationship_new bond = {.related_user_id =
							      town->users[i ? one : other],
						      .relationship_type = "friend",
						      .strength = 1};
		MUST(relationship_put(town->f->arena, town->f->store, town->users[i ? other : one],
				      &bond, &why));
	}
	town->friends[one][other] = town->friends[other][one] = true;
}

static void remember(struct town *town, int user, const char *text, const char *visibility)
{
	int64_t id;
	bool fresh;
	const struct memory_new memory = {
		.content = text, .memory_type = "fact", .importance = 5, .visibility = visibility};
	MUST(memory_add(town->f->store, town->users[user], &memory, &id, &fresh, &why));
}

static void make_town(struct town *town, int count)
{
	while (town->count < count)
		add_user(town);
	for (int i = 0; i < count; i++) {
		int64_t id;
		const struct knowledge_new note = {.content = others[draw(OTHERS)],
						   .knowledge_type = "note",
						   .visibility = "public"};
		befriend(town, i, (i + 1) % count); /* nobody is alone */
		for (int n = 1, other; n < FRIENDS; n++)
			if ((other = draw(count)) != i)
				befriend(town, i, other);
		remember(town, i, others[draw(OTHERS)], draw(2) ? "public" : "friends");
		MUST(knowledge_create(town->f->arena, town->f->store, town->users[i], &note, &id,
				      &why));
	}
	for (int i = 0; i < 2; i++)
		remember(town, i, facts[i].text, facts[i].visibility);
	index_all(town);
}

/* --- questions and answers -------------------------------------------------------------------- */

/* Moves the clock to the next turn that is due. False: there is none. */
static bool wait_for_turn(struct town *town)
{
	int64_t due;
	MUST(turns_next_due(town->f->store, &due, &why));
	if (due > now + CLOCK_DAY)
		return false;
	now = due > now ? due : now + 1;
	return true;
}

static void run_turns(struct town *town)
{
	struct fixture *f = town->f;
	while (wait_for_turn(town)) {
		struct answer answer;
		int ready = 0;
		struct turn turn = claim(f);
		if (turn.id)
			MUST(ready = answer_prepare(f->arena, f->store, &turn, NULL, LEAVE_NEVER,
						    &answer, &why));
		if (ready)
			MUST(ready = answer_recall(f->arena, f->store, &answer, &why));
		if (ready)
			MUST(answer_post(f->arena, f->store, &answer, &why));
	}
}

static bool may_know(const struct town *town, int fact, int user)
{
	return fact == 0 || user == fact || town->friends[fact][user];
}

/* The answer names the author of what it says, and its reader and its speaker may know it. */
static bool has_fact(struct town *town, int fact, int from, int to, const char *answer)
{
	if (!strstr(answer, facts[fact].part))
		return false;
	const char *quote =
		arena_printf(town->f->arena, "%s said: “%s”", town->names[fact], facts[fact].text);
	if (!strstr(answer, quote))
		fail_msg("The author is not named: %s", answer);
	if (!may_know(town, fact, from) || !may_know(town, fact, to))
		fail_msg("%s told %s: %s", town->names[to], town->names[from], answer);
	return true;
}

/* Asks the twin of `to`. Returns whether it knew the answer. */
static bool ask_twin(struct town *town, int from, int to, int fact)
{
	struct fixture *f = town->f;
	int64_t id = ask(f, town->users[from], town->users[to], facts[fact].question);
	run_turns(town);
	MUST(interaction_show(f->store, town->users[from], id, &f->out, &why));
	const char *shown = take_output(f);
	bool knew = has_fact(town, fact, from, to, shown);
	assert_false(has_fact(town, !fact, from, to, shown));
	town->told += fact == 1 && knew;
	return knew;
}

static int friend_of(const struct town *town, int user)
{
	int other;
	do
		other = draw(town->count);
	while (!town->friends[user][other]);
	return other;
}

static void approve_some(struct town *town)
{
	struct fixture *f = town->f;
	for (int i = 0; i < town->count; i++) {
		int64_t draft = number_of(f,
					  "SELECT coalesce(max(id), 0) FROM twin_turns "
					  "WHERE twin_id = %d AND state = 'draft'",
					  (int)town->users[i]);
		if (draft && draw(4) == 0)
			MUST(draft_approve(f->arena, f->store, town->users[i], draft, NULL, &why));
	}
	index_all(town);
}

static void live(struct town *town, int rounds)
{
	for (int round = 0; round < rounds; round++) {
		for (int i = 0; i < town->count; i++) {
			int fact = draw(2);
			bool knew = ask_twin(town, i, friend_of(town, i), fact);
			town->asked += fact == 0;
			town->right += fact == 0 && knew;
		}
		if (town->mode->approves)
			approve_some(town);
		now += CLOCK_DAY / 5;
	}
	for (int i = 0, from; i < town->count; i++) {
		do
			from = friend_of(town, i);
		while (from == 0); /* nobody asks others about what the asker knows */
		town->census += ask_twin(town, from, i, 0);
	}
}

static int64_t count_of(struct town *town, const char *condition)
{
	return number_of(town->f, "SELECT count(*) FROM twin_turns WHERE %s", condition);
}

static void report(struct town *town)
{
	print_message("# %s: %d of %d twins answer rightly and name the author at the end; "
		      "%d of %d questions before; %" PRId64 " answers and %" PRId64
		      " exchanges for %d questions; %d answers for friends\n",
		      town->mode->name, town->census, town->count, town->right, town->asked,
		      count_of(town, "state = 'posted' AND cause_kind <> 'exchange'"),
		      count_of(town, "cause_kind = 'exchange'"),
		      (int)number_of(town->f, "SELECT count(*) FROM aeon_interactions"),
		      town->told);
}

/* Returns how many twins know the first fact at the end. */
static int run_town(const struct mode *mode, uint64_t seed, int count, int rounds)
{
	struct town *town = calloc(1, sizeof(*town));
	assert_non_null(town);
	town->mode = mode;
	draw_from(seed);
	now = BEGAN;
	fixture_setup((void **)&town->f);
	make_town(town, count);
	live(town, rounds);
	report(town);
	int census = town->census;
	assert_int_equal(count_of(town, "state IN ('queued', 'running')"), 0);
	fixture_teardown((void **)&town->f);
	free(town);
	return census;
}

static void a_fact_spreads_with_its_author_and_not_beyond_its_audience(void **state)
{
	uint64_t seed = (uint64_t)setting("AEON_SEED", 1);
	int count = (int)setting("AEON_TWINS", 12), rounds = (int)setting("AEON_ROUNDS", 3);
	(void)state;
	assert_in_range(count, 3, TWINS_MAX);
	print_message("# seed %" PRIu64 "\n", seed);
	int alone = run_town(&modes[0], seed, count, rounds);
	int asking = run_town(&modes[1], seed, count, rounds);
	run_town(&modes[2], seed, count, rounds);
	assert_int_equal(alone, 1); /* only its own twin */
	assert_int_equal(asking, count);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fact_spreads_with_its_author_and_not_beyond_its_audience),
	};
	return cmocka_run_group_tests_name("exchange", tests, NULL, NULL);
}
