/* Callbacks for queries of the kind :each that collect a column. */
#ifndef REALM_COLLECT_H
#define REALM_COLLECT_H

#include "base/buf.h"
#include "base/problem.h"

#include <stdint.h>

struct arena;

/* Adds the id to `list`, a struct buf of int64_t. */
int collect_id(int64_t id, void *list, struct problem *why);

struct collected_texts {
	struct arena *arena; /* of the texts */
	struct buf *list;    /* of const char * */
};

/* Adds a copy of the text to `texts`, a struct collected_texts. */
int collect_text(const char *text, void *texts, struct problem *why);

#endif
