/* Codes for addresses and new passwords: see recovery.h. */
#include "realm/recovery.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/utf8.h"
#include "realm/attempts.h"
#include "realm/audit.h"
#include "realm/caller.h"
#include "realm/codes.h"
#include "realm/mail_settings.h"
#include "realm/mails.h"
#include "realm/new_password.h"
#include "realm/sessions.h"
#include "store/queries.h"

#define HOUR (3600 * CLOCK_SECOND)
#define ASKED_MOST 10 /* by one network, within an hour */
#define SHOWN_MOST 30 /* codes by one network, within an hour; each has 100 random bits */
#define ADDRESS "address"
#define PASSWORD "password"

static const struct field forgotten_rows[] = {
	FIELD(struct forgotten, email, TEXT, .required = true, .min = 3, .max = 255,
	      .help = "Address of the account."),
};
const struct fields forgotten_fields = FIELDS(struct forgotten, forgotten_rows);

static const struct field code_shown_rows[] = {
	FIELD(struct code_shown, code, TEXT, .required = true, .secret = true, .max = 100,
	      .help = "The code of the mail."),
};
const struct fields code_shown_fields = FIELDS(struct code_shown, code_shown_rows);

static const struct field recovery_rows[] = {
	FIELD(struct recovery, code, TEXT, .required = true, .secret = true, .max = 100,
	      .help = "The code of the mail, or the one that an administrator has made."),
	FIELD(struct recovery, password, TEXT, .required = true, .secret = true, .min = 8,
	      .max = 128, .help = "The new password."),
};
const struct fields recovery_fields = FIELDS(struct recovery, recovery_rows);

static const struct property password_code_properties[] = {
	PROPERTY("user_id", INT),
	PROPERTY("code", TEXT, .help = "It is shown only now."),
	PROPERTY("expires_at", TIME),
};
const struct shape password_code_shape = SHAPE("PasswordCode", password_code_properties);

/* --- asking ----------------------------------------------------------------------------------- */

static int queue_for_address(struct store *store, void *context, struct problem *why)
{
	int64_t user;
	int found = q_user_of_verified_address(store, context, &user, why);
	return found > 0 ? mail_queue(store, user, MAIL_PASSWORD, NULL, why) : found;
}

int recovery_ask(struct arena *arena, struct store *store, const struct caller *caller,
		 const struct forgotten *input, struct problem *why)
{
	TRY(mail_check_server(store, why));
	TRY(attempt_count(store, "forgotten", caller->network, ASKED_MOST, HOUR, why));
	/* Unsynced in any case: the time of a sync would tell whether there is an account. */
	char *key = arena_strdup(arena, utf8_key(arena, input->email));
	return store_write_unsynced(store, queue_for_address, key, why);
}

static int queue_address(struct store *store, void *context, struct problem *why)
{
	const struct session *session = context;
	return mail_queue(store, session->user_id, MAIL_ADDRESS, NULL, why);
}

int address_ask(struct store *store, const struct session *session, struct problem *why)
{
	struct session asking = *session;
	TRY(mail_check_server(store, why));
	return store_write(store, queue_address, &asking, why);
}

/* --- a code from an administrator ------------------------------------------------------------- */

struct grant {
	const struct session *by;
	int64_t user_id, expires_at;
	const char *code;
};

static int grant(struct store *store, void *context, struct problem *why)
{
	const struct grant *g = context;
	unsigned char hash[CODE_HASH];
	bool allowed;
	int found = q_account_code_allowed(store, g->by->user_id, g->user_id, &allowed, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_USER_NOT_FOUND);
	if (!allowed)
		return problem_set(why, PROBLEM_FORBIDDEN);
	code_hash(g->code, hash);
	TRY(q_account_code_put(store, g->user_id, PASSWORD, hash, sizeof(hash), g->expires_at,
			       why));
	return audit_user(store, g->by, AUDIT_PASSWORD_RESET, g->user_id, NULL, why);
}

int recovery_grant(struct store *store, const struct session *by, int64_t user_id, struct buf *out,
		   struct problem *why)
{
	char code[CODE_TEXT];
	struct grant g = {by, user_id, clock_now() + CLOCK_DAY, code};
	if (!is_administrator(by))
		return problem_set(why, PROBLEM_FORBIDDEN);
	code_make(code);
	TRY(store_write(store, grant, &g, why));
	jw_open(out, '{');
	jw_key(out, "user_id"), jw_int(out, user_id);
	jw_kv_text(out, "code", code);
	jw_key(out, "expires_at"), jw_time(out, g.expires_at);
	jw_close(out, '}');
	return 0;
}

/* --- showing a code --------------------------------------------------------------------------- */

int recovery_prepare(struct arena *arena, struct store *store, const struct caller *caller,
		     const struct recovery *input, struct new_password **password_r,
		     struct problem *why)
{
	struct q_account_code_user user;
	unsigned char hash[CODE_HASH];
	struct new_password *password = *password_r = arena_alloc(arena, sizeof(*password));
	TRY(attempt_count(store, "code", caller->network, SHOWN_MOST, HOUR, why));
	code_hash(input->code, hash);
	int found = q_account_code_user(arena, store, hash, sizeof(hash), PASSWORD, clock_now(),
					&user, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_CODE_INVALID);
	TRY(new_password_check(arena, "password", input->password, user.username, user.email, why));
	return password_hash(input->password, password->hash, why);
}

/* A code that is shown; `hash` is of the new password. */
struct showing {
	const struct caller *caller;
	const char *code, *purpose, *hash;
};

static int take_code(struct store *store, const struct showing *s, int64_t *user_r,
		     struct problem *why)
{
	unsigned char hash[CODE_HASH];
	code_hash(s->code, hash);
	int found = q_account_code_take(store, hash, sizeof(hash), s->purpose, clock_now(), user_r,
					why);
	return found == 0 ? problem_set(why, PROBLEM_CODE_INVALID) : found;
}

static int set_password(struct store *store, void *context, struct problem *why)
{
	const struct showing *s = context;
	struct session self = {.caller = s->caller};
	TRY(take_code(store, s, &self.user_id, why));
	TRY(q_user_set_password(store, self.user_id, s->hash, clock_now(), why));
	TRY(q_sessions_delete_of_user(store, self.user_id, why));
	TRY(audit_user(store, &self, AUDIT_PASSWORD_CHANGED, self.user_id, "by a code", why));
	return sessions_say_ended(store, self.user_id, why);
}

int recovery_run(struct store *store, const struct caller *caller, const struct recovery *input,
		 const struct new_password *password, struct problem *why)
{
	struct showing s = {caller, input->code, PASSWORD, password->hash};
	return store_write(store, set_password, &s, why);
}

static int verify(struct store *store, void *context, struct problem *why)
{
	const struct showing *s = context;
	struct session self = {.caller = s->caller};
	TRY(take_code(store, s, &self.user_id, why));
	TRY(q_address_verified(store, self.user_id, clock_now(), why));
	return audit_user(store, &self, AUDIT_EMAIL_VERIFIED, self.user_id, NULL, why);
}

int address_verify(struct store *store, const struct caller *caller, const struct code_shown *input,
		   struct problem *why)
{
	struct showing s = {caller, input->code, ADDRESS, NULL};
	TRY(attempt_count(store, "code", caller->network, SHOWN_MOST, HOUR, why));
	return store_write(store, verify, &s, why);
}
