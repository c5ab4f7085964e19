/* Logins and tokens: see sessions.h. */
#include "realm/sessions.h"

#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "realm/events.h"
#include "realm/password.h"

#define TOKEN_BYTES 32
#define TICKETS 100       /* alive, of one session */
#define CLIENT_LENGTH 200 /* code points of a client's name that are kept */

/* An account may fail this often before it has to wait; then the wait doubles each time. */
#define FREE_FAILURES 5
#define LONGEST_WAIT (900 * CLOCK_SECOND)
#define FAILURES_FORGOTTEN CLOCK_DAY

static const struct field login_rows[] = {
	FIELD(struct login, username, TEXT, .required = true, .min = 1, .max = 255,
	      .help = "Username or email."),
	FIELD(struct login, password, TEXT, .required = true, .secret = true, .min = 1, .max = 128),
};
const struct fields login_fields = FIELDS(struct login, login_rows);

/* Of no password; verified in place of a missing account, so that the answer takes as long. */
static const char nobodys_hash[] = "$argon2id$v=19$m=19456,t=2,p=1$8m8iTBT9vlCAIYvDF5KtI"
				   "w$NvWoq7Etem0M5ZUCDGxO1Je9Nr1kyzWbE6NUHc6f6EM";

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

/* How long an account waits after its last failure. */
static int64_t wait_after(int64_t failures)
{
	if (failures < FREE_FAILURES)
		return 0;
	int64_t doublings = failures - FREE_FAILURES;
	int64_t wait = doublings < 10 ? CLOCK_SECOND << doublings : LONGEST_WAIT;
	return wait < LONGEST_WAIT ? wait : LONGEST_WAIT;
}

struct attempt {
	const char *account;
	int64_t now;
};

/* Counts the attempt as failed before it is tried, so that many at once gain nothing. */
static int note_attempt(struct store *store, void *context, struct problem *why)
{
	struct attempt *attempt = context;
	int64_t failures = 0, last_failed = 0;
	TRY(store_get(NULL, store, why, Q_LOGIN_FAILURES_OF, "t>ll", attempt->account, &failures,
		      &last_failed));
	int64_t left = last_failed + wait_after(failures) - attempt->now;
	if (left > 0) {
		problem_set(why, PROBLEM_TOO_MANY_LOGINS);
		why->retry_after_ms = (int)(left / 1000) + 1;
		return -1;
	}
	TRY(store_exec(store, why, Q_LOGIN_FAILURES_FORGET, "l",
		       attempt->now - FAILURES_FORGOTTEN));
	return store_exec(store, why, Q_LOGIN_FAILED, "tl", attempt->account, attempt->now);
}

struct opening {
	const char *account, *client, *password_hash;
	int64_t user_id, now;
	struct token *token;
};

static int insert_session(struct store *store, void *context, struct problem *why)
{
	struct opening *o = context;
	unsigned char hash[crypto_hash_sha256_BYTES];
	hash_token(o->token->text, hash);
	TRY(store_exec(store, why, Q_LOGIN_SUCCEEDED, "t", o->account));
	TRY(store_exec(store, why, Q_SESSIONS_DELETE_EXPIRED, "l", o->now));
	int made =
		store_exec(store, why, Q_SESSION_INSERT, "bltllt", hash, sizeof(hash), o->user_id,
			   o->client, o->now, o->token->expires_at, o->password_hash);
	return made == 0 ? problem_set(why, PROBLEM_LOGIN_FAILED) : made;
}

int session_open(struct arena *arena, struct store *store, const struct login *login,
		 const char *client, int64_t lifetime_us, struct token *token_r,
		 struct problem *why)
{
	int64_t now = clock_now(), user_id = 0;
	int active = 0;
	const char *hash = nobodys_hash, *account = login->username;
	TRY(store_get(arena, store, why, Q_LOGIN_ACCOUNT, "t>ltti", login->username, &user_id,
		      &account, &hash, &active));
	/* Guesses by username and by email count against one account. */
	struct attempt attempt = {.account = utf8_fold(arena, account), .now = now};
	TRY(store_write_unsynced(store, note_attempt, &attempt, why));
	if (!password_verify(login->password, hash) || !active)
		return problem_set(why, PROBLEM_LOGIN_FAILED);

	make_token(token_r->text);
	token_r->expires_at = now + lifetime_us;
	if (client)
		client = arena_strndup(arena, client,
				       utf8_prefix(client, strlen(client), CLIENT_LENGTH));
	struct opening opening = {.account = attempt.account,
				  .client = client,
				  .password_hash = hash,
				  .user_id = user_id,
				  .now = now,
				  .token = token_r};
	TRY(store_write(store, insert_session, &opening, why));
	return 0;
}

/* By one of the queries that take a hash and the time. */
static int find(struct arena *arena, struct store *store, enum query query, const char *token,
		struct session *session_r, struct problem *why)
{
	if (strlen(token) != TOKEN_TEXT - 1)
		return problem_set(why, PROBLEM_TOKEN_INVALID);
	unsigned char hash[crypto_hash_sha256_BYTES];
	hash_token(token, hash);
	int found = store_get(arena, store, why, query, "bl>llttl", hash, sizeof(hash), clock_now(),
			      &session_r->id, &session_r->user_id, &session_r->username,
			      &session_r->role, &session_r->expires_at);
	return found == 0 ? problem_set(why, PROBLEM_TOKEN_INVALID) : found;
}

int session_find(struct arena *arena, struct store *store, const char *token,
		 struct session *session_r, struct problem *why)
{
	return find(arena, store, Q_SESSION_BY_HASH, token, session_r, why);
}

int session_valid(struct store *store, int64_t session_id, struct problem *why)
{
	return store_get(NULL, store, why, Q_SESSION_VALID, "ll", session_id, clock_now());
}

int sessions_say_ended(struct store *store, int64_t user_id, struct problem *why)
{
	return event_append(store,
			    &(struct event){.kind = EVENT_SESSIONS_ENDED, .user_id = user_id}, why);
}

static int delete_session(struct store *store, void *context, struct problem *why)
{
	const struct session *session = context;
	TRY(store_exec(store, why, Q_SESSION_DELETE, "l", session->id));
	return sessions_say_ended(store, session->user_id, why);
}

int session_close(struct store *store, const struct session *session, struct problem *why)
{
	struct session closing = *session;
	return store_write(store, delete_session, &closing, why);
}

int sessions_end(struct store *store, int64_t user_id, struct problem *why)
{
	TRY(store_exec(store, why, Q_SESSIONS_DELETE_OF_USER, "l", user_id));
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
	int64_t now = clock_now(), count, first;
	unsigned char hash[crypto_hash_sha256_BYTES];
	TRY(store_exec(store, why, Q_TICKETS_DELETE_EXPIRED, "l", now));
	TRY(store_get(NULL, store, why, Q_TICKETS_OF_SESSION, "l>ll", issue->session_id, &count,
		      &first));
	if (count >= TICKETS) {
		why->retry_after_ms = (int)((first - now) / 1000) + 1;
		return problem_set(why, PROBLEM_RATE_LIMITED);
	}
	hash_token(issue->ticket, hash);
	int made = store_exec(store, why, Q_TICKET_INSERT, "bll", hash, sizeof(hash),
			      issue->session_id, now + TICKET_SECONDS * CLOCK_SECOND);
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
	TRY(find(r->arena, store, Q_SESSION_BY_TICKET, r->ticket, r->session, why));
	hash_token(r->ticket, hash);
	return store_exec(store, why, Q_TICKET_DELETE, "b", hash, sizeof(hash));
}

int ticket_redeem(struct arena *arena, struct store *store, const char *ticket,
		  struct session *session_r, struct problem *why)
{
	struct redemption r = {.arena = arena, .ticket = ticket, .session = session_r};
	TRY(store_write(store, redeem, &r, why));
	return 0;
}
