/*
 * Similar users: those with tags like the viewer's. The score is common tags / max(own tags, their
 * tags), over the knowledge that the viewer may see. It is exact and counts everybody at each call.
 *
 * Half a realm may have one tag, and SQL that counts a row for each user and tag takes a third of a
 * second at 100,000 users. So triggers keep the users of each tag, and the users by how many tags
 * they have, as sets of ids (tag_users and tag_count_users); here they are counted in an array.
 */
#ifndef REALM_SIMILAR_H
#define REALM_SIMILAR_H

#include <stdint.h>

#include "base/problem.h"

struct arena;
struct store;

struct similar {
	int64_t user_id;
	double score;
	int64_t last_seen; /* as far as the viewer may see it; else 0 */
};

/*
 * The `limit` most similar users, in the arena: by score, then who was seen last, then by id.
 * It leaves out the viewer, blocked users and users who are not discoverable.
 */
int similar_users(struct arena *arena, struct store *store, int64_t viewer, int limit,
		  const struct similar **best_r, int *count_r, struct problem *why);

#endif
