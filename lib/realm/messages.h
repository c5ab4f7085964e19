/* Messages: numbered without gaps in each room, and taken once however often they are sent. */
#ifndef REALM_MESSAGES_H
#define REALM_MESSAGES_H

#include "base/fields.h"
#include "base/uuid.h"
#include "store/shape.h"

struct arena;

#define MESSAGE_MAX 4000 /* code points of a content */

struct message_new {
	const char *content, *message_type, *meta_data, *client_id, *reply_to;
};
extern const struct fields message_new_fields;

extern const struct shape message_shape;

struct message_posted {
	char id[UUID_TEXT];
	char room_id[UUID_TEXT];
	int64_t seq, timestamp;
	int64_t pos;    /* of the event; 0 for a duplicate */
	bool duplicate; /* the same client_id had come before; the rest is the first message's */
};

/*
 * Only participants post. PROBLEM_ROOM_NOT_FOUND also when the sender is not in the room and it is
 * private, PROBLEM_FORBIDDEN when it is public. PROBLEM_IDEMPOTENCY_CONFLICT when the sender has
 * used client_id for something else. What was taken before is a duplicate also for who has left
 * meanwhile. The participants are told by a chat_message event.
 */
int message_post(struct arena *arena, struct store *store, int64_t sender, const char *room_id,
		 const struct message_new *input, struct message_posted *posted_r,
		 struct problem *why);

/* The message object. PROBLEM_NOT_FOUND when the viewer may not read the room, too. */
int message_show(struct store *store, int64_t viewer, const char *room_id, const char *message_id,
		 struct buf *out, struct problem *why);

struct message_filter {
	int64_t before; /* a seq; 0: none */
	int64_t after;  /* a seq; -1: none */
};
extern const struct fields message_filter_fields;

/*
 * A page of the room's messages: newest first, or with `after` oldest first. Readable by
 * participants, and by anyone for public rooms. The paging key is the seq.
 */
int messages_list(struct store *store, int64_t viewer, const char *room_id,
		  const struct message_filter *filter, struct page *page, struct buf *out,
		  struct problem *why);

#endif
