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

#include "realm/projection.h"
#include "store/shape.h"

struct arena;

#define PATH_MOST_STEPS 4
#define PATH_MOST_USERS 100000 /* that a search looks at: 7 MB */

struct path {
	int steps;                          /* -1: there is no path */
	int64_t users[PATH_MOST_STEPS + 1]; /* from the viewer on */
};

/*
 * What another store has found: all shortest paths, in a graph that has at least all steps that the
 * viewer may see.
 */
struct path_candidates {
	struct path *paths; /* of one length */
	size_t count;
	int64_t upto; /* the store had all changes of PATH_KINDS up to this one: realm/projection.h
		       */
};
#define PATH_KINDS (1u << PROJECTED_USER | 1u << PROJECTED_KNOWS)

extern const struct shape path_shape;

/*
 * Finds the path and writes it; without one, `steps` is null. The search begins at both ends, and
 * goes on where fewer relationships are. It is not needed when the path is among the candidates,
 * which may be NULL. PROBLEM_USER_NOT_FOUND when `to` does not exist for the viewer,
 * PROBLEM_TOO_EXPENSIVE.
 */
int path_show(struct arena *arena, struct store *store, int64_t viewer, int64_t to,
	      const struct path_candidates *candidates, struct buf *out, struct problem *why);

#endif
