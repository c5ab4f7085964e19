/*
 * Failures: why a provider gave no good answer, in words.
 *
 * A row also says whether the same request may be sent again, because the provider surely did no
 * work for it, and whether the failure counts against the provider (see breaker.h).
 */
#ifndef PROVIDER_FAILURE_H
#define PROVIDER_FAILURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* constant, name in rows and logs, may be sent again, counts against the provider, text */
#define FAILURE_TABLE(X)                                                                           \
	X(NONE, "none", false, false, "It answered")                                               \
	X(UNREACHABLE, "unreachable", true, true, "It cannot be reached")                          \
	X(UNTRUSTED, "untrusted", false, true, "No secure connection to it is possible")           \
	X(TOO_SLOW, "too_slow", false, true, "It did not answer in time")                          \
	X(CUT, "cut", false, true, "It ended the answer in the middle")                            \
	X(UNAUTHORIZED, "unauthorized", false, false, "It does not accept the key")                \
	X(NO_CREDIT, "no_credit", false, false, "The account has no credit left")                  \
	X(UNKNOWN_MODEL, "unknown_model", false, false, "It does not know the model")              \
	X(WRONG_ADDRESS, "wrong_address", false, false, "There is no such service at its URL")     \
	X(TOO_LONG, "too_long", false, false, "The prompt is longer than the model can read")      \
	X(REJECTED, "rejected", false, false, "It rejected the request")                           \
	X(RATE_LIMITED, "rate_limited", true, false, "It limits the rate of requests")             \
	X(SERVER_ERROR, "server_error", true, true, "It failed")                                   \
	X(BAD_ANSWER, "bad_answer", false, true, "Its answer is not as it must be")                \
	X(TOO_BIG, "too_big", false, false, "Its answer is too long")                              \
	X(EMPTY, "empty", false, false, "Its answer has no text")                                  \
	X(REFUSED, "refused", false, false, "The model refused to answer")                         \
	X(UNAVAILABLE, "unavailable", false, false,                                                \
	  "It failed several times and is not asked now")                                          \
	X(QUEUE_FULL, "queue_full", false, false, "Too many requests wait for it")

#define FAILURE_ENUM(constant, name, again, counts, text) FAILURE_##constant,
enum failure_code { FAILURE_TABLE(FAILURE_ENUM) FAILURE__COUNT };
#undef FAILURE_ENUM

struct failure_info {
	const char *name;
	bool may_repeat, counts;
	const char *text;
};

const struct failure_info *failure_info(enum failure_code code);

#define FAILURE_DETAIL 300 /* bytes */
#define FAILURE_QUOTE 200  /* bytes */

struct failure {
	enum failure_code code;
	int status;                  /* of HTTP; 0: no answer came */
	int64_t retry_after_us;      /* how long the provider wants a pause; 0: it did not say */
	char detail[FAILURE_DETAIL]; /* a sentence of ours, which may be logged */
	/*
	 * The provider's own words, or "": printable UTF-8 without the key. They may hold a part
	 * of the prompt, so never log them.
	 */
	char quote[FAILURE_QUOTE];
};

/* Sets the code, and a detail. The first failure wins, as in struct problem. */
void failure_say(struct failure *failure, enum failure_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same with the text of the code. */
void failure_set(struct failure *failure, enum failure_code code);

/*
 * Reads the failure from an answer with this status, which is not 2xx, and its body: an object
 * with `error` as OpenAI sends it, or anything else. `key` is left out of the quote; it may be "".
 */
void failure_read(struct failure *failure, int status, const char *body, size_t bytes,
		  const char *key);

#endif
