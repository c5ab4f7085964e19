/* Asks Neo4j for paths between users: the questions of realm/path_questions.h. */
#ifndef TWIN_PATHS_H
#define TWIN_PATHS_H

#include "base/problem.h"

struct neo4j;
struct paths;
struct store;

/* Both live longer than it. */
struct paths *paths_new(struct store *store, struct neo4j *neo4j);
void paths_free(struct paths **paths);

/* To call when the process is woken: begins to ask what waits. */
int paths_look(struct paths *paths, struct problem *why);

#endif
