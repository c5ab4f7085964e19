/*
 * Asks Neo4j for paths: see paths.h.
 *
 * The marker is read before the paths. So Neo4j has at least the changes that the marker says; if
 * it has more, they are known to be missing when the answer is looked at.
 */
#include "twin/paths.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "base/log.h"
#include "base/memory.h"
#include "provider/neo4j.h"
#include "realm/path_questions.h"
#include "store/store.h"
#include "twin/neo4j_store.h"

#define MOST_CALLS 4 /* questions in work at one time */

/*
 * A user without something in common with the viewer may be on a path, because Neo4j does not know
 * of that. All else that hides a step is a condition here.
 */
#define TEXT_OF(number) #number
#define NUMBER(number) TEXT_OF(number)
#define FIND_PATHS                                                                                 \
	"MATCH p = ALL SHORTEST (:Aeon:User {id: $viewer})"                                        \
	"((x WHERE x.id = $viewer OR x.open = 2 OR (x.open = 1 AND x.id IN $friends))"             \
	"-[:KNOWS]->(y WHERE y.active AND NOT y.id IN $blocked)){1," NUMBER(                       \
		PATH_MOST_STEPS) "}"                                                               \
				 "(:Aeon:User {id: $to}) RETURN [n IN nodes(p) | n.id] LIMIT "     \
				 "$most"

struct path_call {
	struct paths *paths;
	struct arena *arena;
	struct path_question question;
	struct neo4j_work *work;
	int64_t upto;
};

struct paths {
	struct store *store;
	struct neo4j *neo4j;
	struct path_call *calls[MOST_CALLS]; /* NULL: free */
};

struct paths *paths_new(struct store *store, struct neo4j *neo4j)
{
	struct paths *paths = xcalloc(1, sizeof(*paths));
	paths->store = store;
	paths->neo4j = neo4j;
	return paths;
}

static void call_free(struct path_call *call)
{
	neo4j_cancel(&call->work);
	arena_free(&call->arena);
	free(call);
}

void paths_free(struct paths **paths)
{
	struct paths *old = *paths;
	*paths = NULL;
	if (!old)
		return;
	for (int i = 0; i < MOST_CALLS; i++)
		if (old->calls[i])
			call_free(old->calls[i]);
	free(old);
}

/* Answers the question, and begins the next one. `found` NULL: there is no answer. */
static void call_end(struct path_call *call, const char *found)
{
	struct paths *paths = call->paths;
	struct problem why = {0};
	int result = path_question_answer(paths->store, call->question.id, call->upto, found, &why);
	for (int i = 0; i < MOST_CALLS; i++)
		if (paths->calls[i] == call)
			paths->calls[i] = NULL;
	call_free(call);
	if (result < 0 || paths_look(paths, &why) < 0)
		log_problem(LOG_LEVEL_WARN, "path_failed", &why);
}

static void paths_found(void *context, const struct failure *failure, const json_t *rows)
{
	struct path_call *call = context;
	struct buf *json = buf_in(call->arena);
	size_t at;
	json_t *row;
	(void)failure; /* twin/sync.c reports that Neo4j fails */
	call->work = NULL;
	if (!rows || json_array_size(rows) > PATH_MOST_CANDIDATES) {
		call_end(call, NULL);
		return;
	}
	jw_open(json, '[');
	json_array_foreach(rows, at, row) {
		char *ids = json_dumps(json_array_get(row, 0), JSON_COMPACT | JSON_ENCODE_ANY);
		jw_raw(json, ids ? ids : "0", ids ? strlen(ids) : 1);
		free(ids);
	}
	jw_close(json, ']');
	call_end(call, json->data);
}

static void ask_for_paths(struct path_call *call)
{
	const struct path_question *question = &call->question;
	struct neo4j_statement statement = {FIND_PATHS, {0}};
	struct buf *out = &statement.parameters;
	jw_open(out, '{');
	jw_kv_int(out, "viewer", question->viewer);
	jw_kv_int(out, "to", question->to);
	jw_kv_int(out, "most", PATH_MOST_CANDIDATES + 1);
	jw_key(out, "friends"), jw_raw(out, question->friends, strlen(question->friends));
	jw_key(out, "blocked"), jw_raw(out, question->blocked, strlen(question->blocked));
	jw_close(out, '}');
	call->work = neo4j_run(call->paths->neo4j, &statement, 1, paths_found, call);
}

static void marker_read(void *context, const struct failure *failure, const json_t *rows)
{
	struct path_call *call = context;
	const json_t *row = json_array_get(rows, 0);
	const char *marker = json_string_value(json_array_get(row, 0));
	(void)failure;
	call->work = NULL;
	call->upto = json_integer_value(json_array_get(row, 1));
	if (marker && strcmp(marker, call->question.marker) == 0)
		ask_for_paths(call);
	else
		call_end(call, NULL);
}

/* Takes a question: 1, 0 without one, or -1. */
static int begin(struct paths *paths, int slot, struct problem *why)
{
	struct path_call *call = xcalloc(1, sizeof(*call));
	struct neo4j_statement statement = {NEO4J_READ_MARKER, {0}};
	call->paths = paths;
	call->arena = arena_new();
	int found = path_question_take(call->arena, paths->store, &call->question, why);
	if (found > 0 && !call->question.friends)
		found = path_question_answer(paths->store, call->question.id, 0, NULL, why) < 0 ? -1
												: 1;
	else if (found > 0) {
		call->question.marker =
			arena_printf(call->arena, "%s %s", call->question.marker, NEO4J_CONTENTS);
		call->work = neo4j_run(paths->neo4j, &statement, 1, marker_read, call);
		paths->calls[slot] = call;
		return 1;
	}
	call_free(call);
	return found;
}

int paths_look(struct paths *paths, struct problem *why)
{
	int found = 1;
	for (int i = 0; i < MOST_CALLS && found > 0; i++)
		if (!paths->calls[i])
			TRY(found = begin(paths, i, why));
	return 0;
}
