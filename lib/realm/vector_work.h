/*
 * The work of embedding: which texts get vectors next, what that may cost, and what came of it.
 *
 * Each text is embedded once, alone, for all twins; what stands beside it counts when it is
 * searched. A trigger deletes a vector with its text (sql/migrations/0017_vectors.sql), and the
 * vector of a text that has changed meanwhile is not kept. New texts come first, then older ones,
 * the newest first. All texts are looked at again every hour, because more of them may be sent
 * then (leaving.h).
 *
 * One batch of texts is in work at a time, whichever process does it: a lease in the database says
 * so. What it may cost is reserved before (ledger.h), for the authors of the texts. Texts of an
 * author who has reached a ceiling are passed over until the next look at all texts.
 */
#ifndef REALM_VECTOR_WORK_H
#define REALM_VECTOR_WORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"
#include "realm/leaving.h"
#include "realm/vector_batch.h"

struct arena;
struct settings;
struct store;

/* What a provider made of a batch. */
struct vector_answer {
	const char *model; /* as it calls itself */
	size_t dimension;
	const int8_t *vectors; /* count × dimension */
	const float *scales;
	int64_t tokens; /* or LEDGER_UNKNOWN */
};

/*
 * Looks for the next texts to embed, and reserves what they may cost: 1, and the batch is this
 * process's until vector_work_keep() or vector_work_give_up(); 0 when there is nothing to do now,
 * or another process does it; or -1. `more_r`: there may be something to do at once. Each call
 * looks at a bounded number of texts.
 */
int vector_work_claim(struct arena *arena, struct store *store, const struct settings *settings,
		      int worker, enum leaving leaving, struct vector_batch *batch_r, bool *more_r,
		      struct problem *why);

/* Keeps the vectors and settles the costs. `is_changed_r`: another model than before has answered.
 */
int vector_work_keep(struct store *store, const struct settings *settings,
		     const struct vector_batch *batch, const struct vector_answer *answer,
		     bool *is_changed_r, struct problem *why);

enum vector_failure {
	VECTORS_NOT_CHARGED, /* the provider surely did no work */
	VECTORS_CHARGED,
	VECTORS_REJECTED, /* it cannot embed one of the texts */
};

/*
 * Settles the costs of a batch that failed. Its texts are embedded later, after a pause. After a
 * rejection they are sent one by one, and one that is rejected alone is left without a vector.
 */
int vector_work_give_up(struct store *store, const struct vector_batch *batch,
			enum vector_failure failure, struct problem *why);

/* A process that starts or ends has no batch in work. */
int vector_work_release(struct store *store, int worker, struct problem *why);

#endif
