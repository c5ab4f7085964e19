/*
 * Quotas: how many of something a user may have. Their numbers are settings.
 *
 * A quota is checked in the transaction that creates, after it has created: so it holds whatever
 * happens at the same time, and the refusal undoes everything. That of texts is checked before.
 */
#ifndef REALM_QUOTA_H
#define REALM_QUOTA_H

#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"

struct settings;
struct store;

enum quota {
	QUOTA_NONE,
	QUOTA_ROOMS,         /* that the user owns */
	QUOTA_INVITATIONS,   /* by the user that are open */
	QUOTA_KNOWLEDGE,     /* items */
	QUOTA_RELATIONSHIPS, /* without blocks, which are always possible */
	QUOTA_MEMORIES,      /* of the user's twin */
	QUOTA_CONVERSATIONS, /* with the own twin */
	QUOTA_DIRECT,        /* direct rooms and groups that the user has opened */
	QUOTA__COUNT,
};

/* PROBLEM_QUOTA_EXCEEDED, whose detail names the quota, when the user has more than allowed. */
int quota_check(struct store *store, const struct settings *settings, int64_t user_id,
		enum quota quota, struct problem *why);

/*
 * The quota of the bytes of a user's texts. Its number is kept with the handle of the database,
 * because texts are written at several doors.
 *
 * PROBLEM_QUOTA_EXCEEDED when the user would have too many after `more` bytes are added. In the
 * transaction that adds them, before it changes anything: over the bridge it is a part of a
 * transaction that must not fail.
 */
int quota_check_text(struct store *store, int64_t user_id, int64_t more, struct problem *why);

/* The same after a change: the user had `before` bytes (q_quota_text()). */
int quota_check_grown(struct store *store, int64_t user_id, int64_t before, struct problem *why);

/* The sum of the lengths of the texts; NULL counts as empty. */
#define TEXT_BYTES(...)                                                                            \
	text_bytes((const char *const[]){__VA_ARGS__},                                             \
		   sizeof((const char *[]){__VA_ARGS__}) / sizeof(const char *))
int64_t text_bytes(const char *const *texts, size_t count);

#endif
