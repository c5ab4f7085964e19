/*
 * Erasure: a person is forgotten.
 *
 * At once the account is gone for everybody: nobody can sign in, find or see it. What it was and
 * had goes step by step then, each a short transaction, whoever comes to do it, so that a large
 * account stops nobody and a killed process leaves nothing half done. Messages stay, as of a
 * "deleted user".
 *
 * Deleted content is overwritten (PRAGMA secure_delete), and the words of deleted knowledge leave
 * the search index as it is merged. What the WAL still has goes when it begins anew after a
 * checkpoint.
 */
#ifndef REALM_ERASE_H
#define REALM_ERASE_H

#include <stdint.h>

#include "base/problem.h"

struct arena;
struct checkpointer;
struct store;

#define ERASED_NAME "deleted user"

/* PROBLEM_LAST_OWNER, PROBLEM_USER_NOT_FOUND. */
int user_erase(struct arena *arena, struct store *store, int64_t user_id, struct problem *why);

/* Goes on with erasing: returns above 0 while there may be more to do, 0 when all is done, or -1.
 */
int erase_step(struct store *store, struct problem *why);

/* 1 while something is left to do, here or there; 0, or -1. */
int erase_pending(struct store *store, struct problem *why);

/* For whoever checkpoints, after each time: empties the WAL, if it may have what was erased.
 * Returns above 0 when one person more is in the files no longer. */
int erase_from_files(struct store *store, struct checkpointer *checkpointer, struct problem *why);

#endif
