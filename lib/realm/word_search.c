/* The search by words: see word_search.h. */
#include "realm/word_search.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "realm/collect.h"
#include "realm/source_scope.h"
#include "store/queries.h"
#include "store/store.h"

#define WORDS 16     /* of a question, that count: the first ones */
#define HITS_MAX 500 /* of a word; one that has more finds no text, but ranks those of others */
#define PLACES_AT_ONCE 64
#define K1 1.2 /* BM25, as in store/rank.h */
#define B 0.75

/* A text with a word of the question. */
struct hit {
	struct found_text text;
	uint8_t times[WORDS];
	double score, nearby; /* BM25 of the text, and of the text with its neighbours */
};

struct search {
	struct arena *arena;
	const struct source_scope *scope;
	struct buf *words; /* of int64_t */
	int asked;         /* words of the question that count */
	int word;          /* that is looked for */
	struct hit *hits;
	size_t count, room; /* of hits */
	int found[WORDS];   /* texts with each word */
	double weights[WORDS], average;
};

/* --- texts with a word of the question -------------------------------------------------------- */

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
	if (source_ids_have(s->scope->without, kind, row->source))
		return 0;
	struct hit *hit = add_hit(s);
	*hit = (struct hit){.text = {.text = row->text,
				     .place = row->place,
				     .at = row->at,
				     .words = row->words,
				     .created_at = row->created_at,
				     .kind = kind,
				     .id = arena_strdup(s->arena, row->source)}};
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

/* Some places at a time, because the first ones may have all the texts that are wanted. */
static int find_word(struct search *s, struct store *store, int64_t word, struct problem *why)
{
	const struct source_scope *in = s->scope;
	struct buf *with = buf_in(s->arena);
	for (size_t at = 0; at < in->places.count && s->found[s->word] < HITS_MAX;) {
		buf_clear(with);
		TRY(places_with_word(store, word, &in->places, &at, PLACES_AT_ONCE, with, why));
		if (with->len > 0)
			TRY(q_source_hits(store, in->viewer, in->reader, in->to, in->thread,
					  in->leaving, as_json(s->arena, with), word,
					  HITS_MAX - s->found[s->word], take_hit, s, why));
	}
	return 0;
}

static int find_hits(struct search *s, struct store *store, struct problem *why)
{
	const int64_t *words = (const int64_t *)(const void *)s->words->data;
	size_t count = s->words->len / sizeof(*words);
	s->asked = count < WORDS ? (int)count : WORDS;
	for (s->word = 0; s->word < s->asked; s->word++)
		TRY(find_word(s, store, words[s->word], why));
	return 0;
}

static int by_text(const void *one, const void *other)
{
	const struct hit *a = one, *b = other;
	return (a->text.text > b->text.text) - (a->text.text < b->text.text);
}

/* Puts the hits of each text together. */
static void merge_hits(struct search *s, bool is_hot[WORDS])
{
	size_t merged = 0;
	sort_hits(s, by_text);
	for (size_t i = 0; i < s->count; i++) {
		struct hit *hit = &s->hits[i], *last = &s->hits[merged];
		bool is_found = false;
		for (int w = 0; w < s->asked; w++)
			is_found |= hit->times[w] && !is_hot[w];
		if (!is_found)
			continue;
		if (merged > 0 && last[-1].text.text == hit->text.text) {
			for (int w = 0; w < s->asked; w++)
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
	struct hit wanted = {.text.text = row->text},
		   *hit = bsearch(&wanted, s->hits, s->count, sizeof(*s->hits), by_text);
	const int64_t *words = (const int64_t *)(const void *)s->words->data;
	(void)why;
	for (int w = 0; hit && w < s->asked; w++)
		if (words[w] == row->word)
			hit->times[w] = (uint8_t)row->times;
	return 0;
}

/* Texts that only have words of very many texts are left out, unless there are no others. */
static int gather(struct search *s, struct store *store, struct problem *why)
{
	bool is_hot[WORDS] = {false}, any = false;
	struct buf *texts = buf_in(s->arena), *hot = buf_in(s->arena);
	const int64_t *words = (const int64_t *)(const void *)s->words->data;
	for (int w = 0; w < s->asked; w++)
		any |= s->found[w] > 0 && s->found[w] < HITS_MAX;
	for (int w = 0; w < s->asked; w++) {
		is_hot[w] = any && s->found[w] >= HITS_MAX;
		if (is_hot[w])
			buf_add(hot, &words[w], sizeof(words[w]));
	}
	merge_hits(s, is_hot);
	if (hot->len == 0)
		return 0;
	for (size_t i = 0; i < s->count; i++)
		buf_add(texts, &s->hits[i].text.text, sizeof(s->hits[i].text.text));
	return q_source_times(store, as_json(s->arena, texts), as_json(s->arena, hot), take_times,
			      s, why);
}

/* --- ranking ---------------------------------------------------------------------------------- */

/* The weights of the words and the average length, over the texts that were found. */
static void weigh(struct search *s)
{
	int with[WORDS] = {0};
	double words = 0;
	for (size_t i = 0; i < s->count; i++) {
		words += (double)s->hits[i].text.words;
		for (int w = 0; w < s->asked; w++)
			with[w] += s->hits[i].times[w] > 0;
	}
	s->average = words > 0 ? words / (double)s->count : 1;
	for (int w = 0; w < s->asked; w++)
		s->weights[w] = log(1 + ((double)s->count - with[w] + 0.5) / (with[w] + 0.5));
}

static double bm25(const struct search *s, const int times[WORDS], double words)
{
	double score = 0;
	for (int w = 0; w < s->asked; w++)
		score += s->weights[w] * times[w] * (K1 + 1) /
			 (times[w] + K1 * (1 - B + B * words / s->average));
	return score;
}

/* Messages of a room are neighbours, and a question and its response; no room has a number below 1.
 */
static int64_t neighbourhood(const struct found_text *text)
{
	if (text->kind == SOURCE_MESSAGE)
		return text->place;
	return text->kind == SOURCE_RESPONSE ? -SOURCE_QUESTION : -(int64_t)text->kind;
}

static int by_place(const void *one, const void *other)
{
	const struct found_text *a = &((const struct hit *)one)->text,
				*b = &((const struct hit *)other)->text;
	int64_t first = neighbourhood(a), second = neighbourhood(b);
	if (first != second)
		return first < second ? -1 : 1;
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return (a->kind > b->kind) - (a->kind < b->kind);
}

static bool are_neighbours(const struct found_text *a, const struct found_text *b)
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
			i > 0 && are_neighbours(&hit[-1].text, &hit->text) ? hit - 1 : NULL,
			i + 1 < s->count && are_neighbours(&hit->text, &hit[1].text) ? hit + 1
										     : NULL};
		int times[WORDS];
		for (int w = 0; w < s->asked; w++)
			times[w] = hit->times[w];
		hit->score = bm25(s, times, (double)hit->text.words);
		double words = (double)hit->text.words;
		for (int n = 0; n < 2; n++) {
			words += beside[n] ? (double)beside[n]->text.words : s->average;
			for (int w = 0; beside[n] && w < s->asked; w++)
				times[w] += beside[n]->times[w];
		}
		hit->nearby = bm25(s, times, words / 3);
	}
}

/* Newer ones first among equals; the rest makes the order complete. */
static int by_age(const struct found_text *a, const struct found_text *b)
{
	if (a->created_at != b->created_at)
		return a->created_at > b->created_at ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return strcmp(a->id, b->id);
}

static int by_number(double one, double other, const struct hit *a, const struct hit *b)
{
	return one != other ? (one > other ? -1 : 1) : by_age(&a->text, &b->text);
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

static struct found_texts best_hits(const struct search *s, size_t most,
				    int (*compare)(const void *, const void *))
{
	struct found_texts best = {arena_alloc(s->arena, most * sizeof(*best.list)), 0};
	sort_hits(s, compare);
	while (best.count < s->count && best.count < most) {
		best.list[best.count] = s->hits[best.count].text;
		best.count++;
	}
	return best;
}

int word_search(struct arena *arena, struct store *store, const struct source_scope *scope,
		const char *question, size_t most, struct found_texts *alone_r,
		struct found_texts *nearby_r, struct problem *why)
{
	struct search s = {.arena = arena, .scope = scope, .words = buf_in(arena)};
	*alone_r = *nearby_r = (struct found_texts){0};
	TRY(q_text_numbers(store, question, collect_id, s.words, why));
	TRY(find_hits(&s, store, why));
	if (s.count == 0)
		return 0;
	TRY(gather(&s, store, why));
	weigh(&s);
	score(&s);
	*nearby_r = best_hits(&s, most, by_nearby);
	*alone_r = best_hits(&s, most, by_score);
	return 0;
}
