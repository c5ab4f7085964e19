/* Erasure: see erase.h. */
#include "realm/erase.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "realm/accounts.h"
#include "realm/rooms.h"
#include "realm/sessions.h"
#include "store/checkpoint.h"
#include "store/store.h"

#define MOST 300         /* rows in one step */
#define MERGED_PAGES 200 /* of the search index, in one step */

/* What users.erasing may be: the rows go; from MERGING on the index is merged, at most so many
 * times more; then only the WAL is left. */
enum stage { IN_FILES = -1, DONE = 0, ROWS = 1, MERGED = 2, MERGING = 3 };

static int set_stage(struct store *store, int64_t user_id, int64_t stage, struct problem *why)
{
	return store_exec(store, why, Q_ERASE_STAGE, "ll", user_id, stage);
}

/* --- at once ---------------------------------------------------------------------------------- */

struct erasure {
	struct arena *arena;
	int64_t user_id;
};

static int begin(struct store *store, void *context, struct problem *why)
{
	const struct erasure *e = context;
	const char *username, **room_ids;
	int found = store_get(e->arena, store, why, Q_ERASE_NAME, "l>t", e->user_id, &username);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_USER_NOT_FOUND);
	TRY(check_not_last_owner(store, e->user_id, why));
	TRY(store_exec(store, why, Q_LOGIN_SUCCEEDED, "t", utf8_fold(e->arena, username)));
	/* The name goes first, so that nobody is told it once more; the events that follow stay. */
	TRY(store_exec(store, why, Q_ERASE_USER, "ltl", e->user_id, ERASED_NAME, clock_now()));
	TRY(sessions_end(store, e->user_id, why));
	TRY(rooms_of_user(e->arena, store, e->user_id, &room_ids, why));
	for (; *room_ids; room_ids++)
		TRY(room_leave(e->arena, store, e->user_id, *room_ids, why));
	return 0;
}

int user_erase(struct arena *arena, struct store *store, int64_t user_id, struct problem *why)
{
	struct erasure e = {arena, user_id};
	return store_write(store, begin, &e, why);
}

/* --- step by step ----------------------------------------------------------------------------- */

/* What goes, in this order; counters of others follow by what the statements' tables trigger. */
static const enum query steps[] = {
	Q_ERASE_VOTES,         Q_ERASE_REACTIONS,      Q_ERASE_KNOWLEDGE, Q_ERASE_SHARES,
	Q_ERASE_RELATIONSHIPS, Q_ERASE_RELATED,        Q_ERASE_AUTHORED,  Q_ERASE_TARGETED,
	Q_ERASE_INVITATIONS,   Q_ERASE_INVITED,        Q_ERASE_BANS,      Q_ERASE_BANNED,
	Q_ERASE_CREATED,       Q_ERASE_PARTICIPANTS,   Q_ERASE_PRESENCE,  Q_ERASE_CONNECTED,
	Q_ERASE_DAYS,          Q_ERASE_COUNTS,         Q_ERASE_KEYS,      Q_ERASE_KEYS_NAMING,
	Q_ERASE_EVENTS,        Q_ERASE_EVENTS_BETWEEN,
};

static int step(struct store *store, void *context, struct problem *why)
{
	int64_t *left = context, user_id, stage, apart;
	int found = store_get(NULL, store, why, Q_ERASE_NEXT, ">ll", &user_id, &stage);
	if (found <= 0)
		return found;
	for (size_t i = 0; stage == ROWS && i < sizeof(steps) / sizeof(*steps); i++) {
		int gone = store_exec(store, why, steps[i], "ll", user_id, *left);
		TRY(gone);
		*left -= gone;
		if (*left <= 0)
			return 1;
	}
	/* The index is in one part then, which knows nothing of what was deleted; or as much was
	 * merged as there was at the beginning, if others keep adding to it. */
	TRY(store_get(NULL, store, why, Q_ERASE_APART, ">l", &apart));
	if (!apart || stage == MERGED)
		return set_stage(store, user_id, IN_FILES, why);
	TRY(store_exec(store, why, Q_ERASE_MERGE, "i", -MERGED_PAGES));
	if (stage == ROWS)
		TRY(store_get(NULL, store, why, Q_ERASE_MERGES, "i>l", MERGED_PAGES / 4, &stage));
	return set_stage(store, user_id, stage - 1, why);
}

int erase_step(struct store *store, struct problem *why)
{
	int64_t left = MOST;
	return store_write_unsynced(store, step, &left, why);
}

int erase_pending(struct store *store, struct problem *why)
{
	return store_get(NULL, store, why, Q_ERASE_PENDING, "");
}

static int done(struct store *store, void *context, struct problem *why)
{
	return set_stage(store, *(int64_t *)context, DONE, why);
}

int erase_from_files(struct store *store, struct checkpointer *checkpointer, struct problem *why)
{
	int64_t user_id;
	int found = store_get(NULL, store, why, Q_ERASE_IN_FILES, ">l", &user_id);
	if (found <= 0)
		return found;
	int emptied = checkpointer_restart(checkpointer, why);
	return emptied > 0 ? store_write_unsynced(store, done, &user_id, why) : emptied;
}
