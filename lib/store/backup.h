/* A copy of the database while it is in use. */
#ifndef STORE_BACKUP_H
#define STORE_BACKUP_H

#include "store/store.h"

struct backup {
	const char *file;
	bool replace; /* an existing file; otherwise it is PROBLEM_INVALID */
	/* Called now and then, in pages; may be NULL. */
	void (*progress)(int done, int total);
};

/*
 * Writes what is committed at this moment into `file`, readable by its owner alone. Writers are not
 * held up. The file appears whole or not at all: until then it is FILE.partial. The copy has an
 * epoch of its own, so that clients notice when it is put in the database's place.
 */
int store_backup(struct store *store, const struct backup *backup, struct problem *why);

/* Within store_write(): gives the database a new epoch, a random one. */
int store_renew_epoch(struct store *store, struct problem *why);

#endif
