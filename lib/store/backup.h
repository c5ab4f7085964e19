/* A copy of the database while it is in use. */
#ifndef STORE_BACKUP_H
#define STORE_BACKUP_H

#include "store/store.h"

struct backup {
	const char *file;
	bool replace; /* an existing file; otherwise it is PROBLEM_INVALID */
	/* Called from time to time, in pages; may be NULL. */
	void (*progress)(int done, int total);
};

/*
 * Writes what is committed now into `file`, which only its owner can read. Writers do not wait. The
 * file appears complete or not at all; until then it is FILE.partial. The copy has a new epoch, so
 * that clients notice when it replaces the database.
 */
int store_backup(struct store *store, const struct backup *backup, struct problem *why);

/* Within store_write(): gives the database a new random epoch. */
int store_renew_epoch(struct store *store, struct problem *why);

#endif
