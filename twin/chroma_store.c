/* ChromaDB as a store: see chroma_store.h. */
#include "twin/chroma_store.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "provider/chroma.h"
#include "provider/http.h"
#include "provider/provider.h"
#include "provider/timer.h"
#include "realm/leaving.h"
#include "realm/projection.h"
#include "realm/vectors.h"
#include "store/store.h"
#include "twin/sync.h"

#define MOST_NUMBERS 100000 /* of a batch; 5 bytes each at most */
#define MOST_ROWS 500

struct chroma_store {
	const struct settings *settings;
	struct chroma *chroma;
	struct chroma_work *work; /* NULL: none */
	struct sync *sync;
	int64_t model; /* of the vectors that it should have */
	size_t dimension;
	enum leaving leaving;

	/* A search in work. */
	struct store *store;
	struct chroma_work *search; /* NULL: none */
	struct timer *timer;        /* its end */
	void (*found)(void *context, const int64_t *ids, size_t count);
	void *context;
};

static enum chroma_part part_of(enum projected_kind kind)
{
	return kind == PROJECTED_MEMORY_VECTOR ? CHROMA_MEMORIES : CHROMA_KNOWLEDGE;
}

/* The model that serves, and what may be sent there. */
static int contents(void *self, struct arena *arena, struct store *store,
		    struct sync_contents *contents_r, struct problem *why)
{
	struct chroma_store *s = self;
	struct vector_model model;
	int found = vectors_model(arena, store, &model, why);
	if (found <= 0)
		return found;
	s->model = model.id;
	s->dimension = model.dimension;
	s->leaving = leaving_to(s->settings, provider_is_local(chroma_provider(s->chroma)));
	chroma_use(s->chroma, model.passage);
	size_t most = MOST_NUMBERS / model.dimension;
	*contents_r = (struct sync_contents){
		arena_printf(arena, "%lld.%d", (long long)model.id, (int)s->leaving),
		most < MOST_ROWS ? most : MOST_ROWS};
	return 1;
}

static void marker_read(void *context, const struct chroma_answer *answer)
{
	struct chroma_store *s = context;
	s->work = NULL;
	if (answer->failure.code != FAILURE_NONE)
		sync_failed(s->sync, &answer->failure);
	else
		sync_marker_is(s->sync, answer->marker, answer->upto);
}

static void work_done(void *context, const struct chroma_answer *answer)
{
	struct chroma_store *s = context;
	s->work = NULL;
	if (answer->failure.code != FAILURE_NONE)
		sync_failed(s->sync, &answer->failure);
	else
		sync_done(s->sync);
}

static void read_marker(void *self)
{
	struct chroma_store *s = self;
	s->work = chroma_read_marker(s->chroma, marker_read, s);
}

static void clear(void *self, const char *marker)
{
	struct chroma_store *s = self;
	s->work = chroma_clear(s->chroma, marker, work_done, s);
}

static int read_rows(struct arena *arena, struct store *store, const struct chroma_store *s,
		     const struct projection_batch *batch, struct chroma_row *rows,
		     struct problem *why)
{
	for (size_t i = 0; i < batch->count; i++) {
		const struct projected *row = &batch->rows[i];
		struct projected_vector vector = {0};
		TRY(projected_vector(arena, store, s->model, s->dimension, row, s->leaving, &vector,
				     why));
		rows[i] = (struct chroma_row){part_of(row->kind), row->id, vector.author,
					      vector.numbers};
	}
	return 0;
}

static int write(void *self, struct store *store, const struct projection_batch *batch,
		 const char *marker, struct problem *why)
{
	struct chroma_store *s = self;
	struct arena *arena = arena_new();
	struct chroma_row *rows = arena_alloc(arena, (batch->count + 1) * sizeof(*rows));
	int result = read_rows(arena, store, s, batch, rows, why);
	const struct chroma_batch written = {.rows = rows,
					     .count = batch->count,
					     .dimension = s->dimension,
					     .marker = marker,
					     .since = batch->since,
					     .upto = batch->upto};
	if (result == 0)
		s->work = chroma_write(s->chroma, &written, work_done, s);
	arena_free(&arena);
	return result;
}

static void cancel(void *self)
{
	struct chroma_store *s = self;
	chroma_cancel(&s->work);
}

static const struct sync_store functions = {
	.name = "chroma",
	.kinds = 1u << PROJECTED_KNOWLEDGE_VECTOR | 1u << PROJECTED_MEMORY_VECTOR,
	.contents = contents,
	.read_marker = read_marker,
	.clear = clear,
	.write = write,
	.cancel = cancel,
};

static void search_end(struct chroma_store *s, const int64_t *ids, size_t count)
{
	timer_stop(s->timer);
	s->found(s->context, ids, count);
}

static void search_done(void *context, const struct chroma_answer *answer)
{
	struct chroma_store *s = context;
	s->search = NULL;
	bool failed = answer->failure.code != FAILURE_NONE;
	search_end(s, failed ? NULL : answer->ids, answer->count);
}

static void search_late(void *context)
{
	struct chroma_store *s = context;
	chroma_cancel(&s->search);
	search_end(s, NULL, 0);
}

struct asking {
	struct chroma_store *store;
	int64_t model;
};

/* Whether it has all vectors of the model. */
static int may_find(struct store *store, void *context, struct problem *why)
{
	const struct asking *asking = context;
	struct arena *arena = arena_new();
	struct sync_contents unused;
	int result = contents(asking->store, arena, store, &unused, why);
	arena_free(&arena);
	if (result <= 0 || asking->store->model != asking->model)
		return result < 0 ? -1 : 0;
	return sync_is_current(store, functions.name, functions.kinds, why);
}

bool chroma_store_find(struct chroma_store *store, const struct query_vector *vector,
		       void (*done)(void *context, const int64_t *ids, size_t count), void *context)
{
	struct problem why = {0};
	struct asking asking = {store, vector->model};
	if (store->search)
		return false;
	int possible = store_read(store->store, may_find, &asking, &why);
	if (possible < 0)
		log_problem(LOG_LEVEL_WARN, "search_failed", &why);
	if (possible <= 0)
		return false;
	store->found = done;
	store->context = context;
	store->search = chroma_query(store->chroma, CHROMA_KNOWLEDGE, vector->vector,
				     vector->dimension, CHROMA_FOUND, search_done, store);
	timer_set(store->timer, clock_monotonic() + CHROMA_WAIT_US);
	return true;
}

struct chroma_store *chroma_store_new(struct http *http, struct store *store,
				      const struct settings *settings, struct chroma *chroma,
				      int number)
{
	struct chroma_store *s = xcalloc(1, sizeof(*s));
	s->settings = settings;
	s->chroma = chroma;
	s->store = store;
	s->timer = timer_new(http_loop(http), search_late, s);
	s->sync = sync_new(store, number, &functions, s);
	return s;
}

void chroma_store_free(struct chroma_store **store)
{
	struct chroma_store *old = *store;
	*store = NULL;
	if (!old)
		return;
	chroma_cancel(&old->search);
	timer_free(&old->timer);
	sync_free(&old->sync);
	free(old);
}

int chroma_store_look(struct chroma_store *store, struct problem *why)
{
	return sync_look(store->sync, why);
}
