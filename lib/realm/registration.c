/* Registration: see registration.h. */
#include "realm/registration.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/ip.h"
#include "base/json_out.h"
#include "base/utf8.h"
#include "realm/attempts.h"
#include "realm/audit.h"
#include "realm/erase.h"
#include "realm/events.h"
#include "realm/invites.h"
#include "realm/mails.h"
#include "realm/new_password.h"
#include "realm/password.h"
#include "realm/session.h"
#include "realm/users.h"
#include "store/queries.h"

#define SETUP_CODE "setup_code" /* key of realm_meta: the hash of the code, in hex */
#define HASH_HEX (2 * CODE_HASH + 1)

#define TAKEN_MOST 20 /* names and addresses of others that a network may try within an hour */
#define TAKEN_WITHIN (3600 * CLOCK_SECOND)
#define LOOPBACK "127.0.0.0/8 ::1"
#define PENDING_MOST 1000 /* accounts that wait for approval */

static const struct field new_rows[] = {
	FIELD(struct user_new, username, TEXT, .required = true, .min = 3, .max = 50,
	      .pattern = "^[A-Za-z0-9_.-]+$",
	      .help = "Unique; upper and lower case count as equal."),
	FIELD(struct user_new, email, TEXT, .required = true, .min = 3, .max = 255,
	      .pattern = EMAIL_PATTERN, .wrong = EMAIL_WRONG,
	      .help = "Unique; only the user, owners and admins see it."),
	FIELD(struct user_new, password, TEXT, .required = true, .secret = true, .min = 8,
	      .max = 128, .help = "Password for logins. Only its hash is stored."),
	FIELD(struct user_new, full_name, TEXT, .max = 100, .line = true,
	      .help = "Full name in the profile."),
	FIELD(struct user_new, bio, TEXT, .max = 500,
	      .help = "Short text about the user in the profile."),
	FIELD(struct user_new, invite_code, TEXT, .secret = true, .max = 100,
	      .help = "Code of an invitation, where the realm asks for one."),
	FIELD(struct user_new, setup_code, TEXT, .secret = true, .max = 100,
	      .help = "Code that makes the first owner of the realm."),
};
const struct fields user_new_fields = FIELDS(struct user_new, new_rows);

/* --- the first owner -------------------------------------------------------------------------- */

int owner_exists(struct store *store, struct problem *why)
{
	return q_owner_exists(store, why);
}

static void setup_hash(const char *code, char hex[HASH_HEX])
{
	unsigned char hash[CODE_HASH];
	code_hash(code, hash);
	sodium_bin2hex(hex, HASH_HEX, hash, sizeof(hash));
}

static int put_setup_code(struct store *store, void *context, struct problem *why)
{
	char hex[HASH_HEX];
	int exists = owner_exists(store, why);
	if (exists != 0)
		return exists < 0 ? -1 : 0;
	setup_hash(context, hex);
	TRY(q_meta_put(store, SETUP_CODE, hex, why));
	return 1;
}

int setup_code_make(struct store *store, char code_r[CODE_TEXT], struct problem *why)
{
	code_make(code_r);
	return store_write(store, put_setup_code, code_r, why);
}

static int check_setup_code(struct store *store, const char *code, struct problem *why)
{
	char hex[HASH_HEX];
	setup_hash(code, hex);
	int valid = q_setup_code_valid(store, SETUP_CODE, hex, why);
	return valid == 0 ? problem_set(why, PROBLEM_SETUP_CODE_INVALID) : valid;
}

struct claim {
	const struct session *session;
	const char *code;
};

static int claim_realm(struct store *store, void *context, struct problem *why)
{
	const struct claim *claim = context;
	TRY(check_setup_code(store, claim->code, why));
	TRY(q_meta_delete(store, SETUP_CODE, why));
	return user_set_role(store, claim->session, claim->session->user_id, "owner", why);
}

int setup_code_claim(struct store *store, const struct session *session, const char *code,
		     struct problem *why)
{
	struct claim claim = {session, code};
	return store_write(store, claim_realm, &claim, why);
}

/* --- registering ------------------------------------------------------------------------------ */

struct registration {
	struct arena *arena;
	const struct user_new *input;
	enum registration_mode mode;
	int64_t most_per_network;
	const struct caller *caller; /* NULL: the operator */
	const char *email_key;
	char hash[PASSWORD_HASH];

	/* Set by admit(). */
	const char *role;
	bool pending;
	struct invite invite;

	int64_t id;
};

/* Where everybody may register, a code that has ended refuses nobody. */
static int find_invite(struct store *store, struct registration *r, struct problem *why)
{
	struct problem invalid = {0};
	if (invite_check(r->arena, store, r->input->invite_code, &r->invite, &invalid) == 0 ||
	    invalid.code == PROBLEM_INVITE_INVALID)
		return 0;
	*why = invalid;
	return -1;
}

static int admit_by_mode(struct store *store, struct registration *r, struct problem *why)
{
	const char *code = r->input->invite_code;
	int64_t waiting;
	if (r->mode == REGISTRATION_CLOSED)
		return problem_set(why, PROBLEM_REGISTRATION_CLOSED);
	if (r->mode == REGISTRATION_OPEN)
		return code ? find_invite(store, r, why) : 0;
	if (code || r->mode == REGISTRATION_INVITE)
		return invite_check(r->arena, store, code, &r->invite, why);
	TRY(q_users_pending_count(store, PENDING_MOST, &waiting, why));
	if (waiting >= PENDING_MOST)
		return problem_say(why, PROBLEM_REGISTRATION_CLOSED,
				   "Too many accounts wait for approval. Try again another day.");
	r->pending = true;
	return 0;
}

/* Decides how the user may come in, without changing anything. */
static int admit(struct store *store, struct registration *r, struct problem *why)
{
	if (!r->caller)
		return 0;
	r->role = "user";
	r->pending = false;
	r->invite = (struct invite){0};
	if (!r->input->setup_code)
		return admit_by_mode(store, r, why);
	TRY(check_setup_code(store, r->input->setup_code, why));
	r->role = "owner";
	return 0;
}

static const struct property pending_properties[] = {
	PROPERTY("user_id", INT),
	PROPERTY("username", TEXT),
	PROPERTY("full_name", TEXT, .nullable = true),
};
const struct shape registration_pending_shape = SHAPE("RegistrationPending", pending_properties);

struct notification {
	struct store *store;
	struct event event;
};

static int tell_administrator(int64_t user, void *context, struct problem *why)
{
	struct notification *n = context;
	n->event.user_id = user;
	return event_append(n->store, &n->event, why);
}

static int tell_administrators(struct store *store, const struct registration *r,
			       struct problem *why)
{
	struct buf *data = buf_in(r->arena);
	jw_open(data, '{');
	jw_kv_int(data, "user_id", r->id);
	jw_kv_text(data, "username", r->input->username);
	jw_kv_text(data, "full_name", r->input->full_name);
	jw_close(data, '}');
	struct notification n = {.store = store,
				 .event = {.kind = EVENT_REGISTRATION_PENDING,
					   .other_id = r->id,
					   .data = data->data,
					   .data_bytes = data->len}};
	return q_administrators(store, tell_administrator, &n, why);
}

/* A registration in the mode `open` is not in the log. */
static int note_registration(struct store *store, const struct registration *r, struct problem *why)
{
	char how[40];
	bool owner = strcmp(r->role, "owner") == 0;
	const struct session self = {.user_id = r->caller ? r->id : 0, .caller = r->caller};
	if (r->caller && !r->invite.id && !owner)
		return 0;
	snprintf(how, sizeof(how), "invite %" PRId64, r->invite.id);
	return audit_user(store, &self, AUDIT_REGISTERED, r->id, r->invite.id ? how : r->role, why);
}

static int insert_user(struct store *store, void *context, struct problem *why)
{
	struct registration *r = context;
	TRY(admit(store, r, why));
	TRY(user_check_free(store, r->input->username, r->email_key, 0, why));
	TRY(q_user_insert(store, r->input->username, r->input->email, r->email_key, r->hash,
			  r->input->full_name, r->input->bio, r->role, r->pending, clock_now(),
			  &r->id, why));
	if (strcmp(r->role, "owner") == 0)
		TRY(q_meta_delete(store, SETUP_CODE, why));
	if (r->invite.id)
		TRY(invite_use(r->arena, store, &r->invite, r->id, why));
	if (r->caller)
		TRY(mail_queue(store, r->id, MAIL_ADDRESS, NULL, why));
	if (r->pending)
		TRY(tell_administrators(store, r, why));
	return note_registration(store, r, why);
}

/* Refuses a name or address that is taken, and counts it against the network. */
static int check_taken(struct store *store, const struct registration *r, struct problem *why)
{
	int taken = user_check_free(store, r->input->username, r->email_key, 0, why);
	struct problem limit = {0};
	if (taken == 0 || !r->caller || why->code == PROBLEM_STORE_FAILED)
		return taken;
	if (attempt_count(store, "taken", r->caller->network, TAKEN_MOST, TAKEN_WITHIN, &limit) < 0)
		*why = limit;
	return -1;
}

/* A registration counts before its hash, which costs time, also when it fails. */
static int count_registration(struct store *store, const struct registration *r,
			      struct problem *why)
{
	const struct caller *caller = r->caller;
	struct ip ip;
	if (!caller || !*caller->network || r->most_per_network == 0 || r->invite.id ||
	    strcmp(r->role, "user") != 0)
		return 0;
	if (ip_parse(caller->address, strlen(caller->address), &ip) && ip_is_in(&ip, LOOPBACK))
		return 0;
	return attempt_count(store, "register", caller->network, r->most_per_network, CLOCK_DAY,
			     why);
}

static int run_registration(struct store *store, struct registration *r, struct problem *why)
{
	const struct user_new *input = r->input;
	r->email_key = utf8_key(r->arena, input->email);
	TRY(email_check(r->arena, r->email_key, why));
	TRY(new_password_check(r->arena, "password", input->password, input->username, input->email,
			       why));
	/* Once before the hash, which costs time, and once under the write lock, which decides. */
	TRY(admit(store, r, why));
	TRY(check_taken(store, r, why));
	TRY(count_registration(store, r, why));
	TRY(password_hash(input->password, r->hash, why));
	return store_write(store, insert_user, r, why);
}

int user_register(struct arena *arena, struct store *store, const struct settings *settings,
		  const struct caller *caller, const struct user_new *input, int64_t *id_r,
		  struct problem *why)
{
	struct registration r = {.arena = arena,
				 .input = input,
				 .mode = (enum registration_mode)settings->registration,
				 .most_per_network = settings->registrations_per_network,
				 .caller = caller};
	TRY(run_registration(store, &r, why));
	*id_r = r.id;
	return 0;
}

int user_add(struct arena *arena, struct store *store, const struct user_new *input,
	     const char *role, int64_t *id_r, struct problem *why)
{
	struct registration r = {.arena = arena, .input = input, .role = role};
	TRY(run_registration(store, &r, why));
	*id_r = r.id;
	return 0;
}

/* --- accounts that wait for approval ---------------------------------------------------------- */

int users_pending(struct store *store, const struct session *viewer, struct page *page,
		  struct buf *out, struct problem *why)
{
	if (!is_administrator(viewer))
		return problem_set(why, PROBLEM_FORBIDDEN);
	return q_users_pending_list(store, viewer->user_id, page_int(page), page_limit(page), page,
				    out, why);
}

struct decision {
	struct arena *arena;
	const struct session *by;
	int64_t user_id;
	int64_t before; /* accounts that have waited since before then expire */
};

static int approve(struct store *store, void *context, struct problem *why)
{
	const struct decision *d = context;
	int changed = q_user_approve(store, d->user_id, clock_now(), why);
	if (changed <= 0)
		return changed < 0 ? -1 : problem_set(why, PROBLEM_USER_NOT_FOUND);
	return audit_user(store, d->by, AUDIT_APPROVED, d->user_id, NULL, why);
}

int user_approve(struct store *store, const struct session *by, int64_t user_id,
		 struct problem *why)
{
	struct decision d = {.by = by, .user_id = user_id};
	if (!is_administrator(by))
		return problem_set(why, PROBLEM_FORBIDDEN);
	return store_write(store, approve, &d, why);
}

static int reject(struct store *store, void *context, struct problem *why)
{
	const struct decision *d = context;
	int pending = q_user_is_pending(store, d->user_id, why);
	if (pending <= 0)
		return pending < 0 ? -1 : problem_set(why, PROBLEM_USER_NOT_FOUND);
	return user_erase(d->arena, store, d->by, d->user_id, why);
}

int user_reject(struct arena *arena, struct store *store, const struct session *by, int64_t user_id,
		struct problem *why)
{
	struct decision d = {.arena = arena, .by = by, .user_id = user_id};
	if (!is_administrator(by))
		return problem_set(why, PROBLEM_FORBIDDEN);
	return store_write(store, reject, &d, why);
}

static int expire(struct store *store, void *context, struct problem *why)
{
	const struct session nobody = {0};
	struct decision *d = context;
	int found = q_user_pending_expired(store, d->before, &d->user_id, why);
	if (found > 0)
		TRY(user_erase(d->arena, store, &nobody, d->user_id, why));
	return found;
}

int registration_expire(struct store *store, int64_t before, struct problem *why)
{
	struct decision d = {.arena = arena_new(), .before = before};
	int result = store_write_unsynced(store, expire, &d, why);
	arena_free(&d.arena);
	return result;
}
