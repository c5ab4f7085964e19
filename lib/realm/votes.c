/*
 * Votes: see votes.h. The knowledge keeps the counts that its creator was told last, so what is
 * still to be told follows from the row, and no process needs to remember it.
 */
#include "realm/votes.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "realm/account_changed.h"
#include "realm/events.h"
#include "realm/relationships.h"
#include "store/queries.h"

#define MOST 100 /* events of one votes_tell() */

static const struct property vote_properties[] = {
	PROPERTY("message", TEXT),
	PROPERTY("upvotes", INT),
	PROPERTY("downvotes", INT),
};
const struct shape vote_shape = SHAPE("Vote", vote_properties);

static const struct property votes_properties[] = {
	PROPERTY("knowledge_id", INT),
	PROPERTY("upvotes", INT),
	PROPERTY("downvotes", INT),
};
const struct shape votes_shape = SHAPE("KnowledgeVotes", votes_properties);

/* Tells the creator, unless an event was told after `before`. */
static int tell(struct arena *arena, struct store *store, int64_t id, int64_t creator,
		int64_t before, struct problem *why)
{
	struct buf *data = buf_in(arena);
	int is_due = q_votes_told(store, id, clock_now(), before, why);
	if (is_due <= 0)
		return is_due;
	TRY(q_votes_shown(store, id, data, why));
	TRY(event_append(store,
			 &(struct event){.kind = EVENT_KNOWLEDGE_VOTED,
					 .user_id = creator,
					 .data = data->data},
			 why));
	return 1;
}

struct voting {
	struct arena *arena;
	int64_t viewer, id, quiet_us;
	int value;
	struct votes votes;
};

static int vote(struct store *store, void *context, struct problem *why)
{
	struct voting *v = context;
	struct q_knowledge_for_vote before;
	int found = q_knowledge_for_vote(store, v->viewer, v->id, &before, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_KNOWLEDGE_NOT_FOUND);
	if (before.creator == v->viewer)
		return problem_set(why, PROBLEM_OWN_KNOWLEDGE);
	v->votes = (struct votes){.up = before.upvotes, .down = before.downvotes};
	if (before.vote == v->value)
		return 0;
	if (v->value)
		TRY(q_knowledge_vote(store, v->id, v->viewer, v->value, clock_now(), why));
	else
		TRY(q_knowledge_unvote(store, v->id, v->viewer, why));
	if (v->value)
		TRY(relationship_nudge(store, v->viewer, before.creator, why));
	TRY(account_tell(store, v->viewer, ACCOUNT_VOTE, v->id, v->value == 0, why));
	v->votes.up += (v->value > 0) - (before.vote > 0);
	v->votes.down += (v->value < 0) - (before.vote < 0);
	return tell(v->arena, store, v->id, before.creator, clock_now() - v->quiet_us, why);
}

int knowledge_vote(struct arena *arena, struct store *store, int64_t viewer, int64_t id, int value,
		   int64_t quiet_us, struct votes *votes_r, struct problem *why)
{
	struct voting v = {
		.arena = arena, .viewer = viewer, .id = id, .quiet_us = quiet_us, .value = value};
	TRY(store_write(store, vote, &v, why));
	*votes_r = v.votes;
	return 0;
}

/* --- later ------------------------------------------------------------------------------------ */

struct telling {
	struct arena *arena;
	int64_t before;
	struct q_votes_untold due[MOST];
	int count;
};

static int add_due(const struct q_votes_untold *row, void *context, struct problem *why)
{
	struct telling *t = context;
	(void)why;
	t->due[t->count++] = *row;
	return 0;
}

static int find_due(struct store *store, struct telling *t, struct problem *why)
{
	t->count = 0;
	return q_votes_untold(store, t->before, MOST, add_due, t, why);
}

static int tell_due(struct store *store, void *context, struct problem *why)
{
	struct telling *t = context;
	TRY(find_due(store, t, why));
	for (int i = 0; i < t->count; i++)
		TRY(tell(t->arena, store, t->due[i].id, t->due[i].creator, t->before, why));
	return t->count;
}

int votes_tell(struct store *store, int64_t quiet_us, struct problem *why)
{
	struct telling t = {.before = clock_now() - quiet_us};
	TRY(find_due(store, &t, why));
	if (t.count == 0)
		return 0;
	t.arena = arena_new();
	int told = store_write_unsynced(store, tell_due, &t, why);
	arena_free(&t.arena);
	return told;
}
