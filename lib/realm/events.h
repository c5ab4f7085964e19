/*
 * The event log: the only way by which live clients learn of a change.
 *
 * An event is appended in the transaction that causes it; the bridge follows the log and pushes.
 * `pos` is the order of commits in the whole realm. The epoch names the life of the database; a
 * position has no meaning in another epoch.
 */
#ifndef REALM_EVENTS_H
#define REALM_EVENTS_H

#include "base/buf.h"
#include "store/shape.h"
#include "store/store.h"

struct arena;

/* A member of a room, or one user. */
enum event_audience { TO_ROOM, TO_USER };

/*
 * An entry belongs to a room's log: it has a `seq`, the room's history shows it, and no reader may
 * miss it. An event informs: it is told once, and replayed from the event log only.
 */
enum event_record { ENTRY, EVENT };

enum event_hearers {
	HEARD_BY_ALL,
	HEARD_BY_V1,     /* only clients of aeon.v1 */
	HEARD_BY_BRIDGE, /* no client; it only changes what the bridge knows */
};

/*
 * Every kind, once. X(constant, name on the wire, audience, record, hearers, subject, shape, help)
 *
 * subject: the kind of thing that the event is about. The event is withheld from a user who may no
 * longer see that thing (sql/fragments.sql, event_subject_gone). shape: of `data`; event_shapes.h.
 */
#define EVENT_TABLE(X)                                                                             \
	X(CHAT_MESSAGE, "chat_message", TO_ROOM, ENTRY, HEARD_BY_ALL, NULL, &message_shape,        \
	  "A member posted a message, or shared knowledge by one.")                                \
	X(MESSAGE_EDITED, "message_edited", TO_ROOM, ENTRY, HEARD_BY_V1, NULL, &change_shape,      \
	  "The sender edited a message.")                                                          \
	X(MESSAGE_DELETED, "message_deleted", TO_ROOM, ENTRY, HEARD_BY_V1, NULL, &change_shape,    \
	  "The sender or a moderator deleted a message; user_id is its sender.")                   \
	X(MESSAGE_REMOVED, "message_removed", TO_ROOM, ENTRY, HEARD_BY_V1, NULL, &change_shape,    \
	  "An administrator removed a message; user_id is its sender.")                            \
	X(MESSAGE_RESTORED, "message_restored", TO_ROOM, ENTRY, HEARD_BY_V1, NULL, &change_shape,  \
	  "An administrator restored a removed message; user_id is its sender.")                   \
	X(REACTION, "reaction", TO_ROOM, ENTRY, HEARD_BY_V1, NULL, &change_shape,                  \
	  "A member added or removed a reaction.")                                                 \
	X(PIN, "pin", TO_ROOM, ENTRY, HEARD_BY_V1, NULL, &change_shape,                            \
	  "A moderator pinned or unpinned a message.")                                             \
	X(HIDDEN, "hidden", TO_ROOM, ENTRY, HEARD_BY_V1, NULL, &hidden_shape,                      \
	  "Stands for an entry whose author and the reader have blocked each other.")              \
	X(READ_MARKER, "read_marker", TO_ROOM, EVENT, HEARD_BY_V1, NULL, &read_marker_shape,       \
	  "A member moved the read marker.")                                                       \
	X(USER_JOINED, "user_joined", TO_ROOM, EVENT, HEARD_BY_ALL, NULL, &room_member_shape,      \
	  "A user joined the room.")                                                               \
	X(USER_LEFT, "user_left", TO_ROOM, EVENT, HEARD_BY_ALL, NULL, &room_member_shape,          \
	  "A user left the room or was removed from it.")                                          \
	X(ROOM_TWIN, "room_twin", TO_ROOM, EVENT, HEARD_BY_V1, NULL, &room_twin_shape,             \
	  "A member brought the own twin into the room, or took it out.")                          \
	X(ROOM_UPDATED, "room_updated", TO_ROOM, EVENT, HEARD_BY_V1, NULL, &room_settings_shape,   \
	  "A moderator changed the room's settings.")                                              \
	X(ROOM_REMOVED, "room_removed", TO_USER, EVENT, HEARD_BY_V1, NULL, &room_removed_shape,    \
	  "The user was removed from the room, its invitation ended, or the room was deleted.")    \
	X(ROOM_RESTORED, "room_restored", TO_USER, EVENT, HEARD_BY_V1, "room",                     \
	  &room_restored_shape, "An administrator restored a removed room of the user.")           \
	X(REPORT_CREATED, "report_created", TO_USER, EVENT, HEARD_BY_V1, NULL,                     \
	  &report_created_shape, "A user reported something; administrators are told.")            \
	X(REPORT_DECIDED, "report_decided", TO_USER, EVENT, HEARD_BY_V1, NULL, &report_shape,      \
	  "An administrator decided on the user's report.")                                        \
	X(ROOM_MUTED, "room_muted", TO_USER, EVENT, HEARD_BY_V1, "room", &room_mute_shape,         \
	  "The user muted or unmuted a room, or chose of what it notifies.")                       \
	X(MENTION, "mention", TO_USER, EVENT, HEARD_BY_V1, "room", &mention_event_shape,           \
	  "A message mentions the user, or was edited and does not any more.")                     \
	X(INVITATION, "invitation", TO_USER, EVENT, HEARD_BY_V1, "room", &room_invitation_shape,   \
	  "The user was invited to a room.")                                                       \
	X(KNOWLEDGE_SHARED, "knowledge_shared", TO_USER, EVENT, HEARD_BY_V1, "knowledge",          \
	  &shared_shape, "A user shared knowledge with the user.")                                 \
	X(KNOWLEDGE_VOTED, "knowledge_voted", TO_USER, EVENT, HEARD_BY_V1, "knowledge",            \
	  &votes_shape, "The votes on the user's knowledge changed.")                              \
	X(INTERACTION_CREATED, "interaction_created", TO_USER, EVENT, HEARD_BY_V1, "interaction",  \
	  &interaction_shape, "An AEON addressed the user's AEON.")                                \
	X(INTERACTION_RESPONDED, "interaction_responded", TO_USER, EVENT, HEARD_BY_V1,             \
	  "interaction", &interaction_shape, "An AEON answered the user's AEON.")                  \
	X(RELATIONSHIP_UPDATED, "relationship_updated", TO_USER, EVENT, HEARD_BY_V1,               \
	  "relationship", &relationship_shape, "The user changed a relationship.")                 \
	X(REGISTRATION_PENDING, "registration_pending", TO_USER, EVENT, HEARD_BY_V1, NULL,         \
	  &registration_pending_shape, "An account waits for the approval of an administrator.")   \
	X(TURN_UPDATED, "turn_updated", TO_USER, EVENT, HEARD_BY_V1, NULL, &turn_event_shape,      \
	  "A turn of the user's twin ended.")                                                      \
	X(TWIN_CHANGED, "twin_changed", TO_USER, EVENT, HEARD_BY_V1, NULL, &twin_changed_shape,    \
	  "The user's twin has other settings, memories, conversations or rooms.")                 \
	X(ACCOUNT_CHANGED, "account_changed", TO_USER, EVENT, HEARD_BY_V1, NULL,                   \
	  &account_changed_shape, "The user changed a part of the account, perhaps elsewhere.")    \
	X(DRAFT_WAITING, "draft_waiting", TO_USER, EVENT, HEARD_BY_V1, NULL, &turn_event_shape,    \
	  "The user's twin has written a draft, which waits for approval.")                        \
	X(ROOM_GONE, "room_gone", TO_ROOM, EVENT, HEARD_BY_BRIDGE, NULL, NULL,                     \
	  "The room was deleted.")                                                                 \
	X(MEMBER_RETURNED, "member_returned", TO_ROOM, EVENT, HEARD_BY_BRIDGE, NULL, NULL,         \
	  "A member is in the room again, which was restored.")                                    \
	X(BLOCKED, "blocked", TO_USER, EVENT, HEARD_BY_BRIDGE, NULL, NULL,                         \
	  "The user and another user are hidden from each other from now on.")                     \
	X(UNBLOCKED, "unblocked", TO_USER, EVENT, HEARD_BY_BRIDGE, NULL, NULL,                     \
	  "The user and another user are not hidden from each other any more.")                    \
	X(PRESENCE_DUE, "presence_due", TO_USER, EVENT, HEARD_BY_BRIDGE, NULL, NULL,               \
	  "Other users may see more or less of the user's presence now; with another user, "       \
	  "only that one; with a room, of all users who are there.")                               \
	X(PRESENCE_CHANGED, "presence_changed", TO_USER, EVENT, HEARD_BY_BRIDGE, NULL, NULL,       \
	  "The user's presence by REST changed.")                                                  \
	X(SESSIONS_ENDED, "sessions_ended", TO_USER, EVENT, HEARD_BY_BRIDGE, NULL, NULL,           \
	  "Sessions of the user ended.")

#define EVENT_ENUM(constant, ...) EVENT_##constant,
enum event_kind { EVENT_TABLE(EVENT_ENUM) EVENT__COUNT };
#undef EVENT_ENUM

/*
 * The receivers of an event are the members of the room, or without a room (NULL) the user. In a
 * room, the event is about the user `user_id`; an entry's `user_id` is its author. That user
 * receives it, too, also after leaving the room, because it tells the user's other devices.
 * `other_id` is another user who takes part, or 0. The event is hidden from a user who has a block
 * with one of the two.
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

struct event_info {
	const char *name; /* on the wire */
	enum event_audience audience;
	enum event_record record;
	enum event_hearers hearers;
	const char *subject; /* or NULL */
	const char *help;
};
const struct event_info *event_info(enum event_kind kind);
const char *event_name(enum event_kind kind);

/* Writes the names of the kinds that are entries, as a JSON array. */
void event_entries(struct buf *out);

/* EVENT__COUNT for a name that this program does not know, because a newer one wrote it. */
enum event_kind event_kind_named(const char *name);

/*
 * Within store_write(). Sets event->pos. An entry needs no data, because it is shown as it is when
 * the event is read. Neither does a kind that says everything.
 */
int event_append(struct store *store, struct event *event, struct problem *why);

#endif
