/*
 * The feed: what is read from the event log, by the bridge that follows it and for a user who comes
 * back.
 */
#ifndef REALM_FEED_H
#define REALM_FEED_H

#include "base/buf.h"
#include "realm/events.h"
#include "store/shape.h"
#include "store/store.h"

struct arena;

/*
 * Calls each() for at most `limit` events behind `pos`, in order. What the event points to is
 * valid during the call. Returns how many there were, or -1.
 */
int events_after(struct store *store, int64_t pos, int limit,
		 int (*each)(const struct event *event, void *context, struct problem *why),
		 void *context, struct problem *why);

/*
 * Calls each() for what the viewer may see now of the events behind *pos, in order and at most
 * `limit`, until it returns above 0 (having taken that one). What is about the viewer is left out,
 * as it was live. Looks at a part of the log only: *pos becomes the position that it has come to,
 * and *level_r tells whether that is the log's end. Returns how often it has called, or -1.
 */
int events_replay(struct store *store, int64_t viewer, int64_t *pos, int limit, bool *level_r,
		  int (*each)(const struct event *event, void *context, struct problem *why),
		  void *context, struct problem *why);

/* The position up to which the log was pruned; 0 when it is whole. */
int events_start(struct store *store, int64_t *pos_r, struct problem *why);

/* Where somebody who comes back goes on. */
struct resumption {
	const char *epoch; /* that they know, or NULL; then the one that it is */
	int64_t pos;       /* up to which they have everything; then where to go on */
	bool known;        /* the position means something here, else it is the log's end now */
	struct buf
		*gaps; /* what a replay lacks before it: a JSON array of gap_shape, in the arena */
};
extern const struct shape gap_shape;
int events_resume(struct arena *arena, struct store *store, int64_t viewer, struct resumption *from,
		  struct problem *why);

/* The position of the newest event; 0 in a new realm. */
int events_head(struct store *store, int64_t *pos_r, struct problem *why);

#endif
