/* Within lib/store only: the functions that the generated queries.c calls. See store.h. */
#ifndef STORE_STATEMENT_H
#define STORE_STATEMENT_H

#include "store/queries.h"
#include "store/store.h"

struct arena;

union value {
	int64_t integer; /* of VALUE_INT, _BOOL and _TIME */
	double real;
	const char *text; /* of VALUE_TEXT and _JSON */
	struct {
		const void *bytes;
		size_t size;
	} blob;
};

/*
 * The steps of a query. Whatever start() and the steps return, end() follows: it returns `result`.
 * next() and row() return 1 for a row, 0 when there is none left, or -1; row() fills the row's
 * struct with texts that are valid until the next step.
 */
int statement_start(struct store *store, enum query query, const union value *takes,
		    struct problem *why);
int statement_next(struct store *store, enum query query, struct problem *why);
int statement_row(struct store *store, enum query query, void *row, struct problem *why);
int statement_end(struct store *store, enum query query, int result);

int statement_exec(struct store *store, enum query query, const union value *takes,
		   struct problem *why);
int statement_insert(struct store *store, enum query query, const union value *takes, int64_t *id_r,
		     struct problem *why);
int statement_one(struct arena *arena, struct store *store, enum query query,
		  const union value *takes, void *row, struct problem *why);

#endif
