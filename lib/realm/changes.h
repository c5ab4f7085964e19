/*
 * Changes of messages: edits, deletions, reactions and pins. And a room's log, which numbers
 * messages and changes in one sequence.
 *
 * Rights are checked when a change is made. A change is always shown with the message's current
 * state, so a text that was edited or deleted is never sent again.
 */
#ifndef REALM_CHANGES_H
#define REALM_CHANGES_H

#include "base/fields.h"
#include "base/uuid.h"
#include "realm/events.h"
#include "store/shape.h"

struct arena;

#define REACTION_KEY_MAX 32 /* code points */

struct message_change {
	enum event_kind kind; /* EVENT_MESSAGE_EDITED, _MESSAGE_DELETED, _REACTION or _PIN */
	const char *room_id, *message_id;
	const char *client_id; /* or NULL */
	const char *content;   /* of an edit */
	const char *key;       /* of a reaction */
	bool on;               /* of a reaction or a pin */
};

/* Of every entry that changes a message. */
extern const struct shape change_shape;

struct message_done {
	char message_id[UUID_TEXT];
	int64_t seq, timestamp; /* of the change; seq 0: nothing had to change */
	int64_t pos;            /* of the event; 0 for a duplicate */
	bool duplicate;         /* nothing was changed now */
};

/*
 * Only members of the room change anything: PROBLEM_ROOM_NOT_FOUND or PROBLEM_FORBIDDEN as in
 * message_post(), PROBLEM_NOT_FOUND when the room has no such message. The sender edits; the sender
 * and the room's owner and moderators delete; these pin, at most 50 messages of a room: else
 * PROBLEM_FORBIDDEN. A user cannot react to a message when user and sender have blocked each other:
 * PROBLEM_NOT_FOUND. An event tells the members.
 *
 * A change whose client_id the user has sent before is a duplicate and changes nothing, also when
 * the message has changed since and when the user may not change it any more.
 * PROBLEM_IDEMPOTENCY_CONFLICT when the client_id was used for something else.
 */
int message_change(struct arena *arena, struct store *store, int64_t user_id,
		   const struct message_change *input, struct message_done *done_r,
		   struct problem *why);

/*
 * Within store_write(): appends the entry of a kind to the room's log, about a message that an
 * administrator of the realm removed or restored. Its user is the sender, so that it is hidden from
 * the users that do not see the message.
 */
int message_note_change(struct store *store, enum event_kind kind, const char *room_id,
			const char *message_id, int64_t sender, struct problem *why);

/*
 * Within store_write(): withdraws at most `limit` reactions of an erased user, and tells the rooms.
 * Returns how many it withdrew.
 */
int reactions_withdraw(struct store *store, int64_t user_id, int64_t limit, struct problem *why);

/* --- the room's log --------------------------------------------------------------------------- */

/* Stands for a hidden entry: only its seq is shown. */
extern const struct shape hidden_shape;
void hidden_show(const char *room_id, int64_t seq, struct buf *out);

/*
 * Writes the entry as JSON, a message_shape or a change_shape: 1, or 0 when the entry is no longer
 * kept, or -1. Checks no right. A viewer of 0 is every reader.
 */
int room_log_show(struct store *store, int64_t viewer, enum event_kind kind, const char *room_id,
		  int64_t seq, struct buf *out, struct problem *why);

struct room_log_entry {
	enum event_kind kind;
	int64_t seq;
	const struct buf *json; /* valid during the call */
};

/*
 * Calls each() for the entries after `after`, in order and at most `limit`, until it returns above
 * 0 or fails. There are none if the viewer may not read the room. Returns 0 or -1.
 */
int room_log_after(struct store *store, int64_t viewer, const char *room_id, int64_t after,
		   int limit,
		   int (*each)(const struct room_log_entry *entry, void *context,
			       struct problem *why),
		   void *context, struct problem *why);

extern const struct shape room_entry_shape;

/*
 * Writes a page of the entries after `after`, oldest first, as a JSON array of room_entry_shape.
 * PROBLEM_ROOM_NOT_FOUND when the viewer may not read the room. The paging key is the seq.
 */
int room_entries(struct store *store, int64_t viewer, const char *room_id, int64_t after,
		 struct page *page, struct buf *out, struct problem *why);

#endif
