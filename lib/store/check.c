/* Whether the database file is intact: see check.h. */
#include "store/check.h"

#include <stdio.h>
#include <string.h>

#include "store/internal.h"

struct checking {
	void (*finding)(void *, const char *);
	void *context;
};

static int integrity_row(void *context, int columns, char **values, char **names)
{
	struct checking *checking = context;
	(void)columns, (void)names;
	if (strcmp(values[0], "ok") != 0)
		checking->finding(checking->context, values[0]);
	return 0;
}

static int foreign_key_row(void *context, int columns, char **values, char **names)
{
	struct checking *checking = context;
	char what[200];
	(void)columns, (void)names;
	snprintf(what, sizeof(what), "Row %s of %s refers to a missing row of %s.",
		 values[1] ? values[1] : "?", values[0], values[2]);
	checking->finding(checking->context, what);
	return 0;
}

int store_check(struct store *store, void (*finding)(void *context, const char *what),
		void *context, struct problem *why)
{
	struct checking checking = {finding, context};
	int code = sqlite3_exec(store->db, "PRAGMA cell_size_check = ON; PRAGMA integrity_check",
				integrity_row, &checking, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(store->db, "PRAGMA foreign_key_check", foreign_key_row,
				    &checking, NULL);
	if ((code & 0xff) == SQLITE_CORRUPT)
		finding(context, sqlite3_errmsg(store->db));
	else if (code != SQLITE_OK)
		return store_problem(store, code, why);
	return 0;
}
