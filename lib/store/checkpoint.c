/* The checkpoint: see checkpoint.h. */
#include "store/checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "store/internal.h"

#define WAL_HEADER 32
#define FRAME_HEADER 24

struct checkpointer {
	int lock_fd;
	struct store *writer; /* holds the write lock meanwhile */
	struct store *mover;
	int64_t seen; /* the data version at the last run */
	bool suspect; /* the WAL on the disk may lack what the kernel has: see transaction.c */
};

static int take_lock(const char *path, int *fd_r, struct problem *why)
{
	char lock[4096];
	snprintf(lock, sizeof(lock), "%s-checkpoint", path);
	int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0660);
	if (fd < 0) {
		problem_set(why, PROBLEM_STORE_FAILED);
		return problem_cause(why, "%s: %s", lock, strerror(errno));
	}
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return 0;
	}
	*fd_r = fd;
	return 1;
}

int checkpointer_open(const char *path, int wait_ms, struct checkpointer **checkpointer_r,
		      struct problem *why)
{
	int fd = -1, locked = take_lock(path, &fd, why);
	if (locked <= 0)
		return locked;
	struct checkpointer *made = xcalloc(1, sizeof(*made));
	made->lock_fd = fd;
	made->seen = -1;
	made->suspect = true; /* whoever did this before may have ended because the disk failed */
	if (store_open(path, STORE_SERVE, wait_ms, &made->writer, why) < 0 ||
	    store_open(path, STORE_SERVE, wait_ms, &made->mover, why) < 0) {
		checkpointer_close(&made);
		return -1;
	}
	*checkpointer_r = made;
	return 1;
}

void checkpointer_close(struct checkpointer **checkpointer)
{
	struct checkpointer *closing = *checkpointer;
	if (!closing)
		return;
	store_close(&closing->writer);
	store_close(&closing->mover);
	close(closing->lock_fd);
	free(closing);
	*checkpointer = NULL;
}

int checkpointer_run(struct checkpointer *checkpointer, struct checkpoint *done_r,
		     struct problem *why)
{
	int64_t version = store_data_version(checkpointer->writer);
	if (version >= 0 && version == checkpointer->seen)
		return 0;
	TRY(store_run(checkpointer->writer, "BEGIN IMMEDIATE", why));
	int code = SQLITE_OK, mended = 0;
	if (checkpointer->suspect)
		mended = store_mend(checkpointer->writer, why);
	if (mended == 0)
		code = sqlite3_wal_checkpoint_v2(checkpointer->mover->db, "main",
						 SQLITE_CHECKPOINT_PASSIVE, &done_r->wal_pages,
						 &done_r->moved_pages);
	sqlite3_exec(checkpointer->writer->db, "ROLLBACK", NULL, NULL, NULL);
	checkpointer->suspect = mended < 0 || code != SQLITE_OK;
	TRY(mended);
	if (code != SQLITE_OK)
		return store_problem(checkpointer->mover, code, why);
	if (done_r->moved_pages == done_r->wal_pages)
		checkpointer->seen = version;
	return why->code ? -1 : 1;
}

int checkpointer_restart(struct checkpointer *checkpointer, struct problem *why)
{
	int64_t version, page;
	char same[48];
	TRY(store_number(checkpointer->writer, "PRAGMA user_version", &version, why));
	snprintf(same, sizeof(same), "PRAGMA user_version = %d", (int)version);
	TRY(store_run(checkpointer->writer, "PRAGMA journal_size_limit = 0", why));
	TRY(store_run(checkpointer->writer, same, why));
	TRY(store_number(checkpointer->writer, "PRAGMA page_size", &page, why));
	return wal_bytes(checkpointer->writer->path) == WAL_HEADER + FRAME_HEADER + page;
}

long long wal_bytes(const char *path)
{
	char wal[4096];
	struct stat status;
	snprintf(wal, sizeof(wal), "%s-wal", path);
	return stat(wal, &status) == 0 ? (long long)status.st_size : 0;
}
