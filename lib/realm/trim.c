/* What is kept for a while only: see trim.h. */
#include "realm/trim.h"

#include "base/clock.h"
#include "base/uuid.h"
#include "realm/settings.h"

#define MOST 500 /* rows in one transaction */

struct trimming {
	int64_t events_before; /* microseconds */
	char messages_before[UUID_TEXT];
	struct store *store;
	int removed;
};

static int trim_room(const struct row *row, void *context, struct problem *why)
{
	struct trimming *t = context;
	const char *room_id = row_text(row, 0, NULL);
	int64_t seq = row_int(row, 1);
	int messages = store_exec(t->store, why, Q_TRIM_MESSAGES, "tl", room_id, seq);
	TRY(messages);
	int changes = store_exec(t->store, why, Q_TRIM_CHANGES, "tl", room_id, seq);
	TRY(changes);
	t->removed += messages + changes;
	return store_exec(t->store, why, Q_TRIM_ROOM, "tl", room_id, seq) < 0 ? -1 : 0;
}

static int trim(struct store *store, void *context, struct problem *why)
{
	struct trimming *t = context;
	int events = store_exec(store, why, Q_TRIM_EVENTS, "li", t->events_before, MOST);
	TRY(events);
	t->removed += events;
	if (t->messages_before[0])
		TRY(store_each(store, why, Q_TRIM_CANDIDATES, trim_room, t, "ti",
			       t->messages_before, MOST));
	return t->removed;
}

int realm_trim(struct store *store, const struct settings *settings, struct problem *why)
{
	int64_t now = clock_now();
	struct trimming t = {.store = store,
			     .events_before = now - settings->events_hours * 3600 * CLOCK_SECOND};
	if (settings->messages_days)
		uuid_least(now - settings->messages_days * CLOCK_DAY, t.messages_before);
	return store_write_unsynced(store, trim, &t, why);
}
