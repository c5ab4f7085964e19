/* Public knowledge by its meaning: see knowledge_nearest.h. */
#include "realm/knowledge_nearest.h"

#include <string.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/json_in.h"
#include "base/json_out.h"
#include "base/utf8.h"
#include "base/vector.h"
#include "realm/leaving.h"
#include "realm/projection.h"
#include "realm/search_vectors.h"
#include "realm/source_kinds.h"
#include "realm/vectors.h"
#include "store/queries.h"
#include "store/vectors.h"

#define LOOKED 64       /* texts in one query about rights */
#define MOST_FOUND 1000 /* candidates */

struct nearest {
	struct arena *arena;
	struct store *store;
	int64_t viewer;
	const struct knowledge_filter *filter;
	const char *tag; /* folded, or NULL */
	const struct query_vector *vector;
	struct buf *hits;    /* of struct vector_hit; the id is that of the text */
	int64_t ids[LOOKED]; /* of the knowledge of each text that is looked at, or 0 */
	struct vector_hit looked[LOOKED];
	size_t count;
	struct buf *list; /* a JSON array of ids, which is open */
	size_t listed, most;
};

static void add_hit(struct nearest *n, int64_t text, const int8_t *numbers, float scale)
{
	float product = (float)vector_dot(n->vector->vector, numbers, n->vector->dimension);
	const struct vector_hit hit = {text, product * scale};
	buf_add(n->hits, &hit, sizeof(hit));
}

static int scan_block(struct blob block, void *context, struct problem *why)
{
	struct nearest *n = context;
	size_t count = vectors_count(block.size, n->vector->dimension);
	(void)why;
	for (size_t i = 0; i < count; i++) {
		struct vector_entry entry;
		const int8_t *numbers = vectors_read(block.bytes, n->vector->dimension, i, &entry);
		if (entry.scale > 0 && entry.sequence == -(int)SOURCE_KNOWLEDGE)
			add_hit(n, entry.text, numbers, entry.scale);
	}
	return 0;
}

static int scan_all(struct nearest *n, struct problem *why)
{
	return q_vectors_of_place(n->store, n->vector->model, 0, scan_block, n, why);
}

/* Reads the exact vectors of the candidates. */
static int score_found(struct nearest *n, const char *found, struct problem *why)
{
	json_t *ids = json_in_value(n->arena, found, strlen(found), MOST_FOUND, buf_in(n->arena)),
	       *id;
	size_t at;
	json_array_foreach(ids, at, id) {
		const struct projected row = {PROJECTED_KNOWLEDGE_VECTOR, json_integer_value(id),
					      0};
		struct projected_vector vector;
		int has = projected_vector(n->arena, n->store, n->vector->model,
					   n->vector->dimension, &row, LEAVE_ALL, &vector, why);
		TRY(has);
		if (has)
			add_hit(n, vector.text, vector.numbers, vector.scale);
	}
	return 0;
}

static int take_text(const struct q_knowledge_of_texts *row, void *context, struct problem *why)
{
	struct nearest *n = context;
	(void)why;
	for (size_t i = 0; i < n->count; i++)
		if (n->looked[i].id == row->text)
			n->ids[i] = row->id;
	return 0;
}

/* Looks at the best of the hits that are left. */
static int look(struct nearest *n, struct vector_hits *hits, struct problem *why)
{
	const struct knowledge_filter *f = n->filter;
	struct buf *texts = buf_in(n->arena);
	jw_open(texts, '[');
	for (n->count = 0; hits->count > 0 && n->count < LOOKED; n->count++) {
		n->looked[n->count] = vector_hits_pop(hits);
		n->ids[n->count] = 0;
		jw_int(texts, n->looked[n->count].id);
	}
	jw_close(texts, ']');
	TRY(q_knowledge_of_texts(n->store, n->viewer, f->knowledge_type, f->visibility,
				 f->creator_id, n->tag, texts->data, take_text, n, why));
	for (size_t i = 0; i < n->count && n->listed < n->most; i++)
		if (n->ids[i]) {
			jw_int(n->list, n->ids[i]);
			n->listed++;
		}
	return 0;
}

/* Lists the best of the hits that the viewer may see. */
static int list_hits(struct nearest *n, struct problem *why)
{
	struct vector_hits hits = {.list = (struct vector_hit *)(void *)n->hits->data};
	hits.count = n->hits->len / sizeof(*hits.list);
	n->list = buf_in(n->arena);
	n->listed = 0;
	jw_open(n->list, '[');
	while (hits.count > 0 && n->listed < n->most)
		TRY(look(n, &hits, why));
	jw_close(n->list, ']');
	return 0;
}

struct writing {
	struct nearest *nearest;
	const char *found;
	struct buf *out;
};

static int write_list(struct store *store, void *context, struct problem *why)
{
	struct writing *w = context;
	struct nearest *n = w->nearest;
	if (w->found) {
		TRY(score_found(n, w->found, why));
		TRY(list_hits(n, why));
	}
	if (n->listed < n->most) {
		buf_clear(n->hits);
		TRY(scan_all(n, why));
		TRY(list_hits(n, why));
	}
	return q_knowledge_of_ids(store, n->viewer, n->filter->content != NULL, n->list->data,
				  w->out, why);
}

int knowledge_nearest(struct arena *arena, struct store *store, int64_t viewer,
		      const struct knowledge_filter *filter, const struct search_meaning *meaning,
		      const struct page *page, struct buf *out, struct problem *why)
{
	struct nearest *n = arena_alloc(arena, sizeof(*n));
	struct writing w = {n, meaning->found, out};
	n->arena = arena;
	n->store = store;
	n->viewer = viewer;
	n->filter = filter;
	n->tag = filter->tag ? utf8_key(arena, filter->tag) : NULL;
	n->vector = meaning->vector;
	n->hits = buf_in(arena);
	n->most = (size_t)page->limit;
	return store_read(store, write_list, &w, why);
}
