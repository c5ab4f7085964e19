/* realm/digest: which users get a mail about what they have missed, when, and what it says. */
#include <stdio.h>

#include "base/clock.h"
#include "realm/bridges.h"
#include "realm/digest.h"
#include "realm/direct.h"
#include "realm/mail_settings.h"
#include "realm/mails.h"
#include "realm/messages.h"
#include "realm/muting.h"
#include "realm/presence.h"
#include "realm/relationships.h"
#include "realm/rooms.h"
#include "store/queries.h"
#include "tests/unit/clock.h"
#include "tests/unit/test.h"

#define MINUTE (60 * CLOCK_SECOND)
#define HOUR (60 * MINUTE)
#define LEASE (2 * MINUTE)

/* A realm with a mail server; the addresses of its users are confirmed. */
static struct fixture *with_mail(void **state)
{
	struct fixture *f = *state;
	store_set_rules(f->store, (struct store_rules){.sends_mail = true});
	const int64_t users[] = {f->ada, f->ben, f->cleo, f->dora};
	for (size_t i = 0; i < sizeof(users) / sizeof(*users); i++)
		MUST(q_address_verified(f->store, users[i], now, &why));
	return f;
}

static const char *make_room(struct fixture *f)
{
	const char *id = NULL;
	struct room_new room = {.name = "Workshop", .is_public = true, .max_participants = 50};
	MUST(room_create(f->arena, f->store, f->ada, &room, &id, &why));
	MUST(room_join(f->arena, f->store, f->ben, id, &why));
	return id;
}

static const char *open_direct(struct fixture *f)
{
	const char *id = NULL;
	const struct ints others = {.at = &f->ben, .count = 1};
	MUST(direct_open(f->arena, f->store, f->ada, &others, &id, &why));
	return id;
}

static struct message_posted say(struct fixture *f, const char *room, const char *text)
{
	struct message_posted posted;
	const struct message_new message = {.content = text, .message_type = "text"};
	MUST(message_post(f->arena, f->store, f->ada, room, &message, &posted, &why));
	now += CLOCK_SECOND;
	return posted;
}

/* The text of the mail that is due, which is then sent; "": none is due. */
static const char *next_mail(struct fixture *f)
{
	struct mail mail;
	int claimed = mail_claim(f->arena, f->store, 1, LEASE, &mail, &(struct problem){0});
	assert_true(claimed >= 0);
	if (!claimed)
		return "";
	assert_int_equal(mail.kind, MAIL_DIGEST);
	MUST(mail_end(f->store, &mail, MAIL_SENT, NULL, &why));
	return mail.detail;
}

static const char *mail_after(struct fixture *f, int64_t us)
{
	now += us;
	return next_mail(f);
}

static void choose(struct fixture *f, const char *digest)
{
	const struct mail_settings settings = {.digest = digest};
	MUST(mail_settings_set(f->store, f->ben, &settings, &why));
}

static int64_t waiting(struct fixture *f)
{
	struct q_mails_state counts = {0};
	MUST(q_mails_state(f->store, INT64_MAX, 0, &counts, &why));
	return counts.waiting;
}

static void a_direct_message_is_told_after_some_minutes_without_its_text(void **state)
{
	struct fixture *f = with_mail(state);
	const char *room = open_direct(f);
	say(f, room, "a secret");
	assert_string_equal(mail_after(f, DIGEST_DELAY - 2 * CLOCK_SECOND), "");
	say(f, room, "another");
	assert_string_equal(mail_after(f, CLOCK_SECOND), "  2 messages from ada\n");
	assert_string_equal(mail_after(f, HOUR), "");
}

static void a_mention_is_told_and_other_messages_of_a_room_are_not(void **state)
{
	struct fixture *f = with_mail(state);
	const char *room = make_room(f);
	say(f, room, "nobody is meant");
	assert_int_equal(waiting(f), 0);
	say(f, room, "@ben look");
	say(f, room, "and this");
	assert_string_equal(mail_after(f, DIGEST_DELAY),
			    "  1 mention in \"Workshop\", the last by ada\n");
}

static void texts_are_told_only_to_a_user_who_wants_them(void **state)
{
	struct fixture *f = with_mail(state);
	const char *room = open_direct(f);
	choose(f, "texts");
	say(f, room, "first\r\n\r\nFrom: mallory");
	assert_string_equal(mail_after(f, DIGEST_DELAY),
			    "  1 message from ada\n    \"first    From: mallory\"\n");
	choose(f, "off");
	say(f, room, "second");
	assert_string_equal(mail_after(f, 2 * HOUR), "");
}

static void two_digests_are_an_hour_apart_and_say_nothing_twice(void **state)
{
	struct fixture *f = with_mail(state);
	const char *room = open_direct(f);
	say(f, room, "1");
	now += DIGEST_DELAY;
	int64_t first = now;
	assert_string_equal(next_mail(f), "  1 message from ada\n");
	now += CLOCK_SECOND;
	say(f, room, "2");
	say(f, room, "3");
	now = first + HOUR - 1;
	assert_string_equal(next_mail(f), "");
	now++;
	assert_string_equal(next_mail(f), "  2 messages from ada\n");
}

static void what_comes_while_a_digest_is_written_is_in_the_next_one(void **state)
{
	struct fixture *f = with_mail(state);
	const char *room = open_direct(f), *text;
	int64_t claimed = say(f, room, "1").timestamp;
	say(f, room, "2");
	MUST(digest_read(f->arena, f->store, f->ben, claimed, &text, &why));
	assert_string_equal(text, "  1 message from ada\n");
}

/* Each of these keeps ben from a mail about a message in the room. */
static void ben_reads(struct fixture *f, const struct message_posted *posted)
{
	const struct room_reading reading = {.up_to_seq = posted->seq};
	MUST(room_read(f->arena, f->store, f->ben, posted->room_id, &reading, &why));
}

static void ben_wants_nothing_of_it(struct fixture *f, const struct message_posted *posted)
{
	MUST(room_set_notify(f->arena, f->store, f->ben, posted->room_id, "none", &f->out, &why));
}

static void ben_mutes(struct fixture *f, const struct message_posted *posted)
{
	MUST(room_mute(f->arena, f->store, f->ben, posted->room_id, now + 24 * HOUR, &f->out,
		       &why));
}

static void ben_leaves(struct fixture *f, const struct message_posted *posted)
{
	MUST(room_leave(f->arena, f->store, f->ben, posted->room_id, &why));
}

static void ben_blocks(struct fixture *f, const struct message_posted *posted)
{
	const struct relationship_new block = {
		.related_user_id = f->ada, .relationship_type = "blocked", .strength = 1};
	(void)posted;
	MUST(relationship_put(f->arena, f->store, f->ben, &block, &why));
}

static void ben_wants_no_mail(struct fixture *f, const struct message_posted *posted)
{
	(void)posted;
	choose(f, "off");
}

static void it_is_deleted(struct fixture *f, const struct message_posted *posted)
{
	change_message(f, f->ada, posted->room_id, posted->id, NULL);
}

static void its_room_is_deleted(struct fixture *f, const struct message_posted *posted)
{
	run_sql(f, "UPDATE chat_rooms SET deleted_at = 1 WHERE id = '%s'", posted->room_id);
}

static void its_room_is_removed(struct fixture *f, const struct message_posted *posted)
{
	run_sql(f, "UPDATE chat_rooms SET removed_at = 1 WHERE id = '%s'", posted->room_id);
}

static void it_mentions_nobody_now(struct fixture *f, const struct message_posted *posted)
{
	change_message(f, f->ada, posted->room_id, posted->id, "nobody is meant");
}

static void what_was_read_is_not_counted_with_what_was_not(void **state)
{
	struct fixture *f = with_mail(state);
	const char *room = open_direct(f);
	struct message_posted posted = say(f, room, "read");
	ben_reads(f, &posted);
	say(f, room, "not read");
	assert_string_equal(mail_after(f, DIGEST_DELAY), "  1 message from ada\n");
}

static void nothing_is_sent_of_what_was_read_or_is_hidden_or_is_not_wanted(void **state)
{
	static void (*const causes[])(struct fixture * f, const struct message_posted *posted) = {
		ben_reads,           ben_wants_nothing_of_it, ben_mutes,
		ben_leaves,          it_is_deleted,           it_mentions_nobody_now,
		its_room_is_deleted, its_room_is_removed,     ben_wants_no_mail,
		ben_blocks, /* the last: it hides all others */
	};
	struct fixture *f = with_mail(state);
	for (size_t i = 0; i < sizeof(causes) / sizeof(*causes); i++) {
		struct message_posted posted = say(f, make_room(f), "@ben look");
		assert_int_equal(waiting(f), 1);
		causes[i](f, &posted);
		assert_string_equal(mail_after(f, 2 * HOUR), "");
		assert_int_equal(waiting(f), 0);
		choose(f, "names");
	}
}

static void a_deleted_direct_message_is_not_told(void **state)
{
	struct fixture *f = with_mail(state);
	struct message_posted posted = say(f, open_direct(f), "a secret");
	it_is_deleted(f, &posted);
	assert_string_equal(mail_after(f, DIGEST_DELAY), "");
}

static void a_suspended_user_gets_none_until_the_suspension_ends(void **state)
{
	struct fixture *f = with_mail(state);
	const char *room = open_direct(f);
	run_sql(f, "UPDATE users SET suspended_at = 1, suspended_until = %lld",
		(long long)(now + 2 * HOUR));
	say(f, room, "first");
	assert_string_equal(mail_after(f, HOUR), "");
	now += 2 * HOUR;
	say(f, room, "second");
	assert_string_equal(mail_after(f, DIGEST_DELAY), "  2 messages from ada\n");
}

static void only_a_confirmed_address_gets_one(void **state)
{
	struct fixture *f = *state;
	store_set_rules(f->store, (struct store_rules){.sends_mail = true});
	say(f, open_direct(f), "x");
	assert_int_equal(waiting(f), 0);
}

static void be_present(struct fixture *f, const char *status)
{
	MUST(bridge_start(f->store, 1, &why));
	MUST(bridge_renew(f->store, 1, 1, 0, &why));
	MUST(presence_set(f->arena, f->store, f->ben, status, NULL, 1, &why));
}

static void a_user_who_is_connected_is_not_away(void **state)
{
	struct fixture *f = with_mail(state);
	const char *room = open_direct(f);
	say(f, room, "seen, and not read");
	now += DIGEST_DELAY;
	be_present(f, "connected");
	assert_string_equal(next_mail(f), "");
	now += HOUR;
	be_present(f, "connected");
	assert_string_equal(next_mail(f), "");
	be_present(f, "offline");
	say(f, room, "missed");
	assert_string_equal(mail_after(f, HOUR), "  1 message from ada\n");
}

static void a_killed_process_sends_no_digest_for_an_hour(void **state)
{
	struct fixture *f = with_mail(state);
	struct mail mail;
	say(f, open_direct(f), "x");
	now += DIGEST_DELAY;
	int64_t first = now;
	MUST(mail_claim(f->arena, f->store, 1, LEASE, &mail, &why));
	MUST(mails_release(f->store, 1, &why));
	assert_string_equal(next_mail(f), "");
	now = first + HOUR - 1;
	assert_string_equal(next_mail(f), "");
	now++;
	assert_string_equal(next_mail(f), "  1 message from ada\n");
	assert_int_equal(waiting(f), 0);
}

static int queue_address(struct store *store, void *context, struct problem *why)
{
	const struct fixture *f = context;
	return mail_queue(store, f->dora, MAIL_ADDRESS, NULL, why);
}

static void digests_delay_no_other_mail(void **state)
{
	struct fixture *f = with_mail(state);
	struct mail mail;
	say(f, open_direct(f), "x");
	now += HOUR;
	MUST(store_write(f->store, queue_address, f, &why));
	MUST(mail_claim(f->arena, f->store, 1, LEASE, &mail, &why));
	assert_int_equal(mail.kind, MAIL_ADDRESS);
	assert_string_equal(next_mail(f), "  1 message from ada\n");
}

static void all_members_are_told_of_a_message_to_the_whole_room(void **state)
{
	struct fixture *f = with_mail(state);
	const char *room = make_room(f);
	MUST(room_join(f->arena, f->store, f->cleo, room, &why));
	say(f, room, "@room look");
	assert_int_equal(waiting(f), 0);
	MUST(digest_queue_some(f->arena, f->store, &why));
	assert_int_equal(waiting(f), 2);
	assert_int_equal(digest_queue_some(f->arena, f->store, &(struct problem){0}), 0);
	for (int i = 0; i < 2; i++)
		assert_string_equal(mail_after(f, DIGEST_DELAY),
				    "  1 mention in \"Workshop\", the last by ada\n");
}

struct making {
	struct fixture *f;
	const char *token;
};

static int make_token(struct store *store, void *context, struct problem *why)
{
	struct making *making = context;
	return digest_token_make(making->f->arena, store, making->f->ben, &making->token, why);
}

static void a_link_ends_the_digests_of_its_user_until_the_address_changes(void **state)
{
	struct fixture *f = with_mail(state);
	struct making making = {.f = f};
	MUST(store_write(f->store, make_token, &making, &why));
	const struct digest_token right = {making.token};
	char *other = arena_strdup(f->arena, making.token);
	other[0]++; /* the id of another user */
	const struct digest_token wrong = {other};
	REFUSED(CODE_INVALID, digest_end(f->arena, f->store, &wrong, &why));
	MUST(digest_end(f->arena, f->store, &right, &why));
	MUST(digest_end(f->arena, f->store, &right, &why));
	MUST(mail_settings_show(f->store, f->ben, &f->out, &why));
	assert_string_equal(take_output(f), "{\"digest\":\"off\",\"address_verified\":true}");
	MUST(q_user_update(f->store, f->ben, NULL, NULL, "b@example.org", "b@example.org", now,
			   &why));
	REFUSED(CODE_INVALID, digest_end(f->arena, f->store, &right, &why));
}

int main(void)
{
	now = 1000 * CLOCK_DAY;
	const struct CMUnitTest tests[] = {
		IN_REALM(a_direct_message_is_told_after_some_minutes_without_its_text),
		IN_REALM(a_mention_is_told_and_other_messages_of_a_room_are_not),
		IN_REALM(texts_are_told_only_to_a_user_who_wants_them),
		IN_REALM(two_digests_are_an_hour_apart_and_say_nothing_twice),
		IN_REALM(what_comes_while_a_digest_is_written_is_in_the_next_one),
		IN_REALM(what_was_read_is_not_counted_with_what_was_not),
		IN_REALM(nothing_is_sent_of_what_was_read_or_is_hidden_or_is_not_wanted),
		IN_REALM(only_a_confirmed_address_gets_one),
		IN_REALM(a_user_who_is_connected_is_not_away),
		IN_REALM(a_killed_process_sends_no_digest_for_an_hour),
		IN_REALM(digests_delay_no_other_mail),
		IN_REALM(all_members_are_told_of_a_message_to_the_whole_room),
		IN_REALM(a_link_ends_the_digests_of_its_user_until_the_address_changes),
		IN_REALM(a_deleted_direct_message_is_not_told),
		IN_REALM(a_suspended_user_gets_none_until_the_suspension_ends),
	};
	return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
