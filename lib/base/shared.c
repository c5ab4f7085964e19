/* Shared memory: see shared.h. */
#include "base/shared.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

#define TRIES 5 /* a file that is replaced meanwhile is opened again */

/* The first bytes of the file. */
struct head {
	uint64_t layout;
	char padding[56]; /* so that what follows begins a line of the processor's cache */
};

static bool is_same_file(int fd, const char *path)
{
	struct stat open_one, named;
	return fstat(fd, &open_one) == 0 && lstat(path, &named) == 0 &&
	       open_one.st_dev == named.st_dev && open_one.st_ino == named.st_ino;
}

/*
 * Gives a new file its size. All its blocks are allocated, because a write into a hole of a mapped
 * file kills the process when the disk is full.
 */
static bool prepare_file(int fd, size_t bytes, uint64_t layout)
{
	const struct head head = {.layout = layout};
	return posix_fallocate(fd, 0, (off_t)bytes) == 0 &&
	       pwrite(fd, &head, sizeof(head), 0) == (ssize_t)sizeof(head);
}

/*
 * Whether the open file can be mapped. Nobody else may own it: the owner could cut it off, and the
 * next access would kill the process.
 */
static bool check_file(int fd, size_t bytes, uint64_t layout)
{
	struct head head;
	struct stat file;
	if (fstat(fd, &file) != 0 || !S_ISREG(file.st_mode) || file.st_uid != geteuid() ||
	    file.st_nlink != 1 || (file.st_mode & 077) != 0)
		return false;
	if (file.st_size == 0)
		return prepare_file(fd, bytes, layout);
	return (size_t)file.st_size == bytes &&
	       pread(fd, &head, sizeof(head), 0) == (ssize_t)sizeof(head) && head.layout == layout;
}

/* Root is only a visitor where the realm has a user of its own, which goes on with its file. */
static bool may_replace(const char *path)
{
	struct stat file;
	return lstat(path, &file) == 0 && (geteuid() != 0 || file.st_uid == 0);
}

/* Opens or creates the file, under a lock. Returns -1 when it cannot be used. */
static int open_file(const char *path, size_t bytes, uint64_t layout)
{
	for (int i = 0; i < TRIES; i++) {
		int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
		bool usable = fd >= 0 && flock(fd, LOCK_EX) == 0;
		bool replaced = usable && !is_same_file(fd, path);
		if (usable && !replaced && check_file(fd, bytes, layout)) {
			flock(fd, LOCK_UN); /* the mapping would keep the lock */
			return fd;
		}
		if (!replaced && (!may_replace(path) || unlink(path) != 0))
			i = TRIES;
		if (fd >= 0)
			close(fd);
	}
	return -1;
}

void *shared_map(const char *directory, const char *name, size_t bytes, uint64_t layout)
{
	char path[4096];
	size_t all = sizeof(struct head) + bytes;
	int length = snprintf(path, sizeof(path), "%s/%s", directory, name);
	int fd = length < (int)sizeof(path) ? open_file(path, all, layout) : -1;
	void *memory =
		fd < 0 ? MAP_FAILED : mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	if (memory == MAP_FAILED)
		memory =
			mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		out_of_memory();
	return (char *)memory + sizeof(struct head);
}

void shared_remove(const char *directory, const char *name)
{
	char path[4096];
	if (snprintf(path, sizeof(path), "%s/%s", directory, name) < (int)sizeof(path))
		unlink(path);
}

void shared_text_put(struct shared_text *text, const char *from)
{
	char padded[SHARED_TEXT] = "";
	snprintf(padded, sizeof(padded), "%s", from);
	for (size_t i = 0; i < SHARED_TEXT / sizeof(uint64_t); i++) {
		uint64_t word;
		memcpy(&word, padded + i * sizeof(word), sizeof(word));
		atomic_store_explicit(&text->words[i], word, memory_order_relaxed);
	}
}

void shared_text_get(const struct shared_text *text, char to[SHARED_TEXT])
{
	for (size_t i = 0; i < SHARED_TEXT / sizeof(uint64_t); i++) {
		uint64_t word = atomic_load_explicit(&text->words[i], memory_order_relaxed);
		memcpy(to + i * sizeof(word), &word, sizeof(word));
	}
	to[SHARED_TEXT - 1] = '\0';
	for (char *at = to; *at; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
}
