/*
 * The epoch: a random name for the life of this database. Positions in the event log mean nothing
 * in another epoch.
 */
#ifndef REALM_EPOCH_H
#define REALM_EPOCH_H

#include "base/problem.h"

struct arena;
struct store;

/* The name of this database's life, in the arena. */
int realm_epoch(struct arena *arena, struct store *store, const char **epoch_r,
		struct problem *why);

/*
 * Begins a new epoch when the machine was started anew since the last call: what had been seen,
 * but not acknowledged, may be gone then. Called by whoever starts the realm.
 */
int realm_note_boot(struct arena *arena, struct store *store, struct problem *why);

#endif
