/* realm/lessons: what a twin learns from its owner's own words. */
#include <sqlite3.h>

#include "base/clock.h"
#include "realm/changes.h"
#include "realm/conversations.h"
#include "realm/forget.h"
#include "realm/indexing.h"
#include "realm/interactions.h"
#include "realm/knowledge.h"
#include "realm/lessons.h"
#include "realm/memories.h"
#include "realm/messages.h"
#include "realm/rooms.h"
#include "realm/settings.h"
#include "store/internal.h"
#include "store/queries.h"
#include "tests/unit/clock.h"
#include "tests/unit/twins.h"

#define MINUTE (60 * CLOCK_SECOND)
#define NOON (20000 * CLOCK_DAY + CLOCK_DAY / 2)

static const struct settings limits = {.quota_memories = 20000,
				       .quota_conversations = 10,
				       .tokens_per_day = 1000000,
				       .tokens_per_twin = 100000,
				       .tokens_per_asker = 100000};

static int refused; /* of the last lesson */
#define FACT(fact, quote) "{\"fact\":\"" fact "\",\"quote\":\"" quote "\"}"
#define HOME "[" FACT("I live in Kassel", "live in Kassel") "]"

/* --- a realm ---------------------------------------------------------------------------------- */

static int realm_setup(void **state)
{
	now = NOON;
	return fixture_setup(state);
}

#define WITH_CLOCK(test) cmocka_unit_test_setup_teardown(test, realm_setup, fixture_teardown)

static void index_all(struct fixture *f)
{
	int done;
	do {
		MUST(done = index_text(f->store, &why));
	} while (done > 0);
}

static void forget_all(struct fixture *f)
{
	int done;
	do {
		MUST(done = forget_step(f->store, &why));
	} while (done > 0);
}

/* The next lesson, after what was written is old enough; count 0: there is none. */
static struct lesson next_lesson(struct fixture *f)
{
	struct lesson lesson;
	index_all(f);
	now += MINUTE;
	MUST(lesson_claim(f->arena, f->store, &limits, LEAVE_OWN, 5 * MINUTE, &lesson, &why));
	return lesson;
}

/* Returns the number of new facts. */
static int end_lesson(struct fixture *f, const struct lesson *lesson, const char *answer)
{
	int kept = 0;
	MUST(lesson_end(f->arena, f->store, &limits, lesson, answer, strlen(answer), &kept,
			&refused, &why));
	return kept;
}

/* Teaches what waits, with this answer. Returns the number of new facts. */
static int teach(struct fixture *f, const char *answer)
{
	struct lesson lesson = next_lesson(f);
	return lesson.count > 0 ? end_lesson(f, &lesson, answer) : 0;
}

static int add_row(void *out, int count, char **values, char **names)
{
	(void)names;
	for (int i = 0; i < count; i++)
		buf_printf(out, i ? "|%s" : "%s", values[i] ? values[i] : "-");
	buf_putc(out, '\n');
	return 0;
}

static const char *rows(struct fixture *f, const char *sql)
{
	char *error = NULL;
	sqlite3_exec(f->store->db, sql, add_row, &f->out, &error);
	if (error)
		fail_msg("%s: %s", sql, error);
	return take_output(f);
}

static const char *memories(struct fixture *f)
{
	return rows(f, "SELECT content, quote, visibility, times FROM twin_memories ORDER BY id");
}

static const char *post(struct fixture *f, int64_t sender, const char *room, const char *text)
{
	struct message_posted posted;
	struct message_new message = {.content = text, .message_type = "text"};
	MUST(message_post(f->arena, f->store, sender, room, &message, &posted, &why));
	return arena_strdup(f->arena, posted.id);
}

static int64_t share(struct fixture *f, int64_t creator, const char *text)
{
	int64_t id;
	struct knowledge_new note = {
		.content = text, .knowledge_type = "note", .visibility = "public"};
	MUST(knowledge_create(f->arena, f->store, creator, &note, &id, &why));
	return id;
}

static void chat(struct fixture *f, int64_t owner, const char *text)
{
	int64_t turn;
	const struct chat_new input = {.message = text};
	MUST(chat_say(f->store, &limits, owner, &input, &turn, &why));
}

static void respond(struct fixture *f, int64_t user, int64_t id, const char *text, int64_t turn)
{
	struct interaction_response response = {text, turn};
	MUST(interaction_respond(f->arena, f->store, user, id, &response, &why));
}

/* --- from which texts ------------------------------------------------------------------------- */

static const char *waiting(struct fixture *f)
{
	index_all(f);
	return rows(f,
		    "SELECT kind, owner_id FROM learning WHERE due_at > 0 ORDER BY kind, owner_id");
}

static void a_twin_learns_from_what_its_owner_wrote(void **state)
{
	struct fixture *f = *state;
	const char *room = aeon_room(f, f->ada);
	set_twin(f, f->ada, "draft");
	post(f, f->ada, room, "I live in Kassel.");
	share(f, f->ada, "Kassel lies on the Fulda.");
	ask(f, f->ada, f->ben, "Does your cat sleep?");
	respond(f, f->ada, ask(f, f->ben, f->ada, "Where is your bicycle?"),
		"My bicycle stands outside.", 0);
	chat(f, f->ada, "Remember my green bicycle.");
	assert_string_equal(waiting(f), "chat|1\nknowledge|1\nmessage|1\nquestion|1\nresponse|1\n");
}

static void a_twin_never_learns_from_others_or_twins(void **state)
{
	struct fixture *f = *state;
	const char *room = aeon_room(f, f->ada);
	int64_t id;
	const struct memory_new told = {.content = "Ada likes green tea.",
					.memory_type = "fact",
					.importance = 5,
					.visibility = "private"};
	set_twin(f, f->ada, "on");
	MUST(room_join(f->arena, f->store, f->ben, room, &why));
	post(f, f->ben, room, "I live in Kassel.");
	say(f, f->ada, room, "Ada lives in Kassel.", 7);
	respond(f, f->ada, ask(f, f->ben, f->ada, "Where is your bicycle?"),
		"Her bicycle stands outside.", 8);
	bool fresh;
	MUST(memory_add(f->store, f->ada, &told, &id, &fresh, &why));
	assert_string_equal(waiting(f), "");
}

static void a_twin_that_is_off_learns_only_from_what_it_is_told(void **state)
{
	struct fixture *f = *state;
	const char *room = aeon_room(f, f->ada);
	post(f, f->ada, room, "I live in Kassel.");
	chat(f, f->ada, "I own a green bicycle.");
	assert_string_equal(waiting(f), "chat|1\n");
	set_twin(f, f->ada, "on");
	post(f, f->ada, room, "I live in Bremen.");
	assert_string_equal(waiting(f), "chat|1\nmessage|1\n");
	change_twin(f, f->ada, "autopilot = 'off'");
	struct lesson lesson = next_lesson(f);
	assert_int_equal(lesson.count, 1);
	assert_string_equal(lesson.texts[0].kind, "chat");
	assert_string_equal(lesson_texts(f->arena, &lesson),
			    "{\"texts\":[\"I own a green bicycle.\"]}");
}

static void a_twin_that_is_switched_off_meanwhile_learns_nothing(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ada, "on");
	share(f, f->ada, "I live in Kassel.");
	struct lesson lesson = next_lesson(f);
	change_twin(f, f->ada, "autopilot = 'off'");
	assert_int_equal(end_lesson(f, &lesson, HOME), 0);
	assert_string_equal(memories(f), "");
}

static void a_twin_of_a_disabled_user_learns_nothing(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ada, "on");
	share(f, f->ada, "I live in Kassel.");
	assert_string_equal(waiting(f), "knowledge|1\n");
	run_sql(f, "UPDATE users SET is_active = 0 WHERE id = %d", (int)f->ada);
	assert_int_equal(next_lesson(f).count, 0);
	share(f, f->ada, "I own two barges.");
	assert_string_equal(waiting(f), "");
}

static void a_text_that_may_not_leave_is_not_sent(void **state)
{
	struct fixture *f = *state;
	struct lesson lesson;
	set_twin(f, f->ada, "on");
	ask(f, f->ada, f->ben, "My secret bicycle is green.");
	chat(f, f->ada, "My secret barge is red.");
	share(f, f->ada, "I live in Kassel.");
	index_all(f);
	now += MINUTE;
	MUST(lesson_claim(f->arena, f->store, &limits, LEAVE_PUBLIC, 5 * MINUTE, &lesson, &why));
	assert_string_equal(lesson_texts(f->arena, &lesson), "{\"texts\":[\"I live in Kassel.\"]}");
	assert_int_equal(next_lesson(f).count, 0);
}

static void a_lesson_has_few_texts_of_one_owner(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ada, "on"), set_twin(f, f->ben, "on");
	for (int i = 0; i < LESSON_TEXTS + 1; i++)
		share(f, f->ada, arena_printf(f->arena, "Book %d is about owls.", i));
	share(f, f->ben, "I know owls.");
	struct lesson lesson = next_lesson(f), other = next_lesson(f), last = next_lesson(f);
	assert_int_equal(lesson.count, LESSON_TEXTS);
	assert_int_equal(other.count + last.count, 2);
	assert_true(other.owner != last.owner);
	assert_int_equal(next_lesson(f).count, 0);
}

static void a_long_text_is_read_in_part(void **state)
{
	struct fixture *f = *state;
	char *text = arena_alloc(f->arena, 12001);
	for (int i = 0; i < 4000; i++)
		memcpy(text + (size_t)i * 3, "好", 3);
	text[0] = 'a', text[1] = 'b', text[2] = ' ', text[12000] = '\0';
	set_twin(f, f->ada, "on");
	share(f, f->ada, text);
	share(f, f->ada, "I live in Kassel.");
	struct lesson lesson = next_lesson(f);
	const char *sent = lesson_texts(f->arena, &lesson);
	assert_int_equal(lesson.count, 1);
	assert_int_equal(strlen(sent), strlen("{\"texts\":[\"\"]}") + LESSON_BYTES - 2);
}

static void a_text_waits_for_a_week_at_most(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ada, "on");
	share(f, f->ada, "I live in Kassel.");
	index_all(f);
	now += 8 * CLOCK_DAY;
	assert_int_equal(next_lesson(f).count, 0);
	assert_string_equal(waiting(f), "");
}

/* --- lies ------------------------------------------------------------------------------------- */

static void a_lying_extractor_leaves_no_fact(void **state)
{
	struct fixture *f = *state;
	const char *room = aeon_room(f, f->ada);
	set_twin(f, f->ada, "on");
	say(f, f->ada, room, "Owls fly over the harbour.", 7);
	post(f, f->ada, room, "I do not live in Kassel. My sister owns a barge in Bremen.");
	static const char *const lies[] = {
		/* It invents. */
		FACT("Ada owns a castle", "Ada owns a castle"),
		FACT("Ada owns a castle", "owns a barge in Bremen"),
		/* It paraphrases. */
		FACT("My sister owns a barge in Bremen", "her sister has a ship in Bremen"),
		FACT("My sister sails a ship in Bremen", "My sister owns a barge in Bremen"),
		/* It quotes the twin's own words, and the prompt. */
		FACT("Owls fly over the harbour", "Owls fly over the harbour"),
		FACT("You note facts about a person", "You note facts about a person"),
		FACT("texts", "{\\\"texts\\\":["),
		/* It quotes words that say nothing. */
		FACT("barge", "in a"),
	};
	struct buf *answer = buf_in(f->arena);
	for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++)
		buf_printf(answer, "%s%s", i ? "," : "[", lies[i]);
	buf_putc(answer, ']');
	assert_int_equal(teach(f, buf_text(answer)), 0);
	assert_string_equal(memories(f), "");
}

static void what_is_true_among_lies_is_kept_in_the_owners_words(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ada, "on");
	share(f, f->ada, "Well! I do not live in Kassel. My sister owns a barge.");
	assert_int_equal(
		teach(f,
		      "[" FACT("Ada's sister owns barges", "sister owns a barge") "," FACT(
			      "Ada lives in Kassel",
			      "live in Kassel") "," FACT("Ada owns a castle", "owns a barge") "]"),
		2);
	assert_string_equal(memories(f), "My sister owns a barge.|sister owns a barge|private|1\n"
					 "I do not live in Kassel.|live in Kassel|private|1\n");
	assert_string_equal(rows(f, "SELECT kind, source FROM memory_sources"),
			    "knowledge|1\nknowledge|1\n");
}

/* --- once ------------------------------------------------------------------------------------- */

static void the_same_fact_again_strengthens(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ada, "on");
	share(f, f->ada, "I live in Kassel.");
	assert_int_equal(teach(f, HOME), 1);
	share(f, f->ada, "Hello! I live in Kassel.");
	assert_int_equal(teach(f, HOME), 0);
	assert_string_equal(memories(f), "I live in Kassel.|live in Kassel|private|2\n");
	assert_int_equal(next_lesson(f).count, 0);
}

static void a_lesson_counts_while_its_lease_holds(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ada, "on");
	share(f, f->ada, "I live in Kassel.");
	struct lesson slow = next_lesson(f);
	assert_int_equal(next_lesson(f).count, 0);
	now += 10 * MINUTE;
	struct lesson quick = next_lesson(f);
	assert_int_equal(quick.count, 1);
	assert_int_equal(end_lesson(f, &slow, HOME), 0);
	assert_int_equal(end_lesson(f, &quick, HOME), 1);
	assert_int_equal(end_lesson(f, &quick, HOME), 0);
}

static void a_text_that_fails_is_tried_three_times(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ada, "on");
	share(f, f->ada, "I live in Kassel.");
	for (int i = 0; i < 10; i++) { /* the model was not reached */
		struct lesson lesson = next_lesson(f);
		assert_int_equal(lesson.count, 1);
		MUST(lesson_fail(f->store, &lesson, now, false, &why));
	}
	for (int i = 0; i < LESSON_TRIES; i++) {
		struct lesson lesson = next_lesson(f);
		assert_int_equal(lesson.count, 1);
		MUST(lesson_fail(f->store, &lesson, now, true, &why));
	}
	assert_int_equal(next_lesson(f).count, 0);
	assert_string_equal(waiting(f), "");
}

static void a_ceiling_postpones_all_texts_of_the_owner(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ada, "on"), set_twin(f, f->ben, "on");
	for (int i = 0; i < LESSON_TEXTS + 1; i++)
		share(f, f->ada, arena_printf(f->arena, "Book %d is about owls.", i));
	struct lesson lesson = next_lesson(f);
	MUST(lesson_postpone(f->store, &lesson, NOON + CLOCK_DAY, &why));
	share(f, f->ben, "I know owls.");
	struct lesson other = next_lesson(f);
	assert_int_equal(other.owner, f->ben);
	MUST(lesson_fail(f->store, &other, NOON + 2 * CLOCK_DAY, true, &why));
	assert_int_equal(next_lesson(f).count, 0);
	now = NOON + CLOCK_DAY;
	assert_int_equal(next_lesson(f).owner, f->ada);
}

static void a_twin_learns_so_much_in_a_day(void **state)
{
	struct fixture *f = *state;
	int kept = 0;
	set_twin(f, f->ada, "on");
	for (int i = 0; i < 60; i++)
		share(f, f->ada, arena_printf(f->arena, "I own book %d.", 1000 + i));
	for (int i = 0; i < 8; i++) {
		struct buf *answer = buf_in(f->arena);
		for (int book = 0; book < 60; book++)
			buf_printf(answer, "%s" FACT("own book %d", "own book %d"),
				   book ? "," : "[", 1000 + book, 1000 + book);
		buf_putc(answer, ']');
		kept += teach(f, buf_text(answer));
	}
	/* An answer has 40 items at most, so the last books are never named. */
	assert_true(kept > 0 && kept <= LESSON_FACTS);
	run_sql(f, "UPDATE learning SET due_at = 1, tries = 0");
	run_sql(f,
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50) "
		"INSERT INTO twin_memories (owner_id, content, digest, memory_type, quote, "
		"created_at, updated_at) SELECT 1, 'n ' || i, randomblob(16), 'fact', 'n', %lld, 0 "
		"FROM n",
		(long long)now);
	assert_int_equal(next_lesson(f).count, 0);
	now += CLOCK_DAY;
	assert_int_equal(next_lesson(f).count, LESSON_TEXTS);
}

static void a_text_that_says_nothing_is_not_sent(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ada, "on");
	share(f, f->ada, "Thanks!"), share(f, f->ada, "Is it so?"), share(f, f->ada, "I'm Bob.");
	struct lesson lesson = next_lesson(f);
	assert_int_equal(lesson.count, 1);
	assert_string_equal(lesson.texts[0].content, "I'm Bob.");
	assert_string_equal(rows(f, "SELECT count(*) FROM learning WHERE due_at > 0"), "1\n");
}

static void a_full_memory_takes_nothing_and_asks_nothing(void **state)
{
	struct fixture *f = *state;
	struct lesson lesson;
	struct settings few = limits;
	int kept;
	set_twin(f, f->ada, "on");
	share(f, f->ada, "I live in Kassel. I own a barge.");
	lesson = next_lesson(f);
	few.quota_memories = 1;
	const char *answer =
		"[" FACT("I live in Kassel", "live in Kassel") "," FACT("barge", "own a barge") "]";
	MUST(lesson_end(f->arena, f->store, &few, &lesson, answer, strlen(answer), &kept, &refused,
			&why));
	assert_int_equal(kept, 1);
	share(f, f->ada, "I like green tea.");
	index_all(f);
	now += MINUTE;
	MUST(lesson_claim(f->arena, f->store, &few, LEAVE_OWN, MINUTE, &lesson, &why));
	assert_int_equal(lesson.count, 0);
}

/* --- forgetting ------------------------------------------------------------------------------- */

static void a_fact_goes_with_its_last_source(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ada, "on");
	int64_t first = share(f, f->ada, "I live in Kassel.");
	int64_t second = share(f, f->ada, "Hello! I live in Kassel.");
	teach(f, HOME), teach(f, HOME);
	assert_string_equal(memories(f), "I live in Kassel.|live in Kassel|private|1\n");
	share(f, f->ada, "Again. I live in Kassel.");
	assert_int_equal(teach(f, HOME), 0);
	MUST(knowledge_delete(f->arena, f->store, f->ada, first, &why));
	forget_all(f);
	assert_string_equal(memories(f), "I live in Kassel.|live in Kassel|private|2\n");
	MUST(knowledge_delete(f->arena, f->store, f->ada, second + 1, &why));
	forget_all(f);
	assert_string_equal(memories(f), "");
}

static void an_edit_takes_what_the_text_does_not_say_any_more(void **state)
{
	struct fixture *f = *state;
	const char *room = aeon_room(f, f->ada);
	set_twin(f, f->ada, "on");
	const char *id = post(f, f->ada, room, "I live in Kassel. I own a barge.");
	const char *answer =
		"[" FACT("I live in Kassel", "live in Kassel") "," FACT("barge", "own a barge") "]";
	assert_int_equal(teach(f, answer), 2);
	change_message(f, f->ada, room, id, "It is a lie that I live in Kassel. I own a barge.");
	forget_all(f);
	assert_string_equal(memories(f), "I own a barge.|own a barge|private|1\n");
	/* The edited text is another text, but the fact is not given twice. */
	assert_int_equal(teach(f, "[" FACT("barge", "own a barge") "]"), 0);
	assert_string_equal(memories(f), "I own a barge.|own a barge|private|1\n");
	change_message(f, f->ada, room, id, NULL);
	forget_all(f);
	assert_string_equal(memories(f), "");
	assert_string_equal(rows(f, "SELECT kind FROM learning"), "");
}

static void a_text_that_was_edited_meanwhile_teaches_nothing(void **state)
{
	struct fixture *f = *state;
	const char *room = aeon_room(f, f->ada);
	set_twin(f, f->ada, "on");
	const char *id = post(f, f->ada, room, "I live in Kassel.");
	struct lesson lesson = next_lesson(f);
	change_message(f, f->ada, room, id, "I live in Bremen.");
	index_all(f);
	assert_int_equal(end_lesson(f, &lesson, HOME), 0);
	assert_string_equal(memories(f), "");
	assert_int_equal(teach(f, "[" FACT("I live in Bremen", "live in Bremen") "]"), 1);
}

static void what_another_user_wrote_before_is_not_the_owners_fact(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ada, "on");
	share(f, f->ben, "Hello. I live in Kassel. I own a barge.");
	next_lesson(f);
	share(f, f->ada, "Ben writes: Hello. I live in Kassel. I own a barge. I have two barges.");
	assert_int_equal(teach(f, "[" FACT("I live in Kassel", "live in Kassel") "," FACT(
					  "I have two barges", "two barges") "]"),
			 1);
	assert_int_equal(refused, 1);
	assert_non_null(strstr(memories(f), "I have two barges."));
}

static void a_deleted_fact_does_not_come_back(void **state)
{
	struct fixture *f = *state;
	set_twin(f, f->ada, "on");
	share(f, f->ada, "I live in Kassel.");
	assert_int_equal(teach(f, HOME), 1);
	MUST(memory_delete(f->store, f->ada, 1, &why));
	/* The index is built again, as `aeonctl reindex` does. */
	MUST(q_repair_text_words(f->store, &why));
	MUST(q_repair_texts_waiting(f->store, &why));
	assert_int_equal(next_lesson(f).count, 0);
	assert_string_equal(memories(f), "");
}

static void what_the_owner_gives_or_changes_is_no_fact(void **state)
{
	struct fixture *f = *state;
	int64_t id;
	bool fresh;
	const struct memory_new told = {.content = "I live in Kassel.",
					.memory_type = "home",
					.importance = 9,
					.visibility = "public"};
	const struct memory_change change = {
		.content = "I own two barges.", .local_only = -1, .given = 1};
	set_twin(f, f->ada, "on");
	int64_t source = share(f, f->ada, "I live in Kassel. I own a barge.");
	teach(f,
	      "[" FACT("I live in Kassel", "live in Kassel") "," FACT("barge", "own a barge") "]");
	MUST(memory_add(f->store, f->ada, &told, &id, &fresh, &why));
	assert_false(fresh);
	MUST(memory_update(f->store, f->ada, id + 1, &change, &why));
	MUST(knowledge_delete(f->arena, f->store, f->ada, source, &why));
	forget_all(f);
	assert_string_equal(memories(f),
			    "I live in Kassel.|-|private|2\nI own two barges.|-|private|1\n");
	share(f, f->ada, "Hello! I live in Kassel.");
	assert_int_equal(teach(f, HOME), 0);
	assert_string_equal(rows(f, "SELECT times, quote FROM twin_memories WHERE id = 1"),
			    "3|-\n");
	assert_string_equal(rows(f, "SELECT * FROM memory_sources"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CLOCK(a_twin_learns_from_what_its_owner_wrote),
		WITH_CLOCK(a_twin_never_learns_from_others_or_twins),
		WITH_CLOCK(a_twin_that_is_off_learns_only_from_what_it_is_told),
		WITH_CLOCK(a_twin_that_is_switched_off_meanwhile_learns_nothing),
		WITH_CLOCK(a_twin_of_a_disabled_user_learns_nothing),
		WITH_CLOCK(a_text_that_may_not_leave_is_not_sent),
		WITH_CLOCK(a_lesson_has_few_texts_of_one_owner),
		WITH_CLOCK(a_long_text_is_read_in_part),
		WITH_CLOCK(a_text_waits_for_a_week_at_most),
		WITH_CLOCK(a_lying_extractor_leaves_no_fact),
		WITH_CLOCK(what_is_true_among_lies_is_kept_in_the_owners_words),
		WITH_CLOCK(the_same_fact_again_strengthens),
		WITH_CLOCK(a_lesson_counts_while_its_lease_holds),
		WITH_CLOCK(a_text_that_fails_is_tried_three_times),
		WITH_CLOCK(a_ceiling_postpones_all_texts_of_the_owner),
		WITH_CLOCK(a_twin_learns_so_much_in_a_day),
		WITH_CLOCK(a_text_that_says_nothing_is_not_sent),
		WITH_CLOCK(a_full_memory_takes_nothing_and_asks_nothing),
		WITH_CLOCK(a_fact_goes_with_its_last_source),
		WITH_CLOCK(an_edit_takes_what_the_text_does_not_say_any_more),
		WITH_CLOCK(a_text_that_was_edited_meanwhile_teaches_nothing),
		WITH_CLOCK(what_another_user_wrote_before_is_not_the_owners_fact),
		WITH_CLOCK(a_deleted_fact_does_not_come_back),
		WITH_CLOCK(what_the_owner_gives_or_changes_is_no_fact),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
