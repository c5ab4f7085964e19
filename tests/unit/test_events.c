/* realm/events and realm/prune: the events that a viewer can replay, and their pruning. */
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

/* Microseconds by which a test sets the clock forward. The linker replaces clock_now(). */
static int64_t ahead;
int64_t __real_clock_now(void);
int64_t __wrap_clock_now(void);
int64_t __wrap_clock_now(void)
{
	return __real_clock_now() + ahead;
}

static int events_setup(void **state)
{
	ahead = 0;
	return fixture_setup(state);
}

static const char *make_room(struct fixture *f, bool is_public)
{
	const char *id = NULL;
	struct room_new room = {.name = "A room", .is_public = is_public, .max_participants = 50};
	MUST(room_create(f->arena, f->store, f->ada, &room, &id, &why));
	return id;
}

static struct message_posted post_message(struct fixture *f, const char *room, const char *text)
{
	struct message_posted posted;
	struct message_new message = {.content = text, .message_type = "text"};
	MUST(message_post(f->arena, f->store, f->ada, room, &message, &posted, &why));
	return posted;
}

static void set_reaction(struct fixture *f, const char *room, const char *message_id, bool on)
{
	struct message_done done;
	const struct message_change change = {.kind = EVENT_REACTION,
					      .room_id = room,
					      .message_id = message_id,
					      .key = "+",
					      .on = on};
	MUST(message_change(f->arena, f->store, f->ada, &change, &done, &why));
	assert_false(done.duplicate);
}

/* --- replay ----------------------------------------------------------------------------------- */

/* The replayed events: "kind/seq " for entries of a room's log, else "kind ". */
struct replayed {
	struct buf *text;
	int64_t pos;
	int stop_at; /* the number of events after which it stops; 0: never */
	int count;
};

static int note_event(const struct event *event, void *context, struct problem *why)
{
	struct replayed *replayed = context;
	(void)why;
	assert_true(event->pos > replayed->pos);
	assert_int_equal(event->data_bytes, strlen(event->data));
	replayed->pos = event->pos;
	buf_puts(replayed->text, event_name(event->kind));
	if (event->seq)
		buf_printf(replayed->text, "/%d", (int)event->seq);
	buf_putc(replayed->text, ' ');
	return ++replayed->count == replayed->stop_at;
}

/* All events after `pos`, replayed by as many calls as needed. */
static const char *replay_from(struct fixture *f, int64_t viewer, int64_t pos, int limit,
			       int stop_at)
{
	struct replayed replayed = {.text = buf_in(f->arena), .stop_at = stop_at};
	bool caught_up = false;
	for (int calls = 0; !caught_up; calls++) {
		int64_t before = pos;
		replayed.count = 0;
		MUST(events_replay(f->store, viewer, &pos, limit, &caught_up, note_event, &replayed,
				   &why));
		assert_true(caught_up || pos > before);
		assert_true(pos >= replayed.pos);
		assert_in_range(calls, 0, 1000);
	}
	return buf_text(replayed.text);
}

static const char *replay_all(struct fixture *f, int64_t viewer)
{
	return replay_from(f, viewer, 0, 100, 0);
}

static void a_user_replays_only_events_of_joined_rooms(void **state)
{
	struct fixture *f = *state;
	const char *open = make_room(f, true), *closed = make_room(f, false);
	post_message(f, open, "x"), post_message(f, closed, "x"), post_message(f, open, "x");
	assert_string_equal(
		replay_all(f, f->ada),
		"user_joined user_joined chat_message/1 chat_message/1 chat_message/2 ");
	assert_string_equal(replay_all(f, f->ben), "");
}

static void a_new_member_replays_earlier_events(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true);
	post_message(f, room, "x");
	MUST(room_join(f->arena, f->store, f->ben, room, &why));
	post_message(f, room, "x");
	assert_string_equal(replay_all(f, f->ben),
			    "user_joined chat_message/1 user_joined chat_message/2 ");
}

static void a_user_who_left_replays_of_the_room_only_the_own_steps(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true);
	MUST(room_join(f->arena, f->store, f->ben, room, &why));
	post_message(f, room, "x");
	MUST(room_leave(f->arena, f->store, f->ben, room, &why));
	assert_string_equal(replay_all(f, f->ben), "user_joined user_left ");
	MUST(room_join(f->arena, f->store, f->ben, room, &why));
	assert_string_equal(replay_all(f, f->ben),
			    "user_joined user_joined chat_message/1 user_left user_joined ");
}

static void a_user_replays_events_about_themselves_for_the_other_devices(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true);
	post_message(f, room, "x");
	MUST(room_join(f->arena, f->store, f->ben, room, &why));
	MUST(room_read(f->arena, f->store, f->ben, room, &(struct room_reading){.up_to_seq = 1},
		       &why));
	const char *all = "user_joined chat_message/1 user_joined read_marker ";
	assert_string_equal(replay_all(f, f->ada), all);
	assert_string_equal(replay_all(f, f->ben), all);
}

static int append_own(struct store *store, void *context, struct problem *why)
{
	struct fixture *f = context;
	TRY(event_append(store, &(struct event){.kind = EVENT_ROOM_REMOVED, .user_id = f->ben},
			 why));
	return event_append(store, &(struct event){.kind = EVENT_SESSIONS_ENDED, .user_id = f->ben},
			    why);
}

static void an_event_for_one_user_is_replayed_only_by_that_user(void **state)
{
	struct fixture *f = *state;
	struct replayed replayed = {.text = buf_in(f->arena)};
	int count;
	MUST(store_write(f->store, append_own, f, &why));
	assert_string_equal(replay_all(f, f->ben), "room_removed ");
	assert_string_equal(replay_all(f, f->ada), "");
	/* The bridge gets all events. */
	MUST(count = events_after(f->store, 0, 10, note_event, &replayed, &why));
	assert_int_equal(count, 2);
	assert_string_equal(buf_text(replayed.text), "room_removed sessions_ended ");
}

static int count_words(const char *text)
{
	int count = 0;
	while ((text = strchr(text, ' ')))
		count++, text++;
	return count;
}

static void a_replay_continues_where_it_stopped(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true), *other = make_room(f, false);
	for (int i = 0; i < 20; i++) {
		set_reaction(f, room, post_message(f, room, "x").id, true);
		post_message(f, other, "x");
	}
	const char *whole = replay_all(f, f->ada);
	assert_int_equal(count_words(whole), 62); /* and two user_joined */
	for (int i = 1; i < 8; i++) {
		assert_string_equal(replay_from(f, f->ada, 0, i, 0), whole);
		assert_string_equal(replay_from(f, f->ada, 0, 100, i), whole);
	}
}

static int append_many(struct store *store, void *context, struct problem *why)
{
	struct fixture *f = context;
	for (int i = 0; i < 25000; i++)
		TRY(event_append(store,
				 &(struct event){.kind = EVENT_ROOM_REMOVED, .user_id = f->dora},
				 why));
	return 0;
}

static void one_call_reads_only_a_part_of_the_log(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true);
	struct replayed replayed = {.text = buf_in(f->arena)};
	int64_t pos;
	bool caught_up;
	int count;
	MUST(events_head(f->store, &pos, &why));
	MUST(store_write(f->store, append_many, f, &why));
	struct message_posted posted = post_message(f, room, "x");
	MUST(count = events_replay(f->store, f->ada, &pos, 10, &caught_up, note_event, &replayed,
				   &why));
	assert_int_equal(count, 0);
	assert_false(caught_up);
	assert_in_range(pos, 2000, 24000);
	while (!caught_up)
		MUST(events_replay(f->store, f->ada, &pos, 10, &caught_up, note_event, &replayed,
				   &why));
	assert_string_equal(buf_text(replayed.text), "chat_message/1 ");
	assert_int_equal(pos, posted.pos);
}

static void a_replay_at_the_end_of_the_log_is_caught_up(void **state)
{
	struct fixture *f = *state;
	struct replayed replayed = {.text = buf_in(f->arena)};
	int64_t pos = post_message(f, make_room(f, true), "x").pos, head = pos;
	bool caught_up = false;
	MUST(events_replay(f->store, f->ada, &pos, 10, &caught_up, note_event, &replayed, &why));
	assert_true(caught_up);
	assert_int_equal(pos, head);
	assert_int_equal(replayed.count, 0);
}

/* --- pruning ---------------------------------------------------------------------------------- */

static const struct settings one_day = {.events_hours = 24};
static const struct settings seven_days = {.events_hours = 1000, .messages_days = 7};

static int prune_step(struct fixture *f, const struct settings *settings)
{
	int removed;
	MUST(removed = realm_prune(f->store, settings, &why));
	assert_in_range(removed, 0, 500);
	return removed;
}

static int prune_all(struct fixture *f, const struct settings *settings)
{
	int total = 0;
	for (int removed; (removed = prune_step(f, settings)) > 0;)
		total += removed;
	return total;
}

static int64_t log_start(struct fixture *f)
{
	int64_t pos;
	MUST(events_start(f->store, &pos, &why));
	return pos;
}

/* The last seq of the gap in the room when the viewer resumes from the beginning; 0: no gap. */
static int64_t gap_of(struct fixture *f, int64_t viewer, const char *room)
{
	struct resumption from = {0};
	int64_t to_seq = 0;
	MUST(realm_epoch(f->arena, f->store, &from.epoch, &why));
	MUST(events_resume(f->arena, f->store, viewer, &from, &why));
	assert_true(from.known);
	const struct gap *gap = (const void *)from.gaps->data;
	for (size_t i = from.gaps->len / sizeof(*gap); i > 0; i--, gap++)
		if (strcmp(gap->room_id, room) == 0)
			to_seq = gap->to_seq;
	return to_seq;
}

static int count_finding(const char *finding, void *count, struct problem *why)
{
	(void)finding, (void)why;
	++*(int *)count;
	return 0;
}

static int count_findings(struct fixture *f)
{
	int count = 0;
	MUST(q_check_room_seq(f->store, 0, INT64_MAX, count_finding, &count, &why));
	MUST(q_check_reactions(f->store, 0, INT64_MAX, count_finding, &count, &why));
	return count;
}

static void events_are_pruned_after_events_hours(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true);
	struct message_posted old = post_message(f, room, "x");
	assert_int_equal(prune_all(f, &one_day), 0);
	assert_int_equal(log_start(f), 0);
	ahead = 23 * 3600 * CLOCK_SECOND;
	post_message(f, room, "x");
	assert_int_equal(prune_all(f, &one_day), 0);
	ahead = 25 * 3600 * CLOCK_SECOND;
	assert_int_equal(prune_all(f, &one_day), 2); /* user_joined as well */
	assert_int_equal(log_start(f), old.pos);
	assert_string_equal(replay_all(f, f->ada), "chat_message/2 ");
	MUST(message_show(f->store, f->ada, room, old.id, &f->out, &why)); /* still stored */
	assert_int_equal(count_findings(f), 0);
}

static void a_resume_reports_the_gaps_of_a_pruned_log(void **state)
{
	struct fixture *f = *state;
	const char *quiet = make_room(f, true), *lively = make_room(f, true);
	post_message(f, quiet, "x"), post_message(f, quiet, "x"), post_message(f, lively, "x");
	assert_int_equal(gap_of(f, f->ada, quiet), 0);
	ahead = 25 * 3600 * CLOCK_SECOND;
	const char *later = make_room(f, true);
	post_message(f, lively, "x"), post_message(f, later, "x");
	prune_all(f, &one_day);
	assert_int_equal(gap_of(f, f->ada, quiet), 2); /* the whole log */
	assert_int_equal(gap_of(f, f->ada, lively), 1);
	assert_int_equal(gap_of(f, f->ada, later), 0);
	assert_int_equal(gap_of(f, f->ben, quiet), 0); /* not a participant */
}

static void numbers_continue_after_everything_was_pruned(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true);
	struct message_posted last = post_message(f, room, "x");
	ahead = 8 * CLOCK_DAY;
	assert_int_equal(prune_all(f, &seven_days), 3);
	assert_int_equal(log_start(f), last.pos);
	struct message_posted next = post_message(f, room, "x");
	assert_int_equal(next.seq, last.seq + 1);
	assert_int_equal(next.pos, last.pos + 1);
	assert_int_equal(count_findings(f), 0);
}

static void messages_are_not_pruned_by_default(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true);
	struct message_posted posted = post_message(f, room, "x");
	ahead = 3650 * CLOCK_DAY;
	prune_all(f, &one_day);
	MUST(message_show(f->store, f->ada, room, posted.id, &f->out, &why));
}

static int note_seq(const struct room_log_entry *entry, void *context, struct problem *why)
{
	(void)why;
	buf_printf(context, "%d ", (int)entry->seq);
	return 0;
}

static const char *log_of(struct fixture *f, const char *room)
{
	struct buf *seqs = buf_in(f->arena);
	MUST(room_log_after(f->store, f->ada, room, 0, 100, note_seq, seqs, &why));
	return buf_text(seqs);
}

static void the_log_of_a_room_is_pruned_from_its_beginning(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true), *other = make_room(f, true);
	struct message_posted one = post_message(f, room, "x");
	set_reaction(f, room, one.id, true);
	post_message(f, room, "x");
	ahead = 6 * CLOCK_DAY;
	set_reaction(f, room, one.id, false);
	set_reaction(f, room, post_message(f, room, "x").id, true);
	post_message(f, other, "x");
	ahead = 8 * CLOCK_DAY;
	assert_int_equal(prune_all(f, &seven_days),
			 5 + 3); /* two user_joined, three entries and their events */
	assert_string_equal(log_of(f, room), "4 5 6 ");
	assert_string_equal(log_of(f, other), "1 ");
	assert_string_equal(replay_all(f, f->ada),
			    "reaction/4 chat_message/5 reaction/6 chat_message/1 ");
	assert_int_equal(count_findings(f), 0);
}

/* Otherwise a client that resumes would miss the message without a gap being reported. */
static void an_event_is_not_kept_longer_than_its_message(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true);
	for (int i = 0; i < 700; i++)
		post_message(f, room, "x");
	ahead = 7 * CLOCK_DAY + 120 * CLOCK_SECOND;
	for (int removed = 1; removed > 0;) {
		removed = prune_step(f, &seven_days);
		int64_t from = log_start(f), pos = from;
		struct replayed replayed = {.text = buf_in(f->arena)};
		for (bool caught_up = false; !caught_up;)
			MUST(events_replay(f->store, f->ada, &pos, 100, &caught_up, note_event,
					   &replayed, &why));
		assert_int_equal(replayed.count, 701 - from);
	}
}

static void a_large_log_is_pruned_in_small_steps(void **state)
{
	struct fixture *f = *state;
	const char *room = make_room(f, true);
	struct message_posted one = post_message(f, room, "x");
	for (int i = 0; i < 1200; i++)
		set_reaction(f, room, one.id, i % 2 == 0);
	post_message(f, room, "x");
	ahead = 8 * CLOCK_DAY;
	int events = 1203, entries = 1202, total = 0, removed;
	while ((removed = prune_step(f, &seven_days)) > 0) {
		total += removed;
		assert_int_equal(count_findings(f), 0);
	}
	assert_int_equal(total, events + entries);
	assert_string_equal(log_of(f, room), "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, events_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_user_replays_only_events_of_joined_rooms),
		TEST(a_new_member_replays_earlier_events),
		TEST(a_user_who_left_replays_of_the_room_only_the_own_steps),
		TEST(a_user_replays_events_about_themselves_for_the_other_devices),
		TEST(an_event_for_one_user_is_replayed_only_by_that_user),
		TEST(a_replay_continues_where_it_stopped),
		TEST(one_call_reads_only_a_part_of_the_log),
		TEST(a_replay_at_the_end_of_the_log_is_caught_up),
		TEST(events_are_pruned_after_events_hours),
		TEST(a_resume_reports_the_gaps_of_a_pruned_log),
		TEST(numbers_continue_after_everything_was_pruned),
		TEST(messages_are_not_pruned_by_default),
		TEST(the_log_of_a_room_is_pruned_from_its_beginning),
		TEST(an_event_is_not_kept_longer_than_its_message),
		TEST(a_large_log_is_pruned_in_small_steps),
	};
	return cmocka_run_group_tests_name("events", tests, NULL, NULL);
}
