/* realm/mails, realm/mail_text: when a mail is tried again, and how it is written. */
#include "base/clock.h"
#include "provider/mail_server.h"
#include "realm/mail_text.h"
#include "realm/mails.h"
#include "store/queries.h"
#include "tests/unit/clock.h"
#include "tests/unit/test.h"

#define MINUTE (60 * CLOCK_SECOND)
#define LEASE (2 * MINUTE)

static int queue(struct store *store, void *context, struct problem *why)
{
	const struct fixture *f = context;
	return mail_queue(store, f->ben, MAIL_ADDRESS, NULL, why);
}

static void queue_mail(struct fixture *f)
{
	store_set_rules(f->store, (struct store_rules){.sends_mail = true});
	MUST(store_write(f->store, queue, f, &why));
}

/* Whether a mail is due, which is then claimed by the process. */
static bool claims(struct fixture *f, int instance, struct mail *mail)
{
	struct problem why = {0};
	int claimed = mail_claim(f->arena, f->store, instance, LEASE, mail, &why);
	assert_true(claimed >= 0);
	return claimed > 0;
}

static void without_a_server_no_mail_is_queued(void **state)
{
	struct fixture *f = *state;
	struct mail mail;
	MUST(store_write(f->store, queue, f, &why));
	assert_false(claims(f, 1, &mail));
}

static void a_mail_is_tried_again_after_growing_pauses_for_a_day(void **state)
{
	struct fixture *f = *state;
	static const int pauses[] = {1, 5, 15, 30, 60, 60};
	struct mail mail;
	queue_mail(f);
	for (size_t i = 0; i < sizeof(pauses) / sizeof(*pauses); i++) {
		assert_true(claims(f, 1, &mail));
		MUST(mail_end(f->store, &mail, MAIL_FAILED, "It cannot be reached", &why));
		now += pauses[i] * MINUTE - 1;
		assert_false(claims(f, 1, &mail));
		now++;
	}
	int attempts = 0;
	for (; claims(f, 1, &mail); attempts++) {
		MUST(mail_end(f->store, &mail, MAIL_FAILED, "It cannot be reached", &why));
		now += 60 * MINUTE;
	}
	assert_true(attempts > 15 && attempts < 30);
	struct q_mails_state counts;
	MUST(q_mails_state(f->store, now, 0, &counts, &why));
	assert_int_equal(counts.waiting, 0);
	assert_int_equal(counts.given_up, 1);
}

static void only_one_process_has_a_mail_until_its_lease_ends(void **state)
{
	struct fixture *f = *state;
	struct mail first, second;
	queue_mail(f);
	assert_true(claims(f, 1, &first));
	assert_false(claims(f, 2, &second));
	now += LEASE;
	assert_true(claims(f, 2, &second));
	assert_int_equal(first.id, second.id);
	assert_string_not_equal(first.code, second.code);
	MUST(mails_release(f->store, 2, &why));
	assert_true(claims(f, 1, &first));
}

static void no_mail_goes_to_a_user_who_is_gone(void **state)
{
	struct fixture *f = *state;
	struct mail mail;
	struct q_mails_state counts;
	queue_mail(f);
	MUST(q_erase_user(f->store, f->ben, "gone", now, &why));
	assert_false(claims(f, 1, &mail));
	queue_mail(f);
	MUST(q_mails_state(f->store, now, 0, &counts, &why));
	assert_int_equal(counts.waiting, 0);
}

static void an_address_is_one_word_with_one_at(void **state)
{
	static const char *const good[] = {"a@b", "a.b+c@example.org", "ä@exämple.org"};
	static const char *const wrong[] = {"",        "a",       "@b",        "a@",
					    "a@b@c",   "a b@c",   "a@b\r\n",   "a@b\nBcc: x",
					    "<a@b>",   "a@b,c@d", "a@b;",      "\"a\"@b",
					    "a@b\x7f", "a(x)@b",  "a@[1.2.3]", "a@b\tc"};
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_true(mail_is_address(good[i]));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_false(mail_is_address(wrong[i]));
}

static void a_mail_has_short_lines_of_ascii_whatever_a_user_wrote(void **state)
{
	struct fixture *f = *state;
	const struct mail_origin origin = {"realm@r.example", "https://r.example", "epoch"};
	const struct mail mail = {.id = 7,
				  .kind = MAIL_DEVICE,
				  .username = "ben",
				  .recipient = "ben@example.org",
				  .detail = "{name}\r\n.\r\nSubject: x {site} Löwe {"};
	mail_compose(&mail, &origin, &f->out);
	const char *text = take_output(f), *body = strstr(text, "\r\n\r\n");
	assert_non_null(strstr(text, "To: <ben@example.org>\r\nSubject: A login from another"));
	assert_non_null(strstr(text, "\r\nMessage-ID: <7.epoch@r.example>\r\n"));
	assert_null(strstr(text, "Subject: x"));
	assert_int_equal(strspn(body, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789+/=\r\n"),
			 strlen(body));
	for (const char *line = text; *line; line = strstr(line, "\r\n") + 2)
		assert_true(strcspn(line, "\r\n") <= 78 && strstr(line, "\r\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_REALM(without_a_server_no_mail_is_queued),
		IN_REALM(a_mail_is_tried_again_after_growing_pauses_for_a_day),
		IN_REALM(only_one_process_has_a_mail_until_its_lease_ends),
		IN_REALM(no_mail_goes_to_a_user_who_is_gone),
		cmocka_unit_test(an_address_is_one_word_with_one_at),
		IN_REALM(a_mail_has_short_lines_of_ascii_whatever_a_user_wrote),
	};
	return cmocka_run_group_tests_name("mails", tests, NULL, NULL);
}
