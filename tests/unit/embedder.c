/* An embedder for C tests: see embedder.h. */
#include "tests/unit/embedder.h"

#include "base/vector.h"
#include "realm/ledger.h"
#include "realm/settings.h"
#include "tests/unit/words.h"

struct settings embedder_settings(void)
{
	return (struct settings){.tokens_per_day = 100000000,
				 .tokens_per_twin = 100000000,
				 .tokens_per_asker = 100000000,
				 .model_total_seconds = 10,
				 .openai_embedding_model = "small",
				 .openai_embedding_query_model = "",
				 .openai_embedding_passage_prefix = "",
				 .openai_embedding_query_prefix = ""};
}

float embed(const char *text, int8_t vector[DIMENSION])
{
	float sums[DIMENSION] = {0.1f};
	words_add(text, sums, DIMENSION);
	return vector_quantise(sums, DIMENSION, vector);
}

struct vector_batch claim_leaving(struct fixture *f, const struct settings *settings, int worker,
				  enum leaving leaving)
{
	struct vector_batch batch;
	bool more = true;
	int found = 0;
	while (found == 0 && more)
		MUST(found = vector_work_claim(f->arena, f->store, settings, worker, leaving,
					       &batch, &more, &why));
	return found ? batch : (struct vector_batch){0};
}

struct vector_batch claim(struct fixture *f, const struct settings *settings, int worker)
{
	return claim_leaving(f, settings, worker, LEAVE_ALL);
}

bool answer_batch(struct fixture *f, const struct settings *settings,
		  const struct vector_batch *batch, const char *model)
{
	int8_t vectors[VECTORS_BATCH][DIMENSION];
	float scales[VECTORS_BATCH];
	bool is_changed;
	for (size_t i = 0; i < batch->count; i++)
		scales[i] = embed(batch->texts[i].content, vectors[i]);
	const struct vector_answer answer = {.model = model,
					     .dimension = DIMENSION,
					     .vectors = vectors[0],
					     .scales = scales,
					     .tokens = (int64_t)batch->count};
	MUST(vector_work_keep(f->store, settings, batch, &answer, &is_changed, &why));
	return is_changed;
}

int embed_all(struct fixture *f, const struct settings *settings, const char *model)
{
	int count = 0;
	for (;;) {
		struct vector_batch batch = claim(f, settings, 1);
		if (batch.count == 0)
			return count;
		count += (int)batch.count;
		answer_batch(f, settings, &batch, model);
	}
}

const struct query_vector *embed_question(struct fixture *f, const char *question)
{
	struct query_vector *query = arena_alloc(f->arena, sizeof(*query));
	int8_t *vector = arena_alloc(f->arena, DIMENSION);
	struct vector_model model;
	int found;
	MUST(found = vectors_model(f->arena, f->store, &model, &why));
	if (!found)
		return NULL;
	*query = (struct query_vector){model.id, DIMENSION, vector, embed(question, vector)};
	return query;
}
