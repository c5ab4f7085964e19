/* Changes of messages, and a room's log: see changes.h. */
#include "realm/changes.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "realm/messages.h"
#include "realm/rooms.h"

#define KEYS 50 /* different reactions to a message */

static const struct field edit_rows[] = {
	FIELD(struct message_edit, content, TEXT, .required = true, .min = 1, .max = MESSAGE_MAX),
};
const struct fields message_edit_fields = FIELDS(struct message_edit, edit_rows);

static const struct field reaction_rows[] = {
	FIELD(struct message_reaction, key, TEXT, .required = true, .min = 1,
	      .max = REACTION_KEY_MAX, .help = "The reaction, usually an emoji."),
	FIELD(struct message_reaction, on, BOOL, .required = true),
};
const struct fields message_reaction_fields = FIELDS(struct message_reaction, reaction_rows);

static const struct property change_properties[] = {
	PROPERTY("room_id", TEXT),
	PROPERTY("seq", INT, .help = "The change's own number in the room."),
	PROPERTY("message_id", TEXT),
	PROPERTY("user_id", INT, .help = "The user that made the change."),
	PROPERTY("username", TEXT),
	PROPERTY("timestamp", TIME),
	PROPERTY("content", TEXT, .nullable = true,
		 .help = "Current text after an edit; null if the message was deleted."),
	PROPERTY("edited_at", TIME, .nullable = true),
	PROPERTY("key", TEXT, .nullable = true, .help = "The reaction."),
	PROPERTY("on", BOOL, .nullable = true,
		 .help = "true: it was added; false: it was removed."),
};
const struct shape change_shape = SHAPE("MessageChange", change_properties);

struct change {
	enum event_kind kind;
	struct arena *arena;
	int64_t user_id;
	const char *room_id, *message_id;
	const char *content;                     /* of an edit */
	const struct message_reaction *reaction; /* or NULL */
	struct message_done *done;
};

struct target {
	int64_t sender_id;
	int moderated, visible, deleted;
	const char *content;
};

/* Writes the change itself. Returns 0 when nothing changes. */
static int edit(struct store *store, const struct change *c, const struct target *target,
		struct problem *why)
{
	if (target->sender_id != c->user_id)
		return problem_say(why, PROBLEM_FORBIDDEN, "Only the sender can edit a message");
	if (target->deleted)
		return problem_set(why, PROBLEM_NOT_FOUND);
	if (strcmp(target->content, c->content) == 0)
		return 0;
	return store_exec(store, why, Q_MESSAGE_EDIT, "ttl", c->message_id, c->content,
			  c->done->timestamp);
}

static int delete (struct store *store, const struct change *c, const struct target *target,
		   struct problem *why)
{
	if (target->sender_id != c->user_id && !target->moderated)
		return problem_say(why, PROBLEM_FORBIDDEN,
				   "Only the sender and moderators can delete a message");
	if (target->deleted)
		return 0;
	TRY(store_exec(store, why, Q_REACTIONS_DELETE, "t", c->message_id));
	return store_exec(store, why, Q_MESSAGE_DELETE, "tl", c->message_id, c->done->timestamp);
}

static int react(struct store *store, const struct change *c, const struct target *target,
		 struct problem *why)
{
	const char *key = c->reaction->key;
	int others, changed;
	if (target->deleted)
		return problem_set(why, PROBLEM_NOT_FOUND);
	if (c->reaction->on) {
		TRY(store_get(NULL, store, why, Q_REACTION_KEYS, "tt>i", c->message_id, key,
			      &others));
		if (others >= KEYS)
			return problem_say(why, PROBLEM_FORBIDDEN,
					   "A message can have at most %d different reactions",
					   KEYS);
		changed = store_exec(store, why, Q_REACTION_ADD, "ttll", c->message_id, key,
				     c->user_id, c->done->timestamp);
	} else {
		changed = store_exec(store, why, Q_REACTION_REMOVE, "ttl", c->message_id, key,
				     c->user_id);
	}
	return changed;
}

/* Gives the change its place in the room's log. */
static int enter(struct store *store, const struct change *c, const struct target *target,
		 struct problem *why)
{
	struct message_done *done = c->done;
	const struct message_reaction *reaction = c->reaction;
	TRY(store_get(NULL, store, why, Q_ROOM_NEXT_SEQ, "t>l", c->room_id, &done->seq));
	TRY(store_exec(store, why, Q_CHANGE_INSERT, "tlttllti", c->room_id, done->seq,
		       event_name(c->kind), c->message_id, c->user_id, done->timestamp,
		       reaction ? reaction->key : NULL, reaction ? reaction->on : -1));
	struct event event = {.kind = c->kind,
			      .room_id = c->room_id,
			      .user_id = c->user_id,
			      .other_id = target->sender_id,
			      .seq = done->seq};
	TRY(event_append(store, &event, why));
	done->pos = store_last_id(store);
	return 1;
}

static int change(struct store *store, void *context, struct problem *why)
{
	static int (*const doers[EVENT__COUNT])(struct store *, const struct change *,
						const struct target *, struct problem *) = {
		[EVENT_MESSAGE_EDITED] = edit,
		[EVENT_MESSAGE_DELETED] = delete,
		[EVENT_REACTION] = react,
	};
	struct change *c = context;
	struct target target;
	TRY(room_check_inside(store, c->user_id, c->room_id, why));
	int found = store_get(c->arena, store, why, Q_MESSAGE_FOR_CHANGE, "ltt>liiti", c->user_id,
			      c->room_id, c->message_id, &target.sender_id, &target.moderated,
			      &target.visible, &target.content, &target.deleted);
	TRY(found);
	if (!found || !target.visible)
		return problem_set(why, PROBLEM_NOT_FOUND);
	c->done->timestamp = clock_now();
	int changed = doers[c->kind](store, c, &target, why);
	c->done->duplicate = changed == 0;
	return changed <= 0 ? changed : enter(store, c, &target, why);
}

static int run(struct store *store, struct change *c, struct problem *why)
{
	*c->done = (struct message_done){0};
	snprintf(c->done->message_id, sizeof(c->done->message_id), "%s", c->message_id);
	return store_write(store, change, c, why);
}

int message_edit(struct arena *arena, struct store *store, int64_t user_id, const char *room_id,
		 const char *message_id, const struct message_edit *input,
		 struct message_done *done_r, struct problem *why)
{
	struct change c = {EVENT_MESSAGE_EDITED,      arena,         user_id, room_id, message_id,
			   .content = input->content, .done = done_r};
	return run(store, &c, why);
}

int message_delete(struct arena *arena, struct store *store, int64_t user_id, const char *room_id,
		   const char *message_id, struct message_done *done_r, struct problem *why)
{
	struct change c = {EVENT_MESSAGE_DELETED, arena, user_id, room_id, message_id,
			   .done = done_r};
	return run(store, &c, why);
}

int message_react(struct arena *arena, struct store *store, int64_t user_id, const char *room_id,
		  const char *message_id, const struct message_reaction *input,
		  struct message_done *done_r, struct problem *why)
{
	struct change c = {EVENT_REACTION,    arena,         user_id, room_id, message_id,
			   .reaction = input, .done = done_r};
	return run(store, &c, why);
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
		return store_object(store, out, why, Q_ROOM_LOG_MESSAGE, &message_shape, "ltl",
				    viewer, room_id, seq);
	return store_object(store, out, why, Q_ROOM_LOG_CHANGE, &change_shape, "tl", room_id, seq);
}

struct walk {
	struct store *store;
	int64_t viewer;
	const char *room_id;
	struct buf json;
	int (*each)(const struct room_log_entry *, void *, struct problem *);
	void *context;
};

static int hand_on(const struct row *row, void *context, struct problem *why)
{
	struct walk *walk = context;
	struct room_log_entry entry = {.seq = row_int(row, 0), .json = &walk->json};
	bool hidden = row_int(row, 2);
	entry.kind = hidden ? EVENT_HIDDEN : event_kind_named(row_text(row, 1, NULL));
	buf_clear(&walk->json);
	if (hidden)
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
	int readable = store_get(NULL, store, why, Q_ROOM_READABLE, "lt", viewer, room_id);
	if (readable <= 0)
		return readable;
	int result = store_each(store, why, Q_ROOM_LOG_AFTER, hand_on, &walk, "ltli", viewer,
				room_id, after, limit);
	buf_free(&walk.json);
	return result;
}
