/*
 * Mails that wait to be sent to users. aeon-twin sends them (twin/mailing.h).
 *
 * A mail is queued in the transaction of its cause. It is sent at least once: when a process is
 * killed between the server's "accepted" and the note of it, the mail is sent again, with the same
 * Message-ID. A code is made at the moment of sending, so the database has only its hash; the code
 * of an earlier attempt ends.
 */
#ifndef REALM_MAILS_H
#define REALM_MAILS_H

#include <stdint.h>

#include "realm/codes.h"
#include "store/shape.h"

struct arena;
struct store;

enum mail_kind {
	MAIL_ADDRESS,  /* a code that proves the address */
	MAIL_PASSWORD, /* a code for a new password */
	MAIL_DEVICE,   /* a login from another network than before */
	MAIL_DIGEST,   /* what the user has missed (digest.h) */
	MAIL_KIND__COUNT,
};

struct mail {
	int64_t id, user_id, attempts, created_at;
	enum mail_kind kind;
	const char *username, *recipient;
	const char *detail;   /* MAIL_DEVICE: the program's name; MAIL_DIGEST: the text; or NULL */
	const char *token;    /* of MAIL_DIGEST: ends digests (mail_settings.h) */
	char code[CODE_TEXT]; /* "" if the kind has none */
};

extern const struct shape exported_mail_shape;

/*
 * Within store_write(). Not for MAIL_DIGEST. Does nothing in a realm without a mail server. Does
 * nothing when the user has reached the limit of that kind. Only MAIL_ADDRESS goes to an address
 * that is not confirmed.
 */
int mail_queue(struct store *store, int64_t user_id, enum mail_kind kind, const char *detail,
	       struct problem *why);

/*
 * Takes the next mail that is due, for `lease_us`: 1, or 0 without one, or -1. Its texts are in the
 * arena. It drops digests that have nothing to say; after many of them it returns 0, too.
 */
int mail_claim(struct arena *arena, struct store *store, int64_t instance, int64_t lease_us,
	       struct mail *mail_r, struct problem *why);

enum mail_outcome {
	MAIL_SENT,
	MAIL_FAILED,  /* it is tried again, until a day has passed */
	MAIL_REFUSED, /* it is given up */
};

/* Notes how an attempt has ended. `reason` is one sentence, or NULL. */
int mail_end(struct store *store, const struct mail *mail, enum mail_outcome outcome,
	     const char *reason, struct problem *why);

/* A process that starts again gives its mails back. */
int mails_release(struct store *store, int64_t instance, struct problem *why);

#endif
