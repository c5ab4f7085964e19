/*
 * An error object on the caller's stack.
 *
 * A function that can fail takes a `struct problem *why` and returns -1 after problem_set(). The
 * first problem wins: it is the cause, and later ones follow from it. The table below says for each
 * code what every front end answers.
 */
#ifndef BASE_PROBLEM_H
#define BASE_PROBLEM_H

#include <stdbool.h>

/* X(constant, code on the wire, HTTP status, whether a retry without a change can help, text) */
#define PROBLEM_TABLE(X)                                                                           \
	X(NONE, "none", 200, false, "")                                                            \
	X(INVALID, "validation_error", 422, false, "Invalid input")                                \
	X(TWO_CREDENTIALS, "two_credentials", 400, false,                                          \
	  "Send either a token or the cookie of one login")                                        \
	X(UNAUTHENTICATED, "unauthenticated", 401, false, "Not authenticated")                     \
	X(TOKEN_INVALID, "invalid_token", 401, false, "Could not validate credentials")            \
	X(LOGIN_FAILED, "login_failed", 401, false, "Incorrect username or password")              \
	X(TOTP_REQUIRED, "totp_required", 401, false,                                              \
	  "Send the code that your authenticator shows as totp")                                   \
	X(PASSWORD_REQUIRED, "password_required", 401, false,                                      \
	  "Send your password again, or sign in again: the last login was some time ago")          \
	X(SUSPENDED, "suspended", 403, false, "The account is suspended")                          \
	X(ROOM_CLOSED, "room_closed", 403, false,                                                  \
	  "The room is closed: nobody can write in it or join it")                                 \
	X(FORBIDDEN, "forbidden", 403, false, "You are not allowed to do this")                    \
	X(ORIGIN_REFUSED, "origin_refused", 403, false,                                            \
	  "With a cookie only pages of this realm may do this")                                    \
	X(REGISTRATION_CLOSED, "registration_closed", 403, false,                                  \
	  "This realm accepts no new users")                                                       \
	X(INVITE_INVALID, "invite_invalid", 403, false,                                            \
	  "This invitation code is wrong, has been used or has expired")                           \
	X(CODE_INVALID, "code_invalid", 403, false,                                                \
	  "This code is wrong, has been used or has expired")                                      \
	X(SETUP_CODE_INVALID, "setup_code_invalid", 403, false,                                    \
	  "This setup code is wrong or has been used")                                             \
	X(APPROVAL_PENDING, "approval_pending", 403, false,                                        \
	  "Your account waits for the approval of an administrator")                               \
	X(CONTACT_REFUSED, "contact_refused", 403, false,                                          \
	  "This user does not want to be contacted by you")                                        \
	X(NOT_FOUND, "not_found", 404, false, "Not Found")                                         \
	X(USER_NOT_FOUND, "user_not_found", 404, false, "User not found")                          \
	X(ROOM_NOT_FOUND, "room_not_found", 404, false, "Room not found")                          \
	X(KNOWLEDGE_NOT_FOUND, "knowledge_not_found", 404, false, "Knowledge not found")           \
	X(INTERACTION_NOT_FOUND, "interaction_not_found", 404, false, "Interaction not found")     \
	X(METHOD_NOT_ALLOWED, "method_not_allowed", 405, false, "Method Not Allowed")              \
	X(USERNAME_TAKEN, "username_taken", 409, false, "Username already registered")             \
	X(EMAIL_TAKEN, "email_taken", 409, false, "Email already registered")                      \
	X(TOO_MANY_REPORTS, "too_many_reports", 409, false,                                        \
	  "You have too many open reports. Wait until some are decided.")                          \
	X(REPORTED_AGAIN, "reported_again", 409, false,                                            \
	  "The user has reported it again, and that report is open")                               \
	X(TOTP_ACTIVE, "totp_active", 409, false, "The account has a second factor already")       \
	X(LAST_OWNER, "last_owner", 409, false, "The realm needs at least one owner")              \
	X(ROOM_FULL, "room_full", 409, false, "Room is full")                                      \
	X(ALREADY_INSIDE, "already_inside", 409, false, "The user is already in the room")         \
	X(OWN_KNOWLEDGE, "own_knowledge", 409, false, "You cannot vote on your own knowledge")     \
	X(ALREADY_ANSWERED, "already_answered", 409, false,                                        \
	  "Interaction has already been answered")                                                 \
	X(TURN_ENDED, "turn_ended", 409, false, "The turn has ended already")                      \
	X(NOT_AEON_ROOM, "not_aeon_room", 409, false, "Twins come only into AEON rooms")           \
	X(MEMORY_EXISTS, "memory_exists", 409, false, "Another memory has the same text")          \
	X(QUOTA_EXCEEDED, "quota_exceeded", 409, false, "You have as many as allowed")             \
	X(IDEMPOTENCY_CONFLICT, "idempotency_conflict", 409, false,                                \
	  "This client_id was already used for another message or change")                         \
	X(PRECONDITION_FAILED, "precondition_failed", 412, false,                                  \
	  "The resource has changed since this ETag. Read it again.")                              \
	X(REQUEST_TIMEOUT, "request_timeout", 408, true,                                           \
	  "The request's body did not arrive in time. Try again.")                                 \
	X(LENGTH_REQUIRED, "length_required", 411, false,                                          \
	  "This server passes a body only with a Content-Length")                                  \
	X(BODY_TOO_LARGE, "body_too_large", 413, false, "Request body too large")                  \
	X(MEDIA_TYPE, "unsupported_media_type", 415, false, "Unsupported media type")              \
	X(RATE_LIMITED, "rate_limited", 429, true, "Too many requests. Try again later.")          \
	X(TOO_MANY_LOGINS, "too_many_logins", 429, true,                                           \
	  "Too many failed logins for this account. Try again later.")                             \
	X(INTERNAL, "internal_error", 500, false, "Internal Server Error")                         \
	X(OTHER_POOL, "other_pool", 503, true, "This process does not hash passwords. Try again.") \
	X(STORE_BUSY, "store_busy", 503, true, "The database is busy. Try again.")                 \
	X(TOO_EXPENSIVE, "too_expensive", 503, false,                                              \
	  "This needs more computing time than one request may use. Ask for less.")                \
	X(STORE_FAILED, "store_unavailable", 503, true,                                            \
	  "The database is not available. Try again.")                                             \
	X(STORE_DAMAGED, "store_damaged", 503, false, "The file is not an intact database")        \
	X(CONFIG, "bad_configuration", 500, false, "The configuration is wrong")                   \
	X(STORE_TOO_NEW, "store_too_new", 503, false,                                              \
	  "The database was made by a newer version of this program")                              \
	X(STORE_TOO_OLD, "store_too_old", 503, false,                                              \
	  "The database needs a migration. Run 'aeonctl migrate'.")

#define PROBLEM_ENUM(constant, code, status, retryable, text) PROBLEM_##constant,
enum problem_code { PROBLEM_TABLE(PROBLEM_ENUM) PROBLEM__COUNT };
#undef PROBLEM_ENUM

struct problem {
	enum problem_code code;
	int retry_after_ms; /* after which a retry makes sense; 0: unknown */
	const char *errors; /* PROBLEM_INVALID: a JSON array that names every wrong field, in the
			       request's arena; else NULL */
	char detail[256];   /* one sentence for the user; never SQL, a path or a secret */
	char cause[256];    /* the library's message, only for the log; "" if there is none */
};

struct problem_info {
	const char *code;
	int http_status;
	bool retryable;
	const char *text;
};

const struct problem_info *problem_info(enum problem_code code);

/* Sets the code with its default text. Returns -1, for `return problem_set(…)`. */
int problem_set(struct problem *why, enum problem_code code);

/* The same with another text than the table's. */
int problem_say(struct problem *why, enum problem_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds a library's message, for the log. The first one wins. Returns -1. */
int problem_cause(struct problem *why, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Returns -1 from the calling function when `call` gives a negative number. */
#define TRY(call)                                                                                  \
	do {                                                                                       \
		if ((call) < 0)                                                                    \
			return -1;                                                                 \
	} while (0)

#endif
