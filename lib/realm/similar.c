/* Similar users: see similar.h. */
#include "realm/similar.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "store/ids.h"
#include "store/queries.h"
#include "store/store.h"

#define MANY 1000 /* equally similar users; of more, those who were seen last are looked for */

struct candidate {
	double score;
	int64_t id;
};

struct comparing {
	struct arena *arena;
	struct store *store;
	const struct similar_question *question;
	int64_t *tags; /* the viewer's, in ascending order */
	int64_t tag_count;
	/* By id: */
	uint32_t *common;       /* tags */
	bool *is_friend;        /* has made the viewer a friend */
	bool *is_tied;          /* has the score that is looked at */
	int64_t count;          /* ids are below; of whole ranges, so that a set is in or out */
	struct candidate *heap; /* the most similar first */
	size_t waiting;
	struct similar *best;
	int found;
	double score;            /* the score that is looked at */
	struct similar *counted; /* the user with the knowledge that is counted */
	int64_t item;            /* the last one that was counted */
};

static int note_friend(int64_t user, void *context, struct problem *why)
{
	struct comparing *c = context;
	(void)why;
	if (user < c->count)
		c->is_friend[user] = true;
	return 0;
}

static int leave_out(int64_t user, void *context, struct problem *why)
{
	struct comparing *c = context;
	(void)why;
	if (user < c->count)
		c->common[user] = 0;
	return 0;
}

static int leave_out_all(struct comparing *c, struct problem *why)
{
	const struct similar_question *question = c->question;
	for (int i = 0; i < question->left_out_count; i++)
		TRY(leave_out(question->left_out[i], c, why));
	return q_similar_left_out(c->store, question->viewer, question->only_strangers, leave_out,
				  c, why);
}

static int note_tag(int64_t tag, void *context, struct problem *why)
{
	struct comparing *c = context;
	(void)why;
	c->tags[c->tag_count++] = tag;
	return 0;
}

/* The users of a row of tag_users: the users of one range that have one of the viewer's tags. */
static int count_users(const struct q_tag_users_of *row, void *context, struct problem *why)
{
	struct comparing *c = context;
	struct ids_iterator ids;
	(void)why;
	if (ids_first(row->id) >= c->count)
		return 0;
	ids_begin(&ids, row->id, row->public_users.bytes, row->public_users.size);
	for (int64_t id; ids_next(&ids, &id);)
		c->common[id]++;
	ids_begin(&ids, row->id, row->friends_users.bytes, row->friends_users.size);
	for (int64_t id; ids_next(&ids, &id);)
		if (c->is_friend[id] &&
		    !ids_has(row->public_users.bytes, row->public_users.size, id))
			c->common[id]++;
	return 0;
}

/* Scores the users of a set, who show so many tags: to their friends, or to everybody. */
static void compare_users(struct comparing *c, int64_t key, const struct blob *users,
			  bool to_friends)
{
	struct ids_iterator ids;
	int64_t tags = ids_owner(key);
	double most = (double)(tags > c->tag_count ? tags : c->tag_count);
	ids_begin(&ids, key, users->bytes, users->size);
	for (int64_t id; ids_next(&ids, &id);) {
		if (c->common[id] == 0 || c->is_friend[id] != to_friends ||
		    id == c->question->viewer)
			continue;
		c->heap[c->waiting++] =
			(struct candidate){.score = (double)c->common[id] / most, .id = id};
		c->common[id] = 0; /* once at most, even if a damaged set has this user too */
	}
}

/* The users of a row of tag_count_users. */
static int compare(const struct q_users_by_tag_count *row, void *context, struct problem *why)
{
	struct comparing *c = context;
	(void)why;
	if (ids_first(row->id) >= c->count)
		return 0;
	compare_users(c, row->id, &row->public_users, false);
	compare_users(c, row->id, &row->friends_users, true);
	return 0;
}

static void sift_down(struct candidate *heap, size_t count, size_t at)
{
	for (size_t child; (child = 2 * at + 1) < count; at = child) {
		if (child + 1 < count && heap[child + 1].score > heap[child].score)
			child++;
		if (heap[at].score >= heap[child].score)
			return;
		struct candidate swap = heap[at];
		heap[at] = heap[child];
		heap[child] = swap;
	}
}

/* Moves the users of the highest score to the end of the heap. Returns how many they are. */
static size_t pop_ties(struct comparing *c)
{
	size_t count = 0;
	c->score = c->heap[0].score;
	while (c->waiting > 0 && c->heap[0].score >= c->score) {
		struct candidate top = c->heap[0];
		c->heap[0] = c->heap[--c->waiting];
		c->heap[c->waiting] = top;
		sift_down(c->heap, c->waiting, 0);
		count++;
	}
	return count;
}

/* Takes the user, if the viewer may find it: 1 or 0. */
static int take(struct comparing *c, int64_t id, struct problem *why)
{
	struct similar *one = &c->best[c->found];
	*one = (struct similar){.user_id = id, .score = c->score};
	int may = q_similar_seen(c->store, c->question->viewer, id, &one->last_seen, why);
	c->found += may > 0;
	return may;
}

/* The row is a user; users come in the order in which they were seen last. */
static int take_latest(int64_t id, void *context, struct problem *why)
{
	struct comparing *c = context;
	if (id >= c->count || !c->is_tied[id])
		return 0;
	int taken = take(c, id, why);
	TRY(taken);
	if (taken && c->best[c->found - 1].last_seen == 0)
		c->found--; /* users whose presence the viewer may not see come after the others */
	else
		c->is_tied[id] = false;
	return c->found == c->question->limit;
}

/* Of very many equally similar users, takes the first. */
static int take_first(struct comparing *c, const struct candidate *ties, size_t count,
		      struct problem *why)
{
	for (size_t i = 0; i < count; i++)
		c->is_tied[ties[i].id] = true;
	TRY(q_presence_latest(c->store, take_latest, c, why));
	for (int64_t id = 0; id < c->count && c->found < c->question->limit; id++)
		if (c->is_tied[id])
			TRY(take(c, id, why));
	for (size_t i = 0; i < count; i++)
		c->is_tied[ties[i].id] = false;
	return 0;
}

static int by_rank(const void *one, const void *other)
{
	const struct similar *a = one, *b = other;
	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	if (a->last_seen != b->last_seen)
		return a->last_seen > b->last_seen ? -1 : 1;
	return (a->user_id > b->user_id) - (a->user_id < b->user_id);
}

static int choose(struct comparing *c, struct problem *why)
{
	for (size_t i = c->waiting / 2; i-- > 0;)
		sift_down(c->heap, c->waiting, i);
	while (c->waiting > 0 && c->found < c->question->limit) {
		size_t count = pop_ties(c);
		const struct candidate *ties = &c->heap[c->waiting];
		if (count > MANY)
			TRY(take_first(c, ties, count, why));
		for (size_t i = 0; count <= MANY && i < count; i++)
			TRY(take(c, ties[i].id, why));
		qsort(c->best, (size_t)c->found, sizeof(*c->best), by_rank);
		if (c->found > c->question->limit)
			c->found = c->question->limit;
	}
	return 0;
}

/* --- what a user has in common with the viewer ------------------------------------------------ */

static bool shows_tag(const struct comparing *c, const struct q_tag_users_of *row, int64_t user)
{
	return ids_has(row->public_users.bytes, row->public_users.size, user) ||
	       (c->is_friend[user] &&
		ids_has(row->friends_users.bytes, row->friends_users.size, user));
}

/* The row is of one of the viewer's tags: the found users that show it have it in common. */
static int note_common_tag(const struct q_tag_users_of *row, void *context, struct problem *why)
{
	struct comparing *c = context;
	const char *name = NULL;
	int64_t first = ids_first(row->id);
	for (struct similar *one = c->best; one < c->best + c->found; one++) {
		if (one->user_id < first || one->user_id >= first + IDS_RANGE ||
		    one->tag_count == SIMILAR_TAGS || !shows_tag(c, row, one->user_id))
			continue;
		if (!name)
			TRY(q_tag_name(c->arena, c->store, ids_owner(row->id), &name, why));
		one->tags[one->tag_count++] = name;
	}
	return 0;
}

static int by_number(const void *one, const void *other)
{
	int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
	return (a > b) - (a < b);
}

/* The row is a tag of the counted user's knowledge. */
static int count_item(const struct q_similar_items *row, void *context, struct problem *why)
{
	struct comparing *c = context;
	(void)why;
	if (row->knowledge != c->item &&
	    bsearch(&row->tag, c->tags, (size_t)c->tag_count, sizeof(*c->tags), by_number)) {
		c->item = row->knowledge;
		c->counted->common_items++;
	}
	return 0;
}

static int by_name(const void *one, const void *other)
{
	return strcmp(*(const char *const *)one, *(const char *const *)other);
}

/* Adds what the viewer may see of the users that were found. */
static int describe(struct comparing *c, struct problem *why)
{
	int64_t viewer = c->question->viewer;
	struct similar *end = c->best + c->found;
	for (struct similar *one = c->best; one < end; one++)
		one->tags = arena_alloc(c->arena, SIMILAR_TAGS * sizeof(*one->tags));
	TRY(q_tag_users_of(c->store, viewer, note_common_tag, c, why));
	for (struct similar *one = c->best; one < end; one++) {
		struct q_similar_profile profile;
		TRY(q_similar_profile(c->arena, c->store, viewer, one->user_id, &profile, why));
		one->username = profile.username;
		one->full_name = profile.full_name;
		one->twin = profile.twin;
		one->items = profile.items;
		qsort(one->tags, (size_t)one->tag_count, sizeof(*one->tags), by_name);
		c->counted = one;
		if (c->question->wants_common_items)
			TRY(q_similar_items(c->store, viewer, one->user_id, count_item, c, why));
	}
	return 0;
}

/* --- finding ---------------------------------------------------------------------------------- */

static int find(struct store *store, void *context, struct problem *why)
{
	struct comparing *c = context;
	const struct similar_question *question = c->question;
	int64_t viewer = question->viewer;
	struct q_similar_scope scope;
	size_t candidates = 0;
	TRY(q_similar_scope(store, viewer, &scope, why));
	c->count = (scope.end + IDS_RANGE - 1) / IDS_RANGE * IDS_RANGE;
	if (scope.tags == 0)
		return 0;
	c->tags = arena_alloc(c->arena, (size_t)scope.tags * sizeof(*c->tags));
	c->common = arena_alloc(c->arena, (size_t)c->count * sizeof(*c->common));
	c->is_friend = arena_alloc(c->arena, (size_t)c->count * sizeof(*c->is_friend));
	c->is_tied = arena_alloc(c->arena, (size_t)c->count * sizeof(*c->is_tied));
	c->best = arena_alloc(c->arena, ((size_t)question->limit + MANY) * sizeof(*c->best));
	TRY(q_similar_tags(store, viewer, note_tag, c, why));
	TRY(q_friend_makers(store, viewer, note_friend, c, why));
	TRY(q_tag_users_of(store, viewer, count_users, c, why));
	TRY(leave_out_all(c, why));
	for (int64_t id = 0; id < c->count; id++)
		candidates += c->common[id] > 0;
	c->heap = arena_alloc(c->arena, candidates * sizeof(*c->heap));
	TRY(q_users_by_tag_count(store, compare, c, why));
	TRY(choose(c, why));
	return describe(c, why);
}

int similar_users(struct arena *arena, struct store *store, const struct similar_question *question,
		  const struct similar **best_r, int *count_r, struct problem *why)
{
	struct comparing c = {.arena = arena, .store = store, .question = question};
	TRY(store_read(store, find, &c, why));
	*best_r = c.best;
	*count_r = c.found;
	return 0;
}
