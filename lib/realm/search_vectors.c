/* Searches that wait for a vector: see search_vectors.h. */
#include "realm/search_vectors.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "realm/realm.h"
#include "realm/settings.h"
#include "realm/vectors.h"
#include "store/queries.h"
#include "store/store.h"

#define FORGOTTEN_US (5 * CLOCK_SECOND) /* a search that waits longer has lost its process */

int search_vector_possible(struct arena *arena, struct store *store,
			   const struct settings *settings, struct problem *why)
{
	struct vector_model model;
	if (!settings->openai_embedding_model[0] ||
	    !realm_listeners(settings, REALM_TWIN, settings->twins))
		return 0;
	return vectors_model(arena, store, &model, why);
}

struct asking {
	int64_t owner, id;
	const char *content;
	bool is_realm_wide;
};

static int ask(struct store *store, void *context, struct problem *why)
{
	struct asking *a = context;
	TRY(q_search_vector_ask(store, a->owner, a->content, a->is_realm_wide, clock_now(), &a->id,
				why));
	store_tell(store, realm_wake_twins, "");
	return 0;
}

int search_vector_ask(struct store *store, int64_t owner, const char *content, bool is_realm_wide,
		      int64_t *id_r, struct problem *why)
{
	struct asking a = {.owner = owner, .content = content, .is_realm_wide = is_realm_wide};
	TRY(store_write_unsynced(store, ask, &a, why));
	*id_r = a.id;
	return 0;
}

struct reading {
	struct arena *arena;
	struct search_meaning *meaning;
	bool is_done;
};

static int read_meaning(const struct q_search_vector *row, void *context, struct problem *why)
{
	struct reading *r = context;
	(void)why;
	r->is_done = strcmp(row->state, "done") == 0;
	if (!row->model)
		return 0;
	int8_t *numbers = arena_alloc(r->arena, row->vector.size + 1);
	memcpy(numbers, row->vector.bytes, row->vector.size);
	struct query_vector *vector = arena_alloc(r->arena, sizeof(*vector));
	*vector = (struct query_vector){row->model, row->vector.size, numbers, (float)row->scale};
	r->meaning->vector = vector;
	r->meaning->found = row->found ? arena_strdup(r->arena, row->found) : NULL;
	return 0;
}

int search_vector_read(struct arena *arena, struct store *store, int64_t owner, int64_t id,
		       struct search_meaning *meaning_r, struct problem *why)
{
	struct reading r = {.arena = arena, .meaning = meaning_r};
	*meaning_r = (struct search_meaning){0};
	TRY(q_search_vector(store, id, owner, read_meaning, &r, why));
	return r.is_done;
}

static int end(struct store *store, void *context, struct problem *why)
{
	return q_search_vector_delete(store, *(const int64_t *)context, why);
}

int search_vector_end(struct store *store, int64_t id, struct problem *why)
{
	return store_write_unsynced(store, end, &id, why) < 0 ? -1 : 0;
}

/* --- aeon-twin -------------------------------------------------------------------------------- */

struct taking {
	struct arena *arena;
	struct search_waiting *search;
	int result;
};

static int take(struct store *store, void *context, struct problem *why)
{
	struct taking *t = context;
	struct q_search_vector_next row;
	TRY(q_search_vectors_prune(store, clock_now() - FORGOTTEN_US, why));
	t->result = q_search_vector_next(t->arena, store, &row, why);
	if (t->result <= 0)
		return t->result;
	*t->search = (struct search_waiting){row.id, row.owner, row.content, row.is_realm_wide};
	return q_search_vector_take(store, row.id, why);
}

int search_vector_take(struct arena *arena, struct store *store, struct search_waiting *search_r,
		       struct problem *why)
{
	struct taking t = {.arena = arena, .search = search_r};
	int found = q_search_vectors_wait(store, why);
	if (found <= 0)
		return found;
	TRY(store_write_unsynced(store, take, &t, why));
	return t.result;
}

struct answering {
	int64_t id;
	const struct query_vector *vector;
	const char *found;
};

static int put(struct store *store, void *context, struct problem *why)
{
	const struct answering *a = context;
	const struct query_vector *v = a->vector;
	return q_search_vector_put(store, a->id, v->model, (double)v->scale, v->vector,
				   v->dimension, why);
}

int search_vector_put(struct store *store, int64_t id, const struct query_vector *vector,
		      struct problem *why)
{
	struct answering a = {.id = id, .vector = vector};
	return store_write_unsynced(store, put, &a, why) < 0 ? -1 : 0;
}

static int done(struct store *store, void *context, struct problem *why)
{
	const struct answering *a = context;
	return q_search_vector_done(store, a->id, a->found, why);
}

int search_vector_done(struct store *store, int64_t id, const char *found, struct problem *why)
{
	struct answering a = {.id = id, .found = found};
	return store_write_unsynced(store, done, &a, why) < 0 ? -1 : 0;
}
