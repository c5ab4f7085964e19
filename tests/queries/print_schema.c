/* Prints the text of sql/schema.sql: `make schema` keeps it there. */
#include <stdio.h>

#include "tests/queries/database.h"
#include "tests/unit/test.h"

int main(void)
{
	struct arena *arena = arena_new();
	sqlite3 *db = database_at(newest_version(), ":memory:");
	fputs(schema_of(db, arena), stdout);
	sqlite3_close(db);
	arena_free(&arena);
	return 0;
}
