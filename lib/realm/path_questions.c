/* Searches for a path that Neo4j answers: see path_questions.h. */
#include "realm/path_questions.h"

#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "realm/projection.h"
#include "realm/realm.h"
#include "realm/settings.h"
#include "store/queries.h"
#include "store/store.h"

#define FORGOTTEN_US (5 * CLOCK_SECOND) /* a question that waits longer has lost its process */

int path_question_possible(struct store *store, const struct settings *settings,
			   struct problem *why)
{
	if (!settings->neo4j_uri[0] || !realm_listeners(settings, REALM_TWIN, settings->twins))
		return 0;
	return sync_is_current(store, GRAPH_STORE, PATH_KINDS, why);
}

struct asking {
	int64_t viewer, to, id;
};

static int ask(struct store *store, void *context, struct problem *why)
{
	struct asking *a = context;
	TRY(q_path_question_ask(store, a->viewer, a->to, clock_now(), &a->id, why));
	store_tell(store, realm_wake_twins, "");
	return 0;
}

int path_question_ask(struct store *store, int64_t viewer, int64_t to, int64_t *id_r,
		      struct problem *why)
{
	struct asking a = {.viewer = viewer, .to = to};
	TRY(store_write_unsynced(store, ask, &a, why));
	*id_r = a.id;
	return 0;
}

/* Reads an array of ids as a path. Returns whether it is one. */
static bool read_path(const json_t *ids, int64_t viewer, int64_t to, struct path *path_r)
{
	size_t count = json_array_size(ids), at;
	json_t *id;
	if (count < 2 || count > PATH_MOST_STEPS + 1)
		return false;
	path_r->steps = (int)count - 1;
	json_array_foreach(ids, at, id)
		path_r->users[at] = json_integer_value(id);
	return path_r->users[0] == viewer && path_r->users[count - 1] == to;
}

/* What another store has said is as hostile as any other text. All paths must be as long. */
static struct path_candidates *read_candidates(struct arena *arena, const char *text,
					       const struct asking *a)
{
	json_t *paths = json_loads(text, 0, NULL), *ids;
	size_t count = json_array_size(paths), at;
	struct path_candidates *found = arena_alloc(arena, sizeof(*found));
	bool is_good = json_is_array(paths) && count <= PATH_MOST_CANDIDATES;
	found->paths = arena_alloc(arena, (count + 1) * sizeof(*found->paths));
	json_array_foreach(paths, at, ids) {
		struct path *path = &found->paths[found->count];
		is_good = is_good && read_path(ids, a->viewer, a->to, path) &&
			  path->steps == found->paths[0].steps;
		if (!is_good)
			break;
		found->count++;
	}
	json_decref(paths);
	return is_good ? found : NULL;
}

int path_question_read(struct arena *arena, struct store *store, int64_t viewer, int64_t to,
		       int64_t id, const struct path_candidates **candidates_r, struct problem *why)
{
	struct q_path_question row;
	const struct asking a = {viewer, to, id};
	int found = q_path_question(arena, store, id, viewer, &row, why);
	*candidates_r = NULL;
	if (found < 0 || (found > 0 && strcmp(row.state, "done") != 0))
		return found < 0 ? -1 : 0;
	if (found == 0 || !row.paths)
		return 1;
	struct path_candidates *candidates = read_candidates(arena, row.paths, &a);
	if (candidates)
		candidates->upto = row.upto;
	*candidates_r = candidates;
	return 1;
}

static int end(struct store *store, void *context, struct problem *why)
{
	return q_path_question_delete(store, *(const int64_t *)context, why);
}

int path_question_end(struct store *store, int64_t id, struct problem *why)
{
	return store_write_unsynced(store, end, &id, why) < 0 ? -1 : 0;
}

/* --- aeon-twin -------------------------------------------------------------------------------- */

struct taking {
	struct arena *arena;
	struct path_question *question;
	int result;
};

static int take(struct store *store, void *context, struct problem *why)
{
	struct taking *t = context;
	struct path_question *question = t->question;
	struct q_path_question_next row;
	struct sync_position position;
	TRY(q_path_questions_prune(store, clock_now() - FORGOTTEN_US, why));
	t->result = q_path_question_next(store, &row, why);
	if (t->result <= 0)
		return t->result;
	*question = (struct path_question){.id = row.id, .viewer = row.viewer, .to = row.target};
	TRY(q_path_friends(t->arena, store, row.viewer, PATH_MOST_LISTED, &question->friends, why));
	TRY(q_path_blocked(t->arena, store, row.viewer, PATH_MOST_LISTED, &question->blocked, why));
	TRY(sync_position(t->arena, store, GRAPH_STORE, &position, why));
	question->marker = position.marker;
	return q_path_question_take(store, row.id, why);
}

int path_question_take(struct arena *arena, struct store *store, struct path_question *question_r,
		       struct problem *why)
{
	struct taking t = {.arena = arena, .question = question_r};
	int found = q_path_questions_wait(store, why);
	if (found <= 0)
		return found;
	TRY(store_write_unsynced(store, take, &t, why));
	return t.result;
}

struct answering {
	int64_t id, upto;
	const char *paths;
};

static int answer(struct store *store, void *context, struct problem *why)
{
	const struct answering *a = context;
	return q_path_question_done(store, a->id, a->upto, a->paths, why);
}

int path_question_answer(struct store *store, int64_t id, int64_t upto, const char *paths,
			 struct problem *why)
{
	struct answering a = {id, upto, paths};
	return store_write_unsynced(store, answer, &a, why) < 0 ? -1 : 0;
}
