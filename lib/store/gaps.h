/*
 * Erased content and the pages of SQLite.
 *
 * PRAGMA secure_delete overwrites a row when it is deleted. But when SQLite moves rows to another
 * page of a B-tree, it leaves copies in the first page, in the gap between its pointers and its
 * rows, and does not find them when the rows are deleted later. SQLite 3.40 and 3.51 do so.
 */
#ifndef STORE_GAPS_H
#define STORE_GAPS_H

#include <sqlite3.h>

/*
 * Pages that a database may have, for PRAGMA max_page_count: 128 GiB. Pages that are not of a
 * B-tree begin with the number of a page, and its first byte is then below 2, so it names no kind
 * of page.
 */
#define GAPS_PAGES_MAX "33554431"

struct gaps {
	sqlite3_io_methods methods;
	const sqlite3_io_methods *real;
};

/*
 * From now on this connection overwrites the gap with zeros in each page that it writes to the
 * file of the database. `gaps` stays until the connection has been closed.
 */
void gaps_clear(sqlite3 *db, struct gaps *gaps);

#endif
