/* Shared knowledge: tagged, voted on, and shown to whom it should be. What one may not see is
 * PROBLEM_KNOWLEDGE_NOT_FOUND. */
#ifndef REALM_KNOWLEDGE_H
#define REALM_KNOWLEDGE_H

#include "base/fields.h"
#include "store/shape.h"

struct arena;

struct knowledge_new {
	const char *content, *knowledge_type, *visibility, *meta_data;
	struct texts tags; /* pruned, case-folded and made unique when stored */
};
extern const struct fields knowledge_new_fields;

/* What may be changed of it; `given` says what is, bit by bit. */
struct knowledge_change {
	const char *content, *knowledge_type, *visibility, *meta_data;
	struct texts tags;
	uint32_t given;
};
extern const struct fields knowledge_change_fields; /* its rows stand in the order of the bits */

struct knowledge_filter {
	const char *knowledge_type, *visibility, *tag, *q; /* q: see search.h */
	const char *sort; /* NULL: the most relevant first when there is a q, else the newest */
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

/* For the creator; PROBLEM_FORBIDDEN for who only may see it. */
int knowledge_update(struct arena *arena, struct store *store, int64_t viewer, int64_t id,
		     const struct knowledge_change *change, struct problem *why);
int knowledge_delete(struct arena *arena, struct store *store, int64_t viewer, int64_t id,
		     struct problem *why);

struct knowledge_share {
	const char *room_id; /* one of the two */
	int64_t user_id;
};
extern const struct fields knowledge_share_fields;
extern const struct shape shared_shape; /* knowledge_shared */
extern const struct shape votes_shape;  /* knowledge_voted */

/*
 * Points others to it by a knowledge_shared event: a user who may see it, or a room that the viewer
 * is in, and then only what is public. It shows nobody more than before. Doing it again counts
 * once. PROBLEM_INVALID, PROBLEM_FORBIDDEN, PROBLEM_USER_NOT_FOUND, PROBLEM_ROOM_NOT_FOUND.
 */
int knowledge_share(struct arena *arena, struct store *store, int64_t viewer, int64_t id,
		    const struct knowledge_share *input, struct problem *why);

struct votes {
	int64_t up, down;
};

/* value is 1, -1 or 0, which takes it back. One vote a user: repeating it changes nothing, the
 * other one switches it. PROBLEM_OWN_KNOWLEDGE. The creator is told by a knowledge_voted event. */
int knowledge_vote(struct arena *arena, struct store *store, int64_t viewer, int64_t id, int value,
		   struct votes *votes_r, struct problem *why);

#endif
