/* The search by meaning: see vector_search.h. */
#include "realm/vector_search.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mutant.h"
#include "base/vector.h"
#include "realm/collect.h"
#include "realm/source_scope.h"
#include "realm/vectors.h"
#include "store/queries.h"
#include "store/store.h"
#include "store/vectors.h"

#define LOOKED 64 /* texts in one query about rights */

/* A text of the place that is read. */
struct near {
	struct vector_entry entry;
	int index;            /* in the block that is read; ELSEWHERE: in one before */
	float score;          /* how near the text alone is to the question */
	bool has_before;      /* the text before is its neighbour, ... */
	float before;         /* ... and so near to it */
	const int8_t *vector; /* in the block that is read, or the copy */
	int8_t *copy;
};
#define ELSEWHERE (-9)

struct scan {
	struct arena *arena;
	const struct query_vector *question;
	struct buf *refused, *hits, *products; /* of int64_t, struct vector_hit, and int32_t */
	struct near memory[3], *texts[3]; /* the text before, that to be scored, and the next one */
	int count;
};

/* --- scoring ---------------------------------------------------------------------------------- */

/* `kept` is the product if b is so many entries behind a in their block: see store/vectors.h. */
static float cosine(const struct scan *s, const struct near *a, const struct near *b, int entries,
		    int32_t kept)
{
	int32_t product = b->index - a->index == entries
				  ? kept
				  : vector_dot(a->vector, b->vector, s->question->dimension);
	return (float)product * a->entry.scale * b->entry.scale;
}

/*
 * How near the question is to the sum of the text's vector and the halves of its neighbours',
 * brought to the length 1. Of three long conversations with 400 questions, 62 % of what questions
 * ask for was among the first ten so, 55 % by the mean of the three cosines, and 51 % by texts
 * alone (with e5-small). Brought to one length, texts with and without neighbours can be compared.
 *
 * This is the square of it, with its sign: the order is the same, and it needs no root.
 */
static float score_of(const struct scan *s, const struct near *before, const struct near *text,
		      const struct near *after)
{
	float score = text->score, square = 1;
	if (text->has_before)
		score += before->score / 2, square += 0.25f + text->before;
	if (after && after->has_before)
		score += after->score / 2, square += 0.25f + after->before;
	if (text->has_before && after && after->has_before)
		square += cosine(s, before, after, 2, after->entry.second) / 2;
	return square > 0.01f ? score * fabsf(score) / square : text->score * fabsf(text->score);
}

static void add_hit(struct scan *s, const struct near *before, const struct near *text,
		    const struct near *after)
{
	struct vector_hit *hit =
		(struct vector_hit *)(void *)buf_reserve(s->hits, sizeof(struct vector_hit));
	*hit = (struct vector_hit){text->entry.text, score_of(s, before, text, after)};
	s->hits->len += sizeof(*hit);
}

/* The last text of a place has no next one. */
static void end_place(struct scan *s)
{
	if (s->count > 0)
		add_hit(s, s->count > 1 ? s->texts[s->count - 2] : NULL, s->texts[s->count - 1],
			NULL);
	s->count = 0;
}

/* The caller has filled s->texts[s->count], but not yet compared it with the text before. */
static void add_text(struct scan *s)
{
	struct near **texts = s->texts, *text = texts[s->count++];
	text->has_before =
		s->count > 1 && vectors_are_neighbours(&texts[s->count - 2]->entry, &text->entry);
	if (text->has_before)
		text->before = cosine(s, texts[s->count - 2], text, 1, text->entry.before);
	if (s->count == 2)
		add_hit(s, NULL, texts[0], texts[1]);
	if (s->count < 3)
		return;
	add_hit(s, texts[0], texts[1], texts[2]);
	struct near *first = texts[0];
	texts[0] = texts[1];
	texts[1] = texts[2];
	texts[2] = first; /* its memory is used again */
	s->count = 2;
}

/* The bytes of a block are there only while it is read. */
static void copy_vectors(struct scan *s)
{
	for (int i = 0; i < s->count; i++) {
		struct near *text = s->texts[i];
		if (text->vector != text->copy)
			memcpy(text->copy, text->vector, s->question->dimension);
		text->vector = text->copy;
		text->index = ELSEWHERE;
	}
}

static bool is_refused(const struct scan *s, int64_t author)
{
	const int64_t *refused = (const int64_t *)(const void *)s->refused->data;
	if (MUTANT(vectors_filter_late))
		return false;
	for (size_t i = 0; i < s->refused->len / sizeof(*refused); i++)
		if (refused[i] == author)
			return true;
	return false;
}

static int scan_block(struct blob block, void *context, struct problem *why)
{
	struct scan *s = context;
	const struct query_vector *query = s->question;
	size_t count = vectors_count(block.size, query->dimension);
	(void)why;
	int32_t *products = (int32_t *)(void *)buf_reserve(s->products, count * sizeof(*products));
	vectors_multiply(block.bytes, query->dimension, count, query->vector, products);
	for (size_t i = 0; i < count; i++) {
		struct near *text = s->texts[s->count];
		text->vector = vectors_read(block.bytes, query->dimension, i, &text->entry);
		if (!(text->entry.scale > 0) || is_refused(s, text->entry.author))
			continue;
		text->index = (int)i;
		text->score = (float)products[i] * query->scale * text->entry.scale;
		add_text(s);
	}
	copy_vectors(s);
	return 0;
}

/* --- what may be a source --------------------------------------------------------------------- */

struct looking {
	struct arena *arena;
	struct vector_hit hits[LOOKED];
	struct found_text found[LOOKED]; /* of the hit at the same place; text 0: it may not */
	size_t count;
};

static int take_text(const struct q_source_texts *row, void *context, struct problem *why)
{
	struct looking *l = context;
	(void)why;
	for (size_t i = 0; i < l->count; i++)
		if (l->hits[i].id == row->text)
			l->found[i] =
				(struct found_text){.text = row->text,
						    .place = row->place,
						    .at = row->at,
						    .words = row->words,
						    .created_at = row->created_at,
						    .kind = source_kind_by_name(row->kind),
						    .id = arena_strdup(l->arena, row->source)};
	return 0;
}

/* The best hits that are left; a text that lies in two places comes once. */
static void take_hits(struct looking *l, struct vector_hits *hits)
{
	l->count = 0;
	memset(l->found, 0, sizeof(l->found));
	while (hits->count > 0 && l->count < LOOKED) {
		struct vector_hit hit = vector_hits_pop(hits);
		if (l->count == 0 || l->hits[l->count - 1].id != hit.id)
			l->hits[l->count++] = hit;
	}
}

static int look_at_hits(struct store *store, struct looking *l, const struct source_scope *in,
			struct problem *why)
{
	struct buf *texts = buf_in(l->arena);
	bool by_place = MUTANT(vectors_by_place);
	int64_t reader = by_place ? in->viewer : in->reader, to = by_place ? 0 : in->to;
	for (size_t i = 0; i < l->count; i++)
		buf_printf(texts, "%c%lld", i ? ',' : '[', (long long)l->hits[i].id);
	buf_putc(texts, ']');
	return q_source_texts(store, in->viewer, reader, to, in->thread, in->leaving,
			      buf_text(texts), take_text, l, why);
}

/*
 * Of a message, its place and author say whether it may be a source. Of other texts the query does,
 * one after the other from the best on: what may not be one takes no rank.
 */
int vector_search(struct arena *arena, struct store *store, const struct source_scope *scope,
		  const struct query_vector *vector, size_t most, struct found_texts *found_r,
		  struct problem *why)
{
	struct scan s = {.arena = arena,
			 .question = vector,
			 .refused = buf_in(arena),
			 .hits = buf_in(arena),
			 .products = buf_in(arena)};
	struct looking *l = arena_alloc(arena, sizeof(*l));
	for (size_t i = 0; i < sizeof(s.texts) / sizeof(*s.texts); i++) {
		s.texts[i] = &s.memory[i];
		s.memory[i].copy = arena_alloc(arena, vector->dimension);
	}
	l->arena = arena;
	TRY(q_source_refused_authors(store, scope->viewer, scope->reader, collect_id, s.refused,
				     why));
	/* Place by place: to sort the blocks of all would copy them. */
	for (size_t i = 0; i < scope->places.count; i++) {
		TRY(q_vectors_of_place(store, vector->model, scope->places.list[i], scan_block, &s,
				       why));
		end_place(&s);
	}
	struct vector_hits hits = {.list = (struct vector_hit *)(void *)s.hits->data};
	hits.count = s.hits->len / sizeof(*hits.list);
	*found_r = (struct found_texts){arena_alloc(arena, most * sizeof(*found_r->list)), 0};
	while (hits.count > 0 && found_r->count < most) {
		take_hits(l, &hits);
		TRY(look_at_hits(store, l, scope, why));
		for (size_t i = 0; i < l->count && found_r->count < most; i++)
			if (l->found[i].text &&
			    !source_ids_have(scope->without, l->found[i].kind, l->found[i].id))
				found_r->list[found_r->count++] = l->found[i];
	}
	return 0;
}
