/* The gaps in pages: see gaps.h. */
#include "store/gaps.h"

#include <stdbool.h>
#include <string.h>

#define FILE_HEADER 100 /* of the first page */
#define PAGE_BYTES_MIN 512
#define PAGE_BYTES_MAX 65536

/* Places in the header of a page of a B-tree. */
#define CELLS 3
#define CONTENT 5
#define LEAF_HEADER 8
#define INNER_HEADER 12 /* with the number of the rightmost child */

static size_t number(const unsigned char *at)
{
	return (size_t)at[0] << 8 | at[1];
}

/* The size of the header of a page that begins with this byte; 0 when it is not of a B-tree. */
static size_t header_bytes(unsigned char kind)
{
	switch (kind) {
	case 2: /* of an index */
	case 5: /* of a table */
		return INNER_HEADER;
	case 10:
	case 13:
		return LEAF_HEADER;
	default:
		return 0;
	}
}

/* Source of the format: https://www.sqlite.org/fileformat2.html, "B-tree Pages". */
static void clear_gap(unsigned char *page, size_t bytes, bool first)
{
	size_t at = first ? FILE_HEADER : 0, header = header_bytes(page[at]);
	size_t from = at + header + 2 * number(page + at + CELLS), to = number(page + at + CONTENT);
	if (to == 0)
		to = PAGE_BYTES_MAX;
	if (header > 0 && from < to && to <= bytes)
		memset(page + from, 0, to - from);
}

static int write_cleared(sqlite3_file *file, const void *from, int count, sqlite3_int64 offset)
{
	const struct gaps *gaps = (const struct gaps *)(const void *)file->pMethods;
	unsigned char page[PAGE_BYTES_MAX];
	size_t bytes = (size_t)count;
	if (bytes < PAGE_BYTES_MIN || bytes > sizeof(page))
		return gaps->real->xWrite(file, from, count, offset);
	memcpy(page, from, bytes);
	clear_gap(page, bytes, offset == 0);
	return gaps->real->xWrite(file, page, count, offset);
}

void gaps_clear(sqlite3 *db, struct gaps *gaps)
{
	sqlite3_file *file;
	sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
	gaps->real = file->pMethods;
	gaps->methods = *file->pMethods;
	gaps->methods.xWrite = write_cleared;
	file->pMethods = &gaps->methods;
}
