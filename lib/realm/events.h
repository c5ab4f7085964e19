/*
 * The event log: the one way by which live clients hear of what happened.
 *
 * An event is appended in the transaction that causes it, whoever writes; the bridge follows the
 * log and pushes. `pos` is the global order of commits; the epoch names the database's life, and
 * positions of another epoch mean nothing.
 */
#ifndef REALM_EVENTS_H
#define REALM_EVENTS_H

#include "base/buf.h"
#include "store/shape.h"
#include "store/store.h"

struct arena;

enum event_audience {
	HEARD_BY_ALL,
	HEARD_BY_V1,     /* only clients of aeon.v1 */
	HEARD_BY_BRIDGE, /* no client at all */
};

/* X(constant, name on the wire, audience) */
#define EVENT_TABLE(X)                                                                             \
	X(CHAT_MESSAGE, "chat_message", HEARD_BY_ALL)                                              \
	X(MESSAGE_EDITED, "message_edited", HEARD_BY_V1)                                           \
	X(MESSAGE_DELETED, "message_deleted", HEARD_BY_V1)                                         \
	X(REACTION, "reaction", HEARD_BY_V1)                                                       \
	X(READ_MARKER, "read_marker", HEARD_BY_V1)                                                 \
	X(USER_JOINED, "user_joined", HEARD_BY_ALL)                                                \
	X(USER_LEFT, "user_left", HEARD_BY_ALL)                                                    \
	X(KNOWLEDGE_SHARED, "knowledge_shared", HEARD_BY_V1)                                       \
	X(KNOWLEDGE_VOTED, "knowledge_voted", HEARD_BY_V1)                                         \
	X(INTERACTION_CREATED, "interaction_created", HEARD_BY_V1)                                 \
	X(INTERACTION_RESPONDED, "interaction_responded", HEARD_BY_V1)                             \
	X(RELATIONSHIP_UPDATED, "relationship_updated", HEARD_BY_V1)                               \
	X(INVITATION, "invitation", HEARD_BY_V1)                                                   \
	X(ROOM_UPDATED, "room_updated", HEARD_BY_V1)                                               \
	X(ROOM_REMOVED, "room_removed", HEARD_BY_V1)                                               \
	X(ROOM_GONE, "room_gone", HEARD_BY_BRIDGE)                                                 \
	X(HIDDEN, "hidden", HEARD_BY_V1)                                                           \
	X(BLOCKED, "blocked", HEARD_BY_BRIDGE)                                                     \
	X(UNBLOCKED, "unblocked", HEARD_BY_BRIDGE)                                                 \
	X(SESSIONS_ENDED, "sessions_ended", HEARD_BY_BRIDGE)

#define EVENT_ENUM(constant, name, audience) EVENT_##constant,
enum event_kind { EVENT_TABLE(EVENT_ENUM) EVENT__COUNT };
#undef EVENT_ENUM

/*
 * Whom an event is for: the participants of the room, or without one (NULL) the user. With a room
 * the user is whom it is about, who is not told; where it refers to an entry of the room's log
 * (`seq`), who made that, who is told as well. `other_id` is who else has part in it, or 0: it is
 * hidden from whoever is blocked with one of them.
 */
struct event {
	int64_t pos;
	enum event_kind kind;
	const char *room_id;
	int64_t user_id, other_id;
	int64_t seq;
	const char *data; /* JSON object */
	size_t data_bytes;
};

/* What is shown instead of an entry that is hidden: only that it is there. */
extern const struct shape hidden_shape;
void hidden_show(const char *room_id, int64_t seq, struct buf *out);

const char *event_name(enum event_kind kind);
enum event_audience event_audience(enum event_kind kind);

/* EVENT__COUNT for a name that this program does not know: a newer one's. */
enum event_kind event_kind_named(const char *name);

/*
 * Within store_write() only. Its pos is given then: store_last_id(). An entry of a room's log needs
 * no data, since it is shown as it is when the event is read; nor does what its kind says all of.
 */
int event_append(struct store *store, const struct event *event, struct problem *why);

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

/* The position up to which the log was trimmed; 0 when it is whole. */
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

/* The name of this database's life, in the arena. */
int realm_epoch(struct arena *arena, struct store *store, const char **epoch_r,
		struct problem *why);

/*
 * Begins a new epoch when the machine was started anew since the last call: what had been seen,
 * but not acknowledged, may be gone then. Called by whoever starts the realm.
 */
int realm_note_boot(struct arena *arena, struct store *store, struct problem *why);

#endif
