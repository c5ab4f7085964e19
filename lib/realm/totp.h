/*
 * Second factors: codes that an authenticator shows (RFC 6238: SHA-1, six digits, 30 seconds), and
 * recovery codes for a lost phone.
 *
 * The secret is stored as it is, because the program must compute the same codes. It opens nothing
 * without the user's password. Of recovery codes there are only hashes. Every code works once.
 */
#ifndef REALM_TOTP_H
#define REALM_TOTP_H

#include <stdbool.h>

#include "base/fields.h"
#include "store/shape.h"

struct arena;
struct session;

extern const struct shape totp_status_shape, totp_shape, recovery_shape;

/* Writes whether the user has a second factor, and how many recovery codes are unused. */
int totp_show(struct store *store, int64_t user_id, struct buf *out, struct problem *why);

/* Writes a new secret, which counts once it is confirmed. PROBLEM_TOTP_ACTIVE. */
int totp_begin(struct arena *arena, struct store *store, const struct session *session,
	       struct buf *out, struct problem *why);

/* Switches the second factor on and writes the recovery codes. PROBLEM_TOTP_ACTIVE. */
int totp_confirm(struct arena *arena, struct store *store, const struct session *session,
		 const char *code, struct buf *out, struct problem *why);

/*
 * Of a user with a second factor: PROBLEM_TOTP_REQUIRED for a wrong code or none, and
 * PROBLEM_RATE_LIMITED after some. Not inside store_write().
 */
int totp_check(struct arena *arena, struct store *store, int64_t user_id, const char *code,
	       struct problem *why);

/* Switches the second factor off. */
int totp_end(struct store *store, const struct session *by, int64_t user_id, struct problem *why);

/* Whether the user has a second factor: 1, 0 or -1. */
int totp_active(struct store *store, int64_t user_id, struct problem *why);

#endif
