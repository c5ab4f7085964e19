/* realm/events and realm/prune: what is told again, to whom, and what is not kept any more. */
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "realm/changes.h"
#include "realm/epoch.h"
#include "realm/feed.h"
#include "realm/messages.h"
#include "realm/rooms.h"
#include "realm/settings.h"
#include "realm/prune.h"
#include "store/queries.h"
#include "tests/unit/test.h"

/* Set forward by the tests; the linker puts this in clock_now()'s place. */
static int64_t ahead;
int64_t __real_clock_now(void);
int64_t __wrap_clock_now(void);
int64_t __wrap_clock_now(void)
{
	return __real_clock_now() + ahead;
}

static int setup(void **state)
{
	ahead = 0;
	return world_setup(state);
}

static const char *make_room(struct world *w, bool is_public)
{
	const char *id = NULL;
	struct room_new room = {.name = "A room", .is_public = is_public, .max_participants = 50};
	MUST(room_create(w->arena, w->store, w->ada, &room, &id, &why));
	return id;
}

static struct message_posted post(struct world *w, const char *room, const char *text)
{
	struct message_posted posted;
	struct message_new message = {.content = text, .message_type = "text"};
	MUST(message_post(w->arena, w->store, w->ada, room, &message, &posted, &why));
	return posted;
}

static void react(struct world *w, const char *room, const char *message_id, bool on)
{
	struct message_done done;
	MUST(message_react(w->arena, w->store, w->ada, room, message_id,
			   &(struct message_reaction){"+", on}, &done, &why));
	assert_false(done.duplicate);
}

/* --- hearing ---------------------------------------------------------------------------------- */

/* What was told: "kind/seq " for entries of rooms' logs, else "kind ". */
struct heard {
	struct buf *text;
	int64_t pos;
	int most; /* it stops at so many; 0: never */
	int count;
};

static int note(const struct event *event, void *context, struct problem *why)
{
	struct heard *heard = context;
	(void)why;
	assert_true(event->pos > heard->pos);
	assert_int_equal(event->data_bytes, strlen(event->data));
	heard->pos = event->pos;
	buf_puts(heard->text, event_name(event->kind));
	if (event->seq)
		buf_printf(heard->text, "/%d", (int)event->seq);
	buf_putc(heard->text, ' ');
	return ++heard->count == heard->most;
}

/* All that is replayed behind `pos`, by as many calls as that takes. */
static const char *replayed(struct world *w, int64_t viewer, int64_t pos, int limit, int most)
{
	struct heard heard = {.text = buf_in(w->arena), .most = most};
	bool level = false;
	for (int calls = 0; !level; calls++) {
		int64_t before = pos;
		heard.count = 0;
		MUST(events_replay(w->store, viewer, &pos, limit, &level, note, &heard, &why));
		assert_true(level || pos > before);
		assert_true(pos >= heard.pos);
		assert_in_range(calls, 0, 1000);
	}
	return buf_text(heard.text);
}

static const char *heard_by(struct world *w, int64_t viewer)
{
	return replayed(w, viewer, 0, 100, 0);
}

static void one_hears_of_the_rooms_one_is_in(void **state)
{
	struct world *w = *state;
	const char *open = make_room(w, true), *closed = make_room(w, false);
	post(w, open, "x"), post(w, closed, "x"), post(w, open, "x");
	assert_string_equal(heard_by(w, w->ada), "chat_message/1 chat_message/1 chat_message/2 ");
	assert_string_equal(heard_by(w, w->ben), "");
}

static void who_came_later_hears_what_came_before(void **state)
{
	struct world *w = *state;
	const char *room = make_room(w, true);
	post(w, room, "x");
	MUST(room_join(w->arena, w->store, w->ben, room, &why));
	post(w, room, "x");
	assert_string_equal(heard_by(w, w->ben), "user_joined chat_message/1 chat_message/2 ");
}

static void who_left_hears_nothing_of_the_room_any_more(void **state)
{
	struct world *w = *state;
	const char *room = make_room(w, true);
	MUST(room_join(w->arena, w->store, w->ben, room, &why));
	post(w, room, "x");
	MUST(room_leave(w->arena, w->store, w->ben, room, &why));
	assert_string_equal(heard_by(w, w->ben), "");
	MUST(room_join(w->arena, w->store, w->ben, room, &why));
	assert_string_equal(heard_by(w, w->ben), "user_joined chat_message/1 ");
}

static void nobody_hears_what_is_about_oneself(void **state)
{
	struct world *w = *state;
	const char *room = make_room(w, true);
	post(w, room, "x");
	MUST(room_join(w->arena, w->store, w->ben, room, &why));
	MUST(room_read(w->arena, w->store, w->ben, room, 1, &why));
	assert_string_equal(heard_by(w, w->ada), "chat_message/1 user_joined read_marker ");
	assert_string_equal(heard_by(w, w->ben), "user_joined chat_message/1 ");
}

static int append_own(struct store *store, void *context, struct problem *why)
{
	struct world *w = context;
	TRY(event_append(store, &(struct event){.kind = EVENT_ROOM_REMOVED, .user_id = w->ben},
			 why));
	return event_append(store, &(struct event){.kind = EVENT_SESSIONS_ENDED, .user_id = w->ben},
			    why);
}

static void what_is_for_one_alone_is_heard_by_nobody_else(void **state)
{
	struct world *w = *state;
	struct heard heard = {.text = buf_in(w->arena)};
	int count;
	MUST(store_write(w->store, append_own, w, &why));
	assert_string_equal(heard_by(w, w->ben), "room_removed ");
	assert_string_equal(heard_by(w, w->ada), "");
	/* The bridge hears all. */
	MUST(count = events_after(w->store, 0, 10, note, &heard, &why));
	assert_int_equal(count, 2);
	assert_string_equal(buf_text(heard.text), "room_removed sessions_ended ");
}

static int words(const char *text)
{
	int count = 0;
	while ((text = strchr(text, ' ')))
		count++, text++;
	return count;
}

static void replay_goes_on_where_it_stopped(void **state)
{
	struct world *w = *state;
	const char *room = make_room(w, true), *other = make_room(w, false);
	for (int i = 0; i < 20; i++) {
		react(w, room, post(w, room, "x").id, true);
		post(w, other, "x");
	}
	const char *whole = heard_by(w, w->ada);
	assert_int_equal(words(whole), 60);
	for (int i = 1; i < 8; i++) {
		assert_string_equal(replayed(w, w->ada, 0, i, 0), whole);
		assert_string_equal(replayed(w, w->ada, 0, 100, i), whole);
	}
}

static int append_many(struct store *store, void *context, struct problem *why)
{
	struct world *w = context;
	for (int i = 0; i < 25000; i++)
		TRY(event_append(store,
				 &(struct event){.kind = EVENT_ROOM_REMOVED, .user_id = w->dora},
				 why));
	return 0;
}

static void one_call_looks_at_a_part_of_the_log_only(void **state)
{
	struct world *w = *state;
	const char *room = make_room(w, true);
	struct heard heard = {.text = buf_in(w->arena)};
	int64_t pos = 0;
	bool level;
	int count;
	MUST(store_write(w->store, append_many, w, &why));
	struct message_posted posted = post(w, room, "x");
	MUST(count = events_replay(w->store, w->ada, &pos, 10, &level, note, &heard, &why));
	assert_int_equal(count, 0);
	assert_false(level);
	assert_in_range(pos, 2000, 24000);
	while (!level)
		MUST(events_replay(w->store, w->ada, &pos, 10, &level, note, &heard, &why));
	assert_string_equal(buf_text(heard.text), "chat_message/1 ");
	assert_int_equal(pos, posted.pos);
}

static void at_the_end_of_the_log_one_is_level(void **state)
{
	struct world *w = *state;
	struct heard heard = {.text = buf_in(w->arena)};
	int64_t pos = post(w, make_room(w, true), "x").pos, head = pos;
	bool level = false;
	MUST(events_replay(w->store, w->ada, &pos, 10, &level, note, &heard, &why));
	assert_true(level);
	assert_int_equal(pos, head);
	assert_int_equal(heard.count, 0);
}

/* --- what is not kept ------------------------------------------------------------------------- */

static const struct settings day = {.events_hours = 24};
static const struct settings week = {.events_hours = 1000, .messages_days = 7};

static int prune(struct world *w, const struct settings *settings)
{
	int removed;
	MUST(removed = realm_prune(w->store, settings, &why));
	assert_in_range(removed, 0, 500);
	return removed;
}

static int prune_all(struct world *w, const struct settings *settings)
{
	int total = 0;
	for (int removed; (removed = prune(w, settings)) > 0;)
		total += removed;
	return total;
}

static int64_t start(struct world *w)
{
	int64_t pos;
	MUST(events_start(w->store, &pos, &why));
	return pos;
}

/* Up to where one who comes back after all this time has a gap there; 0: none. */
static int64_t gap_of(struct world *w, int64_t viewer, const char *room)
{
	struct resumption from = {0};
	int64_t to_seq = 0;
	MUST(realm_epoch(w->arena, w->store, &from.epoch, &why));
	MUST(events_resume(w->arena, w->store, viewer, &from, &why));
	assert_true(from.known);
	const char *at = strstr(from.gaps->data, room);
	if (at)
		sscanf(at + strlen(room), "\",\"to_seq\":%" SCNd64, &to_seq);
	return to_seq;
}

static int count_finding(const char *finding, void *count, struct problem *why)
{
	(void)finding, (void)why;
	++*(int *)count;
	return 0;
}

static int holes(struct world *w)
{
	int count = 0;
	MUST(q_check_room_seq(w->store, 0, INT64_MAX, count_finding, &count, &why));
	MUST(q_check_reactions(w->store, 0, INT64_MAX, count_finding, &count, &why));
	return count;
}

static void events_are_kept_for_their_time(void **state)
{
	struct world *w = *state;
	const char *room = make_room(w, true);
	struct message_posted old = post(w, room, "x");
	assert_int_equal(prune_all(w, &day), 0);
	assert_int_equal(start(w), 0);
	ahead = 23 * 3600 * CLOCK_SECOND;
	post(w, room, "x");
	assert_int_equal(prune_all(w, &day), 0);
	ahead = 25 * 3600 * CLOCK_SECOND;
	assert_int_equal(prune_all(w, &day), 2); /* user_joined as well */
	assert_int_equal(start(w), old.pos);
	assert_string_equal(heard_by(w, w->ada), "chat_message/2 ");
	MUST(message_show(w->store, w->ada, room, old.id, &w->out, &why)); /* the message is kept */
	assert_int_equal(holes(w), 0);
}

static void the_gaps_of_a_pruned_log_are_told(void **state)
{
	struct world *w = *state;
	const char *quiet = make_room(w, true), *lively = make_room(w, true);
	post(w, quiet, "x"), post(w, quiet, "x"), post(w, lively, "x");
	assert_int_equal(gap_of(w, w->ada, quiet), 0);
	ahead = 25 * 3600 * CLOCK_SECOND;
	const char *later = make_room(w, true);
	post(w, lively, "x"), post(w, later, "x");
	prune_all(w, &day);
	assert_int_equal(gap_of(w, w->ada, quiet), 2); /* all of it */
	assert_int_equal(gap_of(w, w->ada, lively), 1);
	assert_int_equal(gap_of(w, w->ada, later), 0);
	assert_int_equal(gap_of(w, w->ben, quiet), 0); /* not in there */
}

static void numbers_go_on_when_all_was_removed(void **state)
{
	struct world *w = *state;
	const char *room = make_room(w, true);
	struct message_posted last = post(w, room, "x");
	ahead = 8 * CLOCK_DAY;
	assert_int_equal(prune_all(w, &week), 3);
	assert_int_equal(start(w), last.pos);
	struct message_posted next = post(w, room, "x");
	assert_int_equal(next.seq, last.seq + 1);
	assert_int_equal(next.pos, last.pos + 1);
	assert_int_equal(holes(w), 0);
}

static void messages_are_kept_for_ever_unless_told_otherwise(void **state)
{
	struct world *w = *state;
	const char *room = make_room(w, true);
	struct message_posted posted = post(w, room, "x");
	ahead = 3650 * CLOCK_DAY;
	prune_all(w, &day);
	MUST(message_show(w->store, w->ada, room, posted.id, &w->out, &why));
}

static int note_seq(const struct room_log_entry *entry, void *context, struct problem *why)
{
	(void)why;
	buf_printf(context, "%d ", (int)entry->seq);
	return 0;
}

static const char *log_of(struct world *w, const char *room)
{
	struct buf *seqs = buf_in(w->arena);
	MUST(room_log_after(w->store, w->ada, room, 0, 100, note_seq, seqs, &why));
	return buf_text(seqs);
}

static void a_rooms_log_is_removed_from_its_beginning_on(void **state)
{
	struct world *w = *state;
	const char *room = make_room(w, true), *other = make_room(w, true);
	struct message_posted one = post(w, room, "x");
	react(w, room, one.id, true);
	post(w, room, "x");
	ahead = 6 * CLOCK_DAY;
	react(w, room, one.id, false);
	react(w, room, post(w, room, "x").id, true);
	post(w, other, "x");
	ahead = 8 * CLOCK_DAY;
	assert_int_equal(prune_all(w, &week), 5 + 3); /* two user_joined, three and their events */
	assert_string_equal(log_of(w, room), "4 5 6 ");
	assert_string_equal(log_of(w, other), "1 ");
	assert_string_equal(heard_by(w, w->ada),
			    "reaction/4 chat_message/5 reaction/6 chat_message/1 ");
	assert_int_equal(holes(w), 0);
}

/* Otherwise a resume from a position that is still kept would miss them in silence. */
static void no_event_outlives_its_message(void **state)
{
	struct world *w = *state;
	const char *room = make_room(w, true);
	for (int i = 0; i < 700; i++)
		post(w, room, "x");
	ahead = 7 * CLOCK_DAY + 120 * CLOCK_SECOND;
	for (int removed = 1; removed > 0;) {
		removed = prune(w, &week);
		int64_t from = start(w), pos = from;
		struct heard heard = {.text = buf_in(w->arena)};
		for (bool level = false; !level;)
			MUST(events_replay(w->store, w->ada, &pos, 100, &level, note, &heard,
					   &why));
		assert_int_equal(heard.count, 701 - from);
	}
}

static void much_goes_in_small_steps(void **state)
{
	struct world *w = *state;
	const char *room = make_room(w, true);
	struct message_posted one = post(w, room, "x");
	for (int i = 0; i < 1200; i++)
		react(w, room, one.id, i % 2 == 0);
	post(w, room, "x");
	ahead = 8 * CLOCK_DAY;
	int events = 1203, entries = 1202, total = 0, removed;
	while ((removed = prune(w, &week)) > 0) {
		total += removed;
		assert_int_equal(holes(w), 0);
	}
	assert_int_equal(total, events + entries);
	assert_string_equal(log_of(w, room), "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, world_teardown)
	const struct CMUnitTest tests[] = {
		TEST(one_hears_of_the_rooms_one_is_in),
		TEST(who_came_later_hears_what_came_before),
		TEST(who_left_hears_nothing_of_the_room_any_more),
		TEST(nobody_hears_what_is_about_oneself),
		TEST(what_is_for_one_alone_is_heard_by_nobody_else),
		TEST(replay_goes_on_where_it_stopped),
		TEST(one_call_looks_at_a_part_of_the_log_only),
		TEST(at_the_end_of_the_log_one_is_level),
		TEST(events_are_kept_for_their_time),
		TEST(the_gaps_of_a_pruned_log_are_told),
		TEST(numbers_go_on_when_all_was_removed),
		TEST(messages_are_kept_for_ever_unless_told_otherwise),
		TEST(a_rooms_log_is_removed_from_its_beginning_on),
		TEST(no_event_outlives_its_message),
		TEST(much_goes_in_small_steps),
	};
	return cmocka_run_group_tests_name("events", tests, NULL, NULL);
}
