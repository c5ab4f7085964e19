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

/* One write since the last sync; bytes NULL: the file was cut to `size`. */
struct operation {
	STAILQ_ENTRY(operation) link;
	unsigned char *bytes;
	int64_t offset, size;
};
STAILQ_HEAD(operations, operation);

/* A file of the disk, however many handles have it open. */
struct platter {
	char *name;
	unsigned char *durable;
	int64_t size;
	struct operations pending;
	int errors; /* failed syncs */
};

struct open_file {
	sqlite3_file base;
	struct platter *platter;
	int errors;         /* of the platter, that this handle has been given */
	sqlite3_file *real; /* behind this struct */
};

static struct {
	pthread_mutex_t lock;
	sqlite3_vfs *real, vfs;
	struct platter platters[FILES];
	enum disk_fault fault;
	uint64_t random;
	struct {
		int operations; /* until the cut; 0: none will come */
		const char *path, *to;
		void (*now)(void);
	} cut;
} disk = {.lock = PTHREAD_MUTEX_INITIALIZER};

uint32_t disk_random(uint32_t most)
{
	disk.random = disk.random * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t)(disk.random >> 33) % most;
}

/* --- what the disk has ------------------------------------------------------------------------ */

static struct platter *platter_of(const char *name)
{
	for (int i = 0; i < FILES; i++) {
		struct platter *platter = &disk.platters[i];
		if (platter->name && strcmp(platter->name, name) == 0)
			return platter;
		if (!platter->name) {
			platter->name = strdup(name);
			STAILQ_INIT(&platter->pending);
			return platter;
		}
	}
	abort();
}

static void resize(unsigned char **bytes, int64_t *size, int64_t to)
{
	*bytes = xrealloc(*bytes, (size_t)to + 1);
	if (to > *size)
		memset(*bytes + *size, 0, (size_t)(to - *size));
	*size = to;
}

static void put(unsigned char **bytes, int64_t *size, const struct operation *o, int64_t from,
		int64_t count)
{
	if (o->offset + from + count > *size)
		resize(bytes, size, o->offset + from + count);
	memcpy(*bytes + o->offset + from, o->bytes + from, (size_t)count);
}

static void note(struct platter *platter, const void *bytes, int64_t offset, int64_t size)
{
	struct operation *o = xcalloc(1, sizeof(*o));
	o->offset = offset;
	o->size = size;
	if (bytes) {
		o->bytes = xmalloc((size_t)size);
		memcpy(o->bytes, bytes, (size_t)size);
	}
	STAILQ_INSERT_TAIL(&platter->pending, o, link);
}

/* Ends all pending writes: they become durable, or they are lost. */
static void end_pending(struct platter *platter, bool durable)
{
	for (struct operation *o; (o = STAILQ_FIRST(&platter->pending)) != NULL;) {
		STAILQ_REMOVE_HEAD(&platter->pending, link);
		if (durable && o->bytes)
			put(&platter->durable, &platter->size, o, 0, o->size);
		else if (durable)
			resize(&platter->durable, &platter->size, o->size);
		free(o->bytes);
		free(o);
	}
}

void disk_settle(void)
{
	pthread_mutex_lock(&disk.lock);
	for (int i = 0; i < FILES && disk.platters[i].name; i++)
		end_pending(&disk.platters[i], true);
	pthread_mutex_unlock(&disk.lock);
}

void disk_fail(enum disk_fault fault)
{
	pthread_mutex_lock(&disk.lock);
	disk.fault = fault;
	pthread_mutex_unlock(&disk.lock);
}

/* --- the power cut ---------------------------------------------------------------------------- */

/* Each sector of the write survives or not; at times all of them do, or none. */
static void put_some(unsigned char **bytes, int64_t *size, const struct operation *o)
{
	uint32_t fate = disk_random(3);
	for (int64_t at = 0; at < o->size; at += SECTOR) {
		int64_t count = o->size - at < SECTOR ? o->size - at : SECTOR;
		if (fate == 0 || (fate == 1 && disk_random(2)))
			put(bytes, size, o, at, count);
	}
}

/* A disk may reorder writes. Leaving out any of them gives the same results. */
static void cut_one(struct platter *platter, const char *to)
{
	unsigned char *bytes = NULL;
	int64_t size = 0;
	const struct operation *o;
	resize(&bytes, &size, platter->size);
	if (platter->size)
		memcpy(bytes, platter->durable, (size_t)platter->size);
	STAILQ_FOREACH(o, &platter->pending, link) {
		if (o->bytes)
			put_some(&bytes, &size, o);
		else if (disk_random(2))
			resize(&bytes, &size, o->size);
	}
	FILE *file = fopen(to, "we");
	assert(file && fwrite(bytes, 1, (size_t)size, file) == (size_t)size && fclose(file) == 0);
	free(bytes);
}

static void cut(const char *path, const char *to)
{
	char from[512], copy[512];
	cut_one(platter_of(path), to);
	snprintf(from, sizeof(from), "%s-wal", path);
	snprintf(copy, sizeof(copy), "%s-wal", to);
	cut_one(platter_of(from), copy);
	snprintf(copy, sizeof(copy), "%s-shm", to);
	unlink(copy); /* of an earlier image of that name */
}

void disk_cut(const char *path, const char *to)
{
	pthread_mutex_lock(&disk.lock);
	cut(path, to);
	pthread_mutex_unlock(&disk.lock);
}

void disk_cut_later(int operations, const char *path, const char *to, void (*now)(void))
{
	pthread_mutex_lock(&disk.lock);
	disk.cut.operations = operations;
	disk.cut.path = path;
	disk.cut.to = to;
	disk.cut.now = now;
	pthread_mutex_unlock(&disk.lock);
}

/* To be called before each operation: the power may be cut at that moment. */
static void operation(const struct platter *platter)
{
	if (!disk.cut.operations ||
	    strncmp(platter->name, disk.cut.path, strlen(disk.cut.path)) != 0 ||
	    --disk.cut.operations > 0)
		return;
	cut(disk.cut.path, disk.cut.to);
	disk.cut.now();
}

/* --- the file, as SQLite uses it -------------------------------------------------------------- */

#define REAL(file) (((struct open_file *)(file))->real)
#define METHODS(file) (REAL(file)->pMethods)

static int do_close(sqlite3_file *file)
{
	return METHODS(file)->xClose(REAL(file));
}

static int do_read(sqlite3_file *file, void *to, int count, sqlite3_int64 offset)
{
	return METHODS(file)->xRead(REAL(file), to, count, offset);
}

static int do_write(sqlite3_file *file, const void *from, int count, sqlite3_int64 offset)
{
	int code = SQLITE_FULL;
	pthread_mutex_lock(&disk.lock);
	operation(((struct open_file *)file)->platter);
	int written = disk.fault == DISK_FULL          ? 0
		      : disk.fault == DISK_WRITES_LESS ? count / 2
						       : count;
	if (written > 0) {
		code = METHODS(file)->xWrite(REAL(file), from, written, offset);
		note(((struct open_file *)file)->platter, from, offset, written);
	}
	if (disk.fault == DISK_WRITES_LESS)
		code = SQLITE_IOERR_WRITE;
	pthread_mutex_unlock(&disk.lock);
	return code;
}

static int do_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	pthread_mutex_lock(&disk.lock);
	operation(((struct open_file *)file)->platter);
	int code = METHODS(file)->xTruncate(REAL(file), size);
	note(((struct open_file *)file)->platter, NULL, 0, size);
	pthread_mutex_unlock(&disk.lock);
	return code;
}

/*
 * As in Linux: each handle of the file gets the error of a failed sync once, and the writes that
 * failed count as clean from then on.
 */
static int do_sync(sqlite3_file *file, int flags)
{
	struct open_file *open = (struct open_file *)file;
	struct platter *platter = open->platter;
	(void)flags;
	pthread_mutex_lock(&disk.lock);
	operation(platter);
	platter->errors += disk.fault == DISK_SYNC_FAILS;
	end_pending(platter, disk.fault != DISK_SYNC_FAILS);
	int code = open->errors == platter->errors ? SQLITE_OK : SQLITE_IOERR_FSYNC;
	open->errors = platter->errors;
	pthread_mutex_unlock(&disk.lock);
	return code;
}

static int do_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return METHODS(file)->xFileSize(REAL(file), size);
}

static int do_lock(sqlite3_file *file, int level)
{
	return METHODS(file)->xLock(REAL(file), level);
}

static int do_unlock(sqlite3_file *file, int level)
{
	return METHODS(file)->xUnlock(REAL(file), level);
}

static int do_check_lock(sqlite3_file *file, int *locked)
{
	return METHODS(file)->xCheckReservedLock(REAL(file), locked);
}

/* Declines the ways of writing that would bypass this VFS. */
static int do_control(sqlite3_file *file, int what, void *with)
{
	if (what == SQLITE_FCNTL_MMAP_SIZE || what == SQLITE_FCNTL_SIZE_HINT)
		return SQLITE_NOTFOUND;
	return METHODS(file)->xFileControl(REAL(file), what, with);
}

static int do_sector(sqlite3_file *file)
{
	return METHODS(file)->xSectorSize(REAL(file));
}

/* Promises nothing: writes may be torn and reordered. */
static int do_features(sqlite3_file *file)
{
	(void)file;
	return 0;
}

static int do_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **at)
{
	return METHODS(file)->xShmMap(REAL(file), page, size, extend, at);
}

static int do_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
	return METHODS(file)->xShmLock(REAL(file), offset, count, flags);
}

static void do_shm_barrier(sqlite3_file *file)
{
	METHODS(file)->xShmBarrier(REAL(file));
}

static int do_shm_unmap(sqlite3_file *file, int remove)
{
	return METHODS(file)->xShmUnmap(REAL(file), remove);
}

/* Version 2: without memory mapping. */
static const sqlite3_io_methods methods = {
	2,           do_close,   do_read,     do_write,       do_truncate,  do_sync,
	do_size,     do_lock,    do_unlock,   do_check_lock,  do_control,   do_sector,
	do_features, do_shm_map, do_shm_lock, do_shm_barrier, do_shm_unmap, NULL,
	NULL,
};

static int do_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *flags_r)
{
	struct open_file *open = (struct open_file *)file;
	(void)vfs;
	open->real = (sqlite3_file *)(void *)(open + 1);
	int code = disk.real->xOpen(disk.real, name, open->real, flags, flags_r);
	if (code != SQLITE_OK)
		return code;
	open->base.pMethods = &methods;
	pthread_mutex_lock(&disk.lock);
	open->platter = platter_of(name ? name : "(temporary)");
	open->errors = open->platter->errors;
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
	disk.vfs.xOpen = do_open;
	sqlite3_vfs_register(&disk.vfs, 1);
}
