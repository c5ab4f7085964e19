/* Parcels: see chunk.h. */
#include "ws-bridge/core/chunk.h"

#include "base/arena.h"
#include "base/json_out.h"
#include "realm/changes.h"
#include "realm/feed.h"
#include "realm/settings.h"
#include "ws-bridge/core/bridge.h"
#include "ws-bridge/core/conn.h"
#include "ws-bridge/core/frame.h"
#include "ws-bridge/features/hello.h"

#define PARCEL_FRAMES 200

struct line {
	STAILQ_ENTRY(line) link;
	struct frame *frame;
	const char *room_id; /* whose live event it is, or NULL */
	bool v1;
};

void parcel_start(struct parcel *parcel, struct arena *arena, const struct bridge *bridge)
{
	*parcel = (struct parcel){.arena = arena,
				  .most = (size_t)bridge->settings->ws_queue_bytes / 2};
	STAILQ_INIT(&parcel->lines);
}

static void release(void *frame)
{
	frame_release((struct frame **)&frame);
}

static struct line *add(struct parcel *parcel, struct frame *frame, bool v1)
{
	struct line *line = arena_alloc(parcel->arena, sizeof(*line));
	line->frame = frame;
	line->v1 = v1;
	arena_defer(parcel->arena, release, frame);
	STAILQ_INSERT_TAIL(&parcel->lines, line, link);
	parcel->count++;
	parcel->bytes += frame->bytes;
	return line;
}

void parcel_add(struct parcel *parcel, struct frame *frame, bool v1)
{
	add(parcel, frame, v1);
}

bool parcel_full(const struct parcel *parcel)
{
	return parcel->bytes >= parcel->most || parcel->count >= PARCEL_FRAMES;
}

struct reading {
	struct parcel *parcel;
	struct history *history;
	bool stopped; /* before the end */
};

void parcel_add_gap(struct parcel *parcel, struct history *history, int64_t to)
{
	struct buf data = {0};
	jw_open(&data, '{');
	jw_kv_text(&data, "room_id", history->room_id);
	jw_kv_int(&data, "from_seq", history->after + 1);
	jw_kv_int(&data, "to_seq", to);
	jw_close(&data, '}');
	parcel_add(parcel, frame_message("history_gap", 0, data.data, data.len), true);
	history->after = to;
	buf_free(&data);
}

/* What is not there between the entries was removed. */
static int take_entry(const struct room_log_entry *entry, void *context, struct problem *why)
{
	(void)why;
	struct reading *reading = context;
	struct history *history = reading->history;
	if (entry->seq > history->until)
		return 1;
	if (entry->seq > history->after + 1)
		parcel_add_gap(reading->parcel, history, entry->seq - 1);
	parcel_add(reading->parcel,
		   frame_message(event_name(entry->kind), 0, entry->json->data, entry->json->len),
		   event_audience(entry->kind) == HEARD_BY_V1);
	history->after = entry->seq;
	return reading->stopped = parcel_full(reading->parcel);
}

int parcel_add_history(struct parcel *parcel, struct store *store, int64_t viewer,
		       struct history *history, struct problem *why)
{
	struct reading reading = {.parcel = parcel, .history = history};
	TRY(room_log_after(store, viewer, history->room_id, history->after, PARCEL_FRAMES + 1,
			   take_entry, &reading, why));
	if (!reading.stopped && history->after < history->until)
		parcel_add_gap(parcel, history, history->until);
	return 0;
}

static int take_event(const struct event *event, void *context, struct problem *why)
{
	(void)why;
	struct parcel *parcel = context;
	struct frame *frame =
		frame_message(event_name(event->kind), event->pos, event->data, event->data_bytes);
	struct line *line = add(parcel, frame, event_audience(event->kind) == HEARD_BY_V1);
	if (event->room_id)
		line->room_id = arena_strdup(parcel->arena, event->room_id);
	return parcel_full(parcel);
}

int parcel_add_log(struct parcel *parcel, struct store *store, int64_t viewer, int64_t *pos,
		   bool *level_r, struct problem *why)
{
	return events_replay(store, viewer, pos, PARCEL_FRAMES, level_r, take_event, parcel, why);
}

int parcel_send(const struct parcel *parcel, struct conn *conn)
{
	const struct line *line;
	int sent = 0;
	STAILQ_FOREACH(line, &parcel->lines, link) {
		if ((line->v1 && !conn->v1) || (line->room_id && !hello_hears(conn, line->room_id)))
			continue;
		conn_send(conn, line->frame);
		sent++;
	}
	return sent;
}
