/*
 * What a user has chosen about mails, and the end of the digest by its own link.
 *
 * Each digest (digest.h) has a link that ends digests, for those who read the mail: it needs no
 * login and does not expire. It is a token: the user's id and a MAC of the id and of the address,
 * with a key of the realm. So a new address ends it, and it gives no other right.
 */
#ifndef REALM_MAIL_SETTINGS_H
#define REALM_MAIL_SETTINGS_H

#include "base/fields.h"
#include "store/shape.h"

struct arena;
struct store;

struct mail_settings {
	const char *digest; /* off, names or texts */
};
extern const struct fields mail_settings_fields;
extern const struct shape mail_settings_shape;

/* PROBLEM_NOT_FOUND in a realm without a mail server. */
int mail_check_server(struct store *store, struct problem *why);

/* Both check the server. */
int mail_settings_show(struct store *store, int64_t user_id, struct buf *out, struct problem *why);
int mail_settings_set(struct store *store, int64_t user_id, const struct mail_settings *settings,
		      struct problem *why);

struct digest_token {
	const char *token;
};
extern const struct fields digest_token_fields;

/* Within store_write(), which makes the key if there is none. The token is in the arena. */
int digest_token_make(struct arena *arena, struct store *store, int64_t user_id,
		      const char **token_r, struct problem *why);

/* Ends the digests of the user of the token; once more is fine. PROBLEM_CODE_INVALID. */
int digest_end(struct arena *arena, struct store *store, const struct digest_token *input,
	       struct problem *why);

#endif
