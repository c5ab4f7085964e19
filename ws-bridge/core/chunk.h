/*
 * A chunk: what a job has read for one connection, as frames in their order, and not more than its
 * queue has room for.
 */
#ifndef WS_BRIDGE_CORE_CHUNK_H
#define WS_BRIDGE_CORE_CHUNK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/problem.h"
#include "base/uuid.h"

struct arena;
struct bridge;
struct conn;
struct frame;
struct store;

struct chunk {
	struct arena *arena;
	STAILQ_HEAD(lines, line) lines;
	int count;
	size_t bytes, most;
};

/* What is still to come of a room's history: what lies behind `after`, up to `until`. */
struct history {
	char room_id[UUID_TEXT];
	int64_t after, until;
};

/* The chunk lives in the arena, like all that comes into it. */
void chunk_start(struct chunk *chunk, struct arena *arena, const struct bridge *bridge);

/* Takes the frame over. v1: for clients of aeon.v1 alone. */
void chunk_add(struct chunk *chunk, struct frame *frame, bool v1);

/* It has one frame more than fits, at most. */
bool chunk_full(const struct chunk *chunk);

/* Tells of what is not shown of the history, up to that seq, and passes over it. */
void chunk_add_gap(struct chunk *chunk, struct history *history, int64_t to);

/* Adds what the chunk has room for, and moves history->after. */
int chunk_add_history(struct chunk *chunk, struct store *store, int64_t viewer,
		      struct history *history, struct problem *why);

/* The same for the log behind *pos. *caught_up_r: that was all there is. */
int chunk_add_log(struct chunk *chunk, struct store *store, int64_t viewer, int64_t *pos,
		  bool *caught_up_r, struct problem *why);

/* Sends what is for this connection; returns how many frames that were. */
int chunk_send(const struct chunk *chunk, struct conn *conn);

#endif
