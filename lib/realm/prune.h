/*
 * Retention: the event log and idempotency keys, and messages if the operator wants that, are kept
 * for a time.
 */
#ifndef REALM_PRUNE_H
#define REALM_PRUNE_H

#include "store/store.h"

struct settings;

/*
 * Deletes a few hundred rows that are past their time, the oldest first, so that writers hardly
 * wait. Returns how many, or -1; 0 means that nothing is left. Events are deleted before the
 * messages that they refer to, so that a reader who starts at the beginning of the log misses no
 * message.
 */
int realm_prune(struct store *store, const struct settings *settings, struct problem *why);

/* Returns 1 while an account is being erased, or everything that it said is being removed, or
 * answers are being forgotten; 0; or -1. */
int prune_pending(struct store *store, struct problem *why);

#endif
