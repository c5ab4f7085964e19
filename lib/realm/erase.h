/*
 * Erasure: a user is forgotten.
 *
 * The account is gone at once: nobody can sign in to it, find it or see it. What the user had is
 * then deleted step by step, in short transactions by any process, so that a large account blocks
 * nobody and a killed process leaves nothing half done. Messages stay, as those of a "deleted
 * user".
 *
 * Deleted content is overwritten (PRAGMA secure_delete and store/gaps.h), and words of deleted
 * knowledge leave the search index when it is merged. Content that is still in the WAL goes when
 * the WAL restarts after a checkpoint.
 */
#ifndef REALM_ERASE_H
#define REALM_ERASE_H

#include <stdint.h>

#include "base/problem.h"

struct arena;
struct leader;
struct session;
struct store;

#define ERASED_NAME "deleted user"

/* PROBLEM_LAST_OWNER, PROBLEM_USER_NOT_FOUND. */
int user_erase(struct arena *arena, struct store *store, const struct session *by, int64_t user_id,
	       struct problem *why);

/*
 * Does one step. Returns above 0 while there may be more to do, 0 when there is nothing more, or
 * -1.
 */
int erase_step(struct store *store, struct problem *why);

/*
 * Steps for half a second, which is enough for most accounts; for a request. The maintenance does
 * the rest, also when this fails.
 */
void erase_for_a_moment(struct store *store);

/*
 * To call after each checkpoint: empties the WAL if it may have the content of an erased user, or
 * a text that was deleted or changed (at most every ten seconds). Returns above 0 when the files
 * have no such content of one more user, or of all texts that had gone until then.
 */
int erase_from_files(struct store *store, struct leader *leader, struct problem *why);

#endif
