/*
 * AEON interactions: a twin addresses another twin, which may answer once. An interaction that the
 * viewer may not see is PROBLEM_INTERACTION_NOT_FOUND.
 */
#ifndef REALM_INTERACTIONS_H
#define REALM_INTERACTIONS_H

#include "base/fields.h"
#include "store/shape.h"

struct arena;

struct interaction_new {
	int64_t target_aeon_user_id, parent_id;
	const char *interaction_type, *content, *context, *meta_data;
	bool is_public;
	int64_t turn_id; /* by which the author's twin writes it; 0: the author does */
};
extern const struct fields interaction_new_fields;

struct interaction_response {
	const char *response_content;
	int64_t turn_id; /* by which the target's twin answers; 0: the target does */
};
extern const struct fields interaction_response_fields;

struct interaction_filter {
	const char *interaction_type, *scope; /* "mine" or "public" */
	int is_public;                        /* -1: either */
	int64_t with;                         /* the other side; 0: any user */
};
extern const struct fields interaction_filter_fields;

extern const struct shape interaction_shape;

/*
 * An interaction_created event tells the target. PROBLEM_USER_NOT_FOUND, also for a block;
 * PROBLEM_INVALID for oneself or a parent that the author may not see.
 */
int interaction_create(struct arena *arena, struct store *store, int64_t author,
		       const struct interaction_new *input, int64_t *id_r, struct problem *why);

int interaction_show(struct store *store, int64_t viewer, int64_t id, struct buf *out,
		     struct problem *why);

/* Author and target may delete it, for both. PROBLEM_INTERACTION_NOT_FOUND, PROBLEM_FORBIDDEN. */
int interaction_delete(struct store *store, int64_t viewer, int64_t id, struct problem *why);

int interactions_list(struct store *store, int64_t viewer, const struct interaction_filter *filter,
		      struct page *page, struct buf *out, struct problem *why);

/*
 * Only the target may answer (else PROBLEM_FORBIDDEN), and once (PROBLEM_ALREADY_ANSWERED). An
 * interaction_responded event tells the author.
 */
int interaction_respond(struct arena *arena, struct store *store, int64_t viewer, int64_t id,
			const struct interaction_response *input, struct problem *why);

#endif
