/*
 * WebSocket frames on their way out, and the queue of a connection. A frame is made once, and all
 * its readers share it by reference.
 *
 * A frame is a whole unfragmented, unmasked WebSocket frame with its header, so that one write can
 * carry several. Any thread may make it; then one thread uses it.
 */
#ifndef WS_BRIDGE_CORE_FRAME_H
#define WS_BRIDGE_CORE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* What the bridge does with a frame when the reader is too slow. */
enum frame_class {
	FRAME_ANSWER,    /* it is sent nevertheless */
	FRAME_EVENT,     /* it is dropped, and read from the log later */
	FRAME_TRANSIENT, /* it is dropped, as a delta is */
	FRAME_STATE,     /* it is dropped, and the present state is sent later, as presence is */
};

struct frame {
	unsigned references;
	enum frame_class class; /* of a new one: FRAME_ANSWER */
	unsigned char head;     /* bytes of a text frame's header */
	size_t bytes;
	int64_t pos;   /* in the log, or 0 */
	int64_t about; /* FRAME_STATE: it tells the state of this user; 0: of none */
	unsigned char data[];
};

/* `{"type":type,"pos":pos,"data":data}`, without pos when that is 0. The caller owns the
 * reference. */
struct frame *frame_message(const char *type, int64_t pos, const char *data, size_t bytes);
struct frame *frame_ping(void);
struct frame *frame_close(int code, const char *reason); /* code 0: neither code nor reason */

struct frame *frame_ref(struct frame *frame);
void frame_unref(struct frame **frame);
void frame_unref_later(void *frame); /* for arena_defer() */

/* A ring that grows, and uses no memory while it is empty. Zero-initialise it. */
struct queue {
	struct frame **ring;
	uint32_t first, count, size;
	size_t bytes; /* of all frames */
};

/* Takes a reference of its own. */
void queue_add(struct queue *queue, struct frame *frame);

/* Moves whole frames to the end of `to`: the first one, and further ones while all fit into `most`
 * bytes. */
void queue_take(struct queue *queue, struct buf *to, size_t most);

/* The same for a client that takes several texts in one frame: joins the text frames at the front,
 * one line each, or moves one frame as it is. */
void queue_take_joined(struct queue *queue, struct buf *to, size_t most);
void queue_clear(struct queue *queue);

/* Removes each frame if keep() returns false for it; the others stay in their order. */
void queue_sift(struct queue *queue, bool (*keep)(const struct frame *frame, void *context),
		void *context);

#endif
