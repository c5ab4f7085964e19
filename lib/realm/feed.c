/* The feed: see feed.h. */
#include "realm/feed.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "base/mutant.h"
#include "realm/changes.h"
#include "realm/epoch.h"
#include "store/queries.h"

/* How many positions a replay reads in one call: a user receives only a few of them. */
#define WINDOW 2000
#define WINDOWS 10

#define GAP_BYTES 100 /* of a gap as JSON, at most */

struct walk {
	struct store *store;
	int64_t viewer; /* or 0 */
	struct buf json;
	int (*each)(const struct event *, void *, struct problem *);
	void *context;
	int64_t pos; /* of the last event */
	int count, reported;
	bool stopped; /* by each() */
};

/* An entry is shown as it is now: 1, or 0 when it is no longer kept, or -1. */
static int show(struct walk *walk, struct event *event, struct problem *why)
{
	buf_clear(&walk->json);
	int found = room_log_show(walk->store, walk->viewer, event->kind, event->room_id,
				  event->seq, &walk->json, why);
	event->data = walk->json.data;
	event->data_bytes = walk->json.len;
	return found;
}

static void hide(struct walk *walk, struct event *event)
{
	event->kind = EVENT_HIDDEN;
	hidden_show(event->room_id, event->seq, &walk->json);
	event->data = walk->json.data;
	event->data_bytes = walk->json.len;
}

/* A newer program wrote a kind that this one does not know; it is skipped. */
static int hand_on(const struct q_events_after *row, void *context, struct problem *why)
{
	struct walk *walk = context;
	struct event event = {.pos = row->pos,
			      .kind = event_kind_named(row->kind),
			      .room_id = row->room,
			      .user_id = row->user,
			      .other_id = row->other,
			      .seq = row->seq,
			      .data = row->data,
			      .data_bytes = row->data ? strlen(row->data) : 0};
	walk->pos = event.pos;
	walk->count++;
	if (event.kind == EVENT__COUNT ||
	    (walk->viewer && event_info(event.kind)->hearers == HEARD_BY_BRIDGE))
		return 0;
	int found = !row->hidden || event.seq;
	if (row->hidden)
		hide(walk, &event);
	else if (event.seq)
		found = show(walk, &event, why);
	if (found <= 0)
		return found;
	walk->reported++;
	int verdict = walk->each(&event, walk->context, why);
	walk->stopped = verdict > 0;
	return verdict;
}

int events_after(struct store *store, int64_t pos, int limit,
		 int (*each)(const struct event *event, void *context, struct problem *why),
		 void *context, struct problem *why)
{
	struct walk walk = {.store = store, .each = each, .context = context};
	int result = q_events_after(store, pos, limit, hand_on, &walk, why);
	buf_free(&walk.json);
	return result < 0 ? -1 : walk.count;
}

int events_replay(struct store *store, int64_t viewer, int64_t *pos, int limit, bool *caught_up_r,
		  int (*each)(const struct event *event, void *context, struct problem *why),
		  void *context, struct problem *why)
{
	struct walk walk = {.store = store, .viewer = viewer, .each = each, .context = context};
	int64_t head, until = *pos;
	int result = 0;
	TRY(events_head(store, &head, why));
	for (int i = 0; i < WINDOWS && walk.count == 0 && until < head && result == 0; i++) {
		int64_t from = until;
		until = head - from > WINDOW ? from + WINDOW : head;
		result = MUTANT(resume_unchecked)
				 ? q_events_after(store, from, limit, hand_on, &walk, why)
				 : q_events_visible(store, viewer, from, until, limit, hand_on,
						    &walk, why);
	}
	buf_free(&walk.json);
	TRY(result);
	*pos = walk.stopped || walk.count == limit ? walk.pos : until;
	*caught_up_r = *pos >= head;
	return walk.reported;
}

int events_start(struct store *store, int64_t *pos_r, struct problem *why)
{
	return q_events_start(store, pos_r, why);
}

static const struct property gap_properties[] = {
	PROPERTY("room_id", TEXT),
	PROPERTY("to_seq", INT, .help = "Last seq of the gap; read the room's history up to it."),
};
const struct shape gap_shape = SHAPE("Gap", gap_properties);

static int gap_add(const struct q_events_gaps *row, void *context, struct problem *why)
{
	(void)why;
	struct buf *gaps = context;
	struct gap gap = {.to_seq = row->to_seq};
	snprintf(gap.room_id, sizeof(gap.room_id), "%s", row->room);
	buf_add(gaps, &gap, sizeof(gap));
	return 0;
}

bool gaps_show(const struct buf *gaps, size_t *next, size_t most, struct buf *out)
{
	const struct gap *all = (const void *)gaps->data;
	size_t count = gaps->len / sizeof(*all), start = out->len;
	jw_open(out, '[');
	for (; *next < count && out->len - start + GAP_BYTES <= most; ++*next) {
		jw_open(out, '{');
		jw_kv_text(out, "room_id", all[*next].room_id);
		jw_kv_int(out, "to_seq", all[*next].to_seq);
		jw_close(out, '}');
	}
	jw_close(out, ']');
	return *next < count;
}

int events_resume(struct arena *arena, struct store *store, int64_t viewer, struct resumption *from,
		  struct problem *why)
{
	const char *epoch = from->epoch;
	int64_t start, head;
	TRY(realm_epoch(arena, store, &from->epoch, why));
	TRY(events_start(store, &start, why));
	TRY(events_head(store, &head, why));
	TRY(q_event_time(store, from->pos, &from->since, why));
	from->known = epoch && strcmp(epoch, from->epoch) == 0 && from->pos <= head;
	from->gaps = buf_in(arena);
	if (!from->known || from->pos >= start) {
		from->pos = from->known ? from->pos : head;
		return 0;
	}
	from->pos = start;
	return q_events_gaps(store, viewer, gap_add, from->gaps, why);
}

int events_head(struct store *store, int64_t *pos_r, struct problem *why)
{
	return q_events_head(store, pos_r, why);
}
