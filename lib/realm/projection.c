/* The projection: see projection.h. */
#include "realm/projection.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "realm/epoch.h"
#include "store/queries.h"
#include "store/store.h"
#include "store/vectors.h"

static const char *const kind_names[PROJECTED__COUNT] = {
#define PROJECTED_NAME(constant, name) [PROJECTED_##constant] = name,
	PROJECTED_KINDS(PROJECTED_NAME)
#undef PROJECTED_NAME
};

const char *projected_kind_name(enum projected_kind kind)
{
	return kind_names[kind];
}

/* --- changes ---------------------------------------------------------------------------------- */

struct reading {
	struct projection_batch *batch;
	unsigned kinds;
	size_t looked, most;
};

static int take_row(const struct q_projected_after *row, void *context, struct problem *why)
{
	struct reading *r = context;
	struct projection_batch *batch = r->batch;
	(void)why;
	batch->upto = row->rev;
	r->looked++;
	for (int kind = 0; kind < PROJECTED__COUNT; kind++)
		if (r->kinds & 1u << kind && strcmp(row->kind, kind_names[kind]) == 0)
			batch->rows[batch->count++] =
				(struct projected){(enum projected_kind)kind, row->id, row->other};
	return 0;
}

static int compare_rows(const void *one, const void *two)
{
	const struct projected *a = one, *b = two;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return a->other < b->other ? -1 : a->other > b->other;
}

int projection_read(struct arena *arena, struct store *store, unsigned kinds, int64_t upto,
		    size_t most, struct projection_batch *batch_r, struct problem *why)
{
	struct reading r = {batch_r, kinds, 0, most};
	*batch_r = (struct projection_batch){.since = upto, .upto = upto};
	batch_r->rows = arena_alloc(arena, most * sizeof(*batch_r->rows));
	TRY(q_projected_after(store, upto, (int64_t)most, take_row, &r, why));
	batch_r->more = r.looked == most;
	qsort(batch_r->rows, batch_r->count, sizeof(*batch_r->rows), compare_rows);
	return 0;
}

/* --- vectors ---------------------------------------------------------------------------------- */

struct finding {
	struct arena *arena;
	struct projected_vector *vector;
	size_t dimension;
	bool is_found;
};

static int find_in_block(const struct q_projected_vector *row, void *context, struct problem *why)
{
	struct finding *f = context;
	size_t count = vectors_count(row->vectors.size, f->dimension);
	(void)why;
	for (size_t i = 0; i < count && !f->is_found; i++) {
		struct vector_entry entry;
		const int8_t *numbers = vectors_read(row->vectors.bytes, f->dimension, i, &entry);
		if (entry.text != row->text || !(entry.scale > 0))
			continue;
		int8_t *copy = arena_alloc(f->arena, f->dimension);
		memcpy(copy, numbers, f->dimension);
		*f->vector = (struct projected_vector){entry.text, row->author, f->dimension, copy,
						       entry.scale};
		f->is_found = true;
	}
	return 0;
}

int projected_vector(struct arena *arena, struct store *store, int64_t model, size_t dimension,
		     const struct projected *row, enum leaving leaving,
		     struct projected_vector *vector_r, struct problem *why)
{
	static const char *const text_kinds[PROJECTED__COUNT] = {
		[PROJECTED_KNOWLEDGE_VECTOR] = "knowledge", [PROJECTED_MEMORY_VECTOR] = "memory"};
	struct finding f = {arena, vector_r, dimension, false};
	TRY(q_projected_vector(store, model, text_kinds[row->kind], row->id, leaving, find_in_block,
			       &f, why));
	return f.is_found;
}

/* --- the graph -------------------------------------------------------------------------------- */

int projected_graph(struct arena *arena, struct store *store, const struct projected *row,
		    const char **json_r, struct problem *why)
{
	int found;
	*json_r = NULL;
	if (row->kind == PROJECTED_USER)
		found = q_projected_user(arena, store, row->id, json_r, why);
	else if (row->kind == PROJECTED_KNOWS)
		found = q_projected_knows(arena, store, row->id, row->other, json_r, why);
	else
		found = q_projected_knowledge(arena, store, row->id, json_r, why);
	return found < 0 ? -1 : 0;
}

#define MOST_LATER 1000

int projection_is_current(struct store *store, unsigned kinds, int64_t upto, struct problem *why)
{
	struct projected rows[MOST_LATER];
	struct projection_batch batch = {.rows = rows};
	struct reading r = {&batch, kinds, 0, MOST_LATER};
	TRY(q_projected_after(store, upto, MOST_LATER, take_row, &r, why));
	return batch.count == 0 && r.looked < MOST_LATER;
}

/* --- how far the stores are ------------------------------------------------------------------- */

struct change {
	const char *name, *text;
	int worker;
	int64_t number, now, round;
};

static int claim(struct store *store, void *context, struct problem *why)
{
	const struct change *c = context;
	return q_sync_claim(store, c->name, c->worker, c->now, c->number, why);
}

int sync_claim(struct store *store, const char *name, int worker, int64_t lease_until,
	       struct problem *why)
{
	struct change c = {
		.name = name, .worker = worker, .number = lease_until, .now = clock_now()};
	return store_write_unsynced(store, claim, &c, why);
}

static int release(struct store *store, void *context, struct problem *why)
{
	return q_sync_release(store, *(const int *)context, why);
}

int sync_release(struct store *store, int worker, struct problem *why)
{
	return store_write_unsynced(store, release, &worker, why) < 0 ? -1 : 0;
}

int sync_position(struct arena *arena, struct store *store, const char *name,
		  struct sync_position *position_r, struct problem *why)
{
	struct q_sync_state state = {0};
	const char *epoch = "";
	TRY(q_sync_state(store, name, &state, why));
	TRY(realm_epoch(arena, store, &epoch, why));
	*position_r = (struct sync_position){
		arena_printf(arena, "%s.%lld", epoch, (long long)state.round), state.round,
		state.upto};
	return 0;
}

static int advance(struct store *store, void *context, struct problem *why)
{
	const struct change *c = context;
	return q_sync_advance(store, c->name, c->worker, c->round, c->number, why);
}

int sync_advance(struct store *store, const char *name, int worker, int64_t round, int64_t upto,
		 struct problem *why)
{
	struct change c = {.name = name, .worker = worker, .number = upto, .round = round};
	return store_write_unsynced(store, advance, &c, why);
}

int sync_is_current(struct store *store, const char *name, unsigned kinds, struct problem *why)
{
	struct q_sync_state state;
	int found = q_sync_state(store, name, &state, why);
	if (found <= 0 || state.failed_at)
		return found < 0 ? -1 : 0;
	return projection_is_current(store, kinds, state.upto, why);
}

static int fail(struct store *store, void *context, struct problem *why)
{
	const struct change *c = context;
	return q_sync_fail(store, c->name, c->worker, c->text, c->now, why);
}

int sync_fail(struct store *store, const char *name, int worker, const char *failure,
	      struct problem *why)
{
	struct change c = {.name = name, .text = failure, .worker = worker, .now = clock_now()};
	return store_write_unsynced(store, fail, &c, why) < 0 ? -1 : 0;
}

static int refill(struct store *store, void *context, struct problem *why)
{
	return q_sync_refill(store, context, why);
}

int sync_refill(struct store *store, const char *name, struct problem *why)
{
	return store_write(store, refill, (void *)(uintptr_t)name, why);
}

static int keep_only(struct store *store, void *context, struct problem *why)
{
	return q_sync_forget(store, context, why);
}

int sync_keep_only(struct store *store, const char *const *names, struct problem *why)
{
	struct buf json = {0};
	size_t count = 0;
	while (names[count])
		count++;
	jw_texts(&json, names, count);
	int result = store_write_unsynced(store, keep_only, json.data, why);
	buf_free(&json);
	return result < 0 ? -1 : 0;
}

struct listing {
	struct store *store;
	int (*each)(const struct sync_state *state, void *context, struct problem *why);
	void *context;
};

static int list_one(const struct q_sync_states *row, void *context, struct problem *why)
{
	struct listing *l = context;
	struct sync_state state = {row->store, 0, row->failure, row->failed_at};
	TRY(q_projected_behind(l->store, row->upto, SYNC_MOST_BEHIND, &state.behind, why));
	return l->each(&state, l->context, why);
}

int sync_states(struct store *store,
		int (*each)(const struct sync_state *state, void *context, struct problem *why),
		void *context, struct problem *why)
{
	struct listing l = {store, each, context};
	return q_sync_states(store, list_one, &l, why);
}
