/*
 * Non-interference beside a real ChromaDB and a real Neo4j: what a user finds through them is the
 * same whether or not a thing exists that the user may not see.
 *
 * Each round plans a small random realm, and draws a viewer, one of its things and one of its
 * friendships. The viewer searches knowledge by its meaning, and asks for the paths to all others:
 * while the stores have everything; when the thing and the friendship are gone, but the stores have
 * them still; and when the stores know that, too. What is found is the same each time, as far as a
 * model says that the viewer may see neither of them. At last users get new colleagues, end
 * friendships, block each other and withdraw knowledge, and the stores are not told. What the
 * stores find never changes an answer.
 *
 * AEON_CONFIG names a configuration with both stores. AEON_REALMS says how many realms are planned,
 * AEON_SEED is the first seed, else 1. AEON_TEST_PATIENCE multiplies how long a store may take.
 */
#include <stdio.h>
#include <unistd.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/json_out.h"
#include "provider/configured.h"
#include "provider/http.h"
#include "realm/accounts.h"
#include "realm/knowledge.h"
#include "realm/knowledge_list.h"
#include "realm/knowledge_nearest.h"
#include "realm/path_questions.h"
#include "realm/relationships.h"
#include "realm/search_vectors.h"
#include "store/queries.h"
#include "tests/interference/round.h"
#include "tests/unit/embedder.h"
#include "tests/unit/random.h"
#include "tests/unit/texts.h"
#include "twin/chroma_store.h"
#include "twin/neo4j_store.h"
#include "twin/paths.h"

#define VISIBILITY_GIVEN (1u << 3) /* of knowledge_change_fields */
#define FEW 3                      /* results, so that ChromaDB can decide about them */
#define WAIT_S 60                  /* for a store; then SIGALRM ends the test */

enum showing { TO_NOBODY, TO_FRIENDS, TO_EVERYONE, SHOWINGS };

/* What a round draws beside the plan. */
struct extra {
	int viewer;
	enum showing network[USERS]; /* who may see the relationships of each user */
	int from, to;                /* the friendship that ends; from -1: none */
	/* What changes later: knowledge, friendships, pairs without a bond, and a block. */
	bool withdrawn[THINGS], ended[USERS][USERS], met[USERS][USERS];
	int blocks, blocked;
};

/* What the viewer finds. */
struct view {
	const char *nearest, *paths;
};

/* What the stores have found. */
struct given {
	const char *ids; /* a JSON array; NULL: it came too late */
	const struct path_candidates *paths[USERS];
};

/* A realm, and what aeon-twin has for it. */
struct world {
	struct fixture *f;
	const struct extra *extra;
	struct round round; /* each has users of its own */
	struct settings settings;
	struct http *http;
	struct providers providers;
	struct chroma_store *chroma;
	struct neo4j_store *neo4j;
	struct paths *paths;
	struct given given;
	bool has_ended;   /* a search of ChromaDB */
	int64_t question; /* that waits for Neo4j */
	int to;
};

/* --- the plan --------------------------------------------------------------------------------- */

/* Whether ChromaDB may have its vector. */
static bool may_be_stored(const struct thing *thing)
{
	return thing->kind == KNOWLEDGE || thing->kind == MEMORY;
}

/* A block ends the friendship. */
static bool is_friend(const struct plan *plan, int from, int to)
{
	return plan->bonds[from][to] == FRIEND && plan->bonds[to][from] != BLOCKED;
}

static bool sees_thing(const struct plan *plan, const struct extra *extra)
{
	return user_sees(plan, extra->viewer, &plan->things[plan->hidden]);
}

static bool sees_friendship(const struct plan *plan, const struct extra *extra)
{
	enum showing network = extra->from < 0 ? TO_NOBODY : extra->network[extra->from];
	return network == TO_EVERYONE ||
	       (network == TO_FRIENDS && is_friend(plan, extra->from, extra->viewer));
}

/* The viewer is not in the friendship. */
static void draw_viewer(const struct plan *plan, struct extra *extra)
{
	extra->from = -1;
	for (int from = 0; from < USERS; from++)
		for (int to = 0; to < USERS; to++)
			if (is_friend(plan, from, to) && (extra->from < 0 || draw(2))) {
				extra->from = from;
				extra->to = to;
			}
	do
		extra->viewer = draw(USERS);
	while (extra->from >= 0 && (extra->viewer == extra->from || extra->viewer == extra->to));
	for (int u = 0; u < USERS; u++)
		extra->network[u] = (enum showing)draw(SHOWINGS);
}

/* In most rounds the viewer may see neither the thing nor the friendship. */
static void draw_extra(const struct plan *plan, struct extra *extra)
{
	bool mostly_hidden = draw(4) > 0;
	*extra = (struct extra){.from = -1};
	for (int tries = 0; tries < 20; tries++) {
		draw_viewer(plan, extra);
		if (!mostly_hidden || (!sees_thing(plan, extra) && !sees_friendship(plan, extra)))
			break;
	}
	for (int from = 0; from < USERS; from++)
		for (int to = 0; to < USERS; to++) {
			extra->ended[from][to] = draw(3) == 0;
			extra->met[from][to] = draw(3) == 0;
		}
	for (int i = 0; i < plan->count; i++)
		extra->withdrawn[i] = draw(3) == 0;
	extra->blocks = draw(USERS);
	extra->blocked = (extra->blocks + 1 + draw(USERS - 1)) % USERS;
}

/* --- the realm -------------------------------------------------------------------------------- */

static void set_privacy(struct world *w)
{
	static const char *const names[] = {"nobody", "friends", "everyone"};
	for (int u = 0; u < USERS; u++)
		MUST(privacy_set(w->f->store, w->round.users[u],
				 &(struct privacy){.network = names[w->extra->network[u]],
						   .discoverable = 1},
				 &why));
}

/* Authors make knowledge private, or delete it. */
static void withdraw_some(struct world *w)
{
	static const struct knowledge_change closed = {.visibility = "private",
						       .given = VISIBILITY_GIVEN};
	const struct plan *plan = w->round.plan;
	struct fixture *f = w->f;
	for (int i = 0; i < plan->count; i++) {
		int64_t id = w->round.ids[i], author = w->round.users[plan->things[i].author];
		if (plan->things[i].kind != KNOWLEDGE || !id || !w->extra->withdrawn[i])
			continue;
		if (i % 2)
			MUST(knowledge_delete(f->arena, f->store, author, id, &why));
		else
			MUST(knowledge_update(f->arena, f->store, author, id, &closed, &why));
	}
}

/* Nobody may see more by it: it is no friendship. Users with a block get none. */
static void add_bond(struct world *w, int from, int to, const char *type)
{
	const struct relationship_new relationship = {
		.related_user_id = w->round.users[to], .relationship_type = type, .strength = 1};
	const struct plan *plan = w->round.plan;
	if (plan->bonds[from][to] != BLOCKED && plan->bonds[to][from] != BLOCKED)
		MUST(relationship_put(w->f->arena, w->f->store, w->round.users[from], &relationship,
				      &why));
}

static void change_some(struct world *w)
{
	const struct extra *extra = w->extra;
	withdraw_some(w);
	for (int from = 0; from < USERS; from++)
		for (int to = 0; to < USERS; to++) {
			if (from == extra->from && to == extra->to)
				continue; /* it has ended already */
			if (is_friend(w->round.plan, from, to) && extra->ended[from][to])
				MUST(relationship_delete(w->f->arena, w->f->store,
							 w->round.users[from], w->round.users[to],
							 &why));
			else if (from != to && extra->met[from][to] &&
				 w->round.plan->bonds[from][to] == NO_BOND)
				add_bond(w, from, to, "colleague");
		}
	add_bond(w, extra->blocks, extra->blocked, "blocked");
}

/* --- what the stores find --------------------------------------------------------------------- */

static void run_until(struct world *w, bool (*done)(void *context))
{
	alarm((unsigned)(WAIT_S * setting("AEON_TEST_PATIENCE", 1)));
	http_run(w->http, done, w);
	alarm(0);
}

#define VECTOR_KINDS (1u << PROJECTED_KNOWLEDGE_VECTOR | 1u << PROJECTED_MEMORY_VECTOR)

static int are_current(struct store *store, void *unused, struct problem *why)
{
	(void)unused;
	int vectors = sync_is_current(store, "chroma", VECTOR_KINDS, why);
	return vectors <= 0 ? vectors : sync_is_current(store, GRAPH_STORE, PATH_KINDS, why);
}

static bool is_synced(void *context)
{
	struct world *w = context;
	int current;
	MUST(chroma_store_look(w->chroma, &why));
	MUST(neo4j_store_look(w->neo4j, &why));
	MUST(current = store_read(w->f->store, are_current, NULL, &why));
	return current > 0;
}

static void found(void *context, const int64_t *ids, size_t count)
{
	struct world *w = context;
	struct buf *json = buf_in(w->f->arena);
	w->has_ended = true;
	jw_open(json, '[');
	for (size_t i = 0; i < count; i++)
		jw_int(json, ids[i]);
	jw_close(json, ']');
	w->given.ids = ids ? buf_text(json) : NULL;
}

static bool has_found(void *context)
{
	return ((const struct world *)context)->has_ended;
}

static bool has_paths(void *context)
{
	struct world *w = context;
	int ended;
	MUST(ended = path_question_read(w->f->arena, w->f->store, w->round.users[w->extra->viewer],
					w->round.users[w->to], w->question, &w->given.paths[w->to],
					&why));
	return ended > 0;
}

/* All that the stores find for the viewer. */
static void ask_stores(struct world *w, const struct query_vector *vector)
{
	int64_t viewer = w->round.users[w->extra->viewer];
	w->given = (struct given){.ids = NULL};
	w->has_ended = false;
	assert_true(chroma_store_find(w->chroma, vector, found, w));
	run_until(w, has_found);
	for (w->to = 0; w->to < USERS; w->to++) {
		if (w->to == w->extra->viewer)
			continue;
		MUST(path_question_ask(w->f->store, viewer, w->round.users[w->to], &w->question,
				       &why));
		MUST(paths_look(w->paths, &why));
		run_until(w, has_paths);
		MUST(path_question_end(w->f->store, w->question, &why));
	}
}

/* --- what the viewer finds -------------------------------------------------------------------- */

static const char *nearest(struct world *w, const struct query_vector *vector, const char *ids)
{
	static const struct knowledge_filter all = {.content = "full"};
	static const struct page page = {.limit = FEW};
	const struct search_meaning meaning = {vector, ids};
	struct buf *texts = buf_in(w->f->arena);
	size_t i;
	json_t *list, *item;
	MUST(knowledge_nearest(w->f->arena, w->f->store, w->round.users[w->extra->viewer], &all,
			       &meaning, &page, &w->f->out, &why));
	list = json_loads(take_output(w->f), 0, NULL);
	json_array_foreach(list, i, item)
		buf_printf(texts, "%s\n", json_string_value(json_object_get(item, "content")));
	json_decref(list);
	return buf_text(texts);
}

static const char *paths_to(struct world *w, const struct given *given)
{
	struct buf *paths = buf_in(w->f->arena);
	for (int u = 0; u < USERS; u++) {
		struct problem why = {0};
		if (u == w->extra->viewer)
			continue;
		path_show(w->f->arena, w->f->store, w->round.users[w->extra->viewer],
			  w->round.users[u], given ? given->paths[u] : NULL, &w->f->out, &why);
		assert_true(why.code == PROBLEM_NONE || why.code == PROBLEM_USER_NOT_FOUND);
		buf_printf(paths, "%s\n", why.code ? why.detail : take_output(w->f));
	}
	return buf_text(paths);
}

/* What the stores have found changes nothing. */
static struct view look(struct world *w, const struct query_vector *vector)
{
	const struct view view = {nearest(w, vector, NULL), paths_to(w, NULL)};
	assert_string_equal(nearest(w, vector, w->given.ids), view.nearest);
	assert_string_equal(paths_to(w, &w->given), view.paths);
	return view;
}

/* --- the test --------------------------------------------------------------------------------- */

/* How often each case came. */
struct tally {
	int hidden, found, paths_hidden, paths_found, asked, late, paths_given;
};

static int make(struct store *store, void *context, struct problem *why)
{
	return round_make(context, store, why);
}

static void make_realm(struct world *w, const struct plan *plan, const struct extra *extra,
		       long seed)
{
	struct settings embedding = embedder_settings();
	w->extra = extra;
	w->round = (struct round){.f = w->f, .plan = plan, .with = true, .strength = 1};
	for (int u = 0; u < USERS; u++) {
		const char *name = arena_printf(w->f->arena, "user-%ld-%d", seed, u);
		MUST(q_user_insert(w->f->store, name, name, name, "none", NULL, NULL, "user", false,
				   clock_now(), &w->round.users[u], &why));
	}
	MUST(store_write(w->f->store, make, &w->round, &why));
	set_privacy(w);
	embed_all(w->f, &embedding, "small-1");
}

/* The thing and the friendship that the viewer may not see. */
static void take_away(struct world *w)
{
	const struct plan *plan = w->round.plan;
	const struct thing *thing = &plan->things[plan->hidden];
	int64_t *id = &w->round.ids[plan->hidden];
	if (thing->kind == KNOWLEDGE)
		MUST(knowledge_delete(w->f->arena, w->f->store, w->round.users[thing->author], *id,
				      &why));
	else
		run_sql(w->f, "DELETE FROM twin_memories WHERE content LIKE '%%" MARK "%%'");
	*id = 0;
	if (w->extra->from >= 0)
		MUST(relationship_delete(w->f->arena, w->f->store, w->round.users[w->extra->from],
					 w->round.users[w->extra->to], &why));
}

static void synchronise_and_ask(struct world *w, const struct query_vector *vector,
				struct tally *tally)
{
	run_until(w, is_synced);
	ask_stores(w, vector);
	tally->asked++;
	tally->late += !w->given.ids;
	for (int u = 0; u < USERS; u++)
		tally->paths_given += w->given.paths[u] != NULL;
}

static void check_same(long seed, const char *with, const char *without)
{
	if (strcmp(with, without) != 0)
		fail_msg("AEON_SEED=%ld: with what is hidden:\n%s\nwithout it:\n%s", seed, with,
			 without);
}

static void one_realm(struct world *w, long seed, struct tally *tally)
{
	struct plan plan;
	struct extra extra;
	draw_from((uint64_t)seed);
	do
		plan_draw(&plan);
	while (!may_be_stored(&plan.things[plan.hidden]));
	draw_extra(&plan, &extra);
	make_realm(w, &plan, &extra, seed);
	const struct query_vector *vector = embed_question(w->f, plan.question);
	synchronise_and_ask(w, vector, tally);
	const struct view with = look(w, vector);
	take_away(w);
	const struct view stale = look(w, vector);
	index_all(w->f);
	synchronise_and_ask(w, vector, tally);
	const struct view without = look(w, vector);
	change_some(w);
	look(w, vector);
	bool sees = sees_thing(&plan, &extra), knows = sees_friendship(&plan, &extra);
	check_same(seed, stale.nearest, without.nearest);
	check_same(seed, stale.paths, without.paths);
	if (!sees)
		check_same(seed, with.nearest, without.nearest);
	if (!sees && !knows)
		check_same(seed, with.paths, without.paths);
	tally->found += strcmp(with.nearest, without.nearest) != 0;
	tally->paths_found += strcmp(with.paths, without.paths) != 0;
	tally->hidden += !sees;
	tally->paths_hidden += !sees && extra.from >= 0 && !knows;
	run_sql(w->f, "DELETE FROM twin_memories; DELETE FROM shared_knowledge");
	index_all(w->f);
	arena_reset(w->f->arena);
}

static void hidden_things_do_not_change_what_is_found_through_stores(void **state)
{
	struct world w = {.f = *state};
	struct tally tally = {0};
	long seed = setting("AEON_SEED", 1), realms = setting("AEON_REALMS", 40);
	MUST(settings_load(NULL, &w.settings, &why));
	w.http = http_new(NULL);
	MUST(providers_new(w.http, &w.settings, &w.providers, &why));
	assert_non_null(w.providers.chroma);
	assert_non_null(w.providers.neo4j);
	w.chroma = chroma_store_new(w.http, w.f->store, &w.settings, w.providers.chroma, 1);
	w.neo4j = neo4j_store_new(w.f->store, w.providers.neo4j, 1);
	w.paths = paths_new(w.f->store, w.providers.neo4j);
	print_message("# AEON_SEED=%ld\n", seed);
	for (long i = 0; i < realms; i++)
		one_realm(&w, seed + i, &tally);
	print_message("# %ld realms: hidden %d, with a hidden friendship %d, found by meaning %d, "
		      "other paths %d; ChromaDB was late %d times of %d, Neo4j answered %d times\n",
		      realms, tally.hidden, tally.paths_hidden, tally.found, tally.paths_found,
		      tally.late, tally.asked, tally.paths_given);
	assert_true(tally.late < tally.asked && tally.paths_given);
	assert_true(realms < 200 ||
		    (tally.hidden && tally.paths_hidden && tally.found && tally.paths_found));
	paths_free(&w.paths);
	neo4j_store_free(&w.neo4j);
	chroma_store_free(&w.chroma);
	providers_free(&w.providers);
	http_free(&w.http);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_REALM(hidden_things_do_not_change_what_is_found_through_stores),
	};
	return cmocka_run_group_tests_name("interference beside stores", tests, NULL, NULL);
}
