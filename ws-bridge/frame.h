/*
 * What goes out: WebSocket frames, made once and shared by reference, and the queue of a
 * connection.
 *
 * A frame is a whole unfragmented, unmasked WebSocket frame, header included, so that several can
 * go out in one write. It may be made on any thread, and is then used by one.
 */
#ifndef WS_BRIDGE_FRAME_H
#define WS_BRIDGE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct frame {
	unsigned references;
	bool live; /* something that happened, not the answer to a request */
	size_t bytes;
	unsigned char data[];
};

/* `{"type":type,"pos":pos,"data":data}`, without pos when that is 0. The caller has the reference.
 */
struct frame *frame_message(const char *type, int64_t pos, const char *data, size_t bytes);
struct frame *frame_ping(void);
struct frame *frame_close(int code, const char *reason);

struct frame *frame_share(struct frame *frame);
void frame_release(struct frame **frame);

/* A ring that grows, and has no memory while it is empty. Zero-initialise it. */
struct queue {
	struct frame **ring;
	uint32_t first, count, size;
	size_t bytes;      /* of all frames */
	size_t live_bytes; /* of the live ones */
};

/* Takes a reference of its own. */
void queue_add(struct queue *queue, struct frame *frame);

/* Moves whole frames to the end of `to`, at least one and then while they fit into `most` bytes. */
void queue_take(struct queue *queue, struct buf *to, size_t most);
void queue_clear(struct queue *queue);

#endif
