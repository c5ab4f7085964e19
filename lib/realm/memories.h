/*
 * Memories of twins: texts that owners gave to their twins, and facts from the owners' own words.
 * What else a twin knows lies in the realm, and is not copied. A memory exists for its owner alone,
 * and its visibility says which users may hear it from the twin. PROBLEM_NOT_FOUND when the owner
 * has no such memory.
 */
#ifndef REALM_MEMORIES_H
#define REALM_MEMORIES_H

#include "base/fields.h"
#include "store/shape.h"

struct arena;
struct query_vector;

struct memory_new {
	const char *content, *memory_type;
	int64_t importance;
	const char *visibility;
	bool local_only;
	const char *meta_data;
};
extern const struct fields memory_new_fields;

/* Only what was given changes: bit i of `given` stands for the row i of the fields. */
struct memory_change {
	const char *content, *memory_type;
	int64_t importance;
	const char *visibility;
	int local_only; /* -1: not given */
	const char *meta_data;
	uint32_t given;
};
extern const struct fields memory_change_fields;

struct memory_filter {
	const char *memory_type, *q;
};
extern const struct fields memory_filter_fields;

extern const struct shape memory_shape;

/*
 * Keeps the text. The same text again strengthens the memory that has it: it was given once more,
 * and has the greater importance of both. A fact that the owner gives to the twin is no longer one:
 * it stays when the text is deleted that it was learned from. fresh_r tells whether there is a new
 * memory.
 */
int memory_add(struct store *store, int64_t owner, const struct memory_new *input, int64_t *id_r,
	       bool *fresh_r, struct problem *why);

int memory_show(struct store *store, int64_t owner, int64_t id, struct buf *out,
		struct problem *why);

/* PROBLEM_MEMORY_EXISTS when another memory has the new text. A fact with a new text is none. */
int memory_update(struct store *store, int64_t owner, int64_t id,
		  const struct memory_change *change, struct problem *why);

/* Within store_write(): tells the owner's clients that the memory is new, changed or deleted. */
int memory_tell(struct store *store, int64_t owner, int64_t id, bool is_deleted,
		struct problem *why);

int memory_delete(struct store *store, int64_t owner, int64_t id, struct problem *why);

/* What a twin has learned from a text of its owner: see facts.h. */
struct memory_fact {
	const char *content, *quote;
	const char *kind, *source; /* of the text */
};

/*
 * Within store_write(): keeps a fact, private at first. Returns 1 for a new one; 0 when the memory
 * was there and is strengthened by another text, or when the owner has `most` memories or too many
 * bytes; or -1.
 */
int memory_learn(struct store *store, int64_t owner, const struct memory_fact *fact, int64_t most,
		 struct problem *why);

/*
 * Memories, the newest first; or with q, as source_search_shape, the texts on which the twin may
 * draw for its owner. `vector` is that of q, or NULL.
 */
int memories_list(struct arena *arena, struct store *store, int64_t owner,
		  const struct memory_filter *filter, const struct query_vector *vector,
		  struct page *page, struct buf *out, struct problem *why);

#endif
