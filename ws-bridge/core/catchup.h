/*
 * A lagging connection: it is served from the log, chunk by chunk as its socket drains, and gets
 * nothing live until one chunk reaches the end of the log.
 *
 * There are three ways into this state: a queue that is full because its reader is slow, the
 * command `resume`, and a `since` that is further back than one chunk. The memory is one chunk and
 * the queue, however much is to come. A reader that takes nothing at all for a while is closed.
 */
#ifndef WS_BRIDGE_CORE_CATCHUP_H
#define WS_BRIDGE_CORE_CATCHUP_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct conn;
struct history;

/* How a replay of the log has ended. */
struct replay {
	int64_t pos;            /* the client has everything up to it */
	int64_t replayed;       /* how many frames it got */
	const struct buf *gaps; /* of struct gap */
};

/* The queue is full: the log after `pos` is still to come. */
void catchup_lag(struct conn *conn, int64_t pos);

/* A client asks for the log after `pos`. done() is called at the end, with a copy of `gaps`. */
void catchup_log(struct conn *conn, int64_t pos, const struct buf *gaps,
		 void (*done)(struct conn *conn, const struct replay *replay));

/* A client asks for more of a room than fits into one chunk; then the log after `pos` follows. */
void catchup_history(struct conn *conn, const struct history *history, int64_t pos);

/* The queue was written, as far as the socket takes it: reads the next chunk when there is room. */
void catchup_flushed(struct conn *conn, bool wrote);

/* The connection no longer lags, or it ends. */
void catchup_end(struct conn *conn);

#endif
