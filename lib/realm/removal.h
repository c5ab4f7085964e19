/*
 * Removal: administrators of the realm take a room, a message, knowledge or an interaction away
 * from everybody.
 *
 * A removed thing does not exist: not in lists, searches, counts and events, nor for its author.
 * Only the list of removals has it, from which it can be restored, until it is deleted for good
 * after `removed_days`. What a twin said cannot be restored (forget.h). Knowledge and interactions
 * move into the table of removals, with their votes and shares, so no other query has to leave them
 * out. A message stays as an empty one, because its room's log has no hole; removing and restoring
 * it are entries of that log. Its reactions and its pin do not come back, nor do the invitations of
 * a room.
 *
 * An owner of the realm may remove everything, an admin everything that no owner or admin has made
 * (may_moderate in sql/fragments.sql). Moderators of a room have no part in this: see moderation.h.
 */
#ifndef REALM_REMOVAL_H
#define REALM_REMOVAL_H

#include "base/fields.h"
#include "store/shape.h"

struct arena;
struct session;

#define REASON_MAX 1000 /* code points of a moderator's or reporter's text */

struct removal {
	const char *kind; /* room, message, knowledge or interaction */
	const char *id;
	const char *reason; /* not used to restore */
};
extern const struct fields removal_fields, restoring_fields;

struct removal_filter {
	const char *kind; /* NULL: all */
};
extern const struct fields removal_filter_fields;
extern const struct shape removal_shape;

/*
 * PROBLEM_NOT_FOUND when there is no such thing, or none that was removed; PROBLEM_FORBIDDEN when
 * the user may not moderate its author.
 */
int thing_remove(struct arena *arena, struct store *store, const struct session *by,
		 const struct removal *removal, struct problem *why);
int thing_restore(struct arena *arena, struct store *store, const struct session *by,
		  const struct removal *removal, struct problem *why);

/* The removed things that can be restored, the newest first. PROBLEM_FORBIDDEN. */
int removals_list(struct store *store, const struct session *viewer,
		  const struct removal_filter *filter, struct page *page, struct buf *out,
		  struct problem *why);

/*
 * Within store_write(): from now on, maintenance removes what the user has said until now,
 * messages, knowledge and interactions, some at a time.
 */
int content_remove(struct store *store, const struct session *by, int64_t user_id,
		   const char *reason, struct problem *why);

/* Does one step of that. Returns above 0 while there is more to do, 0 when there is not, or -1. */
int content_removal_step(struct store *store, struct problem *why);

/* Within store_write(): deletes some things removed before then. Returns how many, or -1. */
int removals_prune(struct store *store, int64_t before, int64_t limit, struct problem *why);

#endif
