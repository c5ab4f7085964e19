/* Within lib/store only: a prepared statement while it runs. */
#ifndef STORE_STATEMENT_H
#define STORE_STATEMENT_H

#include <stdarg.h>

#include <sqlite3.h>

#include "store/store.h"

struct row {
	sqlite3_stmt *statement;
};

/* Binds the arguments in front of the '>' of *format, which is left behind it. */
sqlite3_stmt *statement_start(struct store *store, struct problem *why, enum query query,
			      const char **format, va_list *args);

/* 1 for a row, 0 at the end, -1 on failure; the statement is reset on both. */
int statement_step(struct store *store, sqlite3_stmt *statement, struct problem *why);
void statement_end(sqlite3_stmt *statement);

int store_each_v(struct store *store, struct problem *why, enum query query,
		 int (*each)(const struct row *row, void *context, struct problem *why),
		 void *context, const char *format, va_list *args);

#endif
