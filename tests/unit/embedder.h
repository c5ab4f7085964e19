/* An embedder for C tests: texts with common words are near each other. It is deterministic. */
#ifndef TESTS_UNIT_EMBEDDER_H
#define TESTS_UNIT_EMBEDDER_H

#include "realm/vector_work.h"
#include "realm/vectors.h"
#include "tests/unit/test.h"

#define DIMENSION 40

struct settings;

/* Settings with a model and with high ceilings. */
struct settings embedder_settings(void);

/* Writes the vector of a text, and returns its scale. */
float embed(const char *text, int8_t vector[DIMENSION]);

/* A batch of texts that may be sent to that provider, or none: its count is 0. */
struct vector_batch claim_leaving(struct fixture *f, const struct settings *settings, int worker,
				  enum leaving leaving);

/* The same for a provider on this machine. */
struct vector_batch claim(struct fixture *f, const struct settings *settings, int worker);

/* Answers a batch as the model of that name does. Returns whether another one answered before. */
bool answer_batch(struct fixture *f, const struct settings *settings,
		  const struct vector_batch *batch, const char *model);

/* Embeds all texts that may be sent. Returns how many those were. */
int embed_all(struct fixture *f, const struct settings *settings, const char *model);

/* The vector of a question for the model that serves; in the arena. */
const struct query_vector *embed_question(struct fixture *f, const char *question);

#endif
