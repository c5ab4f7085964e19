/*
 * Shared knowledge: it has tags, votes and a visibility. Knowledge that the viewer may not see is
 * PROBLEM_KNOWLEDGE_NOT_FOUND.
 */
#ifndef REALM_KNOWLEDGE_H
#define REALM_KNOWLEDGE_H

#include "base/fields.h"
#include "store/shape.h"

struct arena;

struct knowledge_new {
	const char *title; /* or NULL */
	const char *content, *knowledge_type, *visibility, *meta_data;
	struct texts tags; /* stored trimmed, in lower case and without repeats */
};
extern const struct fields knowledge_new_fields;

/* A change; `given` has a bit for each property that was sent. */
struct knowledge_change {
	const char *title, *content, *knowledge_type, *visibility, *meta_data;
	struct texts tags;
	uint32_t given;
};
extern const struct fields knowledge_change_fields; /* the rows are in the order of the bits */

extern const char *const knowledge_visibilities[]; /* ends with NULL */

extern const struct shape knowledge_shape;
extern const struct shape vote_shape; /* message, upvotes, downvotes */

int knowledge_create(struct arena *arena, struct store *store, int64_t creator,
		     const struct knowledge_new *input, int64_t *id_r, struct problem *why);

int knowledge_show(struct store *store, int64_t viewer, int64_t id, struct buf *out,
		   struct problem *why);

/* Only the creator may: PROBLEM_FORBIDDEN for others who may see it. */
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

/*
 * Shares it by a knowledge_shared event with a user who may see it, or by a message with a room of
 * the viewer if it is public. It never shows knowledge to more users. Sharing again changes
 * nothing, unless that message was deleted. PROBLEM_INVALID, PROBLEM_FORBIDDEN,
 * PROBLEM_USER_NOT_FOUND, PROBLEM_ROOM_NOT_FOUND.
 */
int knowledge_share(struct arena *arena, struct store *store, int64_t viewer, int64_t id,
		    const struct knowledge_share *input, struct problem *why);

#endif
