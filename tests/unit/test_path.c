/*
 * realm/path: the path that is found is the best of all paths.
 *
 * Small random realms with few different strengths, so that many paths are equally strong. Every
 * path is compared with the best one of all that there are.
 */
#include <jansson.h>

#include "base/clock.h"
#include "realm/accounts.h"
#include "realm/path.h"
#include "store/queries.h"
#include "tests/unit/test.h"

#define USERS 11
#define REALMS 20
#define STEPS 4

struct world {
	struct fixture *f;
	int64_t ids[USERS];
	int64_t last_interaction;
	bool is_open[USERS];
	int halvings[USERS][USERS]; /* of the strength 1; -1: no relationship */
	uint64_t dice;
	/* The best path that was found yet. */
	int best_steps, best_halvings;
	int best[STEPS + 1], way[STEPS + 1];
};

static unsigned throw_dice(struct world *w, unsigned sides)
{
	w->dice ^= w->dice << 13, w->dice ^= w->dice >> 7, w->dice ^= w->dice << 17;
	return (unsigned)(w->dice % sides);
}

static void add_users(struct world *w)
{
	for (int i = 0; i < USERS; i++) {
		char name[20];
		snprintf(name, sizeof(name), "user-%d", i);
		MUST(q_user_insert(w->f->store, name, name, name, "none", NULL, NULL, "user", false,
				   w->last_interaction, &w->ids[i], &why));
	}
}

static void relate(struct world *w, int from, int to)
{
	static const double strengths[] = {1, 0.5, 0.25};
	bool is_new;
	w->halvings[from][to] = (int)throw_dice(w, 3);
	MUST(q_relationship_put(w->f->store, w->ids[from], w->ids[to], "colleague",
				strengths[w->halvings[from][to]], w->last_interaction, "[]", NULL,
				&is_new, &why));
}

static void throw_realm(struct world *w)
{
	unsigned sides = 3 + throw_dice(w, 6);
	for (int i = 0; i < USERS; i++) {
		w->is_open[i] = throw_dice(w, 4) > 0;
		MUST(privacy_set(w->f->store, w->ids[i],
				 &(struct privacy){.network = w->is_open[i] ? "everyone" : "nobody",
						   .discoverable = 1},
				 &why));
		for (int j = 0; j < USERS; j++) {
			MUST(q_relationship_delete(w->f->store, w->ids[i], w->ids[j], &why));
			w->halvings[i][j] = -1;
			if (i != j && throw_dice(w, sides) == 0)
				relate(w, i, j);
		}
	}
}

/* Whether the way of so many steps is better than the best one. */
static bool is_better(const struct world *w, int steps, int halvings)
{
	if (steps != w->best_steps)
		return steps < w->best_steps;
	if (halvings != w->best_halvings)
		return halvings < w->best_halvings;
	for (int i = 0; i <= steps; i++)
		if (w->way[i] != w->best[i])
			return w->way[i] < w->best[i];
	return false;
}

static void try_ways(struct world *w, int to, int steps, int halvings)
{
	int at = w->way[steps];
	if (at == to && is_better(w, steps, halvings)) {
		w->best_steps = steps;
		w->best_halvings = halvings;
		memcpy(w->best, w->way, sizeof(w->best));
	}
	if (at == to || steps == STEPS || (steps > 0 && !w->is_open[at]))
		return;
	for (int next = 0; next < USERS; next++) {
		if (w->halvings[at][next] < 0)
			continue;
		w->way[steps + 1] = next;
		try_ways(w, to, steps + 1, halvings + w->halvings[at][next]);
	}
}

static void compare(struct world *w, int from, int to)
{
	MUST(path_show(w->f->arena, w->f->store, w->ids[from], w->ids[to], NULL, &w->f->out, &why));
	json_t *answer = json_loads(take_output(w->f), 0, NULL);
	const json_t *path = json_object_get(answer, "path");
	w->best_steps = STEPS + 1;
	w->way[0] = from;
	try_ways(w, to, 0, 0);
	if (w->best_steps > STEPS) {
		assert_true(json_is_null(json_object_get(answer, "steps")));
		assert_true(json_is_null(json_object_get(answer, "strength")));
		assert_int_equal(json_array_size(path), 0);
	} else {
		assert_int_equal(json_integer_value(json_object_get(answer, "steps")),
				 w->best_steps);
		assert_int_equal(json_array_size(path), w->best_steps);
	}
	for (size_t i = 0; i < json_array_size(path); i++)
		assert_int_equal(
			json_integer_value(json_object_get(json_array_get(path, i), "user_id")),
			w->ids[w->best[i + 1]]);
	json_decref(answer);
}

static void
a_path_is_the_shortest_then_the_strongest_then_the_one_with_the_smallest_ids(void **state)
{
	struct world w = {.f = *state, .last_interaction = clock_now(), .dice = 88172645463325252u};
	add_users(&w);
	for (int i = 0; i < REALMS; i++) {
		throw_realm(&w);
		for (int from = 0; from < USERS; from++)
			for (int to = 0; to < USERS; to++)
				compare(&w, from, to);
	}
}

static void relate_users(struct fixture *f, int64_t from, int64_t to, const char *type,
			 double strength)
{
	bool is_new;
	MUST(q_relationship_put(f->store, from, to, type, strength, clock_now(), "[]", NULL,
				&is_new, &why));
}

static void set_network(struct fixture *f, int64_t user, const char *network)
{
	const struct privacy privacy = {.network = network, .discoverable = 1};
	MUST(privacy_set(f->store, user, &privacy, &why));
}

static void a_path_to_a_user_who_has_blocked_the_viewer_does_not_exist(void **state)
{
	struct fixture *f = *state;
	relate_users(f, f->ben, f->ada, "blocked", 1);
	REFUSED(USER_NOT_FOUND, path_show(f->arena, f->store, f->ada, f->ben, NULL, &f->out, &why));
	REFUSED(USER_NOT_FOUND, path_show(f->arena, f->store, f->ada, 999, NULL, &f->out, &why));
}

static void a_strength_of_zero_is_the_weakest(void **state)
{
	struct fixture *f = *state;
	int64_t ways[][3] = {{f->ada, f->ben, f->dora}, {f->ada, f->cleo, f->dora}};
	for (int i = 0; i < 2; i++) {
		set_network(f, ways[i][1], "everyone");
		for (int step = 0; step < 2; step++)
			relate_users(f, ways[i][step], ways[i][step + 1], "friend",
				     i == 0 && step == 0 ? 0 : 1e-9);
	}
	MUST(path_show(f->arena, f->store, f->ada, f->dora, NULL, &f->out, &why));
	assert_non_null(strstr(take_output(f), "\"path\":[{\"user_id\":3,\"username\":\"cleo\""));
}

/* Another store has found the path ada - ben - dora. */
static const char *path_of_candidate(struct fixture *f)
{
	struct path path = {2, {f->ada, f->ben, f->dora}};
	struct path_candidates candidates = {&path, 1, INT64_MAX};
	MUST(path_show(f->arena, f->store, f->ada, f->dora, &candidates, &f->out, &why));
	return take_output(f);
}

static void a_candidate_with_a_step_that_the_viewer_may_not_see_is_no_path(void **state)
{
	struct fixture *f = *state;
	relate_users(f, f->ada, f->ben, "friend", 1);
	relate_users(f, f->ben, f->dora, "friend", 1);
	set_network(f, f->ben, "everyone");
	assert_non_null(strstr(path_of_candidate(f), "\"steps\":2"));
	set_network(f, f->ben, "nobody");
	assert_non_null(strstr(path_of_candidate(f), "\"steps\":null"));
	set_network(f, f->ben, "everyone");
	relate_users(f, f->ben, f->dora, "blocked", 1);
	assert_non_null(strstr(path_of_candidate(f), "\"steps\":null"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_REALM(
			a_path_is_the_shortest_then_the_strongest_then_the_one_with_the_smallest_ids),
		IN_REALM(a_path_to_a_user_who_has_blocked_the_viewer_does_not_exist),
		IN_REALM(a_strength_of_zero_is_the_weakest),
		IN_REALM(a_candidate_with_a_step_that_the_viewer_may_not_see_is_no_path),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
