/*
 * How the viewer knows another user: the shortest path of relationships to that user.
 *
 * A path has at most PATH_MOST_STEPS steps. Each step is a relationship from a user to the next one
 * that the viewer may see, by the conditions of the network: an own one, or one of a user who shows
 * the viewer its connections. Of all paths it is one with the fewest steps, then the one with the
 * largest product of strengths, then the one with the smallest ids from the viewer on. So there is
 * exactly one answer, whichever way it is found.
 */
#ifndef REALM_PATH_H
#define REALM_PATH_H

#include "store/shape.h"

struct arena;

#define PATH_MOST_STEPS 4
#define PATH_MOST_USERS 100000 /* that a search looks at: 7 MB */

extern const struct shape path_shape;

/*
 * Finds the path and writes it; without one, `steps` is null. The search begins at both ends, and
 * goes on where fewer relationships are. PROBLEM_USER_NOT_FOUND when `to` does not exist for the
 * viewer, PROBLEM_TOO_EXPENSIVE.
 */
int path_show(struct arena *arena, struct store *store, int64_t viewer, int64_t to, struct buf *out,
	      struct problem *why);

#endif
