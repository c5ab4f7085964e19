/*
 * Non-interference: what a twin finds, says and cites for its readers is the same whether or not a
 * thing exists that one of them may not see.
 *
 * Each round plans a small random realm, draws one of its things and an audience, and makes the
 * realm twice: with the thing and without it. A model in plan.c, which shares nothing with the
 * queries, says whether the audience may see the thing. If not, every byte that the audience gets
 * is the same in both realms, by words and by vectors. If so, the thing is found; otherwise the
 * test would prove nothing. Strengths of relationships differ in both realms.
 *
 * That goes for the requests to a language model, too, whether it is on this machine or on another
 * one. A memory that must not leave the machine is used, but is in no request. An embedder gets
 * each text once for all twins: a text that it may not get changes none of its requests.
 *
 * A search of all knowledge by its meaning is the same without a store of vectors, with one that is
 * up to date, and with a stale one, which still has what was hidden or deleted since.
 *
 * A hidden message of a room that the audience may read is not left out but has another text: that
 * it is there, the room's numbers tell (realm/sources.h).
 *
 * AEON_REALMS says how many realms, AEON_SEED is the first seed, else 1.
 */
#include <stdio.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/json_out.h"
#include "realm/knowledge.h"
#include "realm/knowledge_list.h"
#include "realm/knowledge_nearest.h"
#include "realm/messages.h"
#include "realm/recall.h"
#include "realm/search_vectors.h"
#include "realm/settings.h"
#include "store/queries.h"
#include "tests/interference/round.h"
#include "tests/unit/clock.h"
#include "tests/unit/embedder.h"
#include "tests/unit/random.h"
#include "twin/prompt.h"

#define FEW 3                           /* results, so that a store can decide about them */
#define GONE 1000000                    /* id of deleted knowledge */
#define LATER (2 * 3600 * CLOCK_SECOND) /* then all texts are looked at again */

/* --- the requests to the embedder ------------------------------------------------------------- */

static const char *embed_at(struct round *r, const struct settings *settings, enum leaving leaving)
{
	struct buf *out = buf_in(r->f->arena);
	for (;;) {
		struct vector_batch batch = claim_leaving(r->f, settings, 1, leaving);
		if (batch.count == 0)
			return buf_text(out);
		buf_puts(out, "a request\n");
		for (size_t i = 0; i < batch.count; i++)
			buf_printf(out, "%s\n", batch.texts[i].content);
		answer_batch(r->f, settings, &batch, "small-1");
	}
}

/* At each level the embedder gets what it may not get at those before. */
static void embed_texts(struct round *r)
{
	struct settings settings = embedder_settings();
	for (int leaving = LEAVE_PUBLIC; leaving <= LEAVE_ALL; leaving++) {
		r->embedded[leaving] = embed_at(r, &settings, (enum leaving)leaving);
		now += LATER;
	}
}

/* --- what the audience gets ------------------------------------------------------------------- */

/* All of it, ids aside: they count what others wrote, too. */
static int find_with(struct round *r, struct store *store, const char *question,
		     const struct query_vector *vector, const char **found_r, struct problem *why)
{
	struct buf *out = buf_in(r->f->arena);
	struct source *sources;
	struct reply reply;
	size_t count;
	TRY(sources_find(r->f->arena, store, &r->answer.audience, LEAVE_NEVER, question, vector,
			 NULL, 50, &sources, &count, why));
	for (size_t i = 0; i < count; i++)
		buf_printf(out, "%s by %s at %lld: %s (%d %d %d %.17g)\n",
			   source_kind_name(sources[i].id.kind), sources[i].author_name,
			   (long long)sources[i].created_at, sources[i].content,
			   sources[i].text_rank, sources[i].nearby_rank, sources[i].vector_rank,
			   sources[i].score);
	TRY(recall_answer(r->f->arena, store, r->plan->question, sources, count, &reply, why));
	buf_printf(out, "%s\n", reply.text);
	for (size_t i = 0; i < reply.cited_count; i++)
		buf_printf(out, "cites %zu\n", reply.cited[i]);
	*found_r = buf_text(out);
	return 0;
}

/* By words, by words and meaning, and by meaning alone. */
static int find(struct round *r, struct store *store, struct problem *why)
{
	const struct plan *plan = r->plan;
	const struct query_vector *vector = embed_question(r->f, plan->question);
	const char *by_words, *by_both;
	r->answer = (struct answer){
		.question = plan->question,
		.vector = vector,
		.audience = {.to = plan->to,
			     .owner = r->users[plan->owner],
			     .reader = r->users[plan->reader],
			     .room_id = r->rooms[plan->room],
			     .thread = plan->thread >= 0 ? r->ids[plan->thread] : 0}};
	TRY(find_with(r, store, plan->question, NULL, &by_words, why));
	TRY(find_with(r, store, plan->question, vector, &by_both, why));
	TRY(find_with(r, store, "", vector, &r->near, why));
	r->found = arena_printf(r->f->arena, "%s\nwith vectors:\n%s", by_words, by_both);
	return 0;
}

/* --- the requests for an answer --------------------------------------------------------------- */

/* The question, as what causes the answer: 1, or 0 when nobody can ask it there. */
static int make_cause(struct round *r, struct store *store, struct turn *turn, struct problem *why)
{
	const struct plan *plan = r->plan;
	const struct message_new message = {.content = plan->question, .message_type = "text"};
	struct message_posted posted;
	int64_t id = plan->thread >= 0 ? r->ids[plan->thread] : 0;
	*turn = (struct turn){
		.twin_id = r->users[plan->owner],
		.asker_id = r->users[plan->to == ANSWER_TO_OWNER ? plan->owner : plan->reader]};
	if (plan->to == ANSWER_TO_OWNER) {
		turn->cause = CAUSE_CHAT;
		TRY(say_to_twin(r, store, plan->owner, plan->question, &id, why));
	} else if (plan->to == ANSWER_TO_ROOM) {
		if (!plan->is_in[plan->room][plan->owner] || !plan->is_in[plan->room][plan->reader])
			return 0;
		turn->cause = CAUSE_MESSAGE;
		TRY(message_post(r->f->arena, store, turn->asker_id, r->rooms[plan->room], &message,
				 &posted, why));
		turn->cause_id = arena_strdup(r->f->arena, posted.id);
		return 1;
	} else if (plan->to == ANSWER_TO_TWIN) {
		return 0; /* the twin that asks gives the texts to its own model */
	} else {
		const struct thing *thread = &plan->things[plan->thread];
		if (plan->thread < 0 ||
		    thread->author + thread->other != plan->owner + plan->reader)
			return 0;
		turn->cause = thread->other == plan->owner ? CAUSE_INTERACTION : CAUSE_RESPONSE;
	}
	turn->cause_id = arena_printf(r->f->arena, "%lld", (long long)id);
	return 1;
}

/* The question goes to the embedder, if it may. */
static int write_question(struct round *r, struct store *store, const struct turn *turn,
			  struct problem *why)
{
	const char *question;
	enum leaving leaving;
	int there = answer_question(r->f->arena, store, turn, &question, &leaving, why);
	if (there > 0)
		r->question = arena_printf(r->f->arena, "from level %d: %s", leaving, question);
	return there;
}

static int write_prompts(struct round *r, struct store *store, struct problem *why)
{
	struct buf *out = buf_in(r->f->arena);
	struct turn turn;
	int asked = make_cause(r, store, &turn, why);
	TRY(asked);
	if (asked)
		TRY(write_question(r, store, &turn, why));
	for (int leaving = LEAVE_PUBLIC; asked && leaving <= LEAVE_ALL; leaving++) {
		struct answer answer = r->answer;
		struct prompt prompt = {.count = 0};
		answer.turn = turn;
		answer.turn.root_kind = turn_cause_name(turn.cause);
		answer.turn.root_id = turn.cause_id;
		TRY(prompt_make(r->f->arena, store, leaving, PROMPT_BYTES, &answer, &prompt, why));
		for (size_t i = 0; i < prompt.count; i++)
			buf_printf(out, "%d %s: %s\n", leaving, prompt.messages[i].role,
				   prompt.messages[i].text);
	}
	r->prompts = buf_text(out);
	return 0;
}

/* The texts of the list that was written. */
static const char *texts_of_list(struct round *r)
{
	struct buf *texts = buf_in(r->f->arena);
	size_t i;
	json_t *list = json_loads(take_output(r->f), 0, NULL), *item;
	json_array_foreach(list, i, item)
		buf_printf(texts, "%s\n", json_string_value(json_object_get(item, "content")));
	json_decref(list);
	return buf_text(texts);
}

static int search_knowledge(struct round *r, struct store *store, struct problem *why)
{
	struct page page = {.limit = 50};
	struct knowledge_filter filter = {.q = r->plan->question, .content = "full"};
	TRY(knowledge_list(r->f->arena, store, r->users[r->plan->owner], &filter, &page, &r->f->out,
			   why));
	r->searched = texts_of_list(r);
	return 0;
}

/*
 * What a store of vectors has: knowledge that is public, or all that was ever written, when it has
 * missed what was hidden or deleted since.
 */
static const char *store_found(struct round *r, bool is_stale)
{
	struct buf *ids = buf_in(r->f->arena);
	jw_open(ids, '[');
	for (int i = 0; i < r->plan->count; i++) {
		const struct thing *thing = &r->plan->things[i];
		if (thing->kind == KNOWLEDGE &&
		    (is_stale || (thing->openness == PUBLIC && r->ids[i])))
			jw_int(ids, r->ids[i] ? r->ids[i] : GONE);
	}
	jw_close(ids, ']');
	return buf_text(ids);
}

/* A store that helps changes nothing, whether it is up to date or stale. */
static int search_by_meaning(struct round *r, struct store *store, struct problem *why)
{
	const struct knowledge_filter filter = {.content = "full"};
	const struct page page = {.limit = FEW};
	const char *found[] = {NULL, store_found(r, false), store_found(r, true)};
	for (size_t i = 0; i < sizeof(found) / sizeof(*found); i++) {
		const struct search_meaning meaning = {embed_question(r->f, r->plan->question),
						       found[i]};
		TRY(knowledge_nearest(r->f->arena, store, r->users[r->plan->owner], &filter,
				      &meaning, &page, &r->f->out, why));
		const char *texts = texts_of_list(r);
		if (i > 0)
			assert_string_equal(texts, r->nearest);
		r->nearest = texts;
	}
	return 0;
}

static int make_realm(struct store *store, void *context, struct problem *why)
{
	struct round *r = context;
	TRY(round_make(r, store, why));
	embed_texts(r);
	TRY(find(r, store, why));
	TRY(search_knowledge(r, store, why));
	TRY(search_by_meaning(r, store, why));
	TRY(write_prompts(r, store, why));
	return problem_set(why, PROBLEM_FORBIDDEN); /* the realm is rolled back */
}

static void run(struct round *r, struct fixture *f, const struct plan *plan, bool with)
{
	struct problem why = {0};
	*r = (struct round){.f = f,
			    .plan = plan,
			    .with = with,
			    .strength = with ? 1 : 0.2,
			    .question = "",
			    .users = {f->ada, f->ben, f->cleo, f->dora}};
	store_write(f->store, make_realm, r, &why);
	if (why.code != PROBLEM_FORBIDDEN)
		fail_msg("%s %s %s", why.detail, why.cause, why.errors ? why.errors : "");
}

/* --- the test --------------------------------------------------------------------------------- */

/* How often each case came. */
struct tally {
	int hidden, used, searches, nearest, prompts, prompted, near, embedded, kept_back;
};

static void check_same(long seed, const char *with, const char *without)
{
	if (strcmp(with, without) == 0)
		return;
	print_error("with the hidden thing:\n%s", with);
	print_error("without it:\n%s", without);
	fail_msg("AEON_SEED=%ld", seed);
}

static void check_has(long seed, const char *what, const char *text, const char *where)
{
	if (!strstr(where, text))
		fail_msg("AEON_SEED=%ld: \"%s\" is not %s:\n%s", seed, text, what, where);
}

/* Nothing of the thing that may not leave decides what the embedder gets; what may leave, it gets.
 */
static void check_embedded(long seed, const struct thing *thing, const struct round *with,
			   const struct round *without, struct tally *tally)
{
	enum leaving text = least_leaving(with->plan, thing, false),
		     response = least_leaving(with->plan, thing, true);
	for (int leaving = LEAVE_PUBLIC; leaving <= LEAVE_ALL; leaving++)
		if ((int)text != leaving && (int)response != leaving) {
			check_same(seed, with->embedded[leaving], without->embedded[leaving]);
			tally->kept_back++;
		}
	if (text == LEAVE_NEVER)
		return;
	check_has(seed, "embedded", thing->text, with->embedded[text]);
	tally->embedded++;
}

/* The model on this machine gets it, too. */
static void check_used(long seed, const struct round *with, const struct thing *thing,
		       struct tally *tally)
{
	check_has(seed, "found", MARK, with->found);
	tally->used++;
	if (thing->is_local)
		return;
	check_has(seed, "found by its meaning", MARK, with->near);
	tally->near++;
	if (!*with->prompts)
		return;
	check_has(seed, "in a request", thing->text, with->prompts);
	tally->prompted++;
}

static void one_realm(struct fixture *f, long seed, struct tally *tally)
{
	struct plan plan;
	struct round with, without;
	draw_from((uint64_t)seed);
	plan_draw(&plan);
	const struct thing *thing = &plan.things[plan.hidden];
	bool asked_for = strstr(plan.question, MARK) != NULL, is_used = may_draw_on(&plan, thing);
	run(&with, f, &plan, true);
	run(&without, f, &plan, false);
	check_embedded(seed, thing, &with, &without, tally);
	if (is_used && asked_for)
		check_used(seed, &with, thing, tally);
	if (is_used && !thing->is_local)
		return;
	check_same(seed, with.question, without.question);
	check_same(seed, with.prompts, without.prompts);
	tally->prompts += *with.prompts != '\0';
	if (is_used)
		return;
	check_same(seed, with.found, without.found);
	check_same(seed, with.near, without.near);
	tally->hidden++;
	if (user_sees(&plan, plan.owner, thing))
		return;
	check_same(seed, with.nearest, without.nearest);
	tally->nearest++;
	/* Public texts give the weights of a search, also those by users with a block. */
	if (thing->openness == PUBLIC)
		return;
	check_same(seed, with.searched, without.searched);
	tally->searches++;
}

static void hidden_things_do_not_change_what_anybody_gets(void **state)
{
	struct fixture *f = *state;
	struct tally tally = {0};
	long seed = setting("AEON_SEED", 1), realms = setting("AEON_REALMS", 200);
	print_message("# AEON_SEED=%ld\n", seed);
	for (long i = 0; i < realms; i++) {
		one_realm(f, seed + i, &tally);
		arena_reset(f->arena);
	}
	print_message("# %ld realms: hidden %d, found %d, by meaning %d, searches %d, nearest "
		      "%d, requests "
		      "%d, in requests %d, embedded %d, not embedded %d\n",
		      realms, tally.hidden, tally.used, tally.near, tally.searches, tally.nearest,
		      tally.prompts, tally.prompted, tally.embedded, tally.kept_back);
	assert_true(realms < 100 ||
		    (tally.hidden && tally.used && tally.near && tally.searches && tally.nearest &&
		     tally.prompts && tally.prompted && tally.embedded && tally.kept_back));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_REALM(hidden_things_do_not_change_what_anybody_gets),
	};
	return cmocka_run_group_tests_name("interference", tests, NULL, NULL);
}
