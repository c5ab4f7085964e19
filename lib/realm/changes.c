/* Changes of messages, and a room's log: see changes.h. */
#include "realm/changes.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/utf8.h"
#include "realm/mentions.h"
#include "realm/message_history.h"
#include "realm/messages.h"
#include "realm/named.h"
#include "realm/person.h"
#include "realm/quota.h"
#include "realm/rooms.h"
#include "realm/taken.h"
#include "store/queries.h"

#define KEYS 50 /* different reactions to one message */
#define PINS 50 /* in one room */

static const struct property change_properties[] = {
	PROPERTY("room_id", TEXT),
	PROPERTY("seq", INT, .help = "The change's own number in the room."),
	PROPERTY("message_id", TEXT),
	PROPERTY("user_id", INT,
		 .help = "The user that made the change; of a deletion, the message's sender."),
	PROPERTY("username", TEXT),
	PERSON_NAMES,
	PROPERTY("timestamp", TIME),
	PROPERTY("content", TEXT, .nullable = true,
		 .help = "Current text after an edit; null if the message was deleted."),
	PROPERTY("edited_at", TIME, .nullable = true),
	PROPERTY("key", TEXT, .nullable = true, .help = "The reaction."),
	PROPERTY("on", BOOL, .nullable = true,
		 .help = "Whether the reaction or pin was added or removed."),
};
const struct shape change_shape = SHAPE("MessageChange", change_properties);

struct change {
	struct arena *arena;
	int64_t user_id;
	const struct message_change *input;
	const char *key; /* of a reaction, as the message has it */
	struct message_done *done;
};

static int name_again(struct store *store, const struct change *c,
		      const struct q_message_for_change *target, struct problem *why)
{
	struct named named;
	TRY(members_named(c->arena, store, c->input->room_id, c->input->content, &named, why));
	const struct mentioning message = {.room_id = c->input->room_id,
					   .message_id = c->input->message_id,
					   .seq = target->seq,
					   .sender = target->sender,
					   .by_twin = target->by_twin};
	return mentions_replace(c->arena, store, &message, &named, why);
}

/* Writes the change. Returns 0 when nothing changes. */
static int edit(struct store *store, struct change *c, const struct q_message_for_change *target,
		struct problem *why)
{
	if (target->sender != c->user_id)
		return problem_say(why, PROBLEM_FORBIDDEN, "Only the sender can edit a message");
	if (target->deleted)
		return problem_set(why, PROBLEM_NOT_FOUND);
	if (target->shares)
		return problem_say(why, PROBLEM_FORBIDDEN,
				   "This message shares knowledge and has no text to edit");
	const char *content = c->input->content;
	if (strcmp(target->content, content) == 0)
		return 0;
	TRY(quota_check_text(store, c->user_id, TEXT_BYTES(content), why));
	TRY(message_keep_text(store, c->input->message_id, c->done->timestamp, why));
	TRY(q_message_edit(store, c->input->message_id, content, c->done->timestamp, why));
	if (strchr(content, '@') || strchr(target->content, '@'))
		TRY(name_again(store, c, target, why));
	return 1;
}

static int delete (struct store *store, struct change *c, const struct q_message_for_change *target,
		   struct problem *why)
{
	if (target->sender != c->user_id)
		TRY(room_check_rank(store, c->user_id, c->input->room_id, RANK_MODERATOR, why));
	if (target->deleted)
		return 0;
	TRY(q_reactions_delete(store, c->input->message_id, why));
	return q_message_delete(store, c->input->message_id, c->done->timestamp, why);
}

/* The reactions that a message has, beside a new one. */
struct spelling {
	struct arena *arena;
	const char *key;   /* utf8_key() of the new one */
	const char *found; /* how the message has it already, or NULL */
	int others;
};

static int spelling_compare(const char *key, void *context, struct problem *why)
{
	struct spelling *spelling = context;
	(void)why;
	if (strcmp(utf8_key(spelling->arena, key), spelling->key) == 0)
		spelling->found = arena_strdup(spelling->arena, key);
	else
		spelling->others++;
	return 0;
}

/* Reactions that look alike are one, which keeps its first spelling. */
static int react(struct store *store, struct change *c, const struct q_message_for_change *target,
		 struct problem *why)
{
	struct spelling spelling = {.arena = c->arena, .key = utf8_key(c->arena, c->input->key)};
	if (target->deleted)
		return problem_set(why, PROBLEM_NOT_FOUND);
	TRY(q_reaction_keys(store, c->input->message_id, spelling_compare, &spelling, why));
	c->key = spelling.found ? spelling.found : c->input->key;
	if (!c->input->on)
		return q_reaction_remove(store, c->input->message_id, c->key, c->user_id, why);
	if (strcmp(c->key, ".") == 0 || strcmp(c->key, "..") == 0)
		return problem_field(c->arena, why, "path", "key",
				     "Value error, a reaction cannot be . or .., which a path "
				     "cannot contain");
	if (spelling.others >= KEYS)
		return problem_say(why, PROBLEM_FORBIDDEN,
				   "A message has at most %d different reactions", KEYS);
	return q_reaction_add(store, c->input->message_id, c->key, c->user_id, c->done->timestamp,
			      why);
}

static int pin(struct store *store, struct change *c, const struct q_message_for_change *target,
	       struct problem *why)
{
	int64_t pins;
	TRY(room_check_rank(store, c->user_id, c->input->room_id, RANK_MODERATOR, why));
	if (target->deleted)
		return problem_set(why, PROBLEM_NOT_FOUND);
	if (!c->input->on)
		return q_message_unpin(store, c->input->message_id, why);
	TRY(q_pins_of_room(store, c->input->room_id, &pins, why));
	if (pins >= PINS)
		return problem_say(why, PROBLEM_FORBIDDEN,
				   "The room has %d pinned messages. Unpin one first.", PINS);
	return q_message_pin(store, c->input->message_id, c->done->timestamp, why);
}

/* Whether a reaction or pin is added; -1 for other kinds. */
static int change_on(const struct message_change *input)
{
	return input->kind == EVENT_REACTION || input->kind == EVENT_PIN ? input->on : -1;
}

/*
 * Appends the change to the room's log. A deletion names the sender, also when a moderator deleted
 * the message: readers who have a block with that moderator must delete it, too.
 */
static int enter(struct store *store, const struct change *c,
		 const struct q_message_for_change *target, struct problem *why)
{
	const struct message_change *input = c->input;
	struct message_done *done = c->done;
	int64_t user = input->kind == EVENT_MESSAGE_DELETED ? target->sender : c->user_id;
	TRY(q_room_next_seq(store, input->room_id, &done->seq, why));
	TRY(q_change_insert(store, input->room_id, done->seq, event_name(input->kind),
			    input->message_id, user, done->timestamp, c->key, change_on(input),
			    why));
	struct event event = {.kind = input->kind,
			      .room_id = input->room_id,
			      .user_id = user,
			      .other_id = target->sender,
			      .seq = done->seq};
	TRY(event_append(store, &event, why));
	done->pos = event.pos;
	return 1;
}

int message_note_change(struct store *store, enum event_kind kind, const char *room_id,
			const char *message_id, int64_t sender, struct problem *why)
{
	struct message_done done = {.timestamp = clock_now()};
	const struct q_message_for_change target = {.sender = sender};
	const struct message_change input = {
		.kind = kind, .room_id = room_id, .message_id = message_id};
	const struct change c = {.user_id = sender, .input = &input, .done = &done};
	return enter(store, &c, &target, why);
}

static int withdraw(struct store *store, int64_t user_id, const struct q_erased_reaction *row,
		    struct problem *why)
{
	struct message_done done = {.timestamp = clock_now()};
	const struct q_message_for_change target = {.sender = row->sender};
	const struct message_change input = {
		.kind = EVENT_REACTION, .room_id = row->room, .message_id = row->message};
	const struct change c = {
		.user_id = user_id, .input = &input, .key = row->key, .done = &done};
	TRY(q_reaction_remove(store, row->message, row->key, user_id, why));
	return enter(store, &c, &target, why);
}

int reactions_withdraw(struct store *store, int64_t user_id, int64_t limit, struct problem *why)
{
	struct arena *arena = arena_new();
	struct q_erased_reaction row;
	int64_t done = 0;
	int found = 1;
	while (done < limit && (found = q_erased_reaction(arena, store, user_id, &row, why)) > 0 &&
	       (found = withdraw(store, user_id, &row, why)) > 0)
		done++;
	arena_free(&arena);
	return found < 0 ? -1 : (int)done;
}

/* Makes the change. Returns 0 when nothing had to change. */
static int make(struct store *store, struct change *c, struct problem *why)
{
	static int (*const doers[EVENT__COUNT])(struct store *, struct change *,
						const struct q_message_for_change *,
						struct problem *) = {
		[EVENT_MESSAGE_EDITED] = edit,
		[EVENT_MESSAGE_DELETED] = delete,
		[EVENT_REACTION] = react,
		[EVENT_PIN] = pin,
	};
	const struct message_change *input = c->input;
	struct q_message_for_change target;
	TRY(room_check_inside(store, c->user_id, input->room_id, why));
	int found = q_message_for_change(c->arena, store, c->user_id, input->room_id,
					 input->message_id, &target, why);
	TRY(found);
	if (!found || !target.visible)
		return problem_set(why, PROBLEM_NOT_FOUND);
	c->done->timestamp = clock_now();
	if (input->kind != EVENT_MESSAGE_DELETED)
		TRY(room_check_open(store, input->room_id, why));
	int changed = doers[input->kind](store, c, &target, why);
	return changed <= 0 ? changed : enter(store, c, &target, why);
}

static struct taken taken_by(const struct change *c)
{
	const struct message_change *input = c->input;
	struct taken taken = {.user_id = c->user_id, .client_id = input->client_id};
	const char *parts[] = {event_name(input->kind),
			       input->room_id,
			       input->message_id,
			       change_on(input) == 1 ? "on" : "off",
			       input->key ? input->key : input->content,
			       NULL};
	taken_hash(&taken, parts);
	return taken;
}

static int change(struct store *store, void *context, struct problem *why)
{
	struct change *c = context;
	struct message_done *done = c->done;
	struct taken taken = {0};
	int found = 0;
	*done = (struct message_done){0};
	snprintf(done->message_id, sizeof(done->message_id), "%s", c->input->message_id);
	if (c->input->client_id) {
		taken = taken_by(c);
		TRY(found = taken_find(store, &taken, why));
	}
	if (found) {
		done->seq = taken.seq;
		done->timestamp = taken.made_at;
		done->duplicate = true;
		return 0;
	}
	int made = make(store, c, why);
	TRY(made);
	done->duplicate = made == 0;
	if (!c->input->client_id)
		return 0;
	taken.seq = done->seq;
	taken.made_at = done->timestamp;
	return taken_save(store, &taken, why);
}

int message_change(struct arena *arena, struct store *store, int64_t user_id,
		   const struct message_change *input, struct message_done *done_r,
		   struct problem *why)
{
	struct change c = {.arena = arena, .user_id = user_id, .input = input, .done = done_r};
	TRY(store_write(store, change, &c, why));
	return 0;
}

/* --- the room's log --------------------------------------------------------------------------- */

static const struct property hidden_properties[] = {
	PROPERTY("room_id", TEXT),
	PROPERTY("seq", INT),
};
const struct shape hidden_shape = SHAPE("Hidden", hidden_properties);

void hidden_show(const char *room_id, int64_t seq, struct buf *out)
{
	buf_clear(out);
	jw_open(out, '{');
	jw_kv_text(out, "room_id", room_id);
	jw_kv_int(out, "seq", seq);
	jw_close(out, '}');
}

int room_log_show(struct store *store, int64_t viewer, enum event_kind kind, const char *room_id,
		  int64_t seq, struct buf *out, struct problem *why)
{
	if (kind == EVENT_CHAT_MESSAGE)
		return q_room_log_message(store, viewer, room_id, seq, out, why);
	return q_room_log_change(store, room_id, seq, out, why);
}

struct walk {
	struct store *store;
	int64_t viewer;
	const char *room_id;
	struct buf json;
	int (*each)(const struct room_log_entry *, void *, struct problem *);
	void *context;
};

static int hand_on(const struct q_room_log_after *row, void *context, struct problem *why)
{
	struct walk *walk = context;
	struct room_log_entry entry = {.seq = row->seq, .json = &walk->json};
	entry.kind = row->hidden ? EVENT_HIDDEN
		     : row->kind ? event_kind_named(row->kind)
				 : EVENT_CHAT_MESSAGE;
	buf_clear(&walk->json);
	if (row->hidden)
		hidden_show(walk->room_id, entry.seq, &walk->json);
	else
		TRY(room_log_show(walk->store, walk->viewer, entry.kind, walk->room_id, entry.seq,
				  &walk->json, why));
	return walk->each(&entry, walk->context, why);
}

int room_log_after(struct store *store, int64_t viewer, const char *room_id, int64_t after,
		   int limit,
		   int (*each)(const struct room_log_entry *entry, void *context,
			       struct problem *why),
		   void *context, struct problem *why)
{
	struct walk walk = {store, viewer, room_id, .each = each, .context = context};
	int readable = q_room_readable(store, viewer, room_id, NULL, why);
	if (readable <= 0)
		return readable;
	int result = q_room_log_after(store, viewer, room_id, after, limit, hand_on, &walk, why);
	buf_free(&walk.json);
	return result;
}

static const struct property room_entry_properties[] = {
	PROPERTY("type", TEXT),
	PROPERTY("data", OBJECT),
};
const struct shape room_entry_shape = SHAPE("RoomEntry", room_entry_properties);

struct entry_list {
	struct page *page;
	struct buf *out;
	int count;
};

static int put_entry(const struct room_log_entry *entry, void *context, struct problem *why)
{
	(void)why;
	struct entry_list *list = context;
	struct page *page = list->page;
	if (list->count++ == page->limit)
		return 1;
	jw_open(list->out, '{');
	jw_kv_text(list->out, "type", event_name(entry->kind));
	jw_key(list->out, "data"), jw_raw(list->out, entry->json->data, entry->json->len);
	jw_close(list->out, '}');
	snprintf(page->next, sizeof(page->next), "%lld", (long long)entry->seq);
	return 0;
}

int room_entries(struct store *store, int64_t viewer, const char *room_id, int64_t after,
		 struct page *page, struct buf *out, struct problem *why)
{
	struct entry_list list = {.page = page, .out = out};
	TRY(room_check_readable(store, viewer, room_id, why));
	jw_open(out, '[');
	TRY(room_log_after(store, viewer, room_id, page->after ? page_int(page) : after,
			   page_limit(page), put_entry, &list, why));
	jw_close(out, ']');
	if (list.count <= page->limit)
		page->next[0] = '\0';
	return 0;
}
