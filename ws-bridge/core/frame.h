/*
 * What goes out: WebSocket frames, made once and shared by reference, and the queue of a
 * connection.
 *
 * A frame is a whole unfragmented, unmasked WebSocket frame, header included, so that several can
 * go out in one write. It may be made on any thread, and is then used by one.
 */
#ifndef WS_BRIDGE_CORE_FRAME_H
#define WS_BRIDGE_CORE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* What becomes of a frame whose reader is too slow for it. */
enum frame_class {
	FRAME_ANSWER,   /* it goes out all the same */
	FRAME_EVENT,    /* it is let go, and read from the log later */
	FRAME_TYPING,   /* it is let go */
	FRAME_PRESENCE, /* the same; how things are is told later */
};

struct frame {
	unsigned references;
	enum frame_class class; /* of a new one: FRAME_ANSWER */
	unsigned char head;     /* bytes of a text frame's header */
	size_t bytes;
	int64_t pos; /* in the log, or 0 */
	unsigned char data[];
};

/* `{"type":type,"pos":pos,"data":data}`, without pos when that is 0. The caller has the reference.
 */
struct frame *frame_message(const char *type, int64_t pos, const char *data, size_t bytes);
struct frame *frame_ping(void);
struct frame *frame_close(int code, const char *reason); /* code 0: none, and no reason */

struct frame *frame_ref(struct frame *frame);
void frame_unref(struct frame **frame);

/* A ring that grows, and has no memory while it is empty. Zero-initialise it. */
struct queue {
	struct frame **ring;
	uint32_t first, count, size;
	size_t bytes; /* of all frames */
};

/* Takes a reference of its own. */
void queue_add(struct queue *queue, struct frame *frame);

/* Moves whole frames to the end of `to`, at least one and then while they fit into `most` bytes. */
void queue_take(struct queue *queue, struct buf *to, size_t most);

/* The same for a client that takes several texts in one frame: joins those in front, a line each,
 * or moves one frame as it is. */
void queue_take_joined(struct queue *queue, struct buf *to, size_t most);
void queue_clear(struct queue *queue);

/* Takes out the frames that keep() does not want, and leaves the others in their order. */
void queue_sift(struct queue *queue, bool (*keep)(const struct frame *frame, void *context),
		void *context);

#endif
