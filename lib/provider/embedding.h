/* Reads the answer of an embedder: vectors as numbers or in base64, one for each text. */
#ifndef PROVIDER_EMBEDDING_H
#define PROVIDER_EMBEDDING_H

#include <stddef.h>
#include <stdint.h>

#include "provider/completion.h"
#include "provider/failure.h"

#define EMBEDDING_MOST_TEXTS 32      /* of a request */
#define EMBEDDING_MOST_BYTES 4194304 /* of an answer: 32 vectors of 4096 numbers as text */

struct arena;

struct embedding {
	size_t count, dimension;
	int8_t *vectors; /* count × dimension, as vector_quantise() makes them */
	float *scales;
	char model[COMPLETION_MODEL]; /* as the provider names it; "": it does not */
	struct usage usage;           /* only of the prompt */
};

/*
 * Reads the answer to a request with `count` texts; the vectors live in the arena. Each text must
 * have exactly one vector, all of one dimension, with a direction: else FAILURE_BAD_ANSWER, and
 * `detail_r` says why.
 */
enum failure_code embedding_read(struct arena *arena, const char *body, size_t bytes, size_t count,
				 struct embedding *embedding, const char **detail_r);

#endif
