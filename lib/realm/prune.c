/* What is kept for a while only: see prune.h. */
#include "realm/prune.h"

#include "base/clock.h"
#include "base/uuid.h"
#include "realm/idempotency.h"
#include "realm/erase.h"
#include "realm/settings.h"

#define MOST 500                   /* rows in one transaction */
#define BEHIND (60 * CLOCK_SECOND) /* messages go after the events that refer to them */

struct pruning {
	int64_t events_before;           /* microseconds */
	char messages_before[UUID_TEXT]; /* or "": they are kept for ever */
	struct store *store;
	int64_t left; /* of MOST */
};

/* The row is a message whose time is past. What is kept of a room's log has no hole, so that its
 * numbers tell how many rows go. */
static int prune_room(const struct row *row, void *context, struct problem *why)
{
	struct pruning *t = context;
	const char *room_id = row_text(row, 0, NULL);
	int64_t first = row_int(row, 1), last = row_int(row, 2);
	if (last - first >= t->left)
		last = first + t->left - 1;
	TRY(store_exec(t->store, why, Q_PRUNE_MESSAGES, "tl", room_id, last));
	TRY(store_exec(t->store, why, Q_PRUNE_CHANGES, "tl", room_id, last));
	TRY(store_exec(t->store, why, Q_PRUNE_ROOM, "tl", room_id, last));
	t->left -= last - first + 1;
	return t->left == 0;
}

/* The row is a room that was removed: its log goes first, then all who ever were in it. */
static int prune_gone_room(const struct row *row, void *context, struct problem *why)
{
	struct pruning *t = context;
	if (row_int(row, 2) >= row_int(row, 1))
		return prune_room(row, context, why);
	const char *room_id = row_text(row, 0, NULL);
	int people;
	TRY(people = store_exec(t->store, why, Q_PRUNE_GONE_PEOPLE, "tl", room_id, t->left));
	t->left -= people;
	if (t->left == 0)
		return 1;
	TRY(store_exec(t->store, why, Q_PRUNE_GONE_ROOM, "t", room_id));
	return --t->left == 0;
}

static int prune(struct store *store, void *context, struct problem *why)
{
	struct pruning *t = context;
	int removed;
	TRY(removed = store_exec(store, why, Q_PRUNE_EVENTS, "li", t->events_before, MOST));
	t->left = MOST - removed;
	TRY(removed = store_exec(store, why, Q_PRUNE_KEYS, "ll", clock_now() - IDEMPOTENCY_LIFETIME,
				 t->left));
	t->left -= removed;
	if (t->left > 0)
		TRY(store_each(store, why, Q_PRUNE_GONE_ROOMS, prune_gone_room, t, ""));
	if (t->messages_before[0] && t->left > 0)
		TRY(store_each(store, why, Q_PRUNE_CANDIDATES, prune_room, t, "tl",
			       t->messages_before, t->left));
	return (int)(MOST - t->left);
}

int realm_prune(struct store *store, const struct settings *settings, struct problem *why)
{
	int64_t now = clock_now();
	struct pruning t = {.store = store,
			    .events_before = now - settings->events_hours * 3600 * CLOCK_SECOND};
	if (settings->messages_days) {
		int64_t before = now - settings->messages_days * CLOCK_DAY;
		uuid_least(before - BEHIND, t.messages_before);
		if (t.events_before < before)
			t.events_before = before;
	}
	int erased = erase_step(store, why);
	if (erased != 0)
		return erased;
	return store_write_unsynced(store, prune, &t, why);
}
