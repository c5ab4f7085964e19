/* A disk that fails: see disk.h. */
#include "tests/faults/disk.h"

#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/memory.h"

#define SECTOR 512
#define FILES 64

/* A write since the last sync. Without bytes: the file was truncated to `size`. */
struct operation {
	STAILQ_ENTRY(operation) link;
	unsigned char *bytes;
	int64_t offset, size;
};
STAILQ_HEAD(operations, operation);

/* A file of the disk. Several handles may have it open. */
struct disk_file {
	char *name;
	unsigned char *durable;
	int64_t size;
	struct operations pending;
	int errors; /* failed syncs */
};

struct open_file {
	sqlite3_file base;
	struct disk_file *disk_file;
	int errors;         /* failed syncs of the file that this handle has reported */
	sqlite3_file *real; /* stored after this struct */
};

static struct {
	pthread_mutex_t lock;
	sqlite3_vfs *real, vfs;
	struct disk_file files[FILES];
	enum disk_fault fault;
	uint64_t random;
	struct {
		int operations; /* until the power cut; 0: no cut is planned */
		const char *path, *to;
		void (*now)(void);
	} cut;
} disk = {.lock = PTHREAD_MUTEX_INITIALIZER};

uint32_t disk_random(uint32_t most)
{
	disk.random = disk.random * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t)(disk.random >> 33) % most;
}

/* --- the bytes on disk ------------------------------------------------------------------------ */

static struct disk_file *file_named(const char *name)
{
	for (int i = 0; i < FILES; i++) {
		struct disk_file *disk_file = &disk.files[i];
		if (disk_file->name && strcmp(disk_file->name, name) == 0)
			return disk_file;
		if (!disk_file->name) {
			disk_file->name = strdup(name);
			STAILQ_INIT(&disk_file->pending);
			return disk_file;
		}
	}
	abort();
}

static void bytes_resize(unsigned char **bytes, int64_t *size, int64_t to)
{
	*bytes = xrealloc(*bytes, (size_t)to + 1);
	if (to > *size)
		memset(*bytes + *size, 0, (size_t)(to - *size));
	*size = to;
}

static void bytes_write(unsigned char **bytes, int64_t *size, const struct operation *o,
			int64_t from, int64_t count)
{
	if (o->offset + from + count > *size)
		bytes_resize(bytes, size, o->offset + from + count);
	memcpy(*bytes + o->offset + from, o->bytes + from, (size_t)count);
}

static void add_pending(struct disk_file *disk_file, const void *bytes, int64_t offset,
			int64_t size)
{
	struct operation *o = xcalloc(1, sizeof(*o));
	o->offset = offset;
	o->size = size;
	if (bytes) {
		o->bytes = xmalloc((size_t)size);
		memcpy(o->bytes, bytes, (size_t)size);
	}
	STAILQ_INSERT_TAIL(&disk_file->pending, o, link);
}

/* Ends all pending writes: they become durable, or they are lost. */
static void end_pending(struct disk_file *disk_file, bool durable)
{
	for (struct operation *o; (o = STAILQ_FIRST(&disk_file->pending)) != NULL;) {
		STAILQ_REMOVE_HEAD(&disk_file->pending, link);
		if (durable && o->bytes)
			bytes_write(&disk_file->durable, &disk_file->size, o, 0, o->size);
		else if (durable)
			bytes_resize(&disk_file->durable, &disk_file->size, o->size);
		free(o->bytes);
		free(o);
	}
}

void disk_sync_all(void)
{
	pthread_mutex_lock(&disk.lock);
	for (int i = 0; i < FILES && disk.files[i].name; i++)
		end_pending(&disk.files[i], true);
	pthread_mutex_unlock(&disk.lock);
}

void disk_fail(enum disk_fault fault)
{
	pthread_mutex_lock(&disk.lock);
	disk.fault = fault;
	pthread_mutex_unlock(&disk.lock);
}

/* --- the power cut ---------------------------------------------------------------------------- */

/* Writes all sectors of the operation, none of them, or each at random. */
static void write_some_sectors(unsigned char **bytes, int64_t *size, const struct operation *o)
{
	uint32_t fate = disk_random(3);
	for (int64_t at = 0; at < o->size; at += SECTOR) {
		int64_t count = o->size - at < SECTOR ? o->size - at : SECTOR;
		if (fate == 0 || (fate == 1 && disk_random(2)))
			bytes_write(bytes, size, o, at, count);
	}
}

/* A disk may reorder writes. Omitting any of them gives the same results. */
static void cut_file(struct disk_file *disk_file, const char *to)
{
	unsigned char *bytes = NULL;
	int64_t size = 0;
	const struct operation *o;
	bytes_resize(&bytes, &size, disk_file->size);
	if (disk_file->size)
		memcpy(bytes, disk_file->durable, (size_t)disk_file->size);
	STAILQ_FOREACH(o, &disk_file->pending, link) {
		if (o->bytes)
			write_some_sectors(&bytes, &size, o);
		else if (disk_random(2))
			bytes_resize(&bytes, &size, o->size);
	}
	FILE *file = fopen(to, "we");
	assert(file && fwrite(bytes, 1, (size_t)size, file) == (size_t)size && fclose(file) == 0);
	free(bytes);
}

static void cut_power(const char *path, const char *to)
{
	char from[512], copy[512];
	cut_file(file_named(path), to);
	snprintf(from, sizeof(from), "%s-wal", path);
	snprintf(copy, sizeof(copy), "%s-wal", to);
	cut_file(file_named(from), copy);
	snprintf(copy, sizeof(copy), "%s-shm", to);
	unlink(copy); /* of an earlier image with that name */
}

void disk_cut_power(const char *path, const char *to)
{
	pthread_mutex_lock(&disk.lock);
	cut_power(path, to);
	pthread_mutex_unlock(&disk.lock);
}

void disk_cut_power_later(int operations, const char *path, const char *to, void (*now)(void))
{
	pthread_mutex_lock(&disk.lock);
	disk.cut.operations = operations;
	disk.cut.path = path;
	disk.cut.to = to;
	disk.cut.now = now;
	pthread_mutex_unlock(&disk.lock);
}

/* Call it before each operation: it cuts the power if that is planned for this operation. */
static void before_operation(const struct disk_file *disk_file)
{
	if (!disk.cut.operations ||
	    strncmp(disk_file->name, disk.cut.path, strlen(disk.cut.path)) != 0 ||
	    --disk.cut.operations > 0)
		return;
	cut_power(disk.cut.path, disk.cut.to);
	disk.cut.now();
}

/* --- the file, as SQLite uses it -------------------------------------------------------------- */

#define REAL(file) (((struct open_file *)(file))->real)
#define METHODS(file) (REAL(file)->pMethods)

static int file_close(sqlite3_file *file)
{
	return METHODS(file)->xClose(REAL(file));
}

static int file_read(sqlite3_file *file, void *to, int count, sqlite3_int64 offset)
{
	return METHODS(file)->xRead(REAL(file), to, count, offset);
}

static int file_write(sqlite3_file *file, const void *from, int count, sqlite3_int64 offset)
{
	int code = SQLITE_FULL;
	pthread_mutex_lock(&disk.lock);
	before_operation(((struct open_file *)file)->disk_file);
	int written = disk.fault == DISK_FULL          ? 0
		      : disk.fault == DISK_WRITES_LESS ? count / 2
						       : count;
	if (written > 0) {
		code = METHODS(file)->xWrite(REAL(file), from, written, offset);
		add_pending(((struct open_file *)file)->disk_file, from, offset, written);
	}
	if (disk.fault == DISK_WRITES_LESS)
		code = SQLITE_IOERR_WRITE;
	pthread_mutex_unlock(&disk.lock);
	return code;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	pthread_mutex_lock(&disk.lock);
	before_operation(((struct open_file *)file)->disk_file);
	int code = METHODS(file)->xTruncate(REAL(file), size);
	add_pending(((struct open_file *)file)->disk_file, NULL, 0, size);
	pthread_mutex_unlock(&disk.lock);
	return code;
}

/*
 * As in Linux: each handle of the file gets the error of a failed sync once. Afterwards the kernel
 * treats the failed writes as clean.
 */
static int file_sync(sqlite3_file *file, int flags)
{
	struct open_file *open = (struct open_file *)file;
	struct disk_file *disk_file = open->disk_file;
	(void)flags;
	pthread_mutex_lock(&disk.lock);
	before_operation(disk_file);
	disk_file->errors += disk.fault == DISK_SYNC_FAILS;
	end_pending(disk_file, disk.fault != DISK_SYNC_FAILS);
	int code = open->errors == disk_file->errors ? SQLITE_OK : SQLITE_IOERR_FSYNC;
	open->errors = disk_file->errors;
	pthread_mutex_unlock(&disk.lock);
	return code;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return METHODS(file)->xFileSize(REAL(file), size);
}

static int file_lock(sqlite3_file *file, int level)
{
	return METHODS(file)->xLock(REAL(file), level);
}

static int file_unlock(sqlite3_file *file, int level)
{
	return METHODS(file)->xUnlock(REAL(file), level);
}

static int file_check_lock(sqlite3_file *file, int *locked)
{
	return METHODS(file)->xCheckReservedLock(REAL(file), locked);
}

/* Declines the ways of writing that would bypass this VFS. */
static int file_control(sqlite3_file *file, int what, void *with)
{
	if (what == SQLITE_FCNTL_MMAP_SIZE || what == SQLITE_FCNTL_SIZE_HINT)
		return SQLITE_NOTFOUND;
	return METHODS(file)->xFileControl(REAL(file), what, with);
}

static int file_sector(sqlite3_file *file)
{
	return METHODS(file)->xSectorSize(REAL(file));
}

/* No guarantees: the disk may tear and reorder writes. */
static int file_features(sqlite3_file *file)
{
	(void)file;
	return 0;
}

static int file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **at)
{
	return METHODS(file)->xShmMap(REAL(file), page, size, extend, at);
}

static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
	return METHODS(file)->xShmLock(REAL(file), offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
	METHODS(file)->xShmBarrier(REAL(file));
}

static int file_shm_unmap(sqlite3_file *file, int remove)
{
	return METHODS(file)->xShmUnmap(REAL(file), remove);
}

/* Version 2: without memory mapping. */
static const sqlite3_io_methods methods = {
	2,
	file_close,
	file_read,
	file_write,
	file_truncate,
	file_sync,
	file_size,
	file_lock,
	file_unlock,
	file_check_lock,
	file_control,
	file_sector,
	file_features,
	file_shm_map,
	file_shm_lock,
	file_shm_barrier,
	file_shm_unmap,
	NULL,
	NULL,
};

static int file_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
		     int *flags_r)
{
	struct open_file *open = (struct open_file *)file;
	(void)vfs;
	open->real = (sqlite3_file *)(void *)(open + 1);
	int code = disk.real->xOpen(disk.real, name, open->real, flags, flags_r);
	if (code != SQLITE_OK)
		return code;
	open->base.pMethods = &methods;
	pthread_mutex_lock(&disk.lock);
	open->disk_file = file_named(name ? name : "(temporary)");
	open->errors = open->disk_file->errors;
	pthread_mutex_unlock(&disk.lock);
	return SQLITE_OK;
}

void disk_install(uint64_t seed)
{
	disk.random = seed;
	disk.real = sqlite3_vfs_find(NULL);
	disk.vfs = *disk.real;
	disk.vfs.zName = "failing";
	disk.vfs.szOsFile = (int)sizeof(struct open_file) + disk.real->szOsFile;
	disk.vfs.xOpen = file_open;
	sqlite3_vfs_register(&disk.vfs, 1);
}
