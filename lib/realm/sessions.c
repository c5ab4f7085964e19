/* Logins and tokens: see sessions.h. */
#include "realm/sessions.h"

#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "realm/account_changed.h"
#include "realm/audit.h"
#include "realm/events.h"
#include "realm/guess.h"
#include "realm/mails.h"
#include "realm/presence.h"
#include "realm/totp.h"
#include "store/queries.h"

#define TOKEN_BYTES 32
#define TICKETS 100 /* unused tickets of one session */

static const struct field login_rows[] = {
	FIELD(struct login, username, TEXT, .required = true, .min = 1, .max = 255,
	      .help = "Username or email."),
	FIELD(struct login, password, TEXT, .required = true, .secret = true, .min = 1, .max = 128,
	      .help = "The user's password."),
	FIELD(struct login, totp, TEXT, .secret = true, .max = 40,
	      .help = "The code of the authenticator, or a recovery code, of a user with a second "
		      "factor."),
	FIELD(struct login, cookie, BOOL,
	      .help = "Put the token into a cookie that no script can read, and not into the "
		      "answer. Only for pages of the realm itself."),
};
const struct fields login_fields = FIELDS(struct login, login_rows);

/* The hash of no password, verified when there is no account, so that the answer takes as long. */
static const char nobodys_hash[] = "$argon2id$v=19$m=19456,t=2,p=1$8m8iTBT9vlCAIYvDF5KtI"
				   "w$NvWoq7Etem0M5ZUCDGxO1Je9Nr1kyzWbE6NUHc6f6EM";

const struct session operator_session = {.username = "operator", .role = "owner"};

static void make_token(char text[TOKEN_TEXT])
{
	unsigned char random[TOKEN_BYTES];
	randombytes_buf(random, sizeof(random));
	sodium_bin2base64(text, TOKEN_TEXT, random, sizeof(random),
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(random, sizeof(random));
}

static void hash_token(const char *token, unsigned char hash[crypto_hash_sha256_BYTES])
{
	crypto_hash_sha256(hash, (const unsigned char *)token, strlen(token));
}

struct opening {
	const char *client, *password_hash;
	const struct session *session;
	int64_t now;
	struct token *token;
	struct arena *arena;
};

/* As much of the reason as the answer has room for. */
static int refuse_suspended(const struct q_user_suspension *suspension, struct problem *why)
{
	char until[CLOCK_TEXT + 8] = "";
	if (suspension->until) {
		memcpy(until, " until ", 7);
		clock_text(suspension->until, until + 7);
	}
	const char *reason = suspension->reason;
	size_t bytes = utf8_prefix(reason, strlen(reason), 40);
	while (reason[bytes] && bytes + strlen(until) < sizeof(why->detail) - 60)
		bytes += utf8_prefix(reason + bytes, strlen(reason + bytes), 1);
	return problem_say(why, PROBLEM_SUSPENDED, "The account is suspended%s. Reason: %.*s",
			   until, (int)bytes, reason);
}

/* Before the network is remembered. */
static int tell_of_device(struct store *store, const struct opening *o, struct problem *why)
{
	const struct session *session = o->session;
	const char *network = session->caller->network;
	int elsewhere =
		*network ? q_login_is_from_elsewhere(store, session->user_id, network, why) : 0;
	return elsewhere > 0 ? mail_queue(store, session->user_id, MAIL_DEVICE, o->client, why)
			     : elsewhere;
}

static int insert_session(struct store *store, void *context, struct problem *why)
{
	struct opening *o = context;
	unsigned char hash[crypto_hash_sha256_BYTES];
	hash_token(o->token->text, hash);
	struct q_user_suspension suspension;
	int suspended =
		q_user_suspension(o->arena, store, o->session->user_id, o->now, &suspension, why);
	if (suspended != 0)
		return suspended < 0 ? -1 : refuse_suspended(&suspension, why);
	TRY(q_sessions_delete_expired(store, o->now, why));
	int made = q_session_insert(store, hash, sizeof(hash), o->session->user_id, o->client,
				    o->now, o->token->expires_at, o->password_hash, why);
	if (made <= 0)
		return made < 0 ? -1 : problem_set(why, PROBLEM_LOGIN_FAILED);
	TRY(tell_of_device(store, o, why));
	TRY(guess_remember_network(store, o->session->user_id, o->session->caller, why));
	TRY(account_tell(store, o->session->user_id, ACCOUNT_SESSIONS, 0, false, why));
	return audit_user(store, o->session, AUDIT_LOGIN, o->session->user_id, NULL, why);
}

int session_open(struct arena *arena, struct store *store, const struct login *login,
		 const struct caller *caller, int64_t lifetime_us, struct token *token_r,
		 struct problem *why)
{
	int64_t now = clock_now();
	struct q_login_account account = {.password_hash = nobodys_hash};
	TRY(q_login_account(arena, store, login->username, utf8_key(arena, login->username),
			    &account, why));
	struct guess guess = {.name = login->username, .user_id = account.user, .caller = caller};
	int right =
		guess_password(arena, store, &guess, login->password, account.password_hash, why);
	TRY(right);
	if (!right || (!account.is_active && !account.pending))
		return problem_set(why, PROBLEM_LOGIN_FAILED);
	if (account.pending)
		return problem_set(why, PROBLEM_APPROVAL_PENDING);
	TRY(totp_check(arena, store, account.user, login->totp, why));

	make_token(token_r->text);
	token_r->expires_at = now + lifetime_us;
	const struct session session = {.user_id = account.user, .caller = caller};
	struct opening opening = {.client = caller->client,
				  .password_hash = account.password_hash,
				  .session = &session,
				  .now = now,
				  .token = token_r,
				  .arena = arena};
	TRY(store_write(store, insert_session, &opening, why));
	return 0;
}

/* Sets the session: 1. PROBLEM_TOKEN_INVALID when none was found. */
static int session_found(int found, const struct q_session_by_hash *row, struct session *session_r,
			 struct problem *why)
{
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_TOKEN_INVALID);
	*session_r = (struct session){.id = row->id,
				      .user_id = row->user,
				      .username = row->username,
				      .role = row->role,
				      .created_at = row->created_at,
				      .expires_at = row->expires_at};
	return 1;
}

static bool is_token(const char *text)
{
	return strlen(text) == TOKEN_TEXT - 1;
}

int session_find(struct arena *arena, struct store *store, const char *token,
		 struct session *session_r, struct problem *why)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	struct q_session_by_hash row;
	if (!is_token(token))
		return problem_set(why, PROBLEM_TOKEN_INVALID);
	hash_token(token, hash);
	int found = q_session_by_hash(arena, store, hash, sizeof(hash), clock_now(), &row, why);
	return session_found(found, &row, session_r, why);
}

int session_valid(struct store *store, int64_t session_id, struct problem *why)
{
	return q_session_valid(store, session_id, clock_now(), why);
}

int sessions_say_ended(struct store *store, int64_t user_id, struct problem *why)
{
	TRY(event_append(store, &(struct event){.kind = EVENT_SESSIONS_ENDED, .user_id = user_id},
			 why));
	TRY(presence_sessions_ended(store, user_id, why));
	return account_tell(store, user_id, ACCOUNT_SESSIONS, 0, false, why);
}

static int delete_session(struct store *store, void *context, struct problem *why)
{
	const struct session *session = context;
	TRY(q_session_delete(store, session->id, why));
	TRY(audit_user(store, session, AUDIT_LOGOUT, session->user_id, NULL, why));
	return sessions_say_ended(store, session->user_id, why);
}

int session_close(struct store *store, const struct session *session, struct problem *why)
{
	struct session closing = *session;
	return store_write(store, delete_session, &closing, why);
}

int sessions_end(struct store *store, int64_t user_id, struct problem *why)
{
	TRY(q_sessions_delete_of_user(store, user_id, why));
	return sessions_say_ended(store, user_id, why);
}

/* --- tickets ---------------------------------------------------------------------------------- */

struct issue {
	int64_t session_id;
	const char *ticket;
};

static int insert_ticket(struct store *store, void *context, struct problem *why)
{
	const struct issue *issue = context;
	int64_t now = clock_now();
	struct q_tickets_of_session alive;
	unsigned char hash[crypto_hash_sha256_BYTES];
	TRY(q_tickets_delete_expired(store, now, why));
	TRY(q_tickets_of_session(store, issue->session_id, &alive, why));
	if (alive.count >= TICKETS) {
		why->retry_after_ms = (int)((alive.first_expires - now) / 1000) + 1;
		return problem_set(why, PROBLEM_RATE_LIMITED);
	}
	hash_token(issue->ticket, hash);
	int made = q_ticket_insert(store, hash, sizeof(hash), issue->session_id,
				   now + TICKET_SECONDS * CLOCK_SECOND, why);
	return made == 0 ? problem_set(why, PROBLEM_TOKEN_INVALID) : made;
}

int ticket_issue(struct store *store, const struct session *session, char ticket_r[TOKEN_TEXT],
		 struct problem *why)
{
	struct issue issue = {.session_id = session->id, .ticket = ticket_r};
	make_token(ticket_r);
	TRY(store_write(store, insert_ticket, &issue, why));
	return 0;
}

struct redemption {
	struct arena *arena;
	const char *ticket;
	struct session *session;
};

static int redeem(struct store *store, void *context, struct problem *why)
{
	const struct redemption *r = context;
	unsigned char hash[crypto_hash_sha256_BYTES];
	struct q_session_by_hash row;
	int64_t session, now = clock_now();
	hash_token(r->ticket, hash);
	int found = q_ticket_take(store, hash, sizeof(hash), now, &session, why);
	if (found > 0)
		found = q_session_by_id(r->arena, store, session, now, &row, why);
	return session_found(found, &row, r->session, why);
}

int ticket_redeem(struct arena *arena, struct store *store, const char *ticket,
		  struct session *session_r, struct problem *why)
{
	struct redemption r = {.arena = arena, .ticket = ticket, .session = session_r};
	if (!is_token(ticket))
		return problem_set(why, PROBLEM_TOKEN_INVALID);
	TRY(store_write(store, redeem, &r, why));
	return 0;
}
