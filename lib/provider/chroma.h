/*
 * ChromaDB 1.x over HTTP (v2): collections of vectors, each with a number as its id and the number
 * of its owner.
 *
 * It holds no text, and a vector without its length, since it is compared by direction alone. Each
 * collection has a marker among its metadata: a text of the caller, and how far the caller was. All
 * names of collections that are made here begin with CHROMA_PREFIX; chroma_clear() deletes all of
 * these, so two realms need two servers.
 *
 * An operation is one request or several, one after another. What is written may be written twice.
 */
#ifndef PROVIDER_CHROMA_H
#define PROVIDER_CHROMA_H

#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"
#include "provider/failure.h"

struct chroma;
struct chroma_work;
struct http;
struct provider;
struct settings;

#define CHROMA_PREFIX "aeon_"
#define CHROMA_NAME 200 /* bytes of a name with its end */
#define CHROMA_FOUND 256
#define CHROMA_PAGE 1000 /* ids of one answer */

/* NULL when the settings name no server. PROBLEM_CONFIG names the setting that is wrong. */
int chroma_new(struct http *http, const struct settings *settings, struct chroma **chroma_r,
	       struct problem *why);

/* No work is left. */
void chroma_free(struct chroma **chroma);

const struct provider *chroma_provider(const struct chroma *chroma);

/* The collections; their order is the caller's. */
enum chroma_part { CHROMA_KNOWLEDGE, CHROMA_MEMORIES, CHROMA_PART__COUNT };

/* Uses the collections for the vectors of that model. Letters that no name can have become '-'. */
void chroma_use(struct chroma *chroma, const char *model);

struct chroma_row {
	enum chroma_part part;
	int64_t id, owner;
	const int8_t *vector; /* NULL: it is removed */
};

struct chroma_answer {
	struct failure failure;
	const char *marker; /* of chroma_read_marker(); NULL: not all collections have the same */
	int64_t upto;       /* the lowest of them */
	int64_t ids[CHROMA_PAGE];
	size_t count;
	float *vector; /* of chroma_vector(); NULL: it is not there */
	size_t dimension;
};

/*
 * done() is the last call of an operation, not within the function that began it. The answer lives
 * until it returns.
 */
typedef void chroma_done(void *context, const struct chroma_answer *answer);

struct chroma_work *chroma_read_marker(struct chroma *chroma, chroma_done *done, void *context);

/* Deletes all collections with the prefix, and makes those in use. */
struct chroma_work *chroma_clear(struct chroma *chroma, const char *marker, chroma_done *done,
				 void *context);

/* Nothing of it is needed after chroma_write(). */
struct chroma_batch {
	const struct chroma_row *rows;
	size_t count, dimension;
	const char *marker;
	int64_t since, upto; /* of the marker, before and afterwards */
};

/*
 * Writes the rows, and then the marker. It fails when a collection has another marker, or one below
 * `since`: then an older copy of the data has been put in place of what was there.
 */
struct chroma_work *chroma_write(struct chroma *chroma, const struct chroma_batch *batch,
				 chroma_done *done, void *context);

/* The ids of the vectors that are probably the nearest ones: at most CHROMA_FOUND. */
struct chroma_work *chroma_query(struct chroma *chroma, enum chroma_part part, const int8_t *vector,
				 size_t dimension, size_t most, chroma_done *done, void *context);

/* The ids from a place on, at most CHROMA_PAGE. */
struct chroma_work *chroma_ids(struct chroma *chroma, enum chroma_part part, size_t from,
			       chroma_done *done, void *context);

struct chroma_work *chroma_vector(struct chroma *chroma, enum chroma_part part, int64_t id,
				  chroma_done *done, void *context);

/* Whether it answers, as ChromaDB does. */
struct chroma_work *chroma_ping(struct chroma *chroma, chroma_done *done, void *context);

/* Ends an operation without done(). Not within done(). NULL is allowed. */
void chroma_cancel(struct chroma_work **work);

#endif
