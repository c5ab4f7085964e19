/*
 * A connection that is behind: it is served from the log, chunk by chunk as its socket drains,
 * and gets nothing live, until one finds the log's end.
 *
 * Three things lead there: a queue that is full because its reader is slow, `resume`, and a `since`
 * further back than a chunk. Memory is a chunk and its queue, however much is to come; a reader
 * that takes nothing at all for a while is closed.
 */
#ifndef WS_BRIDGE_CORE_CATCHUP_H
#define WS_BRIDGE_CORE_CATCHUP_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct conn;
struct history;

/* The queue is full: what is in the log behind `pos` is still to come. */
void catchup_slow(struct conn *conn, int64_t pos);

/* A client asks for the log behind `pos`. In the end it is told of the gaps, a JSON array. */
void catchup_resume(struct conn *conn, int64_t pos, const struct buf *gaps);

/* A client asks for more of a room than came at once; then the log behind `pos` goes on. */
void catchup_history(struct conn *conn, const struct history *history, int64_t pos);

/* What was queued has been written, as far as it goes: time for the next chunk, perhaps. */
void catchup_flushed(struct conn *conn, bool wrote);

/* It is not behind any more, or closed. */
void catchup_end(struct conn *conn);

#endif
