/*
 * Neo4j over HTTP, by its Query API (Neo4j 5.25 or newer): statements in Cypher.
 *
 * Several statements are sent one after another, each in a transaction of its own, so a caller puts
 * last what says that all is done. A statement and its parameters may be sent twice.
 */
#ifndef PROVIDER_NEO4J_H
#define PROVIDER_NEO4J_H

#include <stddef.h>

#include "base/buf.h"
#include "base/problem.h"
#include "provider/failure.h"

struct http;
struct json_t;
struct neo4j;
struct neo4j_work;
struct provider;
struct settings;

/* NULL when the settings name no server. PROBLEM_CONFIG names the setting that is wrong. */
int neo4j_new(struct http *http, const struct settings *settings, struct neo4j **neo4j_r,
	      struct problem *why);

/* No work is left. */
void neo4j_free(struct neo4j **neo4j);

const struct provider *neo4j_provider(const struct neo4j *neo4j);

#define NEO4J_STATEMENTS 16

struct neo4j_statement {
	const char *text;      /* a constant */
	struct buf parameters; /* a JSON object; empty: none. It is taken over */
};

/*
 * Runs 1 to NEO4J_STATEMENTS statements. done() is the last call, not within neo4j_run(). `rows`
 * are those of the last statement: an array of arrays, NULL after a failure. It lives until done()
 * returns.
 */
typedef void neo4j_done(void *context, const struct failure *failure, const struct json_t *rows);
struct neo4j_work *neo4j_run(struct neo4j *neo4j, struct neo4j_statement *statements, size_t count,
			     neo4j_done *done, void *context);

/* Ends the work without done(). Not within done(). NULL is allowed. */
void neo4j_cancel(struct neo4j_work **work);

#endif
