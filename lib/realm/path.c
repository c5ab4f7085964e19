/*
 * Paths: see path.h.
 *
 * Two breadth-first searches meet. A level holds the users at one distance, and for each of them
 * the best way from its end: strengths are multiplied as sums of whole numbers (strength_units in
 * sql/fragments.sql), so that equal products are equal.
 */
#include "realm/path.h"

#include <assert.h>
#include <math.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "realm/metrics.h"
#include "realm/person.h"
#include "realm/projection.h"
#include "store/queries.h"

enum side { FROM_VIEWER, TO_USER, SIDE__COUNT };

/* How a user is reached from the end of a side. */
struct reach {
	int level; /* steps to that end; -1: not reached */
	uint32_t next;
	int64_t units; /* of the best way: the sum of strength_units */
};

struct person {
	int64_t id;
	bool is_open; /* the viewer may see steps from this user */
	struct reach reach[SIDE__COUNT];
};

struct frontier {
	struct buf *people; /* uint32_t, in the order in which they were reached */
	size_t begin;       /* of the last level */
	int level;
};

struct search {
	struct store *store;
	int64_t viewer;
	struct buf *people; /* struct person; a number is the place in it */
	uint32_t *numbers;  /* by id; 0: not looked at, else the number + 1 */
	int64_t last;       /* id */
	struct frontier sides[SIDE__COUNT];
	enum side side; /* that goes on */
	uint32_t at;    /* the steps of this user are read now */
};

static struct person *person(const struct search *s, uint32_t number)
{
	return (struct person *)(void *)s->people->data + number;
}

static size_t count_people(const struct buf *people)
{
	return people->len / sizeof(uint32_t);
}

static uint32_t person_in(const struct frontier *frontier, size_t place)
{
	return ((const uint32_t *)(const void *)frontier->people->data)[place];
}

static uint32_t add_person(struct search *s, int64_t id, bool is_open)
{
	const struct person fresh = {
		.id = id, .is_open = is_open, .reach = {{.level = -1}, {.level = -1}}};
	if (s->numbers[id] == 0) {
		buf_add(s->people, &fresh, sizeof(fresh));
		s->numbers[id] = (uint32_t)(s->people->len / sizeof(fresh));
	}
	return s->numbers[id] - 1;
}

static void reach_person(struct search *s, enum side side, uint32_t number, struct reach reach)
{
	person(s, number)->reach[side] = reach;
	buf_add(s->sides[side].people, &number, sizeof(number));
}

/* Which of two ways of a side, each from a user of the same level, has the smaller ids. */
static int compare_ways(const struct search *s, enum side side, uint32_t one, uint32_t other)
{
	if (one == other)
		return 0;
	const struct person *a = person(s, one), *b = person(s, other);
	int rest = 0;
	if (side == FROM_VIEWER)
		rest = compare_ways(s, side, a->reach[side].next, b->reach[side].next);
	return rest ? rest : a->id < b->id ? -1 : 1;
}

static int note_step(const struct q_path_steps *row, void *context, struct problem *why)
{
	struct search *s = context;
	if (row->other > s->last || s->people->len >= PATH_MOST_USERS * sizeof(struct person))
		return problem_set(why, PROBLEM_TOO_EXPENSIVE);
	uint32_t number = add_person(s, row->other, row->is_open);
	const struct reach *from = &person(s, s->at)->reach[s->side];
	struct reach *reach = &person(s, number)->reach[s->side];
	struct reach way = {from->level + 1, s->at, from->units + row->units};
	if (reach->level < 0)
		reach_person(s, s->side, number, way);
	else if (reach->level == way.level &&
		 (way.units > reach->units ||
		  (way.units == reach->units &&
		   compare_ways(s, s->side, way.next, reach->next) < 0)))
		*reach = way;
	return 0;
}

static bool goes_on(const struct search *s, enum side side, uint32_t number)
{
	return side == TO_USER || person(s, number)->is_open;
}

/* How many relationships lead on from the last level of a side, as far as they are at most `most`.
 */
static int count_steps(struct search *s, enum side side, int64_t most, int64_t *count_r,
		       struct problem *why)
{
	const struct frontier *frontier = &s->sides[side];
	*count_r = 0;
	for (size_t i = frontier->begin; i < count_people(frontier->people) && *count_r < most;
	     i++) {
		uint32_t number = person_in(frontier, i);
		int64_t size;
		if (!goes_on(s, side, number))
			continue;
		TRY(q_path_size(s->store, person(s, number)->id, side == TO_USER, most, &size,
				why));
		*count_r += size;
	}
	return 0;
}

static size_t level_size(const struct frontier *frontier)
{
	return count_people(frontier->people) - frontier->begin;
}

/* A user who is known to everybody has very many relationships on one side. */
static int choose_side(struct search *s, struct problem *why)
{
	int64_t count, other_count;
	enum side small = level_size(&s->sides[FROM_VIEWER]) <= level_size(&s->sides[TO_USER])
				  ? FROM_VIEWER
				  : TO_USER;
	TRY(count_steps(s, small, PATH_MOST_USERS, &count, why));
	TRY(count_steps(s, !small, count, &other_count, why));
	s->side = other_count < count ? !small : small;
	return 0;
}

static int read_level(struct search *s, struct problem *why)
{
	struct frontier *frontier = &s->sides[s->side];
	size_t end = count_people(frontier->people);
	for (size_t i = frontier->begin; i < end; i++) {
		s->at = person_in(frontier, i);
		if (goes_on(s, s->side, s->at))
			TRY(q_path_steps(s->store, s->viewer, person(s, s->at)->id,
					 s->side == TO_USER, note_step, s, why));
	}
	frontier->begin = end;
	frontier->level++;
	return 0;
}

/* The whole way through a user that both sides have reached. */
static struct path path_through(const struct search *s, uint32_t number)
{
	int middle = person(s, number)->reach[FROM_VIEWER].level;
	struct path path = {.steps = middle + person(s, number)->reach[TO_USER].level};
	uint32_t at = number;
	for (int i = middle; i >= 0; i--, at = person(s, at)->reach[FROM_VIEWER].next)
		path.users[i] = person(s, at)->id;
	at = number;
	for (int i = middle; i <= path.steps; i++, at = person(s, at)->reach[TO_USER].next)
		path.users[i] = person(s, at)->id;
	return path;
}

/* Whether a path of the same length as the best one is better. */
static bool is_better(const struct path *path, int64_t units, const struct path *best, int64_t most)
{
	int i = 0;
	if (best->steps < 0 || units != most)
		return best->steps < 0 || units > most;
	while (i < path->steps && path->users[i] == best->users[i])
		i++;
	return path->users[i] < best->users[i];
}

/* The best path of those through the last levels of both sides. Every path as short goes through
 * them. */
static void meet(const struct search *s, struct path *best)
{
	const struct frontier *frontier = &s->sides[s->side];
	int64_t most = 0;
	for (size_t i = frontier->begin; i < count_people(frontier->people); i++) {
		uint32_t number = person_in(frontier, i);
		const struct reach *reach = person(s, number)->reach;
		if (reach[!s->side].level != s->sides[!s->side].level)
			continue;
		struct path path = path_through(s, number);
		int64_t units = reach[FROM_VIEWER].units + reach[TO_USER].units;
		if (is_better(&path, units, best, most)) {
			*best = path;
			most = units;
		}
	}
}

static int find_path(struct arena *arena, struct store *store, int64_t viewer, int64_t to,
		     int64_t last, struct path *path_r, struct problem *why)
{
	struct search s = {.store = store,
			   .viewer = viewer,
			   .people = buf_in(arena),
			   .numbers = arena_alloc(arena, ((size_t)last + 1) * sizeof(*s.numbers)),
			   .last = last};
	for (int i = 0; i < SIDE__COUNT; i++)
		s.sides[i].people = buf_in(arena);
	path_r->steps = -1;
	reach_person(&s, FROM_VIEWER, add_person(&s, viewer, true), (struct reach){0});
	reach_person(&s, TO_USER, add_person(&s, to, false), (struct reach){0});
	meet(&s, path_r);
	for (int step = 0; step < PATH_MOST_STEPS && path_r->steps < 0; step++) {
		TRY(choose_side(&s, why));
		TRY(read_level(&s, why));
		meet(&s, path_r);
	}
	return 0;
}

/* --- the answer ------------------------------------------------------------------------------- */

static const struct property step_properties[] = {
	PROPERTY("user_id", INT, .help = "The user at the end of this step."),
	PROPERTY("username", TEXT),
	PERSON_NAMES,
	PROPERTY("relationship_type", TEXT, .help = "What this user is to the one before."),
	PROPERTY("strength", REAL),
};
static const struct shape step_shape = SHAPE("PathStep", step_properties);

static const struct property path_properties[] = {
	PROPERTY("user_id", INT),
	PROPERTY("username", TEXT),
	PERSON_NAMES,
	PROPERTY("steps", INT, .nullable = true, .help = "null: there is no path."),
	PROPERTY("strength", REAL, .nullable = true, .help = "Product of all strengths."),
	PROPERTY("path", LIST, .of = &step_shape),
};
const struct shape path_shape = SHAPE("Path", path_properties);

struct showing {
	struct arena *arena;
	int64_t viewer, to;
	const struct path_candidates *candidates;
	struct buf *out;
};

/* A step of a path, as the viewer sees it: 1, or 0 when the viewer may not see it, or -1. */
static int read_step(const struct showing *s, struct store *store, const struct path *path, int i,
		     struct q_path_step *step_r, struct problem *why)
{
	return q_path_step(s->arena, store, s->viewer, path->users[i], path->users[i + 1],
			   clock_now(), step_r, why);
}

/* The sum of strength_units: 1, or 0 when the viewer may not see all steps, or -1. */
static int add_units(const struct showing *s, struct store *store, const struct path *path,
		     int64_t *units_r, struct problem *why)
{
	*units_r = 0;
	for (int i = 0; i < path->steps; i++) {
		struct q_path_step step;
		int found = read_step(s, store, path, i, &step, why);
		if (found <= 0)
			return found;
		*units_r += step.units;
	}
	return 1;
}

/*
 * The best of the candidates: 1, and no path when there is none; or 0 when they do not tell, or -1.
 * They have all paths that are as short, so the best visible one is the best of all. When none is
 * visible, there may still be a longer one.
 */
static int choose_candidate(const struct showing *s, struct store *store, struct path *best,
			    struct problem *why)
{
	int64_t most = 0;
	best->steps = -1;
	if (!s->candidates)
		return 0;
	int is_current = projection_is_current(store, PATH_KINDS, s->candidates->upto, why);
	if (is_current <= 0)
		return is_current;
	for (size_t i = 0; i < s->candidates->count; i++) {
		const struct path *path = &s->candidates->paths[i];
		int64_t units;
		int is_visible = add_units(s, store, path, &units, why);
		TRY(is_visible);
		if (is_visible && is_better(path, units, best, most)) {
			*best = *path;
			most = units;
		}
	}
	return best->steps >= 0 || s->candidates->count == 0;
}

/* As strengths of relationships are shown. */
static void put_strength(struct buf *out, double strength)
{
	jw_key(out, "strength");
	jw_real(out, round(strength * 1e4) / 1e4);
}

/* Writes the steps, which the viewer may see. */
static int put_steps(const struct showing *s, struct store *store, const struct path *path,
		     struct buf *steps, double *strength_r, struct problem *why)
{
	*strength_r = 1;
	jw_open(steps, '[');
	for (int i = 0; i < path->steps; i++) {
		struct q_path_step step;
		int found = read_step(s, store, path, i, &step, why);
		TRY(found);
		assert(found > 0); /* it is the same state of the database */
		*strength_r *= step.strength;
		jw_open(steps, '{');
		jw_kv_int(steps, "user_id", path->users[i + 1]);
		jw_kv_text(steps, "username", step.username);
		person_names_put(steps, step.full_name, step.twin);
		jw_kv_text(steps, "relationship_type", step.type);
		put_strength(steps, step.strength);
		jw_close(steps, '}');
	}
	jw_close(steps, ']');
	return 0;
}

static void put_path(const struct showing *s, const struct path *path, const struct q_path_end *end,
		     const struct buf *steps, double strength)
{
	jw_open(s->out, '{');
	jw_kv_int(s->out, "user_id", s->to);
	jw_kv_text(s->out, "username", end->username);
	person_names_put(s->out, end->full_name, end->twin);
	jw_key(s->out, "steps");
	if (path->steps < 0) {
		jw_null(s->out);
		jw_key(s->out, "strength");
		jw_null(s->out);
	} else {
		jw_int(s->out, path->steps);
		put_strength(s->out, strength);
	}
	jw_key(s->out, "path");
	jw_raw(s->out, steps->data, steps->len);
	jw_close(s->out, '}');
}

static int show(struct store *store, void *context, struct problem *why)
{
	const struct showing *s = context;
	struct buf *steps = buf_in(s->arena);
	struct q_path_end end;
	struct path path;
	double strength;
	int found = q_path_end(s->arena, store, s->viewer, s->to, &end, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_USER_NOT_FOUND);
	TRY(found = choose_candidate(s, store, &path, why));
	metrics_count(found ? METRIC_PATHS_NEO4J : METRIC_PATHS_SEARCHED);
	if (!found)
		TRY(find_path(s->arena, store, s->viewer, s->to, end.last, &path, why));
	TRY(put_steps(s, store, &path, steps, &strength, why));
	put_path(s, &path, &end, steps, strength);
	return 0;
}

int path_show(struct arena *arena, struct store *store, int64_t viewer, int64_t to,
	      const struct path_candidates *candidates, struct buf *out, struct problem *why)
{
	struct showing showing = {arena, viewer, to, candidates, out};
	return store_read(store, show, &showing, why);
}
