/*
 * Events that tell a user's own devices what to read again, after another of them changed it.
 *
 * They have no texts, so nothing of what is deleted stays in the event log. What has an event of
 * its own that says more, as a room that was joined (events.h), is not told here.
 */
#ifndef REALM_ACCOUNT_CHANGED_H
#define REALM_ACCOUNT_CHANGED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/problem.h"
#include "realm/events.h"

struct store;

extern const struct shape account_changed_shape;

/* A part of the account, and what its id is; account_parts[] has the names. */
enum account_part {
	ACCOUNT_PROFILE,
	ACCOUNT_PRIVACY,
	ACCOUNT_SESSIONS,
	ACCOUNT_SECOND_FACTOR,
	ACCOUNT_SETTINGS,
	ACCOUNT_MAIL,
	ACCOUNT_RELATIONSHIP, /* the other user */
	ACCOUNT_VOTE,         /* the knowledge */
	ACCOUNT_KNOWLEDGE,
	ACCOUNT_INTERACTION,
};

/* Within store_write(). `id` 0: the part has none. */
int account_tell(struct store *store, int64_t user_id, enum account_part part, int64_t id,
		 bool is_deleted, struct problem *why);

/* The same for an event of this kind with this part; `id` may be NULL. */
int part_tell(struct store *store, enum event_kind kind, int64_t user_id, const char *part,
	      const char *id, bool is_deleted, struct problem *why);

/*
 * Within store_write(), when the user is disabled, enabled or erased: tells the other members of the
 * user's direct rooms and groups, which show the user's name, to read them again.
 */
int account_tell_others(struct store *store, int64_t user_id, struct problem *why);

#endif
