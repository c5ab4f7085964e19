/* Frames and queues: see frame.h. */
#include "ws-bridge/core/frame.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/mutant.h"

/* The first byte: final, and the opcode. */
#define TEXT_FRAME 0x81
#define CLOSE_FRAME 0x88
#define PING_FRAME 0x89
#define FIRST_RING 4
#define HEADER_MAX 10 /* bytes of an unmasked frame's header */

static struct frame *frame_new(size_t bytes)
{
	struct frame *frame = xmalloc(sizeof(*frame) + bytes);
	*frame = (struct frame){.references = 1, .bytes = bytes};
	return frame;
}

/* Writes the frame's header (RFC 6455, 5.2) and returns its length. */
static size_t put_header(unsigned char header[HEADER_MAX], size_t payload)
{
	size_t more = payload < 126 ? 0 : payload < 65536 ? 2 : 8;
	header[0] = TEXT_FRAME;
	header[1] = (unsigned char)(more == 0 ? payload : more == 2 ? 126 : 127);
	for (size_t i = 0; i < more; i++)
		header[2 + i] = (unsigned char)(payload >> 8 * (more - 1 - i));
	return 2 + more;
}

struct frame *frame_message(const char *type, int64_t pos, const char *data, size_t bytes)
{
	char opening[128];
	unsigned char header[HEADER_MAX];
	int length = pos ? snprintf(opening, sizeof(opening),
				    "{\"type\":\"%s\",\"pos\":%" PRId64 ",\"data\":", type, pos)
			 : snprintf(opening, sizeof(opening), "{\"type\":\"%s\",\"data\":", type);
	size_t head = put_header(header, (size_t)length + bytes + 1);
	struct frame *frame = frame_new(head + (size_t)length + bytes + 1);
	unsigned char *to = frame->data;
	frame->head = (unsigned char)head;
	frame->pos = pos;
	memcpy(to, header, head);
	memcpy(to + head, opening, (size_t)length);
	memcpy(to + head + length, data, bytes);
	to[frame->bytes - 1] = '}';
	return frame;
}

struct frame *frame_ping(void)
{
	/* libwebsockets does not report the answer to an empty ping. */
	struct frame *frame = frame_new(3);
	memcpy(frame->data, (const unsigned char[]){PING_FRAME, 1, '.'}, 3);
	return frame;
}

struct frame *frame_close(int code, const char *reason)
{
	unsigned char head[4] = {CLOSE_FRAME, 0, (unsigned char)(code >> 8), (unsigned char)code};
	size_t bytes = strlen(reason), length = code ? sizeof(head) : 2;
	struct frame *frame = frame_new(length + bytes);
	head[1] = (unsigned char)(length - 2 + bytes);
	memcpy(frame->data, head, length);
	memcpy(frame->data + length, reason, bytes);
	return frame;
}

struct frame *frame_ref(struct frame *frame)
{
	frame->references++;
	return frame;
}

void frame_unref(struct frame **frame)
{
	if (*frame && --(*frame)->references == 0)
		free(*frame);
	*frame = NULL;
}

void frame_unref_later(void *frame)
{
	frame_unref((struct frame **)&frame);
}

/* --- queues ----------------------------------------------------------------------------------- */

static void queue_grow(struct queue *queue)
{
	uint32_t size = queue->size ? queue->size * 2 : FIRST_RING;
	struct frame **ring = xmalloc(size * sizeof(struct frame *));
	for (uint32_t i = 0; i < queue->count; i++)
		ring[i] = queue->ring[(queue->first + i) & (queue->size - 1)];
	queue->count -= MUTANT(dropped_message);
	free(queue->ring);
	queue->ring = ring;
	queue->size = size;
	queue->first = 0;
}

void queue_add(struct queue *queue, struct frame *frame)
{
	if (queue->count == queue->size)
		queue_grow(queue);
	queue->ring[(queue->first + queue->count++) & (queue->size - 1)] = frame_ref(frame);
	queue->bytes += frame->bytes;
}

static struct frame *queue_at(const struct queue *queue, uint32_t place)
{
	return queue->ring[(queue->first + place) & (queue->size - 1)];
}

static struct frame *queue_front(const struct queue *queue)
{
	return queue_at(queue, 0);
}

static void queue_drop_front(struct queue *queue)
{
	struct frame *frame = queue_front(queue);
	queue->first++;
	queue->count--;
	queue->bytes -= frame->bytes;
	frame_unref(&frame);
	if (queue->count == 0) {
		free(queue->ring);
		*queue = (struct queue){0};
	}
}

void queue_take(struct queue *queue, struct buf *to, size_t most)
{
	size_t taken = 0;
	while (queue->count > 0 && (taken == 0 || taken + queue_front(queue)->bytes <= most)) {
		taken += queue_front(queue)->bytes;
		buf_add(to, queue_front(queue)->data, queue_front(queue)->bytes);
		queue_drop_front(queue);
	}
}

/* How many text frames at the front fit into `most` bytes, and how long they are as lines. */
static uint32_t queue_count_texts(const struct queue *queue, size_t most, size_t *bytes_r)
{
	uint32_t texts = 0;
	*bytes_r = 0;
	while (texts < queue->count) {
		const struct frame *frame = queue_at(queue, texts);
		size_t payload = frame->bytes - frame->head;
		size_t with = *bytes_r + payload + (texts > 0);
		if (frame->data[0] != TEXT_FRAME || (texts > 0 && with + HEADER_MAX > most))
			break;
		*bytes_r = with;
		texts++;
	}
	return texts;
}

void queue_take_joined(struct queue *queue, struct buf *to, size_t most)
{
	size_t bytes;
	uint32_t texts = queue_count_texts(queue, most, &bytes);
	unsigned char header[HEADER_MAX];
	if (texts < 2) {
		queue_take(queue, to, 1);
		return;
	}
	buf_add(to, header, put_header(header, bytes));
	for (; texts > 0; texts--) {
		const struct frame *frame = queue_front(queue);
		buf_add(to, frame->data + frame->head, frame->bytes - frame->head);
		if (texts > 1)
			buf_add(to, "\n", 1);
		queue_drop_front(queue);
	}
}

void queue_clear(struct queue *queue)
{
	while (queue->count > 0)
		queue_drop_front(queue);
}

void queue_sift(struct queue *queue, bool (*keep)(const struct frame *frame, void *context),
		void *context)
{
	struct queue kept = {0};
	for (; queue->count > 0; queue_drop_front(queue))
		if (keep(queue_front(queue), context))
			queue_add(&kept, queue_front(queue));
	*queue = kept;
}
