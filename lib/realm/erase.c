/* Erasure: see erase.h. */
#include "realm/erase.h"

#include "base/arena.h"
#include "base/clock.h"
#include "realm/account_changed.h"
#include "realm/accounts.h"
#include "realm/audit.h"
#include "realm/changes.h"
#include "realm/direct.h"
#include "realm/forget.h"
#include "realm/indexing.h"
#include "realm/notes.h"
#include "realm/relationships.h"
#include "realm/rooms.h"
#include "realm/sessions.h"
#include "store/lead.h"
#include "store/queries.h"
#include "store/store.h"

#define MOST 300      /* rows in one step */
#define MOST_TEXTS 20 /* of these, texts that are removed from the search index: 2 ms each */
#define MOST_TOLD 50  /* of these, rows of which others are told */
#define MOMENT (CLOCK_SECOND / 2)
#define MERGED_PAGES 200 /* of the search index, in one step */
/* Between two clearings of the files for deleted texts. The WAL grows again after each, which makes
 * the commits slow until then. */
#define CLEARED_AGAIN (10 * CLOCK_SECOND)

/*
 * The values of users.erasing. ROWS: rows are deleted. MERGING and above: the search index is
 * merged, at most that many more times. IN_FILES: only the WAL may still have deleted content.
 */
enum stage { IN_FILES = -1, DONE = 0, ROWS = 1, MERGED = 2, MERGING = 3 };

static int set_stage(struct store *store, int64_t user_id, int64_t stage, struct problem *why)
{
	return q_erase_stage(store, user_id, stage, why);
}

/* --- at once ---------------------------------------------------------------------------------- */

struct erasure {
	struct arena *arena;
	const struct session *by;
	int64_t user_id;
};

static int begin(struct store *store, void *context, struct problem *why)
{
	const struct erasure *e = context;
	const char **room_ids;
	int found = q_erase_possible(store, e->user_id, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_USER_NOT_FOUND);
	TRY(check_not_last_owner(store, e->user_id, why));
	/* The name goes first, so that no event shows it again; the events that follow are kept. */
	TRY(q_erase_user(store, e->user_id, ERASED_NAME, clock_now(), why));
	TRY(sessions_end(store, e->user_id, why));
	TRY(q_totp_recovery_delete(store, e->user_id, why));
	TRY(q_totp_delete(store, e->user_id, why));
	TRY(direct_forget(store, e->user_id, why));
	TRY(q_account_codes_delete(store, e->user_id, why));
	TRY(rooms_uninvite_by(store, e->user_id, 0, why));
	TRY(account_tell_others(store, e->user_id, why));
	TRY(rooms_of_user(e->arena, store, e->user_id, &room_ids, why));
	for (; *room_ids; room_ids++)
		TRY(room_leave(e->arena, store, e->user_id, *room_ids, why));
	return audit_user(store, e->by, AUDIT_ERASED, e->user_id, NULL, why);
}

int user_erase(struct arena *arena, struct store *store, const struct session *by, int64_t user_id,
	       struct problem *why)
{
	struct erasure e = {arena, by, user_id};
	return store_write(store, begin, &e, why);
}

/* --- step by step ----------------------------------------------------------------------------- */

/*
 * What is deleted, in this order, and how many rows of it at most in one step. Triggers of the
 * tables update the counters of others.
 */
static const struct {
	int (*erase)(struct store *, int64_t user, int64_t limit, struct problem *);
	int64_t most;
} steps[] = {
	{forget_sources_of, MOST},
	{forget_answers_of, MOST},
	{q_erase_votes, MOST},
	{reactions_withdraw, MOST_TOLD},
	{q_erase_mentions, MOST},
	{q_erase_knowledge, MOST_TEXTS},
	{q_erase_shares, MOST},
	{relationships_end_blocks, MOST_TOLD},
	{q_erase_relationships, MOST},
	{q_erase_related, MOST},
	{q_erase_authored, MOST},
	{q_erase_targeted, MOST},
	{q_erase_invites, MOST},
	{q_erase_invitations, MOST},
	{q_erase_bans, MOST},
	{q_erase_banned, MOST},
	{q_erase_created, MOST},
	{q_erase_participants, MOST},
	{q_erase_settings, MOST},
	{q_erase_presence, MOST},
	{q_erase_connected, MOST},
	{q_erase_networks, MOST},
	{q_erase_days, MOST},
	{q_erase_mails, MOST},
	{q_erase_counts, MOST},
	{q_erase_keys, MOST},
	{q_erase_keys_naming, MOST},
	{q_erase_taken_changes, MOST},
	{q_erase_former_texts, MOST},
	{q_erase_events, MOST},
	{q_erase_events_between, MOST},
	{q_erase_audit, MOST},
	{q_erase_audit_about, MOST},
	{q_erase_removals, MOST},
	{q_erase_removals_to, MOST},
	{q_erase_removed_rooms, MOST},
	{q_erase_removed_by, MOST},
	{q_erase_removed_votes, MOST},
	{q_erase_removed_shares, MOST},
	{q_erase_content_removal, MOST},
	{q_erase_content_removal_by, MOST},
	{q_erase_reports, MOST},
	{q_erase_reports_about, MOST},
	{q_erase_reports_taken, MOST},
	{q_erase_twin, MOST},
	{q_erase_room_twins, MOST},
	{q_erase_memories, MOST},
	{q_erase_chat, MOST},
	{q_erase_conversations, MOST},
	{q_erase_turns, MOST},
	{q_erase_learning, MOST},
	{q_erase_calls, MOST},
	{q_erase_calls_asked, MOST},
	{q_erase_spend, MOST},
	{q_erase_search_vectors, MOST},
	{q_erase_path_questions, MOST},
	{q_erase_path_questions_to, MOST},
	{index_forget_author, MOST_TEXTS},
};

static int step(struct store *store, void *unused, struct problem *why)
{
	struct q_erase_next next;
	int64_t left = MOST;
	bool apart = false;
	int found = q_erase_next(store, &next, why);
	(void)unused;
	if (found <= 0)
		return found;
	for (size_t i = 0; next.stage == ROWS && i < sizeof(steps) / sizeof(*steps); i++) {
		int64_t most = steps[i].most < left ? steps[i].most : left;
		int gone = steps[i].erase(store, next.user, most, why);
		TRY(gone);
		left -= gone;
		if (gone >= most)
			return 1;
	}
	int forgotten = forget_step(store, why); /* answers that others made of the user's texts */
	if (forgotten != 0)
		return forgotten;
	int waits = index_text(store, why); /* may be one of the user's, with the old text */
	if (waits != 0)
		return waits;
	/*
	 * The index is then one segment, which has no deleted words; or it was merged as often as
	 * its size at the beginning required, in case others keep adding to it.
	 */
	TRY(q_erase_apart(store, &apart, why));
	if (!apart || next.stage == MERGED)
		return set_stage(store, next.user, IN_FILES, why);
	TRY(q_erase_merge(store, -MERGED_PAGES, why));
	if (next.stage == ROWS)
		TRY(q_erase_merges(store, MERGED_PAGES / 4, &next.stage, why));
	return set_stage(store, next.user, next.stage - 1, why);
}

int erase_step(struct store *store, struct problem *why)
{
	return store_write_unsynced(store, step, NULL, why);
}

void erase_for_a_moment(struct store *store)
{
	int64_t until = clock_monotonic() + MOMENT;
	struct problem later = {0};
	while (clock_monotonic() < until && erase_step(store, &later) > 0)
		;
}

static int done(struct store *store, void *context, struct problem *why)
{
	const struct q_erase_in_files *held = context;
	TRY(q_forgotten_cleared(store, held->texts, clock_now(), why));
	TRY(set_stage(store, held->user, DONE, why));
	return 1;
}

int erase_from_files(struct store *store, struct leader *leader, struct problem *why)
{
	struct q_erase_in_files held;
	int found = q_erase_in_files(store, clock_now() - CLEARED_AGAIN, &held, why);
	if (found <= 0)
		return found;
	int emptied = health_note(HEALTH_CLEARING, leader_empty_log(leader, why), why);
	return emptied > 0 ? store_write_unsynced(store, done, &held, why) : emptied;
}
