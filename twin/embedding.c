/* The way to the embedder: see embedding.h. */
#include "twin/embedding.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/log.h"
#include "base/memory.h"
#include "provider/embedder.h"
#include "provider/http.h"
#include "provider/provider.h"
#include "provider/timer.h"
#include "realm/ledger.h"
#include "realm/search_vectors.h"
#include "realm/settings.h"
#include "realm/vector_work.h"
#include "realm/vectors.h"
#include "twin/chroma_store.h"

#define QUESTION_TOKENS 8 /* of a request, besides the bytes of the text and its prefix */
#define LOOKS 8           /* at texts, in one look */

struct embedding_work {
	struct http *http;
	struct store *store;
	const struct settings *settings;
	struct embedder *embedder;
	struct chroma_store *chroma; /* NULL: there is none */
	int number;
	struct arena *arena; /* of the batch in work */
	struct vector_batch batch;
	struct embedder_call *call;
	struct embedding_call *search; /* one search at a time */
	int64_t search_id, found_id;   /* of this search, and of that which waits for candidates */
	bool is_realm_wide;
	enum failure_code failing; /* of the last request; reported once */
};

struct embedding_work *embedding_new(struct http *http, struct store *store,
				     const struct settings *settings, struct embedder *embedder,
				     struct chroma_store *chroma, int number)
{
	struct embedding_work *embedding = xcalloc(1, sizeof(*embedding));
	struct problem why = {0};
	embedding->http = http;
	embedding->store = store;
	embedding->settings = settings;
	embedding->embedder = embedder;
	embedding->chroma = chroma;
	embedding->number = number;
	embedding->arena = arena_new();
	if (vector_work_release(store, number, &why) < 0)
		log_problem(LOG_LEVEL_WARN, "embedding_failed", &why);
	return embedding;
}

void embedding_free(struct embedding_work **embedding)
{
	struct embedding_work *old = *embedding;
	struct problem why = {0};
	*embedding = NULL;
	if (!old)
		return;
	embedding_cancel(&old->search);
	if (old->call) {
		embedder_cancel(&old->call);
		vector_work_give_up(old->store, &old->batch, VECTORS_CHARGED, &why);
	}
	vector_work_release(old->store, old->number, &why);
	arena_free(&old->arena);
	free(old);
}

/* The provider's own words may hold a part of a text, so they are not logged. */
static void note_failure(struct embedding_work *embedding, const struct failure *failure)
{
	if (failure->code != FAILURE_NONE && failure->code != embedding->failing)
		log_warn("embedder_failed", LOG_TEXT("reason", failure_info(failure->code)->name),
			 LOG_TEXT("detail", failure->detail));
	embedding->failing = failure->code;
}

static int64_t tokens_of(const struct embedder_answer *answer)
{
	if (!answer->is_charged)
		return 0;
	return answer->embedding && answer->embedding->usage.is_plausible
		       ? answer->embedding->usage.prompt
		       : LEDGER_UNKNOWN;
}

/* --- texts, in the background ----------------------------------------------------------------- */

static enum vector_failure failure_of(const struct embedder_answer *answer)
{
	enum failure_code code = answer->failure.code;
	if (code == FAILURE_REJECTED || code == FAILURE_TOO_LONG)
		return VECTORS_REJECTED;
	return answer->is_charged ? VECTORS_CHARGED : VECTORS_NOT_CHARGED;
}

static int take_answer(struct embedding_work *embedding, const struct embedder_answer *answer,
		       struct problem *why)
{
	if (!answer->embedding)
		return vector_work_give_up(embedding->store, &embedding->batch, failure_of(answer),
					   why);
	const struct vector_answer vectors = {.model = answer->embedding->model,
					      .dimension = answer->embedding->dimension,
					      .vectors = answer->embedding->vectors,
					      .scales = answer->embedding->scales,
					      .tokens = tokens_of(answer)};
	bool is_changed;
	TRY(vector_work_keep(embedding->store, embedding->settings, &embedding->batch, &vectors,
			     &is_changed, why));
	if (is_changed)
		log_info("embedding_model_changed", LOG_TEXT("model", vectors.model));
	return 0;
}

static void texts_done(void *context, const struct embedder_answer *answer)
{
	struct embedding_work *embedding = context;
	struct problem why = {0};
	embedding->call = NULL;
	note_failure(embedding, &answer->failure);
	if (take_answer(embedding, answer, &why) < 0 || embedding_look(embedding, &why) < 0)
		log_problem(LOG_LEVEL_WARN, "embedding_failed", &why);
}

enum leaving embedding_leaving(const struct embedding_work *embedding)
{
	return leaving_to(embedding->settings,
			  provider_is_local(embedder_provider(embedding->embedder)));
}

static int ask_for_texts(struct embedding_work *embedding, struct problem *why)
{
	static const struct embedder_ports ports = {.done = texts_done};
	const struct embedder_model model = embedder_model(embedding->embedder, EMBEDDER_PASSAGE);
	const char *texts[VECTORS_BATCH];
	bool more = true;
	int found = 0;
	arena_reset(embedding->arena);
	for (int i = 0; i < LOOKS && more && found == 0; i++)
		TRY(found = vector_work_claim(embedding->arena, embedding->store,
					      embedding->settings, embedding->number,
					      embedding_leaving(embedding), &embedding->batch,
					      &more, why));
	for (size_t i = 0; found && i < embedding->batch.count; i++)
		texts[i] = embedding->batch.texts[i].content;
	if (found)
		embedding->call = embedder_ask(embedding->embedder, &model, texts,
					       embedding->batch.count, &ports, embedding);
	return 0;
}

/* --- questions -------------------------------------------------------------------------------- */

struct embedding_call {
	struct embedding_work *embedding;
	struct arena *arena;
	struct vector_model model;
	int64_t reserved; /* the call in the ledger */
	struct embedder_call *call;
	struct timer *timer;
	void (*done)(void *context, const struct query_vector *vector);
	void *context;
};

static void call_free(struct embedding_call *call, int64_t spent)
{
	struct problem why = {0};
	if (ledger_settle(call->embedding->store, call->reserved, spent, &why) < 0)
		log_problem(LOG_LEVEL_WARN, "call_not_settled", &why);
	timer_free(&call->timer);
	arena_free(&call->arena);
	free(call);
}

/* Whether the answer is a vector of the model that serves. */
static bool is_vector(const struct embedding_call *call, const struct embedder_answer *answer)
{
	struct problem why = {0};
	if (!answer->embedding)
		return false;
	int is_good = vectors_check(call->embedding->store, &call->model, answer->embedding->model,
				    answer->embedding->dimension, &why);
	if (is_good < 0)
		log_problem(LOG_LEVEL_WARN, "embedding_failed", &why);
	return is_good > 0;
}

static void question_done(void *context, const struct embedder_answer *answer)
{
	struct embedding_call *call = context;
	struct query_vector vector = {0};
	bool has_vector = is_vector(call, answer);
	call->call = NULL;
	note_failure(call->embedding, &answer->failure);
	if (has_vector)
		vector = (struct query_vector){call->model.id, answer->embedding->dimension,
					       answer->embedding->vectors,
					       answer->embedding->scales[0]};
	call->done(call->context, has_vector ? &vector : NULL);
	call_free(call, tokens_of(answer));
}

static void question_late(void *context)
{
	struct embedding_call *call = context;
	embedder_cancel(&call->call);
	call->done(call->context, NULL);
	call_free(call, LEDGER_UNKNOWN);
}

/* Reserves the cost: 1, 0 when no vector can be had, or -1. */
static int reserve(struct embedding_call *call, const struct embedding_question *question,
		   struct problem *why)
{
	struct embedding_work *embedding = call->embedding;
	int64_t until;
	int found = vectors_model(call->arena, embedding->store, &call->model, why);
	if (found <= 0)
		return found;
	const struct ledger_call reservation = {
		.provider = "embedder",
		.model = call->model.asked,
		.twin_id = question->twin_id,
		.asker_id = question->asker_id,
		.turn_id = question->turn_id,
		.tokens = (int64_t)(strlen(question->text) + strlen(call->model.prefix)) +
			  QUESTION_TOKENS,
	};
	return ledger_reserve(embedding->store, embedding->settings, &reservation, &call->reserved,
			      &until, why);
}

struct embedding_call *embedding_ask(struct embedding_work *embedding,
				     const struct embedding_question *question,
				     void (*done)(void *context, const struct query_vector *vector),
				     void *context)
{
	static const struct embedder_ports ports = {.done = question_done};
	struct embedding_call *call = xcalloc(1, sizeof(*call));
	struct problem why = {0};
	call->embedding = embedding;
	call->arena = arena_new();
	call->done = done;
	call->context = context;
	int allowed = reserve(call, question, &why);
	if (allowed <= 0) {
		if (allowed < 0)
			log_problem(LOG_LEVEL_WARN, "embedding_failed", &why);
		arena_free(&call->arena);
		free(call);
		return NULL;
	}
	const struct embedder_model model = {call->model.asked, call->model.prefix};
	call->timer = timer_new(http_loop(embedding->http), question_late, call);
	timer_set(call->timer, clock_monotonic() + EMBEDDING_WAIT_US);
	call->call = embedder_ask(embedding->embedder, &model, &question->text, 1, &ports, call);
	return call;
}

void embedding_cancel(struct embedding_call **call)
{
	struct embedding_call *old = *call;
	*call = NULL;
	if (!old)
		return;
	embedder_cancel(&old->call);
	call_free(old, LEDGER_UNKNOWN);
}

/* --- searches that wait ----------------------------------------------------------------------- */

static void search_end(struct embedding_work *embedding, int64_t id, const char *found)
{
	struct problem why = {0};
	if (search_vector_done(embedding->store, id, found, &why) < 0)
		log_problem(LOG_LEVEL_WARN, "embedding_failed", &why);
}

static void candidates_found(void *context, const int64_t *ids, size_t count)
{
	struct embedding_work *embedding = context;
	struct buf list = {0};
	jw_open(&list, '[');
	for (size_t i = 0; i < count; i++)
		jw_int(&list, ids[i]);
	jw_close(&list, ']');
	search_end(embedding, embedding->found_id, ids ? list.data : NULL);
	buf_free(&list);
}

/* Whether candidates come after the vector. */
static bool find_candidates(struct embedding_work *embedding, const struct query_vector *vector)
{
	if (!embedding->is_realm_wide || !embedding->chroma ||
	    !chroma_store_find(embedding->chroma, vector, candidates_found, embedding))
		return false;
	embedding->found_id = embedding->search_id;
	return true;
}

static void search_done(void *context, const struct query_vector *vector)
{
	struct embedding_work *embedding = context;
	struct problem why = {0};
	embedding->search = NULL;
	if (vector && search_vector_put(embedding->store, embedding->search_id, vector, &why) < 0)
		log_problem(LOG_LEVEL_WARN, "embedding_failed", &why);
	if (!vector || !find_candidates(embedding, vector))
		search_end(embedding, embedding->search_id, NULL);
	if (embedding_look(embedding, &why) < 0)
		log_problem(LOG_LEVEL_WARN, "embedding_failed", &why);
}

static int ask_for_search(struct embedding_work *embedding, struct problem *why)
{
	struct arena *arena = arena_new();
	struct search_waiting search;
	int found = search_vector_take(arena, embedding->store, &search, why);
	if (found > 0) {
		/* A search is the searcher's own text. */
		const struct embedding_question question = {
			.text = search.content, .twin_id = search.owner, .asker_id = search.owner};
		embedding->search_id = search.id;
		embedding->is_realm_wide = search.is_realm_wide;
		if (embedding_leaving(embedding) >= LEAVE_OWN)
			embedding->search =
				embedding_ask(embedding, &question, search_done, embedding);
		if (!embedding->search)
			found = search_vector_done(embedding->store, search.id, NULL, why);
	}
	arena_free(&arena);
	return found;
}

int embedding_look(struct embedding_work *embedding, struct problem *why)
{
	if (!embedding->search)
		TRY(ask_for_search(embedding, why));
	return embedding->call ? 0 : ask_for_texts(embedding, why);
}
