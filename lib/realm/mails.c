/* Mails that wait: see mails.h. */
#include "realm/mails.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "realm/digest.h"
#include "realm/mail_settings.h"
#include "realm/realm.h"
#include "store/queries.h"

#define MINUTE (60 * CLOCK_SECOND)
#define GIVEN_UP (24 * 60 * MINUTE) /* so long after it was queued */
#define DETAIL 200                  /* code points */
#define LOOKS 50                    /* at digests, for one that has something to say */
#define LATER (30 * MINUTE)         /* until the next look, while the user is connected */

static const struct {
	const char *name;
	int most; /* within a day */
	int64_t code_lasts;
	int64_t pause; /* at least, between two attempts */
} kinds[MAIL_KIND__COUNT] = {
	[MAIL_ADDRESS] = {"address", 5, 24 * 60 * MINUTE, 0},
	[MAIL_PASSWORD] = {"password", 5, 60 * MINUTE, 0},
	[MAIL_DEVICE] = {"device", 10, 0, 0},
	[MAIL_DIGEST] = {"digest", 0, 0, DIGEST_PAUSE},
};

static const struct property exported_mail_properties[] = {
	PROPERTY("kind", TEXT, .help = "address, password, device or digest."),
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
	int found = q_mail_claim(c->arena, store, c->instance, c->now, c->now + c->lease_us,
				 c->now + DIGEST_PAUSE, &row, why);
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
	if (c->mail->kind == MAIL_DIGEST)
		TRY(digest_token_make(c->arena, store, row.user, &c->mail->token, why));
	return 1;
}

struct dropping {
	int64_t mail, later; /* 0: it is dropped for good */
};

static int drop(struct store *store, void *context, struct problem *why)
{
	const struct dropping *d = context;
	return d->later ? q_mail_put_back(store, d->mail, d->later, why)
			: q_mail_drop(store, d->mail, why);
}

/* Whether the digest has something to say now. */
static int fill_digest(struct store *store, const struct claim *c, struct problem *why)
{
	struct dropping d = {.mail = c->mail->id};
	int state = digest_read(c->arena, store, c->mail->user_id, c->now, &c->mail->detail, why);
	if (state < 0 || state == DIGEST_READY)
		return state < 0 ? -1 : 1;
	if (state == DIGEST_LATER)
		d.later = c->now + LATER;
	return store_write_unsynced(store, drop, &d, why) < 0 ? -1 : 0;
}

int mail_claim(struct arena *arena, struct store *store, int64_t instance, int64_t lease_us,
	       struct mail *mail_r, struct problem *why)
{
	struct claim c = {.arena = arena,
			  .instance = instance,
			  .now = clock_now(),
			  .lease_us = lease_us,
			  .mail = mail_r};
	for (int i = 0; i < LOOKS; i++) {
		int found = q_mail_waits(store, c.now, why);
		if (found > 0)
			found = store_write(store, claim, &c, why);
		if (found <= 0 || mail_r->kind != MAIL_DIGEST)
			return found;
		found = fill_digest(store, &c, why);
		if (found != 0)
			return found;
	}
	return 0;
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
	int64_t pause = pause_after(e->mail->attempts), least = kinds[e->mail->kind].pause;
	int64_t next = e->now + (pause > least ? pause : least);
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
