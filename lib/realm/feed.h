/* The feed reads the event log: for the bridge, as it grows, and for a client that reconnects. */
#ifndef REALM_FEED_H
#define REALM_FEED_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/uuid.h"
#include "realm/events.h"
#include "store/shape.h"
#include "store/store.h"

struct arena;

/*
 * Calls each() for at most `limit` events after `pos`, in order. The event is valid during the
 * call. Returns how many events there were, or -1.
 */
int events_after(struct store *store, int64_t pos, int limit,
		 int (*each)(const struct event *event, void *context, struct problem *why),
		 void *context, struct problem *why);

/*
 * Calls each() for the events after *pos that the viewer may see now, in order and at most `limit`,
 * until it returns above 0; that event counts as taken. Events about the viewer are left out, as
 * they were live. Reads only a part of the log: *pos becomes the position that was reached, and
 * *caught_up_r tells whether that is the end of the log. Returns how often it has called each(), or
 * -1.
 */
int events_replay(struct store *store, int64_t viewer, int64_t *pos, int limit, bool *caught_up_r,
		  int (*each)(const struct event *event, void *context, struct problem *why),
		  void *context, struct problem *why);

/* The position up to which the log was pruned; 0 when nothing was. */
int events_start(struct store *store, int64_t *pos_r, struct problem *why);

/* The events of a room were pruned up to that seq. */
struct gap {
	char room_id[UUID_TEXT];
	int64_t to_seq;
};
extern const struct shape gap_shape;

/* Where a client that comes back resumes. */
struct resumption {
	const char *epoch; /* the epoch that the client knows, or NULL; then the current one */
	int64_t pos;       /* the client has all events up to it; then where to resume */
	int64_t since;     /* the client has all presences up to this time; 0: it is not known */
	bool known;        /* `pos` is of this epoch; else it is the end of the log */
	struct buf *gaps;  /* of struct gap, in the arena */
};
int events_resume(struct arena *arena, struct store *store, int64_t viewer, struct resumption *from,
		  struct problem *why);

/* Writes the gaps from *next on as a JSON array, as many as fit into `most` bytes, and sets
 * *next to the first of those left. Returns whether any are left. */
bool gaps_show(const struct buf *gaps, size_t *next, size_t most, struct buf *out);

/* The position of the newest event; 0 in a new realm. */
int events_head(struct store *store, int64_t *pos_r, struct problem *why);

#endif
