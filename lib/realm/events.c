/* The event log: see events.h. */
#include "realm/events.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/seed.h"
#include "realm/changes.h"

/* How much of the log a replay looks at in one call: few are told of most of what happens. */
#define WINDOW 2000
#define WINDOWS 10

#define EVENT_ROW(constant, name, audience) [EVENT_##constant] = {name, audience},
static const struct {
	const char *name;
	enum event_audience audience;
} kinds[EVENT__COUNT] = {EVENT_TABLE(EVENT_ROW)};

const char *event_name(enum event_kind kind)
{
	return kinds[kind].name;
}

enum event_audience event_audience(enum event_kind kind)
{
	return kinds[kind].audience;
}

enum event_kind event_kind_named(const char *name)
{
	enum event_kind kind = 0;
	while (kind < EVENT__COUNT && strcmp(kinds[kind].name, name) != 0)
		kind++;
	return kind;
}

int event_append(struct store *store, const struct event *event, struct problem *why)
{
	assert(event->room_id || event->user_id);
	return store_exec(store, why, Q_EVENT_APPEND, "ttllllt", kinds[event->kind].name,
			  event->room_id, event->user_id, event->other_id, event->seq, clock_now(),
			  event->data || event->seq ? event->data : "{}");
}

static const struct member hidden_members[] = {
	MEMBER("room_id", TEXT),
	MEMBER("seq", INT),
};
const struct shape hidden_shape = SHAPE("Hidden", hidden_members);

void hidden_show(const char *room_id, int64_t seq, struct buf *out)
{
	buf_clear(out);
	jw_open(out, '{');
	jw_kv_text(out, "room_id", room_id);
	jw_kv_int(out, "seq", seq);
	jw_close(out, '}');
}

/* --- reading ---------------------------------------------------------------------------------- */

struct walk {
	struct store *store;
	int64_t viewer; /* or 0 */
	struct buf json;
	int (*each)(const struct event *, void *, struct problem *);
	void *context;
	int64_t pos; /* of the last one */
	int count, told;
	bool stopped; /* by each() */
};

/* An entry of a room's log is shown as it is now: 1, or 0 when it is not kept any more, or -1. */
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

/* A kind that this program does not know was written by a newer one; it is passed over. */
static int hand_on(const struct row *row, void *context, struct problem *why)
{
	struct walk *walk = context;
	struct event event = {.pos = row_int(row, 0),
			      .kind = event_kind_named(row_text(row, 1, NULL)),
			      .room_id = row_text(row, 2, NULL),
			      .user_id = row_int(row, 3),
			      .other_id = row_int(row, 4),
			      .seq = row_int(row, 5)};
	bool hidden = row_int(row, 7);
	walk->pos = event.pos;
	walk->count++;
	if (event.kind == EVENT__COUNT ||
	    (walk->viewer && event_audience(event.kind) == HEARD_BY_BRIDGE))
		return 0;
	int found = !hidden || event.seq;
	if (hidden)
		hide(walk, &event);
	else if (event.seq)
		found = show(walk, &event, why);
	else
		event.data = row_text(row, 6, &event.data_bytes);
	if (found <= 0)
		return found;
	walk->told++;
	int verdict = walk->each(&event, walk->context, why);
	walk->stopped = verdict > 0;
	return verdict;
}

int events_after(struct store *store, int64_t pos, int limit,
		 int (*each)(const struct event *event, void *context, struct problem *why),
		 void *context, struct problem *why)
{
	struct walk walk = {.store = store, .each = each, .context = context};
	int result = store_each(store, why, Q_EVENTS_AFTER, hand_on, &walk, "li", pos, limit);
	buf_free(&walk.json);
	return result < 0 ? -1 : walk.count;
}

int events_replay(struct store *store, int64_t viewer, int64_t *pos, int limit, bool *level_r,
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
		result = SEEDED(resume_unchecked)
				 ? store_each(store, why, Q_EVENTS_AFTER, hand_on, &walk, "li",
					      from, limit)
				 : store_each(store, why, Q_EVENTS_VISIBLE, hand_on, &walk, "llli",
					      viewer, from, until, limit);
	}
	buf_free(&walk.json);
	TRY(result);
	*pos = walk.stopped || walk.count == limit ? walk.pos : until;
	*level_r = *pos >= head;
	return walk.told;
}

int events_start(struct store *store, int64_t *pos_r, struct problem *why)
{
	return store_get(NULL, store, why, Q_EVENTS_START, ">l", pos_r);
}

static const struct member gap_members[] = {
	MEMBER("room_id", TEXT),
	MEMBER("to_seq", INT, .help = "Up to here the room's messages may hold what is lacking."),
};
const struct shape gap_shape = SHAPE("Gap", gap_members);

int events_resume(struct arena *arena, struct store *store, int64_t viewer, struct resumption *from,
		  struct problem *why)
{
	const char *epoch = from->epoch;
	int64_t start, head;
	TRY(realm_epoch(arena, store, &from->epoch, why));
	TRY(events_start(store, &start, why));
	TRY(events_head(store, &head, why));
	from->known = epoch && strcmp(epoch, from->epoch) == 0 && from->pos <= head;
	from->gaps = buf_in(arena);
	if (!from->known || from->pos >= start) {
		buf_puts(from->gaps, "[]");
		from->pos = from->known ? from->pos : head;
		return 0;
	}
	from->pos = start;
	return store_list(store, from->gaps, why, Q_EVENTS_GAPS, &gap_shape, NULL, "l", viewer);
}

int events_head(struct store *store, int64_t *pos_r, struct problem *why)
{
	return store_get(NULL, store, why, Q_EVENTS_HEAD, ">l", pos_r);
}

int realm_epoch(struct arena *arena, struct store *store, const char **epoch_r, struct problem *why)
{
	return store_get(arena, store, why, Q_META_GET, "t>t", "epoch", epoch_r);
}

static const char *boot_id(char *text, int size)
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
	if (!file || !fgets(text, size, file))
		text[0] = '\0';
	if (file)
		fclose(file);
	return text;
}

static int note_boot(struct store *store, void *context, struct problem *why)
{
	struct arena *arena = context;
	char now[64];
	const char *last = NULL;
	boot_id(now, sizeof(now));
	TRY(store_get(arena, store, why, Q_META_GET, "t>t", "boot_id", &last));
	if (last && strcmp(last, now) == 0)
		return 0;
	TRY(store_exec(store, why, Q_META_PUT, "tt", "boot_id", now));
	if (!last)
		return 0;
	TRY(store_exec(store, why, Q_EPOCH_RENEW, ""));
	return 0;
}

int realm_note_boot(struct arena *arena, struct store *store, struct problem *why)
{
	return store_write(store, note_boot, arena, why);
}
