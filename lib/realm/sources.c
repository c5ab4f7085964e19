/* Sources: see sources.h. The index of their words: see indexing.h. */
#include "realm/sources.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mutant.h"
#include "realm/collect.h"
#include "realm/places.h"
#include "realm/vector_search.h"
#include "store/queries.h"
#include "store/store.h"

#define WORDS 16     /* of a question, that count: the first ones */
#define HITS_MAX 500 /* of a word; one that has more finds no text, but ranks those of others */
#define LISTED 50    /* texts of a list */
#define LISTS 3
#define PLACES_AT_ONCE 64
#define K1 1.2 /* BM25, as in store/rank.h */
#define B 0.75
#define FUSION_K 10.0 /* of reciprocal rank fusion; the usual 60 loses to the better list */
#define RECENT (30 * 86400 * 1e6)

/* A text with a word of the question. */
struct hit {
	int64_t text, place, at, words, created_at;
	enum source_kind kind;
	const char *id;
	uint8_t times[WORDS];
	double score, nearby; /* BM25 of the text, and of the text with its neighbours */
	int text_rank, nearby_rank, vector_rank;
	double fused;
};

struct search {
	struct arena *arena;
	const struct audience *audience;
	enum leaving leaving;
	const char *question;
	const struct query_vector *vector;
	const struct source_ids *without;
	int limit;
	struct buf *words;      /* of int64_t */
	struct buf *place_list; /* of int64_t */
	struct places places;   /* of the list */
	int word;               /* that is looked for */
	struct hit *hits;
	size_t count, room; /* of hits */
	int found[WORDS];   /* texts with each word */
	double weights[WORDS], average;
	struct source *best;
	size_t best_count;
};

/* --- the texts that have a word of the question ------------------------------------------------
 */

static struct hit *add_hit(struct search *s)
{
	if (s->count == s->room) {
		struct hit *more = arena_alloc(s->arena, (s->room * 2 + 256) * sizeof(*more));
		if (s->count > 0)
			memcpy(more, s->hits, s->count * sizeof(*more));
		s->room = s->room * 2 + 256;
		s->hits = more;
	}
	return &s->hits[s->count++];
}

static void sort_hits(const struct search *s, int (*compare)(const void *, const void *))
{
	if (s->count > 0) /* else there is no list */
		qsort(s->hits, s->count, sizeof(*s->hits), compare);
}

/* Texts of several words come once for each, and are put together later. */
static int take_hit(const struct q_source_hits *row, void *context, struct problem *why)
{
	struct search *s = context;
	enum source_kind kind = source_kind_by_name(row->kind);
	(void)why;
	if (source_ids_have(s->without, kind, row->source))
		return 0;
	struct hit *hit = add_hit(s);
	*hit = (struct hit){.text = row->text,
			    .place = row->place,
			    .at = row->at,
			    .words = row->words,
			    .created_at = row->created_at,
			    .kind = kind,
			    .id = arena_strdup(s->arena, row->source)};
	hit->times[s->word] = (uint8_t)row->times;
	s->found[s->word]++;
	return 0;
}

static const char *as_json(struct arena *arena, const struct buf *numbers)
{
	struct buf *json = buf_in(arena);
	const int64_t *list = (const int64_t *)(const void *)numbers->data;
	buf_putc(json, '[');
	for (size_t i = 0; i < numbers->len / sizeof(*list); i++)
		buf_printf(json, i ? ",%lld" : "%lld", (long long)list[i]);
	buf_putc(json, ']');
	return json->data;
}

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
	s->place_list = buf_in(s->arena);
	TRY(q_source_places(store, a->owner, audience_reader(a), goes_to(a), a->room_id, collect_id,
			    s->place_list, why));
	s->places = places_of(s->place_list);
	return 0;
}

/* Some places at a time, because the first ones may have all the texts that are wanted. */
static int find_word(struct search *s, struct store *store, int64_t word, struct problem *why)
{
	const struct audience *a = s->audience;
	struct buf *with = buf_in(s->arena);
	for (size_t at = 0; at < s->places.count && s->found[s->word] < HITS_MAX;) {
		buf_clear(with);
		TRY(places_with_word(store, word, &s->places, &at, PLACES_AT_ONCE, with, why));
		if (with->len > 0)
			TRY(q_source_hits(store, a->owner, audience_reader(a), goes_to(a),
					  a->thread, s->leaving, as_json(s->arena, with), word,
					  HITS_MAX - s->found[s->word], take_hit, s, why));
	}
	return 0;
}

static int find_hits(struct search *s, struct store *store, struct problem *why)
{
	const int64_t *words = (const int64_t *)(const void *)s->words->data;
	for (s->word = 0; s->word < WORDS && (size_t)s->word < s->words->len / sizeof(*words);
	     s->word++)
		TRY(find_word(s, store, words[s->word], why));
	return 0;
}

static int by_text(const void *one, const void *other)
{
	const struct hit *a = one, *b = other;
	return (a->text > b->text) - (a->text < b->text);
}

/* Puts the hits of each text together. */
static void merge_hits(struct search *s, bool is_hot[WORDS])
{
	size_t merged = 0;
	sort_hits(s, by_text);
	for (size_t i = 0; i < s->count; i++) {
		struct hit *hit = &s->hits[i], *last = &s->hits[merged];
		bool is_found = false;
		for (int w = 0; w < WORDS; w++)
			is_found |= hit->times[w] && !is_hot[w];
		if (!is_found)
			continue;
		if (merged > 0 && last[-1].text == hit->text) {
			for (int w = 0; w < WORDS; w++)
				if (hit->times[w])
					last[-1].times[w] = hit->times[w];
		} else {
			*last = *hit;
			merged++;
		}
	}
	s->count = merged;
}

static int take_times(const struct q_source_times *row, void *context, struct problem *why)
{
	struct search *s = context;
	struct hit wanted = {.text = row->text},
		   *hit = bsearch(&wanted, s->hits, s->count, sizeof(*s->hits), by_text);
	(void)why;
	if (hit)
		hit->times[s->word] = (uint8_t)row->times;
	return 0;
}

/* Texts that only have words of very many texts are left out, unless there are no others. */
static int gather(struct search *s, struct store *store, struct problem *why)
{
	bool is_hot[WORDS] = {false}, any = false;
	struct buf *texts = buf_in(s->arena);
	const int64_t *words = (const int64_t *)(const void *)s->words->data;
	for (int w = 0; w < WORDS; w++)
		any |= s->found[w] > 0 && s->found[w] < HITS_MAX;
	for (int w = 0; w < WORDS; w++)
		is_hot[w] = any && s->found[w] >= HITS_MAX;
	merge_hits(s, is_hot);
	for (size_t i = 0; i < s->count; i++)
		buf_add(texts, &s->hits[i].text, sizeof(s->hits[i].text));
	const char *json = as_json(s->arena, texts);
	for (s->word = 0; s->word < WORDS; s->word++)
		if (is_hot[s->word])
			TRY(q_source_times(store, json, words[s->word], take_times, s, why));
	return 0;
}

/* --- ranking ---------------------------------------------------------------------------------- */

/* The weights of the words and the average length, over the texts that were found. */
static void weigh(struct search *s)
{
	int with[WORDS] = {0};
	double words = 0;
	for (size_t i = 0; i < s->count; i++) {
		words += (double)s->hits[i].words;
		for (int w = 0; w < WORDS; w++)
			with[w] += s->hits[i].times[w] > 0;
	}
	s->average = words > 0 ? words / (double)s->count : 1;
	for (int w = 0; w < WORDS; w++)
		s->weights[w] = log(1 + ((double)s->count - with[w] + 0.5) / (with[w] + 0.5));
}

static double bm25(const struct search *s, const int times[WORDS], double words)
{
	double score = 0;
	for (int w = 0; w < WORDS; w++)
		score += s->weights[w] * times[w] * (K1 + 1) /
			 (times[w] + K1 * (1 - B + B * words / s->average));
	return score;
}

/* Messages of a room are neighbours, and a question and its response; no room has a number below 1.
 */
static int64_t neighbourhood(const struct hit *hit)
{
	if (hit->kind == SOURCE_MESSAGE)
		return hit->place;
	return hit->kind == SOURCE_RESPONSE ? -SOURCE_QUESTION : -(int64_t)hit->kind;
}

static int by_place(const void *one, const void *other)
{
	const struct hit *a = one, *b = other;
	int64_t first = neighbourhood(a), second = neighbourhood(b);
	if (first != second)
		return first < second ? -1 : 1;
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return (a->kind > b->kind) - (a->kind < b->kind);
}

static bool are_neighbours(const struct hit *a, const struct hit *b)
{
	bool both_talk = a->kind <= SOURCE_RESPONSE && b->kind <= SOURCE_RESPONSE;
	return both_talk && neighbourhood(a) == neighbourhood(b) && b->at - a->at == 1;
}

/* A neighbour that is no hit has none of the words, and counts as long as the average. */
static void score(struct search *s)
{
	sort_hits(s, by_place);
	for (size_t i = 0; i < s->count; i++) {
		struct hit *hit = &s->hits[i];
		const struct hit *beside[2] = {
			i > 0 && are_neighbours(hit - 1, hit) ? hit - 1 : NULL,
			i + 1 < s->count && are_neighbours(hit, hit + 1) ? hit + 1 : NULL};
		int times[WORDS];
		for (int w = 0; w < WORDS; w++)
			times[w] = hit->times[w];
		hit->score = bm25(s, times, (double)hit->words);
		double words = (double)hit->words;
		for (int n = 0; n < 2; n++) {
			words += beside[n] ? (double)beside[n]->words : s->average;
			for (int w = 0; beside[n] && w < WORDS; w++)
				times[w] += beside[n]->times[w];
		}
		hit->nearby = bm25(s, times, words / 3);
	}
}

/* Newer ones first among equals; the rest makes the order complete. */
static int by_age(const struct hit *a, const struct hit *b)
{
	if (a->created_at != b->created_at)
		return a->created_at > b->created_at ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return strcmp(a->id, b->id);
}

static int by_number(double one, double other, const struct hit *a, const struct hit *b)
{
	return one != other ? (one > other ? -1 : 1) : by_age(a, b);
}

static int by_score(const void *one, const void *other)
{
	const struct hit *a = one, *b = other;
	return by_number(a->score, b->score, a, b);
}

static int by_nearby(const void *one, const void *other)
{
	const struct hit *a = one, *b = other;
	return by_number(a->nearby, b->nearby, a, b);
}

static int by_fused(const void *one, const void *other)
{
	const struct hit *a = one, *b = other;
	return by_number(a->fused, b->fused, a, b);
}

/* Sorts the hits for a list, and notes the place of each in it. */
static void rank(struct search *s, int (*compare)(const void *, const void *), size_t member)
{
	sort_hits(s, compare);
	for (size_t i = 0; i < s->count && i < LISTED; i++) {
		*(int *)(void *)((char *)&s->hits[i] + member) = (int)i + 1;
		s->hits[i].fused += 1 / (FUSION_K + (double)i + 1);
	}
}

/* The third list. Its texts may have no word of the question. */
static int rank_vectors(struct search *s, struct store *store, struct problem *why)
{
	const struct audience *a = s->audience;
	const struct vector_question question = {.viewer = a->owner,
						 .reader = audience_reader(a),
						 .to = goes_to(a),
						 .thread = a->thread,
						 .leaving = s->leaving,
						 .places = s->places.list,
						 .place_count = s->places.count,
						 .vector = s->vector,
						 .without = s->without};
	struct vector_found *found;
	size_t count, words = s->count;
	TRY(vector_search(s->arena, store, &question, LISTED, &found, &count, why));
	sort_hits(s, by_text);
	for (size_t i = 0; i < count; i++) {
		struct hit wanted = {.text = found[i].text},
			   *hit = words ? bsearch(&wanted, s->hits, words, sizeof(wanted), by_text)
					: NULL;
		if (!hit) {
			hit = add_hit(s);
			*hit = (struct hit){.text = found[i].text,
					    .place = found[i].place,
					    .at = found[i].at,
					    .words = found[i].words,
					    .created_at = found[i].created_at,
					    .kind = found[i].kind,
					    .id = found[i].id};
		}
		hit->vector_rank = (int)i + 1;
		hit->fused += 1 / (FUSION_K + (double)i + 1);
	}
	return 0;
}

/* --- the best of them ------------------------------------------------------------------------- */

/* Between 0.8 and 1.25. `newest` is of the texts that were found. */
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

static int take_best(struct search *s, struct store *store, struct problem *why)
{
	size_t most = s->count < LISTS * LISTED ? s->count : LISTS * LISTED;
	int64_t newest = 0;
	if (s->count > 0)
		sort_hits(s, by_fused);
	for (size_t i = 0; i < s->count; i++)
		newest = s->hits[i].created_at > newest ? s->hits[i].created_at : newest;
	s->best = arena_alloc(s->arena, most * sizeof(*s->best));
	for (size_t i = 0; i < most && s->hits[i].fused > 0; i++) {
		const struct hit *hit = &s->hits[i];
		struct q_source_one row;
		int found = q_source_one(s->arena, store, source_kind_name(hit->kind), hit->id,
					 &row, why);
		TRY(found);
		if (found == 0)
			continue;
		s->best[s->best_count++] =
			(struct source){.id = {hit->kind, hit->id},
					.author_id = row.author,
					.author_name = row.author_name,
					.created_at = hit->created_at,
					.content = row.content,
					.text_rank = hit->text_rank,
					.nearby_rank = hit->nearby_rank,
					.vector_rank = hit->vector_rank,
					.score = hit->fused * prior(&row, hit->created_at, newest)};
		if (MUTANT(sources_filter_late) &&
		    source_holds(store, s->audience, &s->best[s->best_count - 1], why) == 0)
			s->best_count--;
	}
	qsort(s->best, s->best_count, sizeof(*s->best), by_final_score);
	if (s->best_count > (size_t)s->limit)
		s->best_count = (size_t)s->limit;
	return 0;
}

/* Two lists: by the words of a text, and by those of a text with its neighbours. */
static int rank_words(struct search *s, struct store *store, struct problem *why)
{
	TRY(find_hits(s, store, why));
	if (s->count == 0)
		return 0;
	TRY(gather(s, store, why));
	weigh(s);
	score(s);
	rank(s, by_nearby, offsetof(struct hit, nearby_rank));
	rank(s, by_score, offsetof(struct hit, text_rank));
	return 0;
}

static int find(struct store *store, void *context, struct problem *why)
{
	struct search *s = context;
	s->words = buf_in(s->arena);
	TRY(q_text_numbers(store, s->question, collect_id, s->words, why));
	TRY(find_places(s, store, why));
	TRY(rank_words(s, store, why));
	if (s->vector)
		TRY(rank_vectors(s, store, why));
	return take_best(s, store, why);
}

int sources_find(struct arena *arena, struct store *store, const struct audience *audience,
		 enum leaving leaving, const char *question, const struct query_vector *vector,
		 const struct source_ids *without, int limit, struct source **sources_r,
		 size_t *count_r, struct problem *why)
{
	struct search s = {.arena = arena,
			   .audience = audience,
			   .leaving = MUTANT(local_leaves) ? LEAVE_NEVER : leaving,
			   .question = question,
			   .vector = vector,
			   .without = without,
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
