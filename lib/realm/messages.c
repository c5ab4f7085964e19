/* Messages: see messages.h. */
#include "realm/messages.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mutant.h"
#include "realm/events.h"
#include "realm/mentions.h"
#include "realm/named.h"
#include "realm/quota.h"
#include "realm/relationships.h"
#include "realm/rooms.h"
#include "realm/turns.h"
#include "store/queries.h"

#define EXCHANGE_US                                                                                \
	(5 * 60 * CLOCK_SECOND) /* within it, a message counts as an answer to the one before */

#define ACTIVITY_MESSAGES 20000 /* that are counted: about 10 ms */

static const char *const message_types[] = {"text", "memory", "reflection", "learning", NULL};

static const struct field new_rows[] = {
	FIELD(struct message_new, content, TEXT, .required = true, .min = 1, .max = MESSAGE_MAX,
	      .help = "Text of the message."),
	FIELD(struct message_new, message_type, CHOICE, .choices = message_types,
	      .default_value = "text", .help = "Type of the text, for clients."),
	FIELD(struct message_new, meta_data, OBJECT, .max = 8192,
	      .help = "Any JSON object. The server stores it and does not interpret it."),
	FIELD(struct message_new, client_id, TEXT, .min = 1, .max = 64,
	      .help = "The sender's own id; a message that is sent again is stored once."),
	FIELD(struct message_new, reply_to, TEXT, .pattern = FIELD_UUID_PATTERN,
	      .help = "Id of a message of the same room."),
};
const struct fields message_new_fields = FIELDS(struct message_new, new_rows);

static const struct field filter_rows[] = {
	FIELD(struct message_filter, before, INT, .min = 0, .max = 9e15,
	      .default_value = "9000000000000000", .help = "List messages before this seq."),
	FIELD(struct message_filter, after, INT, .min = -1, .max = 9e15, .default_value = "-1",
	      .help = "List messages after this seq, oldest first. -1: not used."),
};
const struct fields message_filter_fields = FIELDS(struct message_filter, filter_rows);

static const struct property message_properties[] = {MESSAGE_PROPERTIES};
const struct shape message_shape = SHAPE("Message", message_properties);

static const struct property found_properties[] = {
	MESSAGE_PROPERTIES,
	PROPERTY("room_name", TEXT),
	PROPERTY("snippet", TEXT,
		 .help = "Part of the text; matches are between U+0002 and U+0003."),
};
const struct shape message_found_shape = SHAPE("MessageFound", found_properties);

struct posting {
	struct arena *arena;
	int64_t sender;
	const char *room_id;
	const struct message_new *input;
	struct message_posted *posted;
};

/* Returns 1 when the sender has sent this message before; 0 when its client_id is new. */
static int find_duplicate(struct store *store, const struct posting *p, struct problem *why)
{
	if (!p->input->client_id)
		return 0;
	const struct message_new *input = p->input;
	struct q_message_by_client first;
	struct message_posted *posted = p->posted;
	int found = q_message_by_client(p->arena, store, p->sender, input->client_id, p->room_id,
					input->content, input->message_type, input->meta_data,
					input->reply_to, &first, why);
	if (found <= 0 || (MUTANT(dedupe_in_memory) && first.sent_at < mutant_began()))
		return found < 0 ? -1 : 0;
	if (!first.same)
		return problem_set(why, PROBLEM_IDEMPOTENCY_CONFLICT);
	snprintf(posted->id, sizeof(posted->id), "%s", first.id);
	posted->seq = first.seq;
	posted->timestamp = first.sent_at;
	posted->duplicate = true;
	return 1;
}

/*
 * Two users have exchanged a message: the sender, and the author of the message answered, or of the
 * last one. The words of twins bring no users nearer.
 */
static int nudge(struct store *store, const struct posting *p, struct problem *why)
{
	int64_t partner;
	if (p->input->turn_id)
		return 0;
	int found = q_message_partner(store, p->input->reply_to, p->room_id, p->posted->seq - 1,
				      p->posted->timestamp - EXCHANGE_US, &partner, why);
	if (found <= 0 || partner == p->sender)
		return found;
	return relationship_nudge(store, p->sender, partner, why);
}

/* The users that the message names are mentioned, and their twins answer. */
static int note_named(struct store *store, const struct posting *p, struct problem *why)
{
	const struct message_posted *posted = p->posted;
	struct named named;
	TRY(members_named(p->arena, store, p->room_id, p->input->content, &named, why));
	TRY(turns_for_message(p->arena, store, posted->id, p->room_id, p->sender, &named,
			      p->input->turn_id, why));
	const struct mentioning message = {.room_id = p->room_id,
					   .message_id = posted->id,
					   .seq = posted->seq,
					   .sender = p->sender,
					   .by_twin = p->input->turn_id > 0};
	return mentions_add(p->arena, store, &message, &named, why);
}

/* Appends the message to the room's log. */
static int enter(struct store *store, const struct posting *p, struct problem *why)
{
	const struct message_new *input = p->input;
	struct message_posted *posted = p->posted;
	TRY(q_room_next_seq(store, p->room_id, &posted->seq, why));
	if (MUTANT(skipped_seq) && posted->seq % 20 == 0)
		TRY(q_room_next_seq(store, p->room_id, &posted->seq, why));
	posted->timestamp = clock_now();
	uuid_make(posted->id);
	TRY(q_message_insert(store, posted->id, p->room_id, posted->seq, p->sender, input->content,
			     input->message_type, posted->timestamp, input->turn_id,
			     input->meta_data, input->client_id, input->reply_to,
			     input->knowledge_id, why));
	TRY(nudge(store, p, why));
	struct event event = {.kind = EVENT_CHAT_MESSAGE,
			      .room_id = p->room_id,
			      .user_id = p->sender,
			      .seq = posted->seq};
	TRY(event_append(store, &event, why));
	posted->pos = event.pos;
	return 0;
}

static int post(struct store *store, void *context, struct problem *why)
{
	struct posting *p = context;
	const struct message_new *input = p->input;
	int duplicate = find_duplicate(store, p, why);
	if (duplicate != 0)
		return duplicate;
	TRY(room_check_inside(store, p->sender, p->room_id, why));
	TRY(room_check_open(store, p->room_id, why));
	if (input->reply_to) {
		int there = q_message_in_room(store, p->sender, input->reply_to, p->room_id, why);
		if (there <= 0)
			return there < 0
				       ? -1
				       : problem_field(p->arena, why, "body", "reply_to",
						       "Value error, the room has no such message");
	}
	TRY(quota_check_text(store, p->sender, TEXT_BYTES(input->content, input->meta_data), why));
	TRY(enter(store, p, why));
	return note_named(store, p, why);
}

int message_post(struct arena *arena, struct store *store, int64_t sender, const char *room_id,
		 const struct message_new *input, struct message_posted *posted_r,
		 struct problem *why)
{
	struct posting p = {.arena = arena,
			    .sender = sender,
			    .room_id = room_id,
			    .input = input,
			    .posted = posted_r};
	*posted_r = (struct message_posted){0};
	snprintf(posted_r->room_id, sizeof(posted_r->room_id), "%s", room_id);
	TRY(store_write(store, post, &p, why));
	return 0;
}

int message_share(struct store *store, int64_t sender, const char *room_id, int64_t knowledge_id,
		  struct problem *why)
{
	const struct message_new input = {
		.content = "", .message_type = "text", .knowledge_id = knowledge_id};
	struct message_posted posted = {0};
	const struct posting p = {
		.sender = sender, .room_id = room_id, .input = &input, .posted = &posted};
	return enter(store, &p, why);
}

int64_t message_hide_shared(const char *json, struct buf *out)
{
	if (!strstr(json, "\"shared\":{")) /* so that few messages are parsed */
		return 0;
	json_t *message = json_loads(json, 0, NULL);
	json_t *creator = json_object_get(json_object_get(message, "shared"), "creator_id");
	int64_t creator_id = json_integer_value(creator);
	if (creator_id > 0) {
		json_object_set_new(message, "shared", json_null());
		char *text = json_dumps(message, JSON_COMPACT);
		buf_puts(out, text);
		free(text);
	}
	json_decref(message);
	return creator_id;
}

int message_show(struct store *store, int64_t viewer, const char *room_id, const char *message_id,
		 struct buf *out, struct problem *why)
{
	int found = q_message_visible(store, viewer, room_id, message_id, out, why);
	return found == 0 ? problem_set(why, PROBLEM_NOT_FOUND) : found;
}

static const struct property room_day_properties[] = {
	PROPERTY("day", TEXT, .help = "Day in UTC, such as 2026-01-31."),
	PROPERTY("messages", INT, .help = "Messages of that day that you can read."),
};
const struct shape room_day_shape = SHAPE("RoomDay", room_day_properties);

int room_activity(struct store *store, int64_t viewer, const char *room_id, int days,
		  struct buf *out, struct problem *why)
{
	TRY(room_check_readable(store, viewer, room_id, why));
	return q_room_activity(store, viewer, room_id, clock_now() / CLOCK_DAY, days,
			       ACTIVITY_MESSAGES, out, why);
}

int messages_list(struct store *store, int64_t viewer, const char *room_id,
		  const struct message_filter *filter, struct page *page, struct buf *out,
		  struct problem *why)
{
	TRY(room_check_readable(store, viewer, room_id, why));
	int64_t before = filter->before, after = filter->after;
	if (filter->after >= 0) {
		if (page->after)
			after = page_int(page);
		return q_messages_after(store, viewer, room_id, after, before, page_limit(page),
					page, out, why);
	}
	if (page->after)
		before = page_int(page);
	return q_messages_before(store, viewer, room_id, before, after, page_limit(page), page, out,
				 why);
}
