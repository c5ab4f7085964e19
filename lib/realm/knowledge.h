/* Shared knowledge: tagged, voted on, and shown to whom it should be. What one may not see is
 * PROBLEM_KNOWLEDGE_NOT_FOUND. */
#ifndef REALM_KNOWLEDGE_H
#define REALM_KNOWLEDGE_H

#include "base/fields.h"
#include "store/shape.h"

struct knowledge_new {
	const char *content, *knowledge_type, *visibility, *meta_data;
	struct texts tags; /* trimmed, case-folded and made unique when stored */
};
extern const struct fields knowledge_new_fields;

struct knowledge_filter {
	const char *knowledge_type, *visibility, *tag;
	int64_t creator_id;
};
extern const struct fields knowledge_filter_fields;

extern const struct shape knowledge_shape;
extern const struct shape vote_shape; /* message, upvotes, downvotes */

int knowledge_create(struct arena *arena, struct store *store, int64_t creator,
		     const struct knowledge_new *input, int64_t *id_r, struct problem *why);

int knowledge_show(struct store *store, int64_t viewer, int64_t id, struct buf *out,
		   struct problem *why);

int knowledge_list(struct arena *arena, struct store *store, int64_t viewer,
		   const struct knowledge_filter *filter, struct page *page, struct buf *out,
		   struct problem *why);

struct votes {
	int64_t up, down;
};

/* value is 1 or -1. One vote a user: repeating it changes nothing, the other one switches it.
 * PROBLEM_OWN_KNOWLEDGE. The creator is told by a knowledge_voted event. */
int knowledge_vote(struct arena *arena, struct store *store, int64_t viewer, int64_t id, int value,
		   struct votes *votes_r, struct problem *why);

#endif
