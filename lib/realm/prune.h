/* What is kept for a while only: the event log, and messages where the operator wants that. */
#ifndef REALM_PRUNE_H
#define REALM_PRUNE_H

#include "store/store.h"

struct settings;

/*
 * Removes some of what is past its time, oldest first: a few hundred rows, so that writers hardly
 * wait. Returns how many, or -1; 0 means that nothing is left to remove. Events go before the
 * messages that they refer to, so that whoever reads the log from its start on misses none.
 */
int realm_prune(struct store *store, const struct settings *settings, struct problem *why);

#endif
