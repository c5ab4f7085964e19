/* Drafts: see drafts.h. */
#include "realm/drafts.h"

#include <string.h>

#include "base/arena.h"
#include "realm/posting.h"
#include "realm/turns.h"
#include "store/queries.h"
#include "store/store.h"

/* The owner's decision on a draft. */
struct decision {
	struct arena *arena;
	int64_t owner, turn_id;
	const char *content; /* NULL: as the draft is */
};

/* Finds the turn of the draft, and its text. */
static int find_draft(struct store *store, const struct decision *d, struct turn *turn_r,
		      const char **content_r, struct problem *why)
{
	struct q_turn_of_owner row;
	int found = q_turn_of_owner(d->arena, store, d->owner, d->turn_id, &row, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_NOT_FOUND);
	if (strcmp(row.state, "draft") != 0)
		return problem_set(why, PROBLEM_TURN_ENDED);
	*turn_r = (struct turn){.id = row.id,
				.twin_id = row.twin,
				.asker_id = row.asker,
				.cause = turn_cause_named(row.cause_kind),
				.cause_id = row.cause,
				.root_kind = row.root_kind,
				.root_id = row.root,
				.room_id = row.room,
				.created_at = row.created_at};
	*content_r = row.content;
	return 0;
}

static int approve(struct store *store, void *context, struct problem *why)
{
	const struct decision *d = context;
	const char *content;
	struct turn turn;
	TRY(find_draft(store, d, &turn, &content, why));
	return draft_post(d->arena, store, &turn, d->content ? d->content : content, why);
}

static int reject(struct store *store, void *context, struct problem *why)
{
	const struct decision *d = context;
	const struct turn_end end = {.state = "rejected", .reason = "rejected"};
	const char *content;
	struct turn turn;
	TRY(find_draft(store, d, &turn, &content, why));
	return turn_end(d->arena, store, &turn, &end, why);
}

int draft_approve(struct arena *arena, struct store *store, int64_t owner, int64_t turn_id,
		  const char *content, struct problem *why)
{
	struct decision d = {arena, owner, turn_id, content};
	TRY(store_write(store, approve, &d, why));
	return 0;
}

int draft_reject(struct arena *arena, struct store *store, int64_t owner, int64_t turn_id,
		 struct problem *why)
{
	struct decision d = {arena, owner, turn_id, NULL};
	TRY(store_write(store, reject, &d, why));
	return 0;
}
