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

#include <stdbool.h>
#include <stdint.h>

#include "base/problem.h"

struct arena;
struct store;

struct similar {
	int64_t user_id;
	double score;
	int64_t last_seen; /* as far as the viewer may see it; else 0 */
	const char *username;
	const char *full_name, *twin; /* or NULL; twin: JSON */
	const char **tags;            /* common ones, by name; SIMILAR_TAGS at most */
	int tag_count;
	/* Knowledge that the viewer may see: all, and of the newest 100 those with a common tag. */
	int64_t items, common_items;
};

#define SIMILAR_TAGS 50

struct similar_question {
	int64_t viewer;
	int limit;
	bool only_strangers;     /* without users that the viewer has a relationship to */
	const int64_t *left_out; /* other users who are not wanted */
	int left_out_count;
	bool wants_common_items; /* else common_items is 0 */
};

/*
 * The most similar users, in the arena. Of two with the same score the one seen last comes first,
 * then the one with the smaller id. It leaves out the viewer, blocked users and users who are not
 * discoverable.
 */
int similar_users(struct arena *arena, struct store *store, const struct similar_question *question,
		  const struct similar **best_r, int *count_r, struct problem *why);

#endif
