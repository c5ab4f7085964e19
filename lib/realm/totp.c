/* Second factors: see totp.h. */
#include "realm/totp.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <oath.h>
#include <sodium.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "realm/account_changed.h"
#include "realm/attempts.h"
#include "realm/audit.h"
#include "realm/codes.h"
#include "realm/session.h"
#include "store/queries.h"

#define SECRET_BYTES 20 /* as RFC 4226 recommends for SHA-1 */
#define DIGITS 6
#define STEP 30 /* seconds */
#define RECOVERY 10
#define WRONG 10 /* codes within an hour */
#define WITHIN (3600 * CLOCK_SECOND)

static const struct property status_properties[] = {
	PROPERTY("is_on", BOOL, .help = "Whether a login wants a code."),
	PROPERTY("recovery_codes", INT, .help = "How many have not been used."),
};
const struct shape totp_status_shape = SHAPE("TotpStatus", status_properties);

static const struct property totp_properties[] = {
	PROPERTY("secret", TEXT, .help = "In base32, to be typed."),
	PROPERTY("uri", TEXT, .help = "The same for a QR code: otpauth://…"),
};
const struct shape totp_shape = SHAPE("Totp", totp_properties);

static const struct property recovery_properties[] = {
	PROPERTY("recovery_codes", TEXTS, .help = "Each replaces one code, once. Keep them safe."),
};
const struct shape recovery_shape = SHAPE("RecoveryCodes", recovery_properties);

struct factor {
	bool found, is_confirmed;
	int64_t last_step;
	char secret[SECRET_BYTES];
};

static int take_factor(const struct q_totp_of *row, void *context, struct problem *why)
{
	struct factor *factor = context;
	(void)why;
	factor->found = true;
	factor->is_confirmed = row->is_confirmed;
	factor->last_step = row->last_step;
	memcpy(factor->secret, row->secret.bytes, sizeof(factor->secret));
	return 1;
}

static int factor_of(struct store *store, int64_t user_id, struct factor *factor_r,
		     struct problem *why)
{
	*factor_r = (struct factor){0};
	return q_totp_of(store, user_id, take_factor, factor_r, why);
}

int totp_active(struct store *store, int64_t user_id, struct problem *why)
{
	struct factor factor;
	TRY(factor_of(store, user_id, &factor, why));
	sodium_memzero(factor.secret, sizeof(factor.secret));
	return factor.is_confirmed;
}

/* The step whose code it is, of the one now and its neighbours, if it is after the last one; or 0.
 */
static int64_t step_of(const struct factor *factor, const char *code)
{
	int64_t now = clock_now() / CLOCK_SECOND / STEP;
	for (int64_t step = now - 1; step <= now + 1; step++) {
		char right[DIGITS + 1];
		if (step > factor->last_step && strlen(code) == DIGITS &&
		    oath_totp_generate(factor->secret, sizeof(factor->secret),
				       (time_t)(step * STEP), STEP, 0, DIGITS, right) == OATH_OK &&
		    sodium_memcmp(right, code, DIGITS) == 0)
			return step;
	}
	return 0;
}

struct proof {
	int64_t user_id;
	const char *code;
};

static int use_code(struct store *store, void *context, struct problem *why)
{
	const struct proof *proof = context;
	struct factor factor;
	unsigned char hash[CODE_HASH];
	TRY(factor_of(store, proof->user_id, &factor, why));
	int64_t step = factor.found ? step_of(&factor, proof->code) : 0;
	sodium_memzero(factor.secret, sizeof(factor.secret));
	if (step)
		return q_totp_use(store, proof->user_id, step, why);
	code_hash(proof->code, hash);
	int used = q_totp_recovery_use(store, proof->user_id, hash, sizeof(hash), why);
	return used == 0 ? problem_say(why, PROBLEM_TOTP_REQUIRED,
				       "This code is wrong or has been used")
			 : used;
}

int totp_check(struct arena *arena, struct store *store, int64_t user_id, const char *code,
	       struct problem *why)
{
	struct proof proof = {user_id, code};
	const char *who = arena_printf(arena, "%" PRId64, user_id);
	int active = totp_active(store, user_id, why);
	if (active <= 0)
		return active;
	if (!code)
		return problem_set(why, PROBLEM_TOTP_REQUIRED);
	TRY(attempt_count(store, "totp", who, WRONG, WITHIN, why));
	TRY(store_write(store, use_code, &proof, why));
	return attempts_end(store, "totp", who, why);
}

int totp_show(struct store *store, int64_t user_id, struct buf *out, struct problem *why)
{
	int found = q_totp_status(store, user_id, out, why);
	return found == 0 ? problem_set(why, PROBLEM_USER_NOT_FOUND) : found;
}

/* --- on and off ------------------------------------------------------------------------------- */

struct beginning {
	int64_t user_id;
	char secret[SECRET_BYTES];
};

static int put_secret(struct store *store, void *context, struct problem *why)
{
	const struct beginning *b = context;
	int made = q_totp_begin(store, b->user_id, b->secret, sizeof(b->secret), why);
	return made == 0 ? problem_set(why, PROBLEM_TOTP_ACTIVE) : made;
}

int totp_begin(struct arena *arena, struct store *store, const struct session *session,
	       struct buf *out, struct problem *why)
{
	struct beginning b = {.user_id = session->user_id};
	char *base32 = NULL;
	randombytes_buf(b.secret, sizeof(b.secret));
	TRY(store_write(store, put_secret, &b, why));
	if (oath_base32_encode(b.secret, sizeof(b.secret), &base32, NULL) != OATH_OK)
		return problem_set(why, PROBLEM_INTERNAL);
	const char *text = arena_strdup(arena, base32);
	free(base32);
	jw_open(out, '{');
	jw_kv_text(out, "secret", text);
	jw_kv_text(out, "uri",
		   arena_printf(arena, "otpauth://totp/AEON:%s?secret=%s&issuer=AEON",
				session->username, text));
	jw_close(out, '}');
	sodium_memzero(b.secret, sizeof(b.secret));
	return 0;
}

struct confirming {
	const struct session *session;
	const char *code;
	char recovery[RECOVERY][CODE_TEXT];
};

static int confirm(struct store *store, void *context, struct problem *why)
{
	struct confirming *c = context;
	int64_t user_id = c->session->user_id;
	struct proof proof = {user_id, c->code};
	unsigned char hash[CODE_HASH];
	int active = totp_active(store, user_id, why);
	if (active != 0)
		return active < 0 ? -1 : problem_set(why, PROBLEM_TOTP_ACTIVE);
	TRY(use_code(store, &proof, why));
	TRY(q_totp_confirm(store, user_id, why));
	TRY(q_totp_recovery_delete(store, user_id, why));
	for (int i = 0; i < RECOVERY; i++) {
		code_hash(c->recovery[i], hash);
		TRY(q_totp_recovery_put(store, user_id, hash, sizeof(hash), why));
	}
	TRY(audit_user(store, c->session, AUDIT_TOTP_ON, user_id, NULL, why));
	return account_tell(store, user_id, ACCOUNT_SECOND_FACTOR, 0, false, why);
}

int totp_confirm(struct arena *arena, struct store *store, const struct session *session,
		 const char *code, struct buf *out, struct problem *why)
{
	struct confirming c = {.session = session, .code = code};
	const char *texts[RECOVERY], *who = arena_printf(arena, "%" PRId64, session->user_id);
	for (int i = 0; i < RECOVERY; i++) {
		code_make(c.recovery[i]);
		texts[i] = c.recovery[i];
	}
	TRY(attempt_count(store, "totp", who, WRONG, WITHIN, why));
	TRY(store_write(store, confirm, &c, why));
	TRY(attempts_end(store, "totp", who, why));
	jw_open(out, '{');
	jw_key(out, "recovery_codes"), jw_texts(out, texts, RECOVERY);
	jw_close(out, '}');
	return 0;
}

struct ending {
	const struct session *by;
	int64_t user_id;
};

static int end(struct store *store, void *context, struct problem *why)
{
	const struct ending *e = context;
	TRY(q_totp_recovery_delete(store, e->user_id, why));
	TRY(q_totp_delete(store, e->user_id, why));
	TRY(audit_user(store, e->by, AUDIT_TOTP_OFF, e->user_id, NULL, why));
	return account_tell(store, e->user_id, ACCOUNT_SECOND_FACTOR, 0, true, why);
}

int totp_end(struct store *store, const struct session *by, int64_t user_id, struct problem *why)
{
	struct ending e = {by, user_id};
	return store_write(store, end, &e, why);
}
