/*
 * The epoch: a random name for the life of this database. A position in the event log has no
 * meaning in another epoch.
 */
#ifndef REALM_EPOCH_H
#define REALM_EPOCH_H

#include "base/problem.h"

struct arena;
struct store;

/* The current epoch, in the arena. */
int realm_epoch(struct arena *arena, struct store *store, const char **epoch_r,
		struct problem *why);

/*
 * Begins a new epoch when the machine has booted since the last call: what clients have seen may be
 * gone if it was not acknowledged. Every program that starts the realm calls it.
 */
int realm_note_boot(struct arena *arena, struct store *store, struct problem *why);

#endif
