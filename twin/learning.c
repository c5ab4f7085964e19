/* Learning: see learning.h. */
#include "twin/learning.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "provider/provider.h"
#include "realm/leaving.h"
#include "realm/lessons.h"
#include "realm/metrics.h"
#include "realm/settings.h"
#include "store/store.h"
#include "twin/model.h"

#define LEASE_US (60 * CLOCK_SECOND)        /* beyond the longest call */
#define PAUSE_US (60 * CLOCK_SECOND)        /* after a failure; doubled after each that follows */
#define PAUSE_MOST_US (3600 * CLOCK_SECOND) /* the longest one */

struct learning {
	struct store *store;
	const struct settings *settings;
	struct model model;
	void (*ended)(void *context);
	void *context;
	struct arena *arena; /* of the lesson in work; NULL: there is none */
	struct lesson lesson;
	struct model_call *call;
	int64_t pause, paused_until; /* as clock_monotonic() counts */
};

struct learning *learning_new(struct store *store, const struct settings *settings, struct llm *llm,
			      void (*ended)(void *context), void *context)
{
	struct learning *learning = xcalloc(1, sizeof(*learning));
	learning->store = store;
	learning->settings = settings;
	learning->model = (struct model){llm, store, settings};
	learning->ended = ended;
	learning->context = context;
	return learning;
}

void learning_free(struct learning **learning)
{
	struct learning *old = *learning;
	*learning = NULL;
	if (!old)
		return;
	model_cancel(&old->call);
	arena_free(&old->arena);
	free(old);
}

/* --- the end of a lesson ---------------------------------------------------------------------- */

static void pause_learning(struct learning *l)
{
	l->pause = l->pause ? l->pause * 2 : PAUSE_US;
	if (l->pause > PAUSE_MOST_US)
		l->pause = PAUSE_MOST_US;
	l->paused_until = clock_monotonic() + l->pause;
}

/* Whether the model failed on these texts, or would fail on any. */
static bool is_tried(const struct llm_answer *answer)
{
	return answer->is_charged || answer->failure.code == FAILURE_TOO_LONG ||
	       answer->failure.code == FAILURE_REJECTED;
}

static int take_answer(struct learning *l, const struct llm_answer *answer, struct problem *why)
{
	int kept = 0, refused = 0;
	if (answer->failure.code != FAILURE_NONE) {
		pause_learning(l);
		log_warn("lesson_failed",
			 LOG_TEXT("reason", failure_info(answer->failure.code)->name),
			 LOG_TEXT("detail", answer->failure.detail),
			 LOG_INT("pause_seconds", l->pause / CLOCK_SECOND));
		return lesson_fail(l->store, &l->lesson, clock_now() + l->pause, is_tried(answer),
				   why);
	}
	l->pause = 0;
	TRY(lesson_end(l->arena, l->store, l->settings, &l->lesson, answer->text, answer->bytes,
		       &kept, &refused, why));
	metrics_add(METRIC_FACTS_KEPT, kept);
	metrics_add(METRIC_FACTS_REFUSED, refused);
	log_debug("lesson", LOG_INT("owner", l->lesson.owner),
		  LOG_INT("texts", (int64_t)l->lesson.count), LOG_INT("facts", kept),
		  LOG_INT("refused", refused));
	return 0;
}

static void on_done(void *context, const struct llm_answer *answer)
{
	struct learning *l = context;
	struct problem why = {0};
	l->call = NULL;
	store_work_begin(l->store);
	if (take_answer(l, answer, &why) < 0)
		log_problem(LOG_LEVEL_WARN, "lesson_not_kept", &why);
	store_work_end(l->store);
	arena_free(&l->arena);
	l->ended(l->context);
}

/* --- the beginning ---------------------------------------------------------------------------- */

/* Asks the model. When a ceiling does not allow it, the owner's texts wait for the next day. */
static int ask(struct learning *l, struct problem *why)
{
	const struct llm_message messages[] = {
		{"system", lesson_task},
		{"user", lesson_texts(l->arena, &l->lesson)},
	};
	const struct model_request request = {
		.twin_id = l->lesson.owner,
		.asker_id = l->lesson.owner,
		.is_background = true,
		.llm = {.messages = messages,
			.count = sizeof(messages) / sizeof(*messages),
			.most_tokens = LESSON_TOKENS,
			.temperature = LLM_NO_TEMPERATURE},
	};
	const struct llm_ports ports = {.done = on_done};
	int64_t until;
	int asked = model_ask(&l->model, &request, &ports, l, &l->call, &until, why);
	return asked == 0 ? lesson_postpone(l->store, &l->lesson, until, why) : asked;
}

static int begin(struct learning *l, struct problem *why)
{
	enum leaving leaving =
		leaving_to(l->settings, provider_is_local(llm_provider(l->model.llm)));
	int64_t lease = LEASE_US + l->settings->model_total_seconds * CLOCK_SECOND;
	int claimed =
		lesson_claim(l->arena, l->store, l->settings, leaving, lease, &l->lesson, why);
	return claimed > 0 ? ask(l, why) : claimed;
}

int learning_run(struct learning *l, struct problem *why)
{
	if (!l->model.llm || !l->settings->twin_learning || l->arena ||
	    clock_monotonic() < l->paused_until)
		return 0;
	l->arena = arena_new();
	int result = begin(l, why);
	if (!l->call)
		arena_free(&l->arena);
	return result < 0 ? -1 : 0;
}
