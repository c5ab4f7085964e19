/* Mentions: see mentions.h. */
#include "realm/mentions.h"

#include "base/arena.h"
#include "realm/collect.h"
#include "realm/digest.h"
#include "realm/events.h"
#include "realm/named.h"
#include "realm/person.h"
#include "realm/rooms.h"
#include "store/queries.h"

static const struct property event_properties[] = {
	PROPERTY("room_id", TEXT),
	PROPERTY("message_id", TEXT),
	PROPERTY("message_seq", INT, .help = "The message's number in the room."),
	PROPERTY("user_id", INT, .help = "The sender of the message."),
	PROPERTY("username", TEXT),
	PERSON_NAMES,
	PROPERTY("is_mentioned", BOOL,
		 .help = "false: the message was edited and does not mention you any more."),
};
const struct shape mention_event_shape = SHAPE("MentionEvent", event_properties);

static int tell(struct arena *arena, struct store *store, const struct mentioning *message,
		int64_t user, bool is_mentioned, struct problem *why)
{
	struct buf *data = buf_in(arena);
	TRY(q_mention_told(store, message->message_id, is_mentioned, data, why));
	struct event event = {.kind = EVENT_MENTION,
			      .user_id = user,
			      .other_id = message->sender,
			      .data = data->data};
	return event_append(store, &event, why);
}

/* Returns 1 when it changes whether the message mentions the whole room. */
static int note_room(struct store *store, const struct mentioning *message,
		     const struct named *named, struct problem *why)
{
	int64_t rank = RANK_MEMBER;
	if (named->is_to_all && !message->by_twin)
		TRY(room_acting_rank(store, message->sender, message->room_id, &rank, why));
	return q_mention_room(store, message->message_id, rank >= RANK_MODERATOR, why);
}

int mentions_add(struct arena *arena, struct store *store, const struct mentioning *message,
		 const struct named *named, struct problem *why)
{
	int to_room = named->is_to_all ? note_room(store, message, named, why) : 0;
	TRY(to_room);
	for (int i = 0; i < named->count; i++) {
		int64_t user = named->members[i].user;
		if (user == message->sender)
			continue;
		int added = q_mention_add(store, user, message->message_id, message->room_id,
					  message->seq, why);
		TRY(added);
		if (added)
			TRY(tell(arena, store, message, user, true, why));
	}
	return digest_queue(store, message->room_id, message->message_id, message->sender,
			    to_room > 0, why);
}

static bool is_named(const struct named *named, int64_t user)
{
	for (int i = 0; i < named->count; i++)
		if (named->members[i].user == user)
			return true;
	return false;
}

int mentions_replace(struct arena *arena, struct store *store, const struct mentioning *message,
		     const struct named *named, struct problem *why)
{
	struct buf *before = buf_in(arena);
	TRY(q_mentions_of_message(store, message->message_id, collect_id, before, why));
	const int64_t *users = (const int64_t *)(const void *)before->data;
	for (size_t i = 0; i < before->len / sizeof(*users); i++) {
		if (is_named(named, users[i]))
			continue;
		TRY(q_mention_remove(store, users[i], message->message_id, why));
		TRY(tell(arena, store, message, users[i], false, why));
	}
	if (!named->is_to_all)
		TRY(q_mention_room(store, message->message_id, false, why));
	return mentions_add(arena, store, message, named, why);
}
