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

struct tag {
	int64_t id;
	const char *name; /* NULL until it is needed */
};

struct comparing {
	struct arena *arena;
	struct store *store;
	const struct similar_question *question;
	struct tag *tags; /* the viewer's, by id */
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
	double score;                          /* the score that is looked at */
	const char *common_tags[SIMILAR_TAGS]; /* of the user that is looked at */
	int64_t item;                          /* the last one that was counted */
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
	c->tags[c->tag_count++] = (struct tag){.id = tag};
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

static int by_id(const void *one, const void *other)
{
	const struct tag *a = one, *b = other;
	return (a->id > b->id) - (a->id < b->id);
}

/* The viewer's tag of that id, or NULL. */
static struct tag *own_tag(const struct comparing *c, int64_t id)
{
	const struct tag key = {.id = id};
	return bsearch(&key, c->tags, (size_t)c->tag_count, sizeof(*c->tags), by_id);
}

/* The row is a tag of the user who is looked at. */
static int note_common_tag(int64_t id, void *context, struct problem *why)
{
	struct comparing *c = context;
	struct similar *one = &c->best[c->found];
	struct tag *tag = own_tag(c, id);
	if (!tag)
		return 0;
	if (!tag->name)
		TRY(q_tag_name(c->arena, c->store, id, &tag->name, why));
	c->common_tags[one->tag_count++] = tag->name;
	return one->tag_count == SIMILAR_TAGS;
}

/* The row is a tag of knowledge of the user who is looked at. */
static int count_item(const struct q_similar_items *row, void *context, struct problem *why)
{
	struct comparing *c = context;
	(void)why;
	if (row->knowledge != c->item && own_tag(c, row->tag)) {
		c->item = row->knowledge;
		c->best[c->found].common_items++;
	}
	return 0;
}

static int by_name(const void *one, const void *other)
{
	return strcmp(*(const char *const *)one, *(const char *const *)other);
}

/* Adds what the viewer may see of the user at c->found. */
static int describe(struct comparing *c, struct problem *why)
{
	struct similar *one = &c->best[c->found];
	int64_t viewer = c->question->viewer;
	struct q_similar_profile profile;
	TRY(q_similar_profile(c->arena, c->store, viewer, one->user_id, &profile, why));
	one->username = profile.username;
	one->items = profile.items;
	TRY(q_similar_tags_shown(c->store, viewer, one->user_id, note_common_tag, c, why));
	size_t size = (size_t)one->tag_count * sizeof(*one->tags);
	qsort(c->common_tags, (size_t)one->tag_count, sizeof(*one->tags), by_name);
	one->tags = arena_alloc(c->arena, size);
	memcpy(one->tags, c->common_tags, size);
	if (c->question->wants_common_items)
		TRY(q_similar_items(c->store, viewer, one->user_id, count_item, c, why));
	return 0;
}

static int describe_all(struct comparing *c, struct problem *why)
{
	int count = c->found;
	for (c->found = 0; c->found < count; c->found++)
		TRY(describe(c, why));
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
	return describe_all(c, why);
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
