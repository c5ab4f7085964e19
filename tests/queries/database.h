/* What the tests of the schema share: databases that the first migrations have made. */
#ifndef TESTS_QUERIES_DATABASE_H
#define TESTS_QUERIES_DATABASE_H

#include <sqlite3.h>

#include "store/schema.h"

struct arena;

/* How many migrations there are. */
int newest_version(void);

/* Opens the database, or makes it. A test fails when anything here fails. */
sqlite3 *database_open(const char *path);

/* Runs a text of SQL statements. `what` names it in the message of a failure. */
void database_run(sqlite3 *db, const char *what, const char *sql);

/* Runs the migration, and sets the version that the database has then. */
void database_migrate(sqlite3 *db, const struct migration *migration, int version);

/* A database that the first `version` migrations have made. */
sqlite3 *database_at(int version, const char *path);

/* The text of sql/schema.sql for the schema of this database, in the arena. */
const char *schema_of(sqlite3 *db, struct arena *arena);

#endif
