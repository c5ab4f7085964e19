/* Models of vectors: see vectors.h. */
#include "realm/vectors.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "realm/settings.h"
#include "store/queries.h"
#include "store/store.h"
#include "store/vectors.h"

#define BLOCKS_DROPPED 50 /* in one step */

static const char *query_model(const struct settings *settings)
{
	return settings->openai_embedding_query_model[0] ? settings->openai_embedding_query_model
							 : settings->openai_embedding_model;
}

int vector_model_find(struct arena *arena, struct store *store, const struct settings *settings,
		      struct q_vector_model_wanted *model_r, struct problem *why)
{
	return q_vector_model_wanted(arena, store, settings->openai_embedding_model,
				     query_model(settings),
				     settings->openai_embedding_passage_prefix,
				     settings->openai_embedding_query_prefix, model_r, why);
}

int vector_model_make(struct store *store, const struct settings *settings, const char *name,
		      size_t dimension, int64_t *id_r, struct problem *why)
{
	return q_vector_model_insert(store, settings->openai_embedding_model, query_model(settings),
				     settings->openai_embedding_passage_prefix,
				     settings->openai_embedding_query_prefix, name,
				     (int64_t)dimension, clock_now(), id_r, why);
}

int vectors_model(struct arena *arena, struct store *store, struct vector_model *model_r,
		  struct problem *why)
{
	struct q_vector_model_serving row;
	int found = q_vector_model_serving(arena, store, &row, why);
	if (found > 0)
		*model_r = (struct vector_model){.id = row.id,
						 .asked = row.asked_query,
						 .prefix = row.query_prefix,
						 .passage = row.name,
						 .name = row.query_name,
						 .dimension = (size_t)row.dimension};
	return found;
}

struct naming {
	int64_t model;
	const char *name;
};

static int name_model(struct store *store, void *context, struct problem *why)
{
	const struct naming *naming = context;
	return q_vector_model_query_name(store, naming->model, naming->name, why);
}

int vectors_check(struct store *store, const struct vector_model *model, const char *name,
		  size_t dimension, struct problem *why)
{
	struct naming naming = {model->id, name};
	if (dimension != model->dimension || (model->name && strcmp(name, model->name) != 0))
		return 0;
	if (!model->name)
		TRY(store_write_unsynced(store, name_model, &naming, why));
	return 1;
}

int vectors_progress(struct arena *arena, struct store *store, struct vectors_progress *progress_r,
		     struct problem *why)
{
	struct q_vectors_progress row;
	int found = q_vectors_progress(arena, store, &row, why);
	if (found <= 0)
		return found;
	int64_t embedded =
		row.name ? (int64_t)vectors_count((size_t)row.bytes, (size_t)row.dimension) : 0;
	*progress_r = (struct vectors_progress){
		.model = row.name,
		.texts = row.texts,
		.waiting = row.waiting < row.texts ? row.waiting : row.texts,
		.embedded = embedded < row.texts ? embedded : row.texts};
	return 1;
}

struct pruning {
	int64_t wanted;
	int result;
};

/* A model is removed after its last vectors. */
static int prune(struct store *store, void *context, struct problem *why)
{
	struct pruning *p = context;
	struct arena *arena = arena_new();
	struct vector_model serving = {0};
	int64_t unused;
	int found = vectors_model(arena, store, &serving, why);
	arena_free(&arena);
	p->result = 0;
	TRY(found);
	found = q_vector_model_unused(store, p->wanted, serving.id, &unused, why);
	if (found <= 0)
		return found;
	p->result = 1;
	int dropped = q_vectors_drop(store, unused, BLOCKS_DROPPED, why);
	return dropped != 0 ? dropped : q_vector_model_drop(store, unused, why);
}

int vector_models_prune(struct store *store, int64_t wanted, struct problem *why)
{
	struct pruning p = {.wanted = wanted};
	TRY(store_write_unsynced(store, prune, &p, why));
	return p.result;
}
