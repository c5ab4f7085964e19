/*
 * Searches for a path that Neo4j answers.
 *
 * A worker of the REST API asks no other store. It leaves the question in the database, and
 * aeon-twin puts beside it what Neo4j has found: all shortest paths among those that the viewer may
 * perhaps see. A question waits for PATH_WAIT_US at most; then the search of path.h answers alone.
 * Its row is deleted when the question is answered.
 *
 * Neo4j holds a copy, so its answer is taken only if that copy had every user and relationship as
 * they are at the moment of the answer. Whether the viewer may see a path, and which one is the
 * strongest, is decided here alone. So the answer is the same with and without Neo4j.
 */
#ifndef REALM_PATH_QUESTIONS_H
#define REALM_PATH_QUESTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/problem.h"
#include "realm/path.h"

struct arena;
struct settings;
struct store;

#define PATH_WAIT_US INT64_C(300000)
#define PATH_MOST_CANDIDATES 200 /* with more shortest paths, the search answers alone */
#define PATH_MOST_LISTED 2000    /* friends, and users with a block, in one question */

/* The name of Neo4j in realm/projection.h. */
#define GRAPH_STORE "neo4j"

/* Whether it is worth to wait: Neo4j is configured, has every change, and aeon-twin runs. 1 or 0,
 * or -1. */
int path_question_possible(struct store *store, const struct settings *settings,
			   struct problem *why);

/* Leaves the question, and wakes aeon-twin. */
int path_question_ask(struct store *store, int64_t viewer, int64_t to, int64_t *id_r,
		      struct problem *why);

/*
 * Reads the answer, in the arena: 1, and NULL when there will be none; or 0 while it is still to
 * come, or -1.
 */
int path_question_read(struct arena *arena, struct store *store, int64_t viewer, int64_t to,
		       int64_t id, const struct path_candidates **candidates_r,
		       struct problem *why);

/* The question has been answered. */
int path_question_end(struct store *store, int64_t id, struct problem *why);

/* What aeon-twin asks Neo4j. Lists are JSON arrays of ids, in the arena. */
struct path_question {
	int64_t id, viewer, to;
	const char *friends; /* users who have made the viewer a friend; NULL: too many to ask */
	const char *blocked; /* users with a block */
	const char *marker;  /* that Neo4j must have */
};

/* Takes the next question that waits: 1, 0 without one, or -1. */
int path_question_take(struct arena *arena, struct store *store, struct path_question *question_r,
		       struct problem *why);

/* `paths` is a JSON array of arrays of ids that Neo4j has given with all changes up to `upto`.
 * NULL: there is no answer. */
int path_question_answer(struct store *store, int64_t id, int64_t upto, const char *paths,
			 struct problem *why);

#endif
