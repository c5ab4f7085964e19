/*
 * Asks the embedder: for the vectors of the realm's texts, in the background, and for that of what
 * somebody searches for now. The cost of each request is reserved in the ledger before it.
 */
#ifndef TWIN_EMBEDDING_H
#define TWIN_EMBEDDING_H

#include <stdint.h>

#include "base/problem.h"
#include "realm/leaving.h"

struct chroma_store;
struct embedder;
struct embedding_call;
struct embedding_work;
struct http;
struct query_vector;
struct settings;
struct store;

/* All live longer than it; the settings may change. `chroma` may be NULL. `number` is that of this
 * process, from 1. */
struct embedding_work *embedding_new(struct http *http, struct store *store,
				     const struct settings *settings, struct embedder *embedder,
				     struct chroma_store *chroma, int number);

/* No embedding_call is left. */
void embedding_free(struct embedding_work **embedding);

/*
 * To call at least once a second, and when the process is woken: begins to embed texts, and
 * searches that wait for a vector (realm/search_vectors.h).
 */
int embedding_look(struct embedding_work *embedding, struct problem *why);

/* What the embedder may get. */
enum leaving embedding_leaving(const struct embedding_work *embedding);

struct embedding_question {
	const char *text;
	int64_t twin_id, asker_id; /* the ledger counts the cost for both */
	int64_t turn_id;           /* or 0 */
};

/*
 * Asks for the vector of a question, which the caller has found to be one that may leave for the
 * embedder. done() gets the vector, which lives until it returns, or NULL when none came within
 * EMBEDDING_WAIT_US; it is not called within embedding_ask(). Returns NULL without done() when no
 * vector can be had: no text has one, a ceiling is reached, or the database fails.
 */
#define EMBEDDING_WAIT_US INT64_C(300000)
struct embedding_call *embedding_ask(struct embedding_work *embedding,
				     const struct embedding_question *question,
				     void (*done)(void *context, const struct query_vector *vector),
				     void *context);

/* Ends a call without done(). Not within done(). NULL is allowed. */
void embedding_cancel(struct embedding_call **call);

#endif
