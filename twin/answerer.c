/* The making of answers: see answerer.h. */
#include "twin/answerer.h"

#include <stdlib.h>
#include <sys/queue.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "provider/llm.h"
#include "provider/provider.h"
#include "realm/answers.h"
#include "realm/live.h"
#include "realm/metrics.h"
#include "realm/posting.h"
#include "realm/twins.h"
#include "store/queries.h"
#include "store/store.h"
#include "twin/embedding.h"
#include "twin/model.h"
#include "twin/prompt.h"
#include "twin/reply.h"

#define TYPING_US (4 * CLOCK_SECOND) /* an indicator ends after 6 s */
#define SO_FAR_US (CLOCK_SECOND / 4) /* between two notes of the text so far */
#define AGAIN_US CLOCK_SECOND        /* until a turn that went wrong runs again */

/* A turn that waits for the model. */
struct job {
	LIST_ENTRY(job) link;
	struct answerer *answerer;
	struct arena *arena;
	struct turn turn;
	struct answer answer;          /* for the recall engine */
	struct answer asked;           /* with the texts of the prompt */
	struct embedding_call *vector; /* that it waits for at first, or NULL */
	struct model_call *call;
	struct buf so_far;          /* of a streamed answer, with a NUL */
	size_t told;                /* bytes of it that the owner knows */
	int64_t told_at, typing_at; /* as clock_monotonic() counts */
	bool is_cut;                /* the prompt has been made shorter */
	struct problem wrong;       /* why the turn is given up; it waits for the database */
};

struct answerer {
	struct store *store;
	const struct settings *settings;
	void (*ended)(void *context);
	void *context;
	struct live live;
	struct model model;
	struct embedding_work *embedding;
	LIST_HEAD(jobs, job) jobs;
	size_t in_work;
	enum failure_code failing; /* of the last call; reported once */
};

struct answerer *answerer_new(struct store *store, const struct settings *settings,
			      const struct providers *providers, struct embedding_work *embedding,
			      void (*ended)(void *context), void *context)
{
	struct answerer *answerer = xcalloc(1, sizeof(*answerer));
	answerer->store = store;
	answerer->settings = settings;
	answerer->ended = ended;
	answerer->context = context;
	answerer->model = (struct model){providers->llm, store, settings};
	answerer->embedding = embedding;
	LIST_INIT(&answerer->jobs);
	live_open(&answerer->live, settings);
	return answerer;
}

static void job_free(struct job *job)
{
	LIST_REMOVE(job, link);
	job->answerer->in_work--;
	embedding_cancel(&job->vector);
	model_cancel(&job->call);
	buf_free(&job->so_far);
	arena_free(&job->arena);
}

void answerer_free(struct answerer **answerer)
{
	struct answerer *old = *answerer;
	*answerer = NULL;
	if (!old)
		return;
	while (!LIST_EMPTY(&old->jobs))
		job_free(LIST_FIRST(&old->jobs));
	live_close(&old->live);
	free(old);
}

size_t answerer_in_work(const struct answerer *answerer)
{
	return answerer->in_work;
}

/* Does nothing for a turn that is not of a room. */
static void tell_typing(const struct job *job, bool is_typing)
{
	const struct turn *turn = &job->answer.turn;
	struct live_typist typist = {
		.room_id = turn->room_id, .user_id = turn->twin_id, .is_aeon = true};
	struct problem why = {0};
	if (turn->room_id && q_user_name(job->arena, job->answerer->store, turn->twin_id,
					 &typist.username, &why) > 0)
		live_typing(&job->answerer->live, &typist, is_typing);
}

/* --- ends ------------------------------------------------------------------------------------- */

static int post(struct job *job, const struct answer *answer, struct problem *why)
{
	int posted = answer_post(job->arena, job->answerer->store, answer, why);
	if (posted > 0)
		metrics_count(METRIC_ANSWERS);
	return posted;
}

static int post_recalled(struct job *job, struct problem *why)
{
	TRY(answer_recall(job->arena, job->answerer->store, &job->answer, why));
	return job->answer.text ? post(job, &job->answer, why) : 0;
}

static int end_without_answer(struct job *job, const struct turn_end *end, struct problem *why)
{
	return turn_refuse(job->arena, job->answerer->store, &job->answer.turn, end, why);
}

/* A reply that says nothing that can be posted ends the turn. */
static int post_reply(struct job *job, const struct llm_answer *reply, struct problem *why)
{
	struct turn_end failed = {.state = "failed", .engine = job->asked.engine};
	job->asked.model = arena_strdup(job->arena, reply->model);
	if (reply->usage.is_plausible) {
		job->asked.prompt_tokens = reply->usage.prompt;
		job->asked.reply_tokens = reply->usage.completion;
	}
	int good = reply_read(job->arena, job->answerer->store, reply, &job->asked, &failed.reason,
			      why);
	if (good != 0)
		return good < 0 ? -1 : post(job, &job->asked, why);
	return end_without_answer(job, &failed, why);
}

/* Whether the model answered, although nothing that can be posted. */
static bool is_bad_reply(enum failure_code code)
{
	return code == FAILURE_EMPTY || code == FAILURE_REFUSED || code == FAILURE_TOO_BIG;
}

static int ask(struct job *job, size_t most_bytes, struct problem *why);

static int take_answer(struct job *job, const struct llm_answer *reply, struct problem *why)
{
	const struct failure *failure = &reply->failure;
	const struct turn_end failed = {.state = "failed",
					.reason = failure_info(failure->code)->name,
					.engine = job->asked.engine};
	if (failure->code == FAILURE_NONE)
		return post_reply(job, reply, why);
	if (is_bad_reply(failure->code))
		return end_without_answer(job, &failed, why);
	if (job->told > 0) {
		job->asked.text = job->so_far.data;
		return answer_interrupt(job->arena, job->answerer->store, &job->asked,
					failed.reason, why);
	}
	if (failure->code == FAILURE_TOO_LONG && !job->is_cut) {
		job->is_cut = true;
		return ask(job, PROMPT_BYTES_CUT, why);
	}
	return post_recalled(job, why);
}

/* The provider's own words may hold a part of the prompt, so they are not logged. */
static void note_failure(struct answerer *answerer, const struct failure *failure)
{
	if (failure->code != FAILURE_NONE && failure->code != answerer->failing)
		log_warn("model_failed", LOG_TEXT("reason", failure_info(failure->code)->name),
			 LOG_TEXT("detail", failure->detail));
	answerer->failing = failure->code;
}

/* Queues the turn again if that may help; else its owner is told what is wrong. */
static int give_up(struct job *job, struct problem *why)
{
	struct store *store = job->answerer->store;
	const struct problem_info *wrong = problem_info(job->wrong.code);
	const struct turn_end failed = {.state = "failed", .reason = wrong->code};
	int result;
	store_work_begin(store); /* the turn may have used up all that it had */
	if (wrong->retryable && job->turn.attempts < TURN_ATTEMPTS)
		result = turn_release(store, &job->answer.turn, clock_now() + AGAIN_US, why);
	else
		result = end_without_answer(job, &failed, why);
	store_work_end(store);
	return result;
}

/* Ends the work on a turn. One that went wrong stays while the database cannot note that. */
static void end_job(struct job *job)
{
	struct problem why = {0};
	if (job->wrong.code != PROBLEM_NONE && give_up(job, &why) < 0) {
		if (problem_info(why.code)->retryable)
			return; /* answerer_look() tries it again */
		log_problem(LOG_LEVEL_WARN, "turn_not_ended", &why); /* its lease ends it */
	}
	tell_typing(job, false);
	job_free(job);
	free(job);
}

static void fail_job(struct job *job, const struct problem *wrong)
{
	log_problem(LOG_LEVEL_WARN, "turn_failed", wrong);
	job->wrong = *wrong;
	end_job(job);
}

/* Ends the job if it waits for nothing more. */
static void settle_job(struct job *job, int result, const struct problem *why)
{
	if (result < 0)
		fail_job(job, why);
	else if (!job->call && !job->vector)
		end_job(job);
}

static void on_done(void *context, const struct llm_answer *reply)
{
	struct job *job = context;
	struct answerer *answerer = job->answerer;
	struct problem why = {0};
	job->call = NULL;
	note_failure(answerer, &reply->failure);
	store_work_begin(answerer->store);
	settle_job(job, take_answer(job, reply, &why), &why);
	store_work_end(answerer->store);
	answerer->ended(answerer->context);
}

/* --- a streamed answer ------------------------------------------------------------------------ */

/* Notes the text so far, and tells it. Returns 1, 0 when the turn is not ours any more, or -1. */
static int tell_so_far(struct job *job, struct problem *why)
{
	struct answerer *answerer = job->answerer;
	const char *text = job->so_far.data;
	if (job->told == job->so_far.len)
		return 1;
	int mine = turn_note_text(answerer->store, &job->answer.turn, text, why);
	if (mine <= 0)
		return mine;
	live_delta(&answerer->live, job->answer.turn.twin_id, job->turn.id,
		   (size_t)utf8_count(text, job->told), text + job->told,
		   job->so_far.len - job->told);
	job->told = job->so_far.len;
	job->told_at = clock_monotonic();
	return 1;
}

static void on_delta(void *context, const char *text, size_t bytes)
{
	struct job *job = context;
	struct problem why = {0};
	size_t points = (size_t)utf8_count(buf_text(&job->so_far), job->so_far.len);
	buf_add(&job->so_far, text, utf8_prefix(text, bytes, ANSWER_MAX - points));
	if (clock_monotonic() - job->told_at >= SO_FAR_US && tell_so_far(job, &why) < 0)
		log_problem(LOG_LEVEL_WARN, "turn_failed", &why);
}

/* --- the beginning ---------------------------------------------------------------------------- */

static const struct turn_end nothing_new = {.state = "refused", .reason = "nothing_new"};

/* A twin that is asked by another one chooses texts; the one that asks writes the answer. */
static bool has_model(const struct job *job)
{
	return job->answerer->model.llm && job->turn.cause != CAUSE_EXCHANGE;
}

/* What the engine that answers may get. */
static enum leaving engine_leaving(const struct job *job)
{
	const struct answerer *answerer = job->answerer;
	if (!has_model(job))
		return LEAVE_NEVER;
	return leaving_to(answerer->settings, provider_is_local(llm_provider(answerer->model.llm)));
}

/* Asks the model: 1, 0 when the turn has ended instead, or -1. */
static int ask(struct job *job, size_t most_bytes, struct problem *why)
{
	struct answerer *answerer = job->answerer;
	bool is_chat = job->turn.cause == CAUSE_CHAT;
	const struct llm_ports ports = {.delta = is_chat ? on_delta : NULL, .done = on_done};
	struct prompt prompt;
	int64_t until;
	job->asked = job->answer;
	int may = prompt_make(job->arena, answerer->store, engine_leaving(job), most_bytes,
			      &job->asked, &prompt, why);
	if (may <= 0)
		return may < 0 ? -1 : post_recalled(job, why);
	if (job->asked.source_count == 0 && turn_is_caused_by_twin(&job->turn))
		return end_without_answer(job, &nothing_new, why);
	if (prompt.model && !twin_may_use(answerer->settings, prompt.model))
		prompt.model = NULL; /* the realm does not offer it any more */
	const struct model_request request = {
		.twin_id = job->answer.turn.twin_id,
		.asker_id = job->answer.turn.asker_id,
		.turn_id = job->turn.id,
		.llm = {.messages = prompt.messages,
			.count = prompt.count,
			.model = prompt.model,
			.most_tokens = REPLY_TOKENS,
			.temperature = LLM_NO_TEMPERATURE,
			.is_streamed = is_chat},
	};
	job->asked.engine = prompt.model ? prompt.model : llm_model(answerer->model.llm);
	int allowed = model_ask(&answerer->model, &request, &ports, job, &job->call, &until, why);
	const struct turn_end refused = {.state = "refused", .reason = "budget", .until = until};
	return allowed == 0 ? end_without_answer(job, &refused, why) : allowed;
}

static int prepare(struct job *job, const struct query_vector *vector, struct problem *why)
{
	struct answerer *answerer = job->answerer;
	int ready = answer_prepare(job->arena, answerer->store, &job->turn, vector,
				   engine_leaving(job), &job->answer, why);
	if (ready <= 0)
		return ready;
	tell_typing(job, true);
	job->typing_at = clock_monotonic();
	return has_model(job) ? ask(job, PROMPT_BYTES, why) : post_recalled(job, why);
}

static void on_vector(void *context, const struct query_vector *vector)
{
	struct job *job = context;
	struct answerer *answerer = job->answerer;
	struct problem why = {0};
	job->vector = NULL;
	store_work_begin(answerer->store);
	settle_job(job, prepare(job, vector, &why), &why);
	store_work_end(answerer->store);
	answerer->ended(answerer->context);
}

/* Asks for the vector of the question, if it may leave. A twin that is not chosen yet costs its
 * asker. */
static int ask_vector(struct job *job, struct problem *why)
{
	struct answerer *answerer = job->answerer;
	const struct turn *turn = &job->turn;
	struct embedding_question question = {.twin_id = turn->twin_id ? turn->twin_id
								       : turn->asker_id,
					      .asker_id = turn->asker_id,
					      .turn_id = turn->id};
	enum leaving leaving;
	int there =
		answer_question(job->arena, answerer->store, turn, &question.text, &leaving, why);
	if (there > 0 && leaving <= embedding_leaving(answerer->embedding))
		job->vector = embedding_ask(answerer->embedding, &question, on_vector, job);
	return there < 0 ? -1 : 0;
}

static int begin(struct job *job, struct problem *why)
{
	if (job->answerer->embedding)
		TRY(ask_vector(job, why));
	return job->vector ? 0 : prepare(job, NULL, why);
}

void answerer_take(struct answerer *answerer, struct arena *arena, const struct turn *turn)
{
	struct problem why = {0};
	struct job *job = xcalloc(1, sizeof(*job));
	job->answerer = answerer;
	job->arena = arena;
	job->turn = *turn;
	job->answer.turn = *turn;
	job->typing_at = clock_monotonic();
	LIST_INSERT_HEAD(&answerer->jobs, job, link);
	answerer->in_work++;
	metrics_count(METRIC_TURNS);
	settle_job(job, begin(job, &why), &why);
}

/* --- while turns are in work ------------------------------------------------------------------ */

static int look_at_job(struct job *job, struct problem *why)
{
	struct answerer *answerer = job->answerer;
	int mine = turn_is_mine(answerer->store, &job->answer.turn, why);
	if (mine > 0)
		mine = tell_so_far(job, why);
	if (mine > 0 && clock_monotonic() - job->typing_at >= TYPING_US) {
		job->typing_at = clock_monotonic();
		tell_typing(job, true);
	}
	return mine;
}

int answerer_look(struct answerer *answerer, struct problem *why)
{
	for (struct job *job = LIST_FIRST(&answerer->jobs), *next; job; job = next) {
		struct problem wrong = {0};
		next = LIST_NEXT(job, link);
		if (job->wrong.code != PROBLEM_NONE) {
			end_job(job);
			continue;
		}
		int mine = look_at_job(job, &wrong);
		if (mine < 0 && problem_info(wrong.code)->retryable) { /* goes for all of them */
			*why = wrong;
			return -1;
		}
		if (mine < 0) /* a turn that cannot be worked on ends alone */
			fail_job(job, &wrong);
		else if (mine == 0)
			end_job(job);
	}
	return 0;
}
