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
	struct store *writer, *reader; /* keep others from restarting the WAL meanwhile */
	struct store *mover;
	struct gaps gaps; /* of the mover */
	int64_t seen;     /* the data version when the whole WAL had been moved; -1: unknown */
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
	    store_open(path, STORE_SERVE, wait_ms, &made->reader, why) < 0 ||
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
	store_close(&closing->reader);
	store_close(&closing->mover);
	close(closing->lock_fd);
	free(closing);
	*leader = NULL;
}

static int move(struct leader *leader, struct checkpoint *done_r, struct problem *why)
{
	int code = sqlite3_wal_checkpoint_v2(leader->mover->db, "main", SQLITE_CHECKPOINT_PASSIVE,
					     &done_r->wal_pages, &done_r->moved_pages);
	leader->suspect = code != SQLITE_OK;
	return code == SQLITE_OK ? 0 : store_problem(leader->mover, code, why);
}

/* SQLite syncs the database itself when the whole WAL was moved, which is while writers wait. */
static int sync_moved(struct leader *leader, struct problem *why)
{
	sqlite3_file *file;
	sqlite3_file_control(leader->mover->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
	int code = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
	leader->suspect = code != SQLITE_OK;
	return code == SQLITE_OK ? 0 : store_problem(NULL, code, why);
}

/*
 * The WAL must have pages that were not moved. Then the read transaction uses it, and no commit can
 * restart it.
 */
static int move_beside_writers(struct leader *leader, struct problem *why)
{
	int64_t version;
	struct checkpoint done;
	TRY(store_run(leader->reader, "BEGIN", why));
	int result = store_number(leader->reader, "PRAGMA user_version", &version, why);
	if (result == 0)
		result = move(leader, &done, why);
	sqlite3_exec(leader->reader->db, "ROLLBACK", NULL, NULL, NULL);
	return result < 0 ? -1 : sync_moved(leader, why);
}

/* With the write lock held. */
static int move_rest(struct leader *leader, struct checkpoint *done_r, struct problem *why)
{
	int64_t version = store_data_version(leader->writer);
	if (leader->suspect)
		TRY(store_mend(leader->writer, why));
	TRY(move(leader, done_r, why));
	if (done_r->moved_pages == done_r->wal_pages)
		leader->seen = version;
	return 0;
}

static int checkpoint(struct leader *leader, struct checkpoint *done_r, struct problem *why)
{
	int64_t version = store_data_version(leader->writer);
	if (version < 0)
		return problem_set(why, PROBLEM_STORE_FAILED);
	if (version == leader->seen)
		return 0;
	/* Something was committed since, or remained. */
	if (leader->seen >= 0 && !leader->suspect)
		TRY(move_beside_writers(leader, why));
	TRY(store_run(leader->writer, "BEGIN IMMEDIATE", why));
	int result = move_rest(leader, done_r, why);
	sqlite3_exec(leader->writer->db, "ROLLBACK", NULL, NULL, NULL);
	return result < 0 ? -1 : 1;
}

int leader_checkpoint(struct leader *leader, struct checkpoint *done_r, struct problem *why)
{
	int result = checkpoint(leader, done_r, why);
	if (result < 0)
		leader->seen = -1;
	return result;
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
