/*
 * A chunk: what a job has read for one connection, as frames in their order. It is limited, so that
 * the queue of the connection has room for it.
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
	STAILQ_HEAD(chunk_frames, chunk_frame) frames;
	int count;
	size_t bytes, most;
};

/* The part of a room's history that is still to come: the seqs after `after`, up to `until`. */
struct history {
	char room_id[UUID_TEXT];
	int64_t after, until;
};

/* The chunk and its frames live as long as the arena. */
void chunk_start(struct chunk *chunk, struct arena *arena, const struct bridge *bridge);

/* Drops the frames: a job may run again before it is committed. */
void chunk_clear(struct chunk *chunk);

/* Takes over the reference. v1: only for clients of aeon.v1. */
void chunk_add(struct chunk *chunk, struct frame *frame, bool v1);

/* Whether nothing more should be added. The last frame may exceed the limit. */
bool chunk_full(const struct chunk *chunk);

/* Adds a history_gap from history->after up to the seq `to`, and moves history->after there. */
void chunk_add_gap(struct chunk *chunk, struct history *history, int64_t to);

/* Adds as much of the history as the chunk has room for, and moves history->after. */
int chunk_add_history(struct chunk *chunk, struct store *store, int64_t viewer,
		      struct history *history, struct problem *why);

/* The same for the log after *pos. *caught_up_r: the end of the log was reached. */
int chunk_add_log(struct chunk *chunk, struct store *store, int64_t viewer, int64_t *pos,
		  bool *caught_up_r, struct problem *why);

/* Sends the frames that this connection wants; returns how many. */
int chunk_send(const struct chunk *chunk, struct conn *conn);

#endif
