/* Home: what a client shows first, read at one position of the event log. */
#ifndef REALM_HOME_H
#define REALM_HOME_H

#include "store/shape.h"

struct arena;
struct session;

extern const struct shape home_shape;

/*
 * Writes what the user has now: the account, rooms by activity, invitations, and what waits for the
 * user. All of it is of one read transaction, at the position `pos`, so the events behind `pos` are
 * the changes of it.
 */
int home_show(struct arena *arena, struct store *store, const struct session *session,
	      struct buf *out, struct problem *why);

#endif
