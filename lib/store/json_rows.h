/* Within lib/store only: rows as JSON, for the generated functions of queries.c. See store.h. */
#ifndef STORE_JSON_ROWS_H
#define STORE_JSON_ROWS_H

#include "store/statement.h"

struct buf;
struct page;

int statement_object(struct store *store, enum query query, const union value *takes,
		     struct buf *out, struct problem *why);
int statement_objects(struct store *store, enum query query, const union value *takes,
		      int (*each)(int64_t key, const struct buf *json, void *context,
				  struct problem *why),
		      void *context, struct problem *why);
int statement_list(struct store *store, enum query query, const union value *takes,
		   struct page *page, struct buf *out, struct problem *why);

#endif
