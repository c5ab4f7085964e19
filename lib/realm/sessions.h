/*
 * Sessions and their tokens; and tickets, each of which opens one WebSocket in place of the token,
 * for browsers.
 *
 * A token or ticket is 32 random bytes in base64url. The database has only its SHA-256, so a reader
 * of the database cannot sign in as a user.
 */
#ifndef REALM_SESSIONS_H
#define REALM_SESSIONS_H

#include "base/fields.h"
#include "realm/session.h"
#include "store/store.h"

struct arena;

struct login {
	const char *username; /* or the email address */
	const char *password;
	const char *totp; /* the second factor, or NULL */
	bool cookie;      /* the token goes into a cookie, and not into the answer */
};
extern const struct fields login_fields;

#define TOKEN_TEXT 44 /* of a token or a ticket: 43 letters and a NUL */
#define TICKET_SECONDS 30

struct token {
	char text[TOKEN_TEXT];
	int64_t expires_at;
};

/* The operator, who uses aeonctl on the server: no user, with the rights of an owner. */
extern const struct session operator_session;

/*
 * PROBLEM_LOGIN_FAILED for an unknown user, a disabled user and a wrong password, in the same time;
 * PROBLEM_TOO_MANY_LOGINS when the account has to wait after failures; PROBLEM_SUSPENDED with the
 * right password of a suspended user.
 */
int session_open(struct arena *arena, struct store *store, const struct login *login,
		 const struct caller *caller, int64_t lifetime_us, struct token *token_r,
		 struct problem *why);

/*
 * The session of a token. PROBLEM_TOKEN_INVALID when there is none, or it has expired or was
 * revoked.
 */
int session_find(struct arena *arena, struct store *store, const char *token,
		 struct session *session_r, struct problem *why);

/* Whether a session that was found earlier is still valid: 1, 0 or -1. */
int session_valid(struct store *store, int64_t session_id, struct problem *why);

/*
 * Gives the session a ticket, valid for TICKET_SECONDS. PROBLEM_RATE_LIMITED when the session has
 * too many unused ones; PROBLEM_TOKEN_INVALID when it has ended meanwhile.
 */
int ticket_issue(struct store *store, const struct session *session, char ticket_r[TOKEN_TEXT],
		 struct problem *why);

/* Takes the ticket and returns its session. PROBLEM_TOKEN_INVALID as in session_find(). */
int ticket_redeem(struct arena *arena, struct store *store, const char *ticket,
		  struct session *session_r, struct problem *why);

/* Signs out: ends the session and its connections. */
int session_close(struct store *store, const struct session *session, struct problem *why);

/* Within store_write(): ends all sessions of a user, and their connections. */
int sessions_end(struct store *store, int64_t user_id, struct problem *why);

/* Within store_write(), after sessions of the user were deleted: tells live connections. */
int sessions_say_ended(struct store *store, int64_t user_id, struct problem *why);

#endif
