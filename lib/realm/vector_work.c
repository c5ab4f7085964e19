/* The work of embedding: see vector_work.h. */
#include "realm/vector_work.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/vector.h"
#include "realm/ledger.h"
#include "realm/settings.h"
#include "realm/vectors.h"
#include "store/queries.h"
#include "store/store.h"

#define LOOKED 256 /* texts that are looked at in one step */
#define AGAIN                                                                                      \
	(3600 * CLOCK_SECOND) /* between two looks at all texts, some of which may be sent now */
#define PAUSE (60 * CLOCK_SECOND) /* after a failure, and while a ceiling is reached */
#define GRACE (10 * CLOCK_SECOND) /* of the lease, beyond the deadline of a request */

struct claiming {
	struct arena *arena;
	const struct settings *settings;
	enum leaving leaving;
	int worker;
	struct q_vector_model_wanted model;
	struct q_vector_work work;
	int64_t newest; /* text */
	struct vector_batch *batch;
	int result;
};

/* --- the next texts --------------------------------------------------------------------------- */

struct missing {
	struct arena *arena;
	struct vector_batch *batch;
};

static int take_missing(const struct q_vectors_missing *row, void *context, struct problem *why)
{
	struct missing *m = context;
	(void)why;
	m->batch->texts[m->batch->count++] =
		(struct vector_text){.id = row->id,
				     .author_id = row->author_id,
				     .kind = source_kind_by_name(row->kind),
				     .source = arena_strdup(m->arena, row->source)};
	return 0;
}

/*
 * Finds texts between two ids, the newest last, or first if `order` is -1. `end_r` is how far all
 * have been looked at.
 */
static int find_missing(struct claiming *c, struct store *store, int64_t first, int64_t last,
			int order, int64_t *end_r, struct problem *why)
{
	struct vector_batch *batch = c->batch;
	struct missing missing = {c->arena, batch};
	TRY(q_vectors_missing(store, c->model.id, c->model.dimension, first, last, order,
			      c->leaving, c->work.most, take_missing, &missing, why));
	bool is_full = (int64_t)batch->count == c->work.most;
	*end_r = is_full ? batch->texts[batch->count - 1].id : order > 0 ? last : first;
	size_t kept = 0;
	for (size_t i = 0; i < batch->count; i++) {
		struct vector_text *text = &batch->texts[i];
		int found = q_vector_text(c->arena, store, source_kind_name(text->kind),
					  text->source, VECTORS_LETTERS, &text->content, why);
		TRY(found);
		if (found > 0)
			batch->texts[kept++] = *text;
	}
	batch->count = kept;
	return 0;
}

/* New texts first, then those from before, the newest first. Returns whether any are left. */
static int look(struct store *store, void *context, struct problem *why)
{
	struct claiming *c = context;
	struct vector_batch *batch = c->batch;
	int64_t end;
	*batch = (struct vector_batch){.model = c->model.id,
				       .most = c->work.most,
				       .upto = c->model.upto,
				       .since = c->model.since};
	batch->texts = arena_alloc(c->arena, VECTORS_BATCH * sizeof(*batch->texts));
	if (c->newest > c->model.upto) {
		int64_t last = c->model.upto + LOOKED;
		TRY(find_missing(c, store, c->model.upto + 1, last < c->newest ? last : c->newest,
				 1, &end, why));
		batch->upto = end;
		return 1;
	}
	if (c->model.since > 0) {
		int64_t first = c->model.since - LOOKED + 1;
		TRY(find_missing(c, store, first > 1 ? first : 1, c->model.since, -1, &end, why));
		batch->since = end - 1;
		return 1;
	}
	return 0;
}

/* --- claiming --------------------------------------------------------------------------------- */

static bool is_free(const struct q_vector_work *work, int64_t now)
{
	return (work->worker == 0 || work->lease_until < now) && work->paused_until <= now;
}

/* Takes what was found, unless another process was faster. */
static int take(struct store *store, void *context, struct problem *why)
{
	struct claiming *c = context;
	struct q_vector_work work;
	struct q_vector_model_wanted model;
	int64_t now = clock_now();
	c->result = 0;
	TRY(q_vector_work(store, &work, why));
	int found = vector_model_find(c->arena, store, c->settings, &model, why);
	TRY(found);
	if (!is_free(&work, now) || found == 0 || model.id != c->model.id ||
	    model.upto != c->model.upto || model.since != c->model.since)
		return 0;
	int spent = vector_batch_is_spent(store, c->settings, c->batch, why);
	TRY(spent);
	if (spent)
		return q_vector_work_end(store, work.batch, now + PAUSE, work.most, why);
	TRY(vector_batch_reserve(store, c->settings, c->batch, why));
	if (c->batch->count == 0)
		return q_vector_model_advance(store, model.id, c->batch->upto, c->batch->since,
					      why);
	int64_t lease = now + c->settings->model_total_seconds * CLOCK_SECOND + GRACE;
	c->batch->number = work.batch + 1;
	c->result = 1;
	return q_vector_work_begin(store, c->worker, lease, why);
}

static int make_model(struct store *store, void *context, struct problem *why)
{
	struct claiming *c = context;
	int64_t id;
	int found = vector_model_find(c->arena, store, c->settings, &c->model, why);
	return found != 0 ? found : vector_model_make(store, c->settings, NULL, 0, &id, why);
}

/* Nothing is left to embed. */
static int finish(struct store *store, void *context, struct problem *why)
{
	struct claiming *c = context;
	if (!c->model.is_complete && c->model.name)
		return q_vector_model_complete(store, c->model.id, why);
	return q_vector_model_look_again(store, c->model.id, clock_now(), why);
}

static int read_state(struct store *store, void *context, struct problem *why)
{
	struct claiming *c = context;
	TRY(q_vector_work(store, &c->work, why));
	TRY(q_texts_newest(store, &c->newest, why));
	return vector_model_find(c->arena, store, c->settings, &c->model, why);
}

int vector_work_claim(struct arena *arena, struct store *store, const struct settings *settings,
		      int worker, enum leaving leaving, struct vector_batch *batch_r, bool *more_r,
		      struct problem *why)
{
	struct claiming c = {.arena = arena,
			     .settings = settings,
			     .leaving = leaving,
			     .worker = worker,
			     .batch = batch_r};
	*more_r = false;
	int found = store_read(store, read_state, &c, why), left;
	TRY(found);
	if (!is_free(&c.work, clock_now()))
		return 0;
	if (found == 0) {
		*more_r = true;
		TRY(store_write_unsynced(store, make_model, &c, why));
		return 0;
	}
	TRY(left = store_read(store, look, &c, why));
	if (left) {
		*more_r = true;
		TRY(store_write(store, take, &c, why));
		return c.result;
	}
	bool is_due = clock_now() - c.model.looked_at >= AGAIN;
	if ((c.model.name && !c.model.is_complete) || is_due) {
		*more_r = true;
		TRY(store_write_unsynced(store, finish, &c, why));
		return 0;
	}
	TRY(left = vector_models_prune(store, c.model.id, why));
	*more_r = left > 0;
	return 0;
}

/* --- what came of it -------------------------------------------------------------------------- */

struct keeping {
	const struct settings *settings;
	const struct vector_batch *batch;
	const struct vector_answer *answer;
	enum vector_failure failure;
	bool is_changed;
};

/* Whether the process still has the batch. */
static int batch_is_mine(struct store *store, const struct vector_batch *batch, struct problem *why)
{
	struct q_vector_work work;
	TRY(q_vector_work(store, &work, why));
	return work.batch == batch->number && work.worker > 0;
}

/*
 * The model that has answered. One that answers with another name begins to embed all texts; when
 * the one before had not embedded all, it is used no more.
 */
static int find_answered(struct keeping *k, struct store *store, int64_t *model_r,
			 struct problem *why)
{
	struct arena *arena = arena_new();
	struct q_vector_model_wanted row;
	int64_t dimension = (int64_t)k->answer->dimension;
	int found = vector_model_find(arena, store, k->settings, &row, why);
	if (found > 0 && !row.name)
		found = q_vector_model_name(store, row.id, k->answer->model, dimension, why);
	else if (found > 0)
		k->is_changed =
			strcmp(row.name, k->answer->model) != 0 || row.dimension != dimension;
	*model_r = row.id;
	arena_free(&arena);
	TRY(found);
	if (found == 0 || row.id != k->batch->model) /* the settings have changed meanwhile */
		k->is_changed = true;
	if (k->is_changed)
		TRY(vector_model_make(store, k->settings, k->answer->model, k->answer->dimension,
				      model_r, why));
	return 0;
}

static int sequence_of(enum source_kind kind)
{
	return kind == SOURCE_MESSAGE                               ? 0
	       : kind == SOURCE_QUESTION || kind == SOURCE_RESPONSE ? 1
								    : -(int)kind;
}

/* Returns whether the text says the same still, so that the vector is kept. */
static int put_vector(struct store *store, int64_t model, const struct vector_text *text,
		      const int8_t *vector, size_t dimension, float scale, struct problem *why)
{
	int put = q_vector_put(store, model, text->id, source_kind_name(text->kind), text->source,
			       VECTORS_LETTERS, text->content, sequence_of(text->kind),
			       (double)scale, vector, dimension, why);
	if (put > 0)
		TRY(q_projected_vector_kept(store, text->id, why));
	return put;
}

static int keep(struct store *store, void *context, struct problem *why)
{
	struct keeping *k = context;
	const struct vector_batch *batch = k->batch;
	const struct vector_answer *answer = k->answer;
	int64_t model, most = 2 * batch->most;
	bool all_put = true;
	k->is_changed = false;
	TRY(vector_batch_settle(store, batch, answer->tokens, why));
	int mine = batch_is_mine(store, batch, why);
	if (mine <= 0)
		return mine;
	TRY(find_answered(k, store, &model, why));
	for (size_t i = 0; i < batch->count; i++) {
		int put = put_vector(store, model, &batch->texts[i],
				     answer->vectors + i * answer->dimension, answer->dimension,
				     answer->scales[i], why);
		TRY(put);
		all_put &= put > 0;
	}
	/* Another text may have the id of one that has gone. */
	if (!k->is_changed && all_put)
		TRY(q_vector_model_advance(store, model, batch->upto, batch->since, why));
	/* A provider that calls itself otherwise each time must not spend the day's tokens. */
	return q_vector_work_end(store, batch->number, k->is_changed ? clock_now() + PAUSE : 0,
				 most < VECTORS_BATCH ? most : VECTORS_BATCH, why);
}

int vector_work_keep(struct store *store, const struct settings *settings,
		     const struct vector_batch *batch, const struct vector_answer *answer,
		     bool *is_changed_r, struct problem *why)
{
	struct keeping k = {.settings = settings, .batch = batch, .answer = answer};
	int result = store_write_unsynced(store, keep, &k, why);
	*is_changed_r = k.is_changed;
	return result < 0 ? -1 : 0;
}

/* Leaves a text without a vector, so that it is not sent again. */
static int pass_over(struct store *store, const struct vector_batch *batch, struct problem *why)
{
	static const int8_t nothing[VECTOR_MOST];
	int64_t dimension;
	int found = q_vector_model_dimension(store, batch->model, &dimension, why);
	if (found <= 0 || dimension == 0)
		return found;
	TRY(put_vector(store, batch->model, batch->texts, nothing, (size_t)dimension, 0, why));
	return q_vector_model_advance(store, batch->model, batch->upto, batch->since, why);
}

static int give_up(struct store *store, void *context, struct problem *why)
{
	const struct keeping *k = context;
	const struct vector_batch *batch = k->batch;
	bool is_rejected = k->failure == VECTORS_REJECTED;
	TRY(vector_batch_settle(store, batch, k->failure == VECTORS_CHARGED ? LEDGER_UNKNOWN : 0,
				why));
	int mine = batch_is_mine(store, batch, why);
	if (mine <= 0)
		return mine;
	if (is_rejected && batch->count == 1)
		TRY(pass_over(store, batch, why));
	return q_vector_work_end(store, batch->number, clock_now() + PAUSE,
				 is_rejected ? 1 : batch->most, why);
}

int vector_work_give_up(struct store *store, const struct vector_batch *batch,
			enum vector_failure failure, struct problem *why)
{
	struct keeping k = {.batch = batch, .failure = failure};
	return store_write_unsynced(store, give_up, &k, why) < 0 ? -1 : 0;
}

static int release(struct store *store, void *context, struct problem *why)
{
	return q_vector_work_release(store, *(const int *)context, why);
}

int vector_work_release(struct store *store, int worker, struct problem *why)
{
	return store_write_unsynced(store, release, &worker, why) < 0 ? -1 : 0;
}
