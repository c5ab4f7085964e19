/* Whether the database file is sound, as SQLite sees it. */
#ifndef STORE_CHECK_H
#define STORE_CHECK_H

#include "store/store.h"

/*
 * Calls finding() with one sentence for each thing that is wrong with the file or with a foreign
 * key, at most 100 of the first. Reads everything, so it takes its time. Returns 0 or -1.
 */
int store_check(struct store *store, void (*finding)(void *context, const char *what),
		void *context, struct problem *why);

#endif
