/* The event log: see events.h. */
#include "realm/events.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"

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

int event_append(struct store *store, enum event_kind kind, const char *room_id, int64_t user_id,
		 const struct buf *data, int64_t *pos_r, struct problem *why)
{
	const char *json = data ? data->data : "{}";
	assert(!room_id != !user_id);
	if (room_id)
		TRY(store_exec(store, why, Q_EVENT_APPEND_TO_ROOM, "ttlt", kinds[kind].name,
			       room_id, clock_now(), json));
	else
		TRY(store_exec(store, why, Q_EVENT_APPEND_TO_USER, "tllt", kinds[kind].name,
			       user_id, clock_now(), json));
	if (pos_r)
		*pos_r = store_last_id(store);
	return 0;
}

struct walk {
	int (*each)(const struct event *, void *, struct problem *);
	void *context;
	int count;
};

static int hand_on(const struct row *row, void *context, struct problem *why)
{
	struct walk *walk = context;
	struct event event = {.pos = row_int(row, 0),
			      .room_id = row_text(row, 2, NULL),
			      .user_id = row_int(row, 3)};
	const char *name = row_text(row, 1, NULL);
	while (event.kind < EVENT__COUNT && strcmp(kinds[event.kind].name, name) != 0)
		event.kind++;
	event.data = row_text(row, 4, &event.data_bytes);
	walk->count++;
	/* A kind that this program does not know was written by a newer one; it is passed over. */
	return event.kind == EVENT__COUNT ? 0 : walk->each(&event, walk->context, why);
}

int events_after(struct store *store, int64_t pos, int limit,
		 int (*each)(const struct event *event, void *context, struct problem *why),
		 void *context, struct problem *why)
{
	struct walk walk = {.each = each, .context = context};
	TRY(store_each(store, why, Q_EVENTS_AFTER, hand_on, &walk, "li", pos, limit));
	return walk.count;
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
