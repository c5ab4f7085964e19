/* Messages: numbered without gaps in each room, and stored once however often they are sent. */
#ifndef REALM_MESSAGES_H
#define REALM_MESSAGES_H

#include "base/fields.h"
#include "base/uuid.h"
#include "store/shape.h"

struct arena;

#define MESSAGE_MAX 4000 /* code points of a content */

struct message_new {
	const char *content, *message_type, *meta_data, *client_id, *reply_to;
	int64_t turn_id;      /* by which the sender's twin writes it; 0: the sender does */
	int64_t knowledge_id; /* that it shares; 0: none */
};
extern const struct fields message_new_fields;

/* Of every shape that has a message. */
#define MESSAGE_PROPERTIES                                                                         \
	PROPERTY("message_id", TEXT), PROPERTY("room_id", TEXT),                                   \
		PROPERTY("seq", INT,                                                               \
			 .help = "Number in the room, without gaps; changes of messages have "     \
				 "one, too."),                                                     \
		PROPERTY("sender_id", INT), PROPERTY("sender_name", TEXT),                         \
		PROPERTY("sender_full_name", TEXT, .nullable = true), PROPERTY("content", TEXT),   \
		PROPERTY("message_type", TEXT,                                                     \
			 .help = "As it was posted; knowledge: the message shares knowledge, and " \
				 "its content is empty."),                                         \
		PROPERTY("timestamp", TIME), PROPERTY("edited_at", TIME, .nullable = true),        \
		PROPERTY("deleted_at", TIME, .nullable = true,                                     \
			 .help = "If set, the content is empty; the message keeps its seq."),      \
		PROPERTY("removed", BOOL,                                                          \
			 .help = "Whether an administrator removed it; it is then empty."),        \
		PROPERTY("is_aeon_message", BOOL),                                                 \
		PROPERTY("meta_data", OBJECT, .nullable = true),                                   \
		PROPERTY("client_id", TEXT, .nullable = true),                                     \
		PROPERTY("reply_to", TEXT, .nullable = true),                                      \
		PROPERTY("reply", OBJECT, .nullable = true,                                        \
			 .help = "Of the message that it answers, as you may see it: "             \
				 "sender_name, sender_full_name, "                                 \
				 "excerpt (120 characters), is_aeon. Always null in events to "    \
				 "several users, and in the answer to posting it."),               \
		PROPERTY("shared", OBJECT, .nullable = true,                                       \
			 .help = "The knowledge that it shares, as you may see it now: "           \
				 "knowledge_id, title, excerpt (300 characters), creator_id, "     \
				 "creator_name, creator_full_name, visibility. null if you may "   \
				 "not see it, or if "                                              \
				 "it is gone."),                                                   \
		PROPERTY("mentions", INTS, .nullable = true,                                       \
			 .help = "Ids of the users that it names as @username and that you may "   \
				 "see. Of a text with an @ always null in events to several "      \
				 "users, and in the answer to posting it: a mentioned user gets "  \
				 "a `mention` event."),                                            \
		PROPERTY("mentions_room", BOOL,                                                    \
			 .help = "Whether it mentions the whole room, as @room of the room's "     \
				 "owner or a moderator does."),                                    \
		PROPERTY("reactions", OBJECT, .nullable = true,                                    \
			 .help = "Number of users by reaction."),                                  \
		PROPERTY("my_reactions", TEXTS, .nullable = true,                                  \
			 .help = "Your reactions; always null in events to several users."),       \
		PROPERTY("twin", OBJECT, .nullable = true,                                         \
			 .help = "The `name` of the sender's twin, if the twin wrote it."),        \
		PROPERTY("approved_by", INT, .nullable = true,                                     \
			 .help = "The user who approved what the twin wrote."),                    \
		PROPERTY("cites", ANY,                                                             \
			 .help = "The texts that the twin cites and that you may see, [{kind, "    \
				 "id}]; null "                                                     \
				 "for a "                                                          \
				 "user's message, and in events to several users.")

extern const struct shape message_shape;
extern const struct shape message_found_shape; /* of a search: with room_name and snippet */

struct message_posted {
	char id[UUID_TEXT];
	char room_id[UUID_TEXT];
	int64_t seq, timestamp;
	int64_t pos;    /* of the event; 0 for a duplicate */
	bool duplicate; /* the client_id was used before; the rest describes the first message */
};

/*
 * Only members post. PROBLEM_ROOM_NOT_FOUND when the room is private and the sender is not in it,
 * PROBLEM_FORBIDDEN when it is public. PROBLEM_IDEMPOTENCY_CONFLICT when the sender has used
 * client_id for a change, or for a message with another text, type, reply_to or meta_data. A repeat
 * is a duplicate even if the sender has left the room since. A chat_message event tells the
 * members.
 */
int message_post(struct arena *arena, struct store *store, int64_t sender, const char *room_id,
		 const struct message_new *input, struct message_posted *posted_r,
		 struct problem *why);

/*
 * Within store_write(): the sender shares knowledge with the room by a message without a text. It
 * mentions nobody, and no twin answers it. The caller has checked that the sender may post there.
 */
int message_share(struct store *store, int64_t sender, const char *room_id, int64_t knowledge_id,
		  struct problem *why);

/*
 * The JSON of a message as every reader at once sees it (a viewer of 0) shows what it shares. A
 * reader who has a block with the creator of that must not see it: returns the creator and writes
 * the message without it. 0 if it shares nothing; then nothing is written.
 */
int64_t message_hide_shared(const char *json, struct buf *out);

/* Writes the message. PROBLEM_NOT_FOUND, also when the viewer may not read the room. */
int message_show(struct store *store, int64_t viewer, const char *room_id, const char *message_id,
		 struct buf *out, struct problem *why);

extern const struct shape room_day_shape;

/*
 * How many messages the room had on each of the last `days` days, today first: those that the
 * viewer may read, among the newest 20,000. When there are more, the list ends with the last day of
 * which all are counted.
 */
int room_activity(struct store *store, int64_t viewer, const char *room_id, int days,
		  struct buf *out, struct problem *why);

struct message_filter {
	int64_t before; /* a seq; 0: none */
	int64_t after;  /* a seq; -1: none */
};
extern const struct fields message_filter_fields;

/*
 * A page of the room's messages: newest first, or with `after` oldest first. Members may read a
 * room, and everybody a public one. The paging key is the seq.
 */
int messages_list(struct store *store, int64_t viewer, const char *room_id,
		  const struct message_filter *filter, struct page *page, struct buf *out,
		  struct problem *why);

#endif
