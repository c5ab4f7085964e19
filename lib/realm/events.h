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

const char *event_name(enum event_kind kind);
enum event_audience event_audience(enum event_kind kind);

/* EVENT__COUNT for a name that this program does not know: a newer one's. */
enum event_kind event_kind_named(const char *name);

/*
 * Within store_write() only. Its pos is given then: store_last_id(). An entry of a room's log needs
 * no data, since it is shown as it is when the event is read; nor does what its kind says all of.
 */
int event_append(struct store *store, const struct event *event, struct problem *why);

#endif
