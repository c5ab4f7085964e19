/* Chunks: see chunk.h. */
#include "ws-bridge/core/chunk.h"

#include "base/arena.h"
#include "base/json_out.h"
#include "realm/changes.h"
#include "realm/feed.h"
#include "realm/settings.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/frame.h"
#include "ws-bridge/core/message.h"
#include "ws-bridge/core/subscription.h"

#define CHUNK_FRAMES 200

struct chunk_frame {
	STAILQ_ENTRY(chunk_frame) link;
	struct frame *frame;
	const char *room_id; /* of a room's event, or NULL */
	bool v1;
};

void chunk_start(struct chunk *chunk, struct arena *arena, const struct bridge *bridge)
{
	chunk->arena = arena;
	chunk->most = (size_t)bridge->settings->ws_queue_bytes / 2;
	chunk_clear(chunk);
}

void chunk_clear(struct chunk *chunk)
{
	chunk->count = 0;
	chunk->bytes = 0;
	STAILQ_INIT(&chunk->frames);
}

static struct chunk_frame *append_frame(struct chunk *chunk, struct frame *frame, bool v1)
{
	struct chunk_frame *added = arena_alloc(chunk->arena, sizeof(*added));
	added->frame = frame;
	added->v1 = v1;
	arena_defer(chunk->arena, frame_unref_later, frame);
	STAILQ_INSERT_TAIL(&chunk->frames, added, link);
	chunk->count++;
	chunk->bytes += frame->bytes;
	return added;
}

void chunk_add(struct chunk *chunk, struct frame *frame, bool v1)
{
	append_frame(chunk, frame, v1);
}

bool chunk_full(const struct chunk *chunk)
{
	return chunk->bytes >= chunk->most || chunk->count >= CHUNK_FRAMES;
}

/* --- a room's history ------------------------------------------------------------------------- */

struct history_reader {
	struct chunk *chunk;
	struct history *history;
	bool stopped; /* before the end */
};

void chunk_add_gap(struct chunk *chunk, struct history *history, int64_t to)
{
	struct buf data = {0};
	jw_open(&data, '{');
	jw_kv_text(&data, "room_id", history->room_id);
	jw_kv_int(&data, "from_seq", history->after + 1);
	jw_kv_int(&data, "to_seq", to);
	jw_close(&data, '}');
	chunk_add(chunk, frame_message(history_gap_message.type, 0, data.data, data.len), true);
	history->after = to;
	buf_free(&data);
}

/* A seq that is missing between two entries was pruned. */
static int add_entry(const struct room_log_entry *entry, void *context, struct problem *why)
{
	(void)why;
	struct history_reader *reader = context;
	struct history *history = reader->history;
	if (entry->seq > history->until)
		return 1;
	if (entry->seq > history->after + 1)
		chunk_add_gap(reader->chunk, history, entry->seq - 1);
	chunk_add(reader->chunk,
		  frame_message(event_name(entry->kind), 0, entry->json->data, entry->json->len),
		  event_info(entry->kind)->hearers == HEARD_BY_V1);
	history->after = entry->seq;
	return reader->stopped = chunk_full(reader->chunk);
}

int chunk_add_history(struct chunk *chunk, struct store *store, int64_t viewer,
		      struct history *history, struct problem *why)
{
	struct history_reader reader = {.chunk = chunk, .history = history};
	TRY(room_log_after(store, viewer, history->room_id, history->after, CHUNK_FRAMES + 1,
			   add_entry, &reader, why));
	if (!reader.stopped && history->after < history->until)
		chunk_add_gap(chunk, history, history->until);
	return 0;
}

/* --- the event log ---------------------------------------------------------------------------- */

static int add_event(const struct event *event, void *context, struct problem *why)
{
	(void)why;
	struct chunk *chunk = context;
	struct frame *frame =
		frame_message(event_name(event->kind), event->pos, event->data, event->data_bytes);
	struct chunk_frame *added =
		append_frame(chunk, frame, event_info(event->kind)->hearers == HEARD_BY_V1);
	if (event->room_id)
		added->room_id = arena_strdup(chunk->arena, event->room_id);
	return chunk_full(chunk);
}

int chunk_add_log(struct chunk *chunk, struct store *store, int64_t viewer, int64_t *pos,
		  bool *caught_up_r, struct problem *why)
{
	return events_replay(store, viewer, pos, CHUNK_FRAMES, caught_up_r, add_event, chunk, why);
}

/* --- out -------------------------------------------------------------------------------------- */

int chunk_send(const struct chunk *chunk, struct conn *conn)
{
	const struct chunk_frame *at;
	int sent = 0;
	STAILQ_FOREACH(at, &chunk->frames, link) {
		if ((at->v1 && !conn->v1) || (at->room_id && !subscribed(conn, at->room_id)))
			continue;
		conn_send(conn, at->frame);
		sent++;
	}
	return sent;
}
