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
	X(USER_JOINED, "user_joined", HEARD_BY_ALL)                                                \
	X(USER_LEFT, "user_left", HEARD_BY_ALL)                                                    \
	X(KNOWLEDGE_VOTED, "knowledge_voted", HEARD_BY_V1)                                         \
	X(INTERACTION_CREATED, "interaction_created", HEARD_BY_V1)                                 \
	X(INTERACTION_RESPONDED, "interaction_responded", HEARD_BY_V1)                             \
	X(RELATIONSHIP_UPDATED, "relationship_updated", HEARD_BY_V1)                               \
	X(SESSIONS_ENDED, "sessions_ended", HEARD_BY_BRIDGE)

#define EVENT_ENUM(constant, name, audience) EVENT_##constant,
enum event_kind { EVENT_TABLE(EVENT_ENUM) EVENT__COUNT };
#undef EVENT_ENUM

struct event {
	int64_t pos;
	enum event_kind kind;
	const char *room_id; /* for its participants, or NULL */
	int64_t user_id;     /* for this user, or 0 */
	const char *data;    /* JSON object */
	size_t data_bytes;
};

const char *event_name(enum event_kind kind);
enum event_audience event_audience(enum event_kind kind);

/*
 * Within store_write() only. Exactly one of room_id (or NULL) and user_id (or 0) says for whom.
 * `data` may be NULL when the kind says it all.
 */
int event_append(struct store *store, enum event_kind kind, const char *room_id, int64_t user_id,
		 const struct buf *data, int64_t *pos_r, struct problem *why);

/*
 * Calls each() for at most `limit` events behind `pos`, in order. What the event points to is
 * valid during the call. Returns how many there were, or -1.
 */
int events_after(struct store *store, int64_t pos, int limit,
		 int (*each)(const struct event *event, void *context, struct problem *why),
		 void *context, struct problem *why);

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
