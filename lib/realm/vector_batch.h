/* A batch of texts to embed, and what it costs in the ledger (ledger.h). */
#ifndef REALM_VECTOR_BATCH_H
#define REALM_VECTOR_BATCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"
#include "realm/source_kinds.h"

struct settings;
struct store;

#define VECTORS_BATCH 32     /* texts */
#define VECTORS_LETTERS 2000 /* of a text that are embedded: models read about 500 words */

struct vector_text {
	int64_t id, author_id; /* texts.id */
	enum source_kind kind;
	const char *source, *content; /* its id; what is embedded */
	int64_t call;                 /* of the ledger, shared by the texts of an author */
};

/* Texts to embed with the model of the settings. */
struct vector_batch {
	int64_t number, model, most;
	int64_t upto, since; /* of the model, when the texts are embedded */
	struct vector_text *texts;
	size_t count;
};

/* Whether the realm may not spend today what the batch may cost: 1, 0 or -1. */
int vector_batch_is_spent(struct store *store, const struct settings *settings,
			  const struct vector_batch *batch, struct problem *why);

/* Within store_write(): reserves the cost for each author. The texts of an author who has reached a
 * ceiling are left out of the batch. */
int vector_batch_reserve(struct store *store, const struct settings *settings,
			 struct vector_batch *batch, struct problem *why);

/* Within store_write(): settles the calls of a batch. `tokens`, or LEDGER_UNKNOWN, are shared among
 * them as what was reserved. */
int vector_batch_settle(struct store *store, const struct vector_batch *batch, int64_t tokens,
			struct problem *why);

#endif
