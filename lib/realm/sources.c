/* Sources: see sources.h. */
#include "realm/sources.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mutant.h"
#include "realm/collect.h"
#include "realm/source_scope.h"
#include "realm/vector_search.h"
#include "realm/word_search.h"
#include "store/queries.h"
#include "store/store.h"

#define LISTED 50 /* texts of a list */
#define LISTS 3
#define FUSION_K 10.0 /* of reciprocal rank fusion; the usual 60 loses to the better list */
#define VECTORS_WEIGH 2.5
#define PRIOR_MOST 1.25
#define RECENT (30 * 86400 * 1e6)

/* A text of one list at least. */
struct candidate {
	struct found_text text;
	int text_rank, nearby_rank, vector_rank;
	double fused;
};

struct search {
	struct arena *arena;
	const struct audience *audience;
	const char *question;
	const struct query_vector *vector;
	struct source_scope scope;
	int limit;
	struct candidate candidates[LISTS * LISTED];
	size_t count;
	struct source *best;
	size_t best_count;
};

/* --- the texts that are looked at ------------------------------------------------------------- */

/* For the owner alone, both readers are the owner. */
int64_t audience_reader(const struct audience *audience)
{
	return audience->to == ANSWER_TO_OWNER || MUTANT(sources_one_reader) ? audience->owner
									     : audience->reader;
}

static enum answer_to goes_to(const struct audience *audience)
{
	return MUTANT(sources_filter_late) ? ANSWER_TO_OWNER : audience->to;
}

static int find_places(struct search *s, struct store *store, struct problem *why)
{
	const struct audience *a = s->audience;
	struct buf *list = buf_in(s->arena);
	TRY(q_source_places(store, a->owner, audience_reader(a), goes_to(a), a->room_id, collect_id,
			    list, why));
	s->scope.places = places_of(list);
	return 0;
}

/* --- the lists -------------------------------------------------------------------------------- */

static struct candidate *candidate_of(struct search *s, const struct found_text *text)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->candidates[i].text.text == text->text)
			return &s->candidates[i];
	s->candidates[s->count] = (struct candidate){.text = *text};
	return &s->candidates[s->count++];
}

/*
 * Adds up the ranks of texts (reciprocal rank fusion), and notes the rank in this list. The list by
 * vectors weighs more than both lists by words: these say nearly the same, and exactly the same of
 * texts without neighbours, so that otherwise two bad lists win over a good one. Recall among the
 * first ten by words, by vectors, and by all with the weights 1, 2, 2.5, 3 (docs/benchmarks.md):
 *
 *	2,500 nouns	21, 36; 29, 35, 37, 37 %
 *	1,000 packages	96, 98; 98, 99, 99, 99 %
 *	conversations	60 (69 with neighbours), 62; 72, 75, 73, 72 %
 */
static void add_list(struct search *s, const struct found_texts *found, double weight,
		     size_t member)
{
	for (size_t i = 0; i < found->count; i++) {
		struct candidate *candidate = candidate_of(s, &found->list[i]);
		*(int *)(void *)((char *)candidate + member) = (int)i + 1;
		candidate->fused += weight / (FUSION_K + (double)i + 1);
	}
}

static int search_all(struct search *s, struct store *store, struct problem *why)
{
	struct found_texts alone, nearby, near;
	TRY(word_search(s->arena, store, &s->scope, s->question, LISTED, &alone, &nearby, why));
	add_list(s, &nearby, 1, offsetof(struct candidate, nearby_rank));
	add_list(s, &alone, 1, offsetof(struct candidate, text_rank));
	if (!s->vector)
		return 0;
	TRY(vector_search(s->arena, store, &s->scope, s->vector, LISTED, &near, why));
	add_list(s, &near, VECTORS_WEIGH, offsetof(struct candidate, vector_rank));
	return 0;
}

/* --- the best of them ------------------------------------------------------------------------- */

/* Between 0.8 and PRIOR_MOST. `newest` is of the texts that were found. */
static double prior(const struct q_source_one *row, int64_t created_at, int64_t newest)
{
	double age = (double)(newest - created_at) / RECENT;
	return 1 + 0.02 * (double)(row->importance - 5) + 0.08 * row->votes + 0.05 * exp2(-age);
}

static int by_final_score(const void *one, const void *other)
{
	const struct source *a = one, *b = other;
	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	if (a->created_at != b->created_at)
		return a->created_at > b->created_at ? -1 : 1;
	return a->id.kind != b->id.kind ? (int)a->id.kind - (int)b->id.kind
					: strcmp(a->id.id, b->id.id);
}

static int by_fused(const void *one, const void *other)
{
	const struct candidate *a = one, *b = other;
	return a->fused != b->fused ? (a->fused > b->fused ? -1 : 1)
				    : (a->text.text > b->text.text) - (a->text.text < b->text.text);
}

/* Puts the source into the order of the best ones, at most `limit`. */
static void add_source(struct search *s, const struct source *source)
{
	size_t at = s->best_count;
	while (at > 0 && by_final_score(source, &s->best[at - 1]) < 0)
		at--;
	if (at >= (size_t)s->limit)
		return;
	s->best_count += s->best_count < (size_t)s->limit;
	memmove(&s->best[at + 1], &s->best[at], (s->best_count - at - 1) * sizeof(*s->best));
	s->best[at] = *source;
}

/* The text as it is now may be gone. */
static int look_at(struct search *s, struct store *store, const struct candidate *c, int64_t newest,
		   struct problem *why)
{
	struct q_source_one row;
	int found = q_source_one(s->arena, store, source_kind_name(c->text.kind), c->text.id, &row,
				 why);
	if (found <= 0)
		return found;
	const struct source source = {.id = {c->text.kind, c->text.id},
				      .author_id = row.author,
				      .author_name = row.author_name,
				      .created_at = c->text.created_at,
				      .content = row.content,
				      .text_rank = c->text_rank,
				      .nearby_rank = c->nearby_rank,
				      .vector_rank = c->vector_rank,
				      .score = c->fused * prior(&row, c->text.created_at, newest)};
	if (!MUTANT(sources_filter_late) || source_holds(store, s->audience, &source, why) != 0)
		add_source(s, &source);
	return 0;
}

/* Looks at those texts alone that can still be among the best. */
static int take_best(struct search *s, struct store *store, struct problem *why)
{
	int64_t newest = 0;
	for (size_t i = 0; i < s->count; i++)
		if (s->candidates[i].text.created_at > newest)
			newest = s->candidates[i].text.created_at;
	qsort(s->candidates, s->count, sizeof(*s->candidates), by_fused);
	s->best = arena_alloc(s->arena, (size_t)s->limit * sizeof(*s->best));
	for (size_t i = 0; i < s->count; i++) {
		const struct candidate *c = &s->candidates[i];
		if (s->best_count == (size_t)s->limit &&
		    c->fused * PRIOR_MOST < s->best[s->limit - 1].score)
			break;
		TRY(look_at(s, store, c, newest, why));
	}
	return 0;
}

static int find(struct store *store, void *context, struct problem *why)
{
	struct search *s = context;
	TRY(find_places(s, store, why));
	TRY(search_all(s, store, why));
	return take_best(s, store, why);
}

int sources_find(struct arena *arena, struct store *store, const struct audience *audience,
		 enum leaving leaving, const char *question, const struct query_vector *vector,
		 const struct source_ids *without, int limit, struct source **sources_r,
		 size_t *count_r, struct problem *why)
{
	struct search s = {.arena = arena,
			   .audience = audience,
			   .question = question,
			   .vector = vector,
			   .scope = {.viewer = audience->owner,
				     .reader = audience_reader(audience),
				     .to = goes_to(audience),
				     .thread = audience->thread,
				     .leaving = MUTANT(local_leaves) ? LEAVE_NEVER : leaving,
				     .without = without},
			   .limit = limit};
	TRY(store_read(store, find, &s, why));
	*sources_r = s.best;
	*count_r = s.best_count;
	return 0;
}

int source_holds(struct store *store, const struct audience *audience, const struct source *source,
		 struct problem *why)
{
	return q_source_holds(store, audience->owner, audience_reader(audience), audience->to,
			      audience->room_id, audience->thread,
			      source_kind_name(source->id.kind), source->id.id, source->content,
			      why);
}

int source_within_reach(struct store *store, const struct audience *audience,
			const struct source *source, struct problem *why)
{
	return q_source_within_reach(store, audience->owner, audience_reader(audience),
				     audience->to, audience->room_id,
				     source_kind_name(source->id.kind), source->id.id, why);
}
