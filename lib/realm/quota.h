/*
 * Quotas: how many of something a user may have. Their numbers are settings.
 *
 * A quota is checked in the transaction that creates, after it has created: so it holds whatever
 * happens at the same time, and the refusal undoes everything.
 */
#ifndef REALM_QUOTA_H
#define REALM_QUOTA_H

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
	QUOTA__COUNT,
};

/* PROBLEM_QUOTA_EXCEEDED, whose detail names the quota, when the user has more than allowed. */
int quota_check(struct store *store, const struct settings *settings, int64_t user_id,
		enum quota quota, struct problem *why);

#endif
