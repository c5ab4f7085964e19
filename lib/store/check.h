/* Whether the database file is intact, as SQLite sees it. */
#ifndef STORE_CHECK_H
#define STORE_CHECK_H

#include "store/store.h"

/*
 * Calls finding() with one sentence for each fault of the file and of a foreign key, at most 100 of
 * the first. It reads everything. Returns 0 or -1.
 */
int store_check(struct store *store, void (*finding)(void *context, const char *what),
		void *context, struct problem *why);

#endif
