/* The worker: see worker.h. */
#include "twin/worker.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/memory.h"
#include "realm/answers.h"
#include "realm/metrics.h"
#include "realm/realm.h"
#include "realm/settings.h"
#include "realm/turns.h"
#include "store/store.h"
#include "twin/typing.h"

struct worker {
	int number;
	struct store *store;
	struct typing typing;
};

int worker_open(const struct settings *settings, int number, struct worker **worker_r,
		struct problem *why)
{
	struct worker *worker = xcalloc(1, sizeof(*worker));
	worker->number = number;
	typing_open(&worker->typing, settings);
	*worker_r = worker;
	if (realm_open(settings, STORE_SERVE, &worker->store, why) == 0 &&
	    turns_release(worker->store, number, why) == 0)
		return 0;
	worker_close(worker_r);
	return -1;
}

void worker_close(struct worker **worker)
{
	struct worker *closing = *worker;
	struct problem why = {0};
	if (!closing)
		return;
	if (closing->store)
		turns_release(closing->store, closing->number, &why);
	store_close(&closing->store);
	typing_close(&closing->typing);
	free(closing);
	*worker = NULL;
}

/* After a failure the turn stays claimed until its lease ends. */
static int answer_turn(struct worker *worker, struct arena *arena, const struct turn *turn,
		       struct problem *why)
{
	struct answer answer;
	int ready = answer_prepare(arena, worker->store, turn, &answer, why);
	if (ready <= 0)
		return ready;
	typing_tell(&worker->typing, worker->store, &answer.turn, true);
	int posted = answer_recall(arena, worker->store, &answer, why);
	if (posted > 0)
		posted = answer_post(arena, worker->store, &answer, why);
	typing_tell(&worker->typing, worker->store, &answer.turn, false);
	return posted;
}

int worker_run(struct worker *worker, struct problem *why)
{
	struct turn turn;
	struct arena *arena = arena_new();
	store_work_begin(worker->store);
	int claimed = turn_claim(arena, worker->store, worker->number, &turn, why);
	if (claimed > 0) {
		int posted = answer_turn(worker, arena, &turn, why);
		metrics_count(METRIC_TURNS);
		if (posted > 0)
			metrics_count(METRIC_ANSWERS);
		log_debug("turn", LOG_INT("turn", turn.id), LOG_INT("twin", turn.twin_id),
			  LOG_INT("posted", posted));
		claimed = posted < 0 ? -1 : 1;
	}
	store_work_end(worker->store);
	arena_free(&arena);
	return claimed;
}

int worker_next_due(struct worker *worker, int64_t *at_r, struct problem *why)
{
	return turns_next_due(worker->store, at_r, why);
}
