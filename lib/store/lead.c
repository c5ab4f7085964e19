/* The leader of the maintenance: see lead.h. */
#include "store/lead.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "store/gaps.h"
#include "store/internal.h"

#define WAL_HEADER 32
#define FRAME_HEADER 24

struct leader {
	int lock_fd;
	struct store *writer; /* holds the write lock meanwhile */
	struct store *mover;
	struct gaps gaps; /* of the mover */
	int64_t seen;     /* the data version at the last run */
	bool suspect;     /* the disk may lack a part of the WAL: see transaction.c */
};

static int take_lock(const char *path, int *fd_r, struct problem *why)
{
	char lock[4096];
	snprintf(lock, sizeof(lock), "%s-checkpoint", path);
	int fd = open(lock, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
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

int store_lead(const char *path, int wait_ms, struct leader **leader_r, struct problem *why)
{
	int fd = -1, locked = take_lock(path, &fd, why);
	if (locked <= 0)
		return locked;
	struct leader *made = xcalloc(1, sizeof(*made));
	made->lock_fd = fd;
	made->seen = -1;
	made->suspect =
		true; /* the process that led before may have ended because the disk failed */
	if (store_open(path, STORE_SERVE, wait_ms, &made->writer, why) < 0 ||
	    store_open(path, STORE_SERVE, wait_ms, &made->mover, why) < 0) {
		store_resign(&made);
		return -1;
	}
	gaps_clear(made->mover->db, &made->gaps);
	*leader_r = made;
	return 1;
}

void store_resign(struct leader **leader)
{
	struct leader *closing = *leader;
	if (!closing)
		return;
	store_close(&closing->writer);
	store_close(&closing->mover);
	close(closing->lock_fd);
	free(closing);
	*leader = NULL;
}

int leader_checkpoint(struct leader *leader, struct checkpoint *done_r, struct problem *why)
{
	int64_t version = store_data_version(leader->writer);
	if (version >= 0 && version == leader->seen)
		return 0;
	TRY(store_run(leader->writer, "BEGIN IMMEDIATE", why));
	int code = SQLITE_OK, mended = 0;
	if (leader->suspect)
		mended = store_mend(leader->writer, why);
	if (mended == 0)
		code = sqlite3_wal_checkpoint_v2(leader->mover->db, "main",
						 SQLITE_CHECKPOINT_PASSIVE, &done_r->wal_pages,
						 &done_r->moved_pages);
	sqlite3_exec(leader->writer->db, "ROLLBACK", NULL, NULL, NULL);
	leader->suspect = mended < 0 || code != SQLITE_OK;
	TRY(mended);
	if (code != SQLITE_OK)
		return store_problem(leader->mover, code, why);
	if (done_r->moved_pages == done_r->wal_pages)
		leader->seen = version;
	return why->code ? -1 : 1;
}

int leader_empty_log(struct leader *leader, struct problem *why)
{
	int64_t version, page;
	char same[48];
	TRY(store_number(leader->writer, "PRAGMA user_version", &version, why));
	snprintf(same, sizeof(same), "PRAGMA user_version = %d", (int)version);
	TRY(store_run(leader->writer, "PRAGMA journal_size_limit = 0", why));
	TRY(store_run(leader->writer, same, why));
	TRY(store_number(leader->writer, "PRAGMA page_size", &page, why));
	bool emptied = store_log_bytes(leader->writer->path) == WAL_HEADER + FRAME_HEADER + page;
	if (!emptied)
		leader->seen = -1; /* the own commit must be moved too before the WAL can restart */
	return emptied;
}

long long store_log_bytes(const char *path)
{
	char wal[4096];
	struct stat status;
	snprintf(wal, sizeof(wal), "%s-wal", path);
	return stat(wal, &status) == 0 ? (long long)status.st_size : 0;
}
