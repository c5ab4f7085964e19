/* The worker: see worker.h. */
#include "twin/worker.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/memory.h"
#include "provider/chroma.h"
#include "provider/configured.h"
#include "provider/embedder.h"
#include "provider/llm.h"
#include "provider/neo4j.h"
#include "provider/provider.h"
#include "realm/live_settings.h"
#include "realm/path_questions.h"
#include "realm/projection.h"
#include "realm/providers.h"
#include "realm/realm.h"
#include "realm/settings.h"
#include "realm/turns.h"
#include "store/store.h"
#include "twin/answerer.h"
#include "twin/chroma_store.h"
#include "twin/embedding.h"
#include "twin/learning.h"
#include "twin/mailing.h"
#include "twin/neo4j_store.h"
#include "twin/paths.h"

#define TURNS_MOST 20                 /* between two lessons, while turns are never done */
#define LESSON_US (60 * CLOCK_SECOND) /* the same */

struct worker {
	int number;
	struct store *store;
	struct live_settings settings;
	struct answerer *answerer;
	struct learning *learning;
	struct mailing *mailing;          /* NULL: there is no mail server */
	struct embedding_work *embedding; /* NULL: there is no embedder */
	struct chroma_store *chroma;      /* NULL: there is no ChromaDB */
	int turns;                        /* since the last look for a lesson */
	int64_t learn_at;                 /* as clock_monotonic() counts */
	struct neo4j_store *neo4j;        /* NULL: there is no Neo4j */
	struct paths *paths;              /* NULL: there is no Neo4j */
};

static struct provider_used used(const char *interface, const char *model,
				 const struct provider *provider)
{
	return (struct provider_used){interface, model,
				      provider_is_local(provider) ? NULL : provider_host(provider)};
}

static int note_providers(struct store *store, const struct providers *providers,
			  struct problem *why)
{
	struct provider_used list[4];
	size_t count = 0;
	if (providers->llm)
		list[count++] =
			used("llm", llm_model(providers->llm), llm_provider(providers->llm));
	if (providers->embedder)
		list[count++] =
			used("embedder", embedder_model(providers->embedder, EMBEDDER_PASSAGE).name,
			     embedder_provider(providers->embedder));
	if (providers->chroma)
		list[count++] = used("vectors", "ChromaDB", chroma_provider(providers->chroma));
	if (providers->neo4j)
		list[count++] = used("graph", "Neo4j", neo4j_provider(providers->neo4j));
	return providers_note(store, list, count, why);
}

/* A process that starts writes to no store, and stores that are not configured any more hold up
 * nothing. */
static int open_stores(struct worker *worker, struct http *http, const struct providers *providers,
		       struct problem *why)
{
	const char *names[3] = {NULL};
	size_t count = 0;
	if (providers->chroma)
		names[count++] = "chroma";
	if (providers->neo4j)
		names[count++] = GRAPH_STORE;
	TRY(sync_keep_only(worker->store, names, why));
	TRY(sync_release(worker->store, worker->number, why));
	if (providers->chroma)
		worker->chroma = chroma_store_new(http, worker->store, &worker->settings.now,
						  providers->chroma, worker->number);
	if (providers->neo4j) {
		worker->neo4j = neo4j_store_new(worker->store, providers->neo4j, worker->number);
		worker->paths = paths_new(worker->store, providers->neo4j);
	}
	return 0;
}

static int open_mailing(struct worker *worker, struct http *http, void (*ended)(void *context),
			void *context, struct problem *why)
{
	worker->mailing = mailing_new(http, worker->store, &worker->settings.now, worker->number,
				      ended, context, why);
	return why->code == PROBLEM_NONE ? 0 : -1;
}

int worker_open(const struct settings *settings, int number, struct http *http,
		const struct providers *providers, void (*ended)(void *context), void *context,
		struct worker **worker_r, struct problem *why)
{
	struct worker *worker = *worker_r = xcalloc(1, sizeof(*worker));
	worker->number = number;
	live_settings_start(&worker->settings, settings);
	if (realm_open(settings, STORE_SERVE, &worker->store, why) == 0 &&
	    note_providers(worker->store, providers, why) == 0 &&
	    open_stores(worker, http, providers, why) == 0 &&
	    turns_release(worker->store, number, why) == 0 &&
	    open_mailing(worker, http, ended, context, why) == 0) {
		if (providers->embedder)
			worker->embedding =
				embedding_new(http, worker->store, &worker->settings.now,
					      providers->embedder, worker->chroma, number);
		worker->answerer = answerer_new(worker->store, &worker->settings.now, providers,
						worker->embedding, ended, context);
		worker->learning = learning_new(worker->store, &worker->settings.now,
						providers->llm, ended, context);
		return 0;
	}
	worker_close(worker_r);
	return -1;
}

void worker_close(struct worker **worker)
{
	struct worker *closing = *worker;
	struct problem why = {0};
	if (!closing)
		return;
	learning_free(&closing->learning);
	answerer_free(&closing->answerer);
	mailing_free(&closing->mailing);
	embedding_free(&closing->embedding);
	chroma_store_free(&closing->chroma);
	paths_free(&closing->paths);
	neo4j_store_free(&closing->neo4j);
	if (closing->store) {
		turns_release(closing->store, closing->number, &why);
		sync_release(closing->store, closing->number, &why);
	}
	store_close(&closing->store);
	free(closing);
	*worker = NULL;
}

static bool is_full(const struct worker *worker)
{
	return answerer_in_work(worker->answerer) >= (size_t)worker->settings.now.model_calls;
}

static int run(struct worker *worker, struct problem *why)
{
	struct turn turn;
	struct arena *arena = arena_new();
	int64_t lease = TURN_LEASE_US + worker->settings.now.model_total_seconds * CLOCK_SECOND;
	int claimed = turn_claim(arena, worker->store, worker->number, lease, &turn, why);
	if (claimed <= 0) {
		arena_free(&arena);
		return claimed;
	}
	worker->turns++;
	answerer_take(worker->answerer, arena, &turn);
	return 1;
}

static int learn(struct worker *worker, struct problem *why)
{
	worker->turns = 0;
	worker->learn_at = clock_monotonic() + LESSON_US;
	return learning_run(worker->learning, why);
}

/* Learning has its turn even if there are always questions. */
static bool is_lesson_due(const struct worker *worker)
{
	return worker->turns >= TURNS_MOST || clock_monotonic() >= worker->learn_at;
}

int worker_run(struct worker *worker, struct problem *why)
{
	if (is_full(worker))
		return 0;
	store_work_begin(worker->store);
	int done = is_lesson_due(worker) ? learn(worker, why) : 0;
	if (done == 0)
		done = run(worker, why);
	if (done == 0 && answerer_in_work(worker->answerer) == 0)
		done = learn(worker, why);
	store_work_end(worker->store);
	return done;
}

int worker_look(struct worker *worker, struct problem *why)
{
	TRY(live_settings_refresh(worker->store, &worker->settings, why));
	if (worker->mailing)
		TRY(mailing_look(worker->mailing, why));
	if (worker->embedding)
		TRY(embedding_look(worker->embedding, why));
	if (worker->chroma)
		TRY(chroma_store_look(worker->chroma, why));
	if (worker->neo4j) {
		TRY(paths_look(worker->paths, why));
		TRY(neo4j_store_look(worker->neo4j, why));
	}
	return answerer_look(worker->answerer, why);
}

int worker_next_due(struct worker *worker, int64_t *at_r, struct problem *why)
{
	if (!is_full(worker))
		return turns_next_due(worker->store, at_r, why);
	*at_r = INT64_MAX;
	return 0;
}
