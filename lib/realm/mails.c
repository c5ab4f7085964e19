/* Mails that wait: see mails.h. */
#include "realm/mails.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "realm/realm.h"
#include "store/queries.h"

#define MINUTE (60 * CLOCK_SECOND)
#define GIVEN_UP (24 * 60 * MINUTE) /* so long after it was queued */
#define DETAIL 200                  /* code points */

static const struct {
	const char *name;
	int most; /* within a day */
	int64_t code_lasts;
} kinds[MAIL_KIND__COUNT] = {
	[MAIL_ADDRESS] = {"address", 5, 24 * 60 * MINUTE},
	[MAIL_PASSWORD] = {"password", 5, 60 * MINUTE},
	[MAIL_DEVICE] = {"device", 10, 0},
};

static const struct property exported_mail_properties[] = {
	PROPERTY("kind", TEXT, .help = "address, password or device."),
	PROPERTY("detail", TEXT, .nullable = true),
	PROPERTY("created_at", TIME),
	PROPERTY("sent_at", TIME, .nullable = true),
	PROPERTY("failed_at", TIME, .nullable = true, .help = "When it was given up."),
};
const struct shape exported_mail_shape = SHAPE("ExportedMail", exported_mail_properties);

int mail_queue(struct store *store, int64_t user_id, enum mail_kind kind, const char *detail,
	       struct problem *why)
{
	struct arena *arena = arena_new();
	int64_t now = clock_now();
	int result = 0;
	if (detail)
		detail = arena_strndup(arena, detail, utf8_prefix(detail, strlen(detail), DETAIL));
	if (store_rules(store)->sends_mail)
		result = q_mail_insert(store, user_id, kinds[kind].name, detail, now,
				       now - CLOCK_DAY, kinds[kind].most, why);
	arena_free(&arena);
	if (result > 0)
		store_tell(store, realm_wake_twins, "");
	return result < 0 ? -1 : 0;
}

/* --- sending ---------------------------------------------------------------------------------- */

struct claim {
	struct arena *arena;
	int64_t instance, now, lease_us;
	struct mail *mail;
};

static enum mail_kind kind_of(const char *name)
{
	int kind = 0;
	while (kind < MAIL_KIND__COUNT - 1 && strcmp(kinds[kind].name, name) != 0)
		kind++;
	return (enum mail_kind)kind;
}

static int make_code(struct store *store, struct mail *mail, int64_t now, struct problem *why)
{
	unsigned char hash[CODE_HASH];
	if (!kinds[mail->kind].code_lasts)
		return 0;
	code_make(mail->code);
	code_hash(mail->code, hash);
	return q_account_code_put(store, mail->user_id, kinds[mail->kind].name, hash, sizeof(hash),
				  now + kinds[mail->kind].code_lasts, why);
}

static int claim(struct store *store, void *context, struct problem *why)
{
	const struct claim *c = context;
	struct q_mail_claim row;
	struct q_mail_recipient to;
	int found =
		q_mail_claim(c->arena, store, c->instance, c->now, c->now + c->lease_us, &row, why);
	if (found <= 0)
		return found;
	TRY(found = q_mail_recipient(c->arena, store, row.user, &to, why));
	if (found == 0)
		return q_mail_given_up(store, row.id, c->now, "The user is gone", why) < 0 ? -1 : 0;
	*c->mail = (struct mail){.id = row.id,
				 .user_id = row.user,
				 .attempts = row.attempts,
				 .created_at = row.created_at,
				 .kind = kind_of(row.kind),
				 .username = to.username,
				 .recipient = to.email,
				 .detail = row.detail};
	TRY(make_code(store, c->mail, c->now, why));
	return 1;
}

int mail_claim(struct arena *arena, struct store *store, int64_t instance, int64_t lease_us,
	       struct mail *mail_r, struct problem *why)
{
	struct claim c = {.arena = arena,
			  .instance = instance,
			  .now = clock_now(),
			  .lease_us = lease_us,
			  .mail = mail_r};
	int waits = q_mail_waits(store, c.now, why);
	if (waits <= 0)
		return waits;
	return store_write(store, claim, &c, why);
}

struct end {
	const struct mail *mail;
	enum mail_outcome outcome;
	const char *reason;
	int64_t now;
};

/* Between two attempts: a server that asks for patience wants some minutes (RFC 5321, 4.5.4.1). */
static int64_t pause_after(int64_t attempts)
{
	static const int minutes[] = {1, 5, 15, 30, 60};
	size_t most = sizeof(minutes) / sizeof(*minutes);
	size_t at = attempts > 0 ? (size_t)attempts - 1 : 0;
	return minutes[at < most ? at : most - 1] * MINUTE;
}

static int note_end(struct store *store, void *context, struct problem *why)
{
	const struct end *e = context;
	int64_t next = e->now + pause_after(e->mail->attempts);
	bool is_late = next > e->mail->created_at + GIVEN_UP;
	if (e->outcome == MAIL_SENT)
		return q_mail_sent(store, e->mail->id, e->now, why);
	if (e->outcome == MAIL_REFUSED || is_late)
		return q_mail_given_up(store, e->mail->id, e->now, e->reason, why);
	return q_mail_later(store, e->mail->id, next, e->reason, why);
}

int mail_end(struct store *store, const struct mail *mail, enum mail_outcome outcome,
	     const char *reason, struct problem *why)
{
	struct end e = {.mail = mail, .outcome = outcome, .reason = reason, .now = clock_now()};
	return store_write(store, note_end, &e, why) < 0 ? -1 : 0;
}

static int release(struct store *store, void *context, struct problem *why)
{
	const int64_t *instance = context;
	return q_mails_release(store, *instance, why);
}

int mails_release(struct store *store, int64_t instance, struct problem *why)
{
	return store_write(store, release, &instance, why) < 0 ? -1 : 0;
}
