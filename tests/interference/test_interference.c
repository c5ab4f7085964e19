/*
 * Non-interference: what a twin finds, says and cites for its readers is the same whether or not a
 * thing exists that one of them may not see.
 *
 * Each round plans a small random realm, draws one of its things and an audience, and makes the
 * realm twice: with the thing and without it. A model in this file, which shares nothing with the
 * queries, says whether the audience may see the thing. If not, every byte that the audience gets
 * is the same in both realms. If so, the thing is found; otherwise the test would prove nothing.
 * Strengths of relationships differ in both realms.
 *
 * That goes for the request to a language model, too, whether it is on this machine or on another
 * one. A memory that must not leave the machine is used, but is in no request.
 *
 * A hidden message of a room that the audience may read is not left out but has another text: that
 * it is there, the room's numbers tell (realm/sources.h).
 *
 * AEON_REALMS says how many realms, AEON_SEED repeats a run.
 */
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "base/clock.h"
#include "realm/indexing.h"
#include "realm/interactions.h"
#include "realm/knowledge.h"
#include "realm/knowledge_list.h"
#include "realm/memories.h"
#include "realm/messages.h"
#include "realm/moderation.h"
#include "realm/recall.h"
#include "realm/relationships.h"
#include "realm/rooms.h"
#include "realm/sources.h"
#include "store/queries.h"
#include "tests/unit/test.h"
#include "twin/prompt.h"

#define USERS 4
#define ROOMS 3
#define THINGS 24
#define MARK "zebra" /* only the thing that may be hidden has this word */
#define BEGAN 1700000000000000

/* The program's clock is the one of the test, so that both realms have the same times. */
static int64_t now = BEGAN;
int64_t __wrap_clock_now(void);
int64_t __wrap_clock_now(void)
{
	return now;
}

static uint64_t seed_state;

/* SplitMix64 (G. Steele, D. Lea, C. Flood 2014). */
static int draw(int below)
{
	uint64_t z = seed_state += 0x9e3779b97f4a7c15;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return (int)((z ^ (z >> 31)) % (uint64_t)below);
}

/* --- the plan of a realm ---------------------------------------------------------------------- */

enum thing_kind { MESSAGE, KNOWLEDGE, INTERACTION, MEMORY, CHAT, KINDS };
enum bond { NO_BOND, FRIEND, BLOCKED };
enum openness { PUBLIC, FRIENDS, PRIVATE };

struct thing {
	enum thing_kind kind;
	int author, other, room; /* `other` is the target of an interaction */
	enum openness openness;
	bool is_local; /* of a memory */
	int parent;    /* of an interaction; -1: none */
	char text[120], response[120];
};

struct plan {
	enum bond bonds[USERS][USERS]; /* from, to */
	bool is_public[ROOMS], is_in[ROOMS][USERS];
	struct thing things[THINGS];
	int count, hidden; /* the thing that is left out */
	enum answer_to to;
	int owner, reader, room, thread; /* of the audience; thread: a thing, or -1 */
	char question[120];
};

static void draw_words(char text[120], int most, bool marked)
{
	static const char *const words[] = {"bread",  "river", "lamp",   "stone",
					    "garden", "train", "winter", "paper"};
	text[0] = '\0';
	if (marked)
		strcat(text, MARK " ");
	for (int i = 1 + draw(most); i > 0; i--) {
		strcat(text, words[draw(8)]);
		strcat(text, i > 1 ? " " : "");
	}
}

static void draw_thing(struct plan *plan, int i)
{
	struct thing *thing = &plan->things[i];
	*thing = (struct thing){.kind = draw(KINDS), .author = draw(USERS), .parent = -1};
	thing->other = (thing->author + 1 + draw(USERS - 1)) % USERS;
	thing->openness = thing->kind == INTERACTION ? draw(3) / 2 * PRIVATE : draw(3);
	thing->is_local = thing->kind == MEMORY && draw(3) == 0;
	thing->room = draw(ROOMS);
	if (thing->kind == MESSAGE && !plan->is_in[thing->room][thing->author])
		thing->author = 0; /* is in all rooms */
	int parent = draw(i + 1) - 1;
	bool is_side = parent >= 0 && plan->things[parent].kind == INTERACTION &&
		       (plan->things[parent].author == thing->author ||
			plan->things[parent].other == thing->author);
	if (thing->kind == INTERACTION && is_side)
		thing->parent = parent;
	draw_words(thing->text, 5, i == plan->hidden);
	draw_words(thing->response, 4, false);
}

static void draw_plan(struct plan *plan)
{
	*plan = (struct plan){.count = 8 + draw(THINGS - 8), .thread = -1};
	plan->hidden = draw(plan->count);
	for (int r = 0; r < ROOMS; r++) {
		plan->is_public[r] = draw(3) == 0;
		for (int u = 0; u < USERS; u++)
			plan->is_in[r][u] = u == 0 || draw(2);
	}
	for (int from = 0; from < USERS; from++)
		for (int to = 0; to < USERS; to++)
			if (from != to && plan->bonds[to][from] != BLOCKED)
				plan->bonds[from][to] = draw(6) == 0 ? BLOCKED
							: draw(2)    ? FRIEND
								     : NO_BOND;
	for (int i = 0; i < plan->count; i++)
		draw_thing(plan, i);
	plan->to = draw(4);
	plan->owner = draw(USERS);
	plan->reader = (plan->owner + 1 + draw(USERS - 1)) % USERS;
	plan->room = draw(ROOMS);
	int thread = draw(plan->count);
	if (thread != plan->hidden && plan->things[thread].kind == INTERACTION)
		plan->thread = thread;
	draw_words(plan->question, 3, draw(2));
}

/* --- the model -------------------------------------------------------------------------------- */

static bool are_apart(const struct plan *plan, int one, int other)
{
	return plan->bonds[one][other] == BLOCKED || plan->bonds[other][one] == BLOCKED;
}

static bool user_sees(const struct plan *plan, int user, const struct thing *thing)
{
	bool own = thing->author == user;
	if (are_apart(plan, user, thing->author))
		return false;
	if (thing->kind == CHAT)
		return own;
	if (thing->kind == MESSAGE)
		return plan->is_public[thing->room] || plan->is_in[thing->room][user];
	if (thing->kind != INTERACTION)
		return own || thing->openness == PUBLIC ||
		       (thing->openness == FRIENDS && plan->bonds[thing->author][user] == FRIEND);
	return !are_apart(plan, user, thing->other) &&
	       (own || thing->other == user || thing->openness == PUBLIC);
}

static bool both_see(const struct plan *plan, const struct thing *thing)
{
	return user_sees(plan, plan->owner, thing) &&
	       (plan->to == ANSWER_TO_OWNER || user_sees(plan, plan->reader, thing));
}

static bool in_thread(const struct plan *plan, const struct thing *thing)
{
	for (int i = plan->thread; i >= 0; i = plan->things[i].parent) {
		if (&plan->things[i] == thing)
			return true;
		if (!both_see(plan, &plan->things[i]))
			return false;
	}
	return false;
}

/* Whether an answer to the plan's audience may draw on the thing. */
static bool may_draw_on(const struct plan *plan, const struct thing *thing)
{
	if (!both_see(plan, thing))
		return false;
	if (thing->kind == MEMORY && thing->author != plan->owner)
		return false;
	if (plan->to == ANSWER_TO_OWNER)
		return true;
	if (thing->kind == MESSAGE)
		return plan->is_public[thing->room] || plan->to == ANSWER_TO_PAIR ||
		       (plan->to == ANSWER_TO_ROOM && thing->room == plan->room);
	if (thing->kind == KNOWLEDGE || thing->kind == MEMORY)
		return plan->to == ANSWER_TO_PAIR || thing->openness == PUBLIC;
	return thing->kind == INTERACTION && in_thread(plan, thing) &&
	       (plan->to == ANSWER_TO_PAIR ||
		(plan->to == ANSWER_TO_ALL && thing->openness == PUBLIC));
}

/* --- the realm -------------------------------------------------------------------------------- */

struct round {
	struct fixture *f;
	const struct plan *plan;
	bool with;
	int64_t users[USERS], ids[THINGS]; /* of interactions */
	const char *rooms[ROOMS], *conversations[USERS];
	struct answer answer;
	const char *found;    /* what the audience gets */
	const char *prompts;  /* what models get for it; "": no model is asked */
	const char *searched; /* what its owner finds as knowledge */
};

static int make_rooms(struct round *r, struct store *store, struct problem *why)
{
	for (int i = 0; i < ROOMS; i++) {
		struct room_new room = {.name = "A room",
					.is_public = r->plan->is_public[i],
					.max_participants = 50};
		TRY(room_create(r->f->arena, store, r->users[0], &room, &r->rooms[i], why));
		for (int u = 1; u < USERS; u++) {
			if (!r->plan->is_in[i][u])
				continue;
			if (!room.is_public)
				TRY(room_invite(r->f->arena, store, r->users[0], r->rooms[i],
						r->users[u], why));
			TRY(room_join(r->f->arena, store, r->users[u], r->rooms[i], why));
		}
	}
	return 0;
}

static int make_interaction(struct round *r, struct store *store, int i, struct problem *why)
{
	const struct thing *thing = &r->plan->things[i];
	struct interaction_response response = {.response_content = thing->response};
	struct interaction_new asked = {.target_aeon_user_id = r->users[thing->other],
					.parent_id = thing->parent >= 0 ? r->ids[thing->parent] : 0,
					.interaction_type = "question",
					.content = thing->text,
					.is_public = thing->openness == PUBLIC};
	TRY(interaction_create(r->f->arena, store, r->users[thing->author], &asked, &r->ids[i],
			       why));
	return interaction_respond(r->f->arena, store, r->users[thing->other], r->ids[i], &response,
				   why);
}

static int say_to_twin(struct round *r, struct store *store, int user, const char *text,
		       int64_t *line_r, struct problem *why)
{
	const char *id = r->conversations[user];
	if (!id) {
		id = arena_printf(r->f->arena, "00000000-0000-7000-8000-%012d", user);
		TRY(q_conversation_insert(store, id, r->users[user], now, why));
		r->conversations[user] = id;
	}
	return q_chat_line_insert(store, id, text, NULL, now, line_r, why);
}

static int make_thing(struct round *r, struct store *store, int i, struct problem *why)
{
	static const char *const openness[] = {"public", "friends", "private"};
	const struct thing *thing = &r->plan->things[i];
	bool left_out = !r->with && i == r->plan->hidden;
	struct message_posted posted;
	int64_t id;
	struct message_new message = {.content = left_out ? "another text" : thing->text,
				      .message_type = "text"};
	struct knowledge_new note = {.content = thing->text,
				     .knowledge_type = "note",
				     .visibility = openness[thing->openness]};
	now = BEGAN + (int64_t)i * 3600 * CLOCK_SECOND;
	if (thing->kind == MESSAGE) {
		bool is_counted = r->plan->is_public[thing->room] ||
				  r->plan->is_in[thing->room][r->plan->owner];
		return left_out && !is_counted
			       ? 0
			       : message_post(r->f->arena, store, r->users[thing->author],
					      r->rooms[thing->room], &message, &posted, why);
	}
	if (left_out)
		return 0;
	struct memory_new memory = {.content = thing->text,
				    .memory_type = "note",
				    .importance = 5,
				    .visibility = openness[thing->openness],
				    .local_only = thing->is_local};
	bool is_new;
	int64_t author = r->users[thing->author];
	switch (thing->kind) {
	case KNOWLEDGE:
		return knowledge_create(r->f->arena, store, author, &note, &id, why);
	case MEMORY:
		return memory_add(store, author, &memory, &id, &is_new, why);
	case CHAT:
		return say_to_twin(r, store, thing->author, thing->text, &id, why);
	default:
		return make_interaction(r, store, i, why);
	}
}

static int make_bonds_of(struct round *r, struct store *store, enum bond bond, struct problem *why)
{
	for (int from = 0; from < USERS; from++)
		for (int to = 0; to < USERS; to++) {
			struct relationship_new relationship = {
				.related_user_id = r->users[to],
				.relationship_type = bond == FRIEND ? "friend" : "blocked",
				.strength = r->with ? 1 : 0.2};
			if (r->plan->bonds[from][to] == bond)
				TRY(relationship_put(r->f->arena, store, r->users[from],
						     &relationship, why));
		}
	return 0;
}

/* Everything that the audience gets, ids aside: they count what others wrote, too. */
static int find(struct round *r, struct store *store, struct problem *why)
{
	const struct plan *plan = r->plan;
	struct audience audience = {.to = plan->to,
				    .owner = r->users[plan->owner],
				    .reader = r->users[plan->reader],
				    .room_id = r->rooms[plan->room],
				    .thread = plan->thread >= 0 ? r->ids[plan->thread] : 0};
	struct buf *out = buf_in(r->f->arena);
	struct source *sources;
	struct reply reply;
	size_t count;
	TRY(sources_find(r->f->arena, store, &audience, LEAVE_NEVER, plan->question, NULL, NULL, 50,
			 &sources, &count, why));
	for (size_t i = 0; i < count; i++)
		buf_printf(out, "%s by %s at %lld: %s (%d %d %d %.17g)\n",
			   source_kind_name(sources[i].id.kind), sources[i].author_name,
			   (long long)sources[i].created_at, sources[i].content,
			   sources[i].text_rank, sources[i].nearby_rank, sources[i].vector_rank,
			   sources[i].score);
	TRY(recall_answer(r->f->arena, store, plan->question, sources, count, &reply, why));
	buf_printf(out, "%s\n", reply.text);
	for (size_t i = 0; i < reply.cited_count; i++)
		buf_printf(out, "cites %zu\n", reply.cited[i]);
	r->found = buf_text(out);
	r->answer = (struct answer){.question = plan->question, .audience = audience};
	return 0;
}

/* --- the request to a model -------------------------------------------------------------------
 */

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

static int write_prompts(struct round *r, struct store *store, struct problem *why)
{
	struct buf *out = buf_in(r->f->arena);
	struct turn turn;
	int asked = make_cause(r, store, &turn, why);
	TRY(asked);
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

static int search_knowledge(struct round *r, struct store *store, struct problem *why)
{
	struct page page = {.limit = 50};
	struct knowledge_filter filter = {.q = r->plan->question};
	struct buf *list = buf_in(r->f->arena);
	size_t i;
	TRY(knowledge_list(r->f->arena, store, r->users[r->plan->owner], &filter, &page, &r->f->out,
			   why));
	json_t *found = json_loads(take_output(r->f), 0, NULL), *item;
	json_array_foreach(found, i, item)
		buf_printf(list, "%s\n", json_string_value(json_object_get(item, "content")));
	json_decref(found);
	r->searched = buf_text(list);
	return 0;
}

static int make_realm(struct store *store, void *context, struct problem *why)
{
	struct round *r = context;
	int done;
	TRY(make_rooms(r, store, why));
	for (int i = 0; i < r->plan->count; i++)
		TRY(make_thing(r, store, i, why));
	/* Blocks come last: users with a block cannot invite, ask and befriend each other. */
	TRY(make_bonds_of(r, store, FRIEND, why));
	TRY(make_bonds_of(r, store, BLOCKED, why));
	do
		TRY(done = index_text(store, why));
	while (done > 0);
	TRY(find(r, store, why));
	TRY(search_knowledge(r, store, why));
	TRY(write_prompts(r, store, why));
	return problem_set(why, PROBLEM_FORBIDDEN); /* the realm is rolled back */
}

static void run(struct round *r, struct fixture *f, const struct plan *plan, bool with)
{
	struct problem why = {0};
	*r = (struct round){
		.f = f, .plan = plan, .with = with, .users = {f->ada, f->ben, f->cleo, f->dora}};
	store_write(f->store, make_realm, r, &why);
	if (why.code != PROBLEM_FORBIDDEN)
		fail_msg("%s %s %s", why.detail, why.cause, why.errors ? why.errors : "");
}

/* --- the test --------------------------------------------------------------------------------- */

static long setting(const char *name, long otherwise)
{
	const char *value = getenv(name);
	return value && *value ? strtol(value, NULL, 10) : otherwise;
}

/* How often each case came. */
struct tally {
	int hidden, used, searches, prompts, prompted;
};

static void check_same(long seed, const char *with, const char *without)
{
	if (strcmp(with, without) == 0)
		return;
	print_error("with the hidden thing:\n%s", with);
	print_error("without it:\n%s", without);
	fail_msg("AEON_SEED=%ld", seed);
}

/* The model on this machine gets it, too. */
static void check_used(long seed, const struct round *with, const struct thing *thing)
{
	if (!strstr(with->found, MARK))
		fail_msg("AEON_SEED=%ld: the thing is not found:\n%s", seed, with->found);
	if (!thing->is_local && *with->prompts && !strstr(with->prompts, thing->text))
		fail_msg("AEON_SEED=%ld: \"%s\" is in no request:\n%s", seed, thing->text,
			 with->prompts);
}

static void one_realm(struct fixture *f, long seed, struct tally *tally)
{
	struct plan plan;
	struct round with, without;
	seed_state = (uint64_t)seed;
	draw_plan(&plan);
	const struct thing *thing = &plan.things[plan.hidden];
	bool asked_for = strstr(plan.question, MARK) != NULL, is_used = may_draw_on(&plan, thing);
	run(&with, f, &plan, true);
	if (is_used && asked_for) {
		check_used(seed, &with, thing);
		tally->used++;
		tally->prompted += !thing->is_local && *with.prompts;
	}
	if (is_used && !thing->is_local)
		return;
	run(&without, f, &plan, false);
	check_same(seed, with.prompts, without.prompts);
	tally->prompts += *with.prompts != '\0';
	if (is_used)
		return;
	check_same(seed, with.found, without.found);
	tally->hidden++;
	/* Public texts give the weights of a search, also those by users with a block. */
	if (user_sees(&plan, plan.owner, thing) || thing->openness == PUBLIC)
		return;
	check_same(seed, with.searched, without.searched);
	tally->searches++;
}

static void hidden_things_do_not_change_what_anybody_gets(void **state)
{
	struct fixture *f = *state;
	struct tally tally = {0};
	long seed = setting("AEON_SEED", (long)(clock_monotonic() % 1000000000)),
	     realms = setting("AEON_REALMS", 200);
	print_message("# AEON_SEED=%ld\n", seed);
	for (long i = 0; i < realms; i++) {
		one_realm(f, seed + i, &tally);
		arena_reset(f->arena);
	}
	print_message(
		"# %ld realms: hidden %d, found %d, searches %d, requests %d, in requests %d\n",
		realms, tally.hidden, tally.used, tally.searches, tally.prompts, tally.prompted);
	assert_true(realms < 100 || (tally.hidden > 0 && tally.used > 0 && tally.searches > 0 &&
				     tally.prompts > 0 && tally.prompted > 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_REALM(hidden_things_do_not_change_what_anybody_gets),
	};
	return cmocka_run_group_tests_name("interference", tests, NULL, NULL);
}
