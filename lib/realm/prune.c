/* Retention: see prune.h. */
#include "realm/prune.h"

#include "base/clock.h"
#include "base/uuid.h"
#include "realm/notes.h"
#include "realm/idempotency.h"
#include "realm/erase.h"
#include "realm/forget.h"
#include "realm/presence.h"
#include "realm/registration.h"
#include "realm/removal.h"
#include "realm/settings.h"
#include "realm/taken.h"
#include "store/queries.h"

#define MOST 500 /* rows in one transaction */
#define MAILS_KEPT (30 * CLOCK_DAY)
#define BEHIND (60 * CLOCK_SECOND) /* messages are deleted after the events that refer to them */

struct pruning {
	int64_t events_before; /* microseconds */
	int64_t audit_before, removals_before, pending_before, turns_before;
	char messages_before[UUID_TEXT]; /* or "": they are kept forever */
	struct store *store;
	int64_t left; /* of MOST */
};

/*
 * The row is a room with expired messages. The entries that a room's log keeps have no gap, so the
 * seqs tell how many rows are deleted.
 */
static int prune_room(const struct q_prune_candidates *row, void *context, struct problem *why)
{
	struct pruning *t = context;
	int64_t last = row->last;
	if (last - row->first >= t->left)
		last = row->first + t->left - 1;
	TRY(q_prune_messages(t->store, row->room, last, why));
	TRY(q_prune_changes(t->store, row->room, last, why));
	TRY(q_prune_room(t->store, row->room, last, why));
	t->left -= last - row->first + 1;
	return t->left == 0;
}

/* The row is a deleted room: its log is deleted first, and later its memberships. */
static int prune_gone_room(const struct q_prune_candidates *row, void *context, struct problem *why)
{
	struct pruning *t = context;
	if (row->last >= row->first)
		return prune_room(row, context, why);
	int people;
	TRY(people = q_prune_gone_people(t->store, row->room, t->left, why));
	t->left -= people;
	if (t->left == 0)
		return 1;
	TRY(q_prune_gone_room(t->store, row->room, why));
	return --t->left == 0;
}

static int prune_twins(struct store *store, struct pruning *t, struct problem *why)
{
	int removed;
	TRY(removed = q_prune_turns(store, t->turns_before, t->left, why));
	t->left -= removed;
	TRY(removed = q_prune_calls(store, t->turns_before, t->left, why));
	t->left -= removed;
	TRY(removed = q_prune_spend(store, t->turns_before / CLOCK_DAY, t->left, why));
	t->left -= removed;
	return 0;
}

static int prune(struct store *store, void *context, struct problem *why)
{
	struct pruning *t = context;
	int removed;
	TRY(removed = q_prune_events(store, t->events_before, MOST, why));
	t->left = MOST - removed;
	TRY(removed = q_prune_keys(store, clock_now() - IDEMPOTENCY_LIFETIME, t->left, why));
	t->left -= removed;
	TRY(removed = q_prune_taken_changes(store, clock_now() - TAKEN_LIFETIME, t->left, why));
	t->left -= removed;
	TRY(removed = q_audit_prune(store, t->audit_before, t->left, why));
	t->left -= removed;
	TRY(removed = q_mails_prune(store, clock_now() - MAILS_KEPT, t->left, why));
	t->left -= removed;
	TRY(removed = removals_prune(store, t->removals_before, t->left, why));
	t->left -= removed;
	TRY(prune_twins(store, t, why));
	TRY(removed = q_projected_prune(store, t->left, why));
	t->left -= removed;
	if (t->left > 0)
		TRY(q_prune_gone_rooms(store, clock_now() - PRESENCE_LEFT_US, prune_gone_room, t,
				       why));
	if (t->messages_before[0] && t->left > 0)
		TRY(q_prune_candidates(store, t->messages_before, t->left, prune_room, t, why));
	return (int)(MOST - t->left);
}

static int forget(struct store *store, struct pruning *t, struct problem *why)
{
	(void)t;
	return forget_step(store, why);
}

static int erase(struct store *store, struct pruning *t, struct problem *why)
{
	(void)t;
	return erase_step(store, why);
}

static int remove_content(struct store *store, struct pruning *t, struct problem *why)
{
	(void)t;
	return content_removal_step(store, why);
}

static int expire(struct store *store, struct pruning *t, struct problem *why)
{
	return registration_expire(store, t->pending_before, why);
}

static int prune_all(struct store *store, struct pruning *t, struct problem *why)
{
	return store_write_unsynced(store, prune, t, why);
}

/* The first of these that has something to do is a step. */
static const struct {
	enum health_task task;
	int (*run)(struct store *store, struct pruning *t, struct problem *why);
} steps[] = {
	{HEALTH_PRUNING, forget}, {HEALTH_ERASURE, erase},     {HEALTH_PRUNING, remove_content},
	{HEALTH_PRUNING, expire}, {HEALTH_PRUNING, prune_all},
};

int realm_prune(struct store *store, const struct settings *settings, struct problem *why)
{
	int64_t now = clock_now();
	struct pruning t = {
		.store = store,
		.events_before = now - settings->events_hours * 3600 * CLOCK_SECOND,
		.audit_before = now - (settings->audit_days ? settings->audit_days : 1) * CLOCK_DAY,
		.removals_before = now - settings->removed_days * CLOCK_DAY,
		.pending_before = now - settings->pending_days * CLOCK_DAY,
		.turns_before =
			now - (settings->turns_days ? settings->turns_days : 1) * CLOCK_DAY};
	if (settings->messages_days) {
		int64_t before = now - settings->messages_days * CLOCK_DAY;
		uuid_least(before - BEHIND, t.messages_before);
		if (t.events_before < before)
			t.events_before = before;
	}
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		int done = health_note(steps[i].task, steps[i].run(store, &t, why), why);
		if (done != 0)
			return done;
	}
	return 0;
}

int prune_pending(struct store *store, struct problem *why)
{
	return q_prune_pending(store, why);
}
