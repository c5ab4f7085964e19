/*
 * Memory that the processes of a realm share: a small file in their common directory, mapped.
 *
 * It is for counters and short notes, which atomics keep whole: a process may be killed at any
 * moment, and no lock is left behind. What is in it may be lost, and any process of the same user
 * may have written it, so readers check what they use as an index, a length or a text.
 */
#ifndef BASE_SHARED_H
#define BASE_SHARED_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Maps the file `name` of `directory` with `bytes` of memory, aligned to 64 bytes and zeros at
 * first. All processes that name the same file, size and layout get the same memory; a file of
 * another layout or size is replaced, and processes that have mapped it keep theirs. `layout` is a
 * number that changes when the meaning of the bytes does.
 *
 * It never fails: where the file cannot be used, the memory belongs to this process alone, as in a
 * plain CGI program without such a directory. It is mapped until the process ends.
 */
void *shared_map(const char *directory, const char *name, size_t bytes, uint64_t layout);

/* Removes the file, so that the next process begins with zeros; others keep what they mapped. */
void shared_remove(const char *directory, const char *name);

/* A short text in shared memory. */
#define SHARED_TEXT 128 /* bytes, its NUL included */
struct shared_text {
	_Atomic uint64_t words[SHARED_TEXT / sizeof(uint64_t)];
};

/* Two writers at once may leave a mixture of both texts; readers get printable ASCII anyway. */
void shared_text_put(struct shared_text *text, const char *from);
void shared_text_get(const struct shared_text *text, char to[SHARED_TEXT]);

#endif
