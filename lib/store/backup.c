/*
 * A copy of the database while it is in use: see backup.h.
 *
 * A read transaction is held all the time, because SQLite starts a copy again when another process
 * writes, and on a busy realm that would never end. The price is a WAL that cannot restart
 * meanwhile.
 */
#include "store/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/memory.h"
#include "store/gaps.h"
#include "store/internal.h"
#include "store/queries.h"

#define STEP 256 /* pages: 1 MiB */

static int failed(const char *what, const char *path, struct problem *why)
{
	return problem_say(why, PROBLEM_STORE_FAILED, "Cannot %s %.180s: %s", what, path,
			   strerror(errno));
}

static int copy_pages(struct store *store, sqlite3 *to, const struct backup *backup,
		      struct problem *why)
{
	sqlite3_backup *copy = sqlite3_backup_init(to, "main", store->db, "main");
	int code = copy ? SQLITE_OK : sqlite3_errcode(to);
	while (code == SQLITE_OK) {
		code = sqlite3_backup_step(copy, STEP);
		int total = sqlite3_backup_pagecount(copy);
		if (backup->progress)
			backup->progress(total - sqlite3_backup_remaining(copy), total);
	}
	sqlite3_backup_finish(copy);
	return code == SQLITE_DONE ? 0 : store_problem(NULL, code, why);
}

static int copy_all(struct store *store, const char *partial, const struct backup *backup,
		    struct problem *why)
{
	sqlite3 *to;
	struct gaps gaps;
	int64_t version;
	int code = sqlite3_open_v2(partial, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	int result =
		code == SQLITE_OK ? store_run(store, "BEGIN", why) : store_problem(NULL, code, why);
	if (result == 0) {
		gaps_clear(to, &gaps);
		if (store_number(store, "PRAGMA user_version", &version, why) == 0)
			result = copy_pages(store, to, backup, why);
		store_run(store, "ROLLBACK", why);
	}
	sqlite3_close(to);
	return why->code ? -1 : result;
}

int store_renew_epoch(struct store *store, struct problem *why)
{
	unsigned char random[8];
	char epoch[2 * sizeof(random) + 1];
	randombytes_buf(random, sizeof(random));
	sodium_bin2hex(epoch, sizeof(epoch), random, sizeof(random));
	return q_epoch_renew(store, epoch, why);
}

static int renew_epoch(struct store *copy, void *unused, struct problem *why)
{
	(void)unused;
	return store_renew_epoch(copy, why);
}

/* Makes a single file of it, without a WAL. */
static int finish_copy(const char *partial, struct problem *why)
{
	struct store *copy;
	TRY(store_open(partial, STORE_SERVE, 0, &copy, why));
	int result = store_write(copy, renew_epoch, NULL, why);
	if (result >= 0)
		result = store_run(copy, "PRAGMA journal_mode = DELETE", why);
	store_close(&copy);
	return result < 0 ? -1 : 0;
}

static int sync_path(const char *path, int flags, struct problem *why)
{
	int fd = open(path, flags | O_NOFOLLOW | O_CLOEXEC);
	int result = fd < 0 || fsync(fd) != 0 ? failed("sync", path, why) : 0;
	if (fd >= 0)
		close(fd);
	return result;
}

static int put_in_place(const char *partial, const char *file, struct problem *why)
{
	TRY(sync_path(partial, O_RDONLY, why));
	if (rename(partial, file) != 0)
		return failed("write", file, why);
	char *path = xstrdup(file);
	int result = sync_path(dirname(path), O_RDONLY | O_DIRECTORY, why);
	free(path);
	return result;
}

static int check_target(const struct store *store, const struct backup *backup, struct problem *why)
{
	struct stat target, database;
	if (stat(backup->file, &target) != 0)
		return 0;
	if (stat(store->path, &database) == 0 && target.st_dev == database.st_dev &&
	    target.st_ino == database.st_ino)
		return problem_say(why, PROBLEM_INVALID, "%.180s is the database itself",
				   backup->file);
	if (!backup->replace)
		return problem_say(why, PROBLEM_INVALID, "%.180s exists already", backup->file);
	return 0;
}

int store_backup(struct store *store, const struct backup *backup, struct problem *why)
{
	char partial[4096];
	snprintf(partial, sizeof(partial), "%s.partial", backup->file);
	TRY(check_target(store, backup, why));
	unlink(partial); /* left behind by a backup that was killed */
	int fd = open(partial, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0)
		return failed("create", partial, why);
	close(fd);
	if (copy_all(store, partial, backup, why) == 0 && finish_copy(partial, why) == 0 &&
	    put_in_place(partial, backup->file, why) == 0)
		return 0;
	unlink(partial);
	return -1;
}
