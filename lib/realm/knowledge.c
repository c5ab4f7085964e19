/* Shared knowledge: see knowledge.h. */
#include "realm/knowledge.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/utf8.h"
#include "realm/account_changed.h"
#include "realm/events.h"
#include "realm/messages.h"
#include "realm/person.h"
#include "realm/quota.h"
#include "realm/relationships.h"
#include "realm/rooms.h"
#include "realm/users.h"
#include "store/queries.h"

#define TAG_MAX 64 /* code points */

const char *const knowledge_visibilities[] = {"public", "friends", "private", NULL};

static const struct field new_rows[] = {
	FIELD(struct knowledge_new, title, TEXT, .min = 1, .max = 200, .line = true,
	      .help = "Without one, the first line of the text stands for it."),
	FIELD(struct knowledge_new, content, TEXT, .required = true, .min = 1, .max = 20000,
	      .help = "Text of the knowledge."),
	FIELD(struct knowledge_new, knowledge_type, TEXT, .required = true, .min = 1, .max = 50,
	      .help = "Any type, such as fact, insight or question."),
	FIELD(struct knowledge_new, tags, TEXTS, .max = 32, .item_max = TAG_MAX, .line = true,
	      .help = "Stored in lower case, on one line and without repeats."),
	FIELD(struct knowledge_new, visibility, CHOICE, .choices = knowledge_visibilities,
	      .default_value = "public",
	      .help = "public: all users see it; friends: your friends; private: only you."),
	FIELD(struct knowledge_new, meta_data, OBJECT, .max = 8192,
	      .help = "Any JSON object. The server stores it and does not interpret it."),
};
const struct fields knowledge_new_fields = FIELDS(struct knowledge_new, new_rows);

static const struct field change_rows[] = {
	FIELD(struct knowledge_change, content, TEXT, .min = 1, .max = 20000, .help = "New text."),
	FIELD(struct knowledge_change, knowledge_type, TEXT, .min = 1, .max = 50,
	      .help = "New type."),
	FIELD(struct knowledge_change, tags, TEXTS, .max = 32, .item_max = TAG_MAX, .line = true,
	      .help = "New tags. They replace all tags."),
	FIELD(struct knowledge_change, visibility, CHOICE, .choices = knowledge_visibilities,
	      .help = "public: all users see it; friends: your friends; private: only you."),
	FIELD(struct knowledge_change, meta_data, OBJECT, .max = 8192,
	      .help = "New JSON object. It replaces the stored one."),
	FIELD(struct knowledge_change, title, TEXT, .min = 1, .max = 200, .line = true,
	      .help = "New title; null: none."),
};
const struct fields knowledge_change_fields = FIELDS(struct knowledge_change, change_rows);
#define TAGS_GIVEN (UINT32_C(1) << 2)

static const struct field share_rows[] = {
	FIELD(struct knowledge_share, room_id, TEXT, .pattern = FIELD_UUID_PATTERN,
	      .help = "UUID of the room to share with. Give either room_id or user_id."),
	FIELD(struct knowledge_share, user_id, INT, .min = 0, .max = 9e15,
	      .help = "Id of the user to share with."),
};
const struct fields knowledge_share_fields = FIELDS(struct knowledge_share, share_rows);

static const struct property knowledge_properties[] = {
	PROPERTY("id", INT),
	PROPERTY("creator_id", INT),
	PROPERTY("creator_name", TEXT),
	PROPERTY("creator_full_name", TEXT, .nullable = true),
	PROPERTY("title", TEXT, .help = "Its title, or the first line of the text."),
	PROPERTY("content", TEXT, .nullable = true, .help = "null in a list without content=full."),
	PROPERTY("excerpt", TEXT, .help = "The first 300 characters of the text."),
	PROPERTY("knowledge_type", TEXT),
	PROPERTY("tags", TEXTS),
	PROPERTY("visibility", TEXT),
	PROPERTY("created_at", TIME),
	PROPERTY("updated_at", TIME),
	PROPERTY("upvotes", INT),
	PROPERTY("downvotes", INT),
	PROPERTY("share_count", INT),
	PROPERTY("my_vote", TEXT, .nullable = true, .help = "up or down."),
	PROPERTY("meta_data", OBJECT, .nullable = true),
	PROPERTY("citing_twins", INT,
		 .help = "How many different users' twins have cited it, in public answers to "
			 "users. Your twin and your questions do not count for what you share."),
	PROPERTY("citing_askers", INT, .help = "How many different users these answers are for."),
	PROPERTY("approvals", INT,
		 .help = "How many users have approved a draft of such an answer, as it was."),
	PROPERTY("rejections", INT, .help = "How many users have rejected such a draft."),
	PROPERTY("usefulness", REAL,
		 .help = "From 0 to 1: as for top, where each of the smaller number of "
			 "citing_twins and citing_askers counts as an upvote, and each of "
			 "rejections as a downvote. An edited text is not cited any more."),
	PROPERTY("snippet", TEXT, .nullable = true,
		 .help = "Part of the text; matches are between U+0002 and U+0003."),
};
const struct shape knowledge_shape = SHAPE("Knowledge", knowledge_properties);

static const struct property shared_properties[] = {
	PROPERTY("knowledge_id", INT),
	PROPERTY("user_id", INT, .help = "The user that shares it."),
	PROPERTY("username", TEXT),
	PERSON_NAMES,
};
const struct shape shared_shape = SHAPE("KnowledgeShared", shared_properties);

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorts the tags as they are compared, and drops empty and repeated ones. One letter may become
 * several. */
static int normalise(struct arena *arena, const struct texts *tags, struct texts *clean_r,
		     struct problem *why)
{
	const char **clean = arena_alloc(arena, (tags->count + 1) * sizeof(*clean));
	size_t kept = 0;
	for (size_t i = 0; i < tags->count; i++) {
		clean[i] = utf8_key(arena, tags->at[i]);
		if (utf8_count(clean[i], strlen(clean[i])) > TAG_MAX)
			return problem_field(arena, why, "body", "tags",
					     "Value error, a tag is too long when its letters are "
					     "replaced by ordinary ones");
	}
	qsort(clean, tags->count, sizeof(*clean), by_text);
	for (size_t i = 0; i < tags->count; i++)
		if (*clean[i] && (kept == 0 || strcmp(clean[kept - 1], clean[i]) != 0))
			clean[kept++] = clean[i];
	*clean_r = (struct texts){.at = clean, .count = kept};
	return 0;
}

static const char *tags_json(struct arena *arena, const struct texts *tags)
{
	struct buf *json = buf_in(arena);
	jw_texts(json, tags->at, tags->count);
	return json->data;
}

static int put_tags(struct store *store, int64_t id, const struct texts *tags, struct problem *why)
{
	for (size_t i = 0; i < tags->count; i++) {
		TRY(q_tag_insert(store, tags->at[i], why));
		TRY(q_knowledge_tag(store, id, tags->at[i], why));
	}
	return 0;
}

struct creation {
	struct arena *arena;
	int64_t creator, id;
	const struct knowledge_new *input;
};

static int create(struct store *store, void *context, struct problem *why)
{
	struct creation *c = context;
	const struct knowledge_new *input = c->input;
	struct texts tags;
	TRY(normalise(c->arena, &input->tags, &tags, why));
	const char *json = tags_json(c->arena, &tags);
	TRY(quota_check_text(store, c->creator,
			     TEXT_BYTES(input->title, input->content, json, input->meta_data),
			     why));
	TRY(q_knowledge_insert(store, c->creator, input->title, input->content,
			       input->knowledge_type, json, input->visibility, clock_now(),
			       input->meta_data, &c->id, why));
	TRY(put_tags(store, c->id, &tags, why));
	return account_tell(store, c->creator, ACCOUNT_KNOWLEDGE, c->id, false, why);
}

int knowledge_create(struct arena *arena, struct store *store, int64_t creator,
		     const struct knowledge_new *input, int64_t *id_r, struct problem *why)
{
	struct creation c = {.arena = arena, .creator = creator, .input = input};
	TRY(store_write(store, create, &c, why));
	*id_r = c.id;
	return 0;
}

int knowledge_show(struct store *store, int64_t viewer, int64_t id, struct buf *out,
		   struct problem *why)
{
	int found = q_knowledge_one(store, viewer, id, out, why);
	return found == 0 ? problem_set(why, PROBLEM_KNOWLEDGE_NOT_FOUND) : found;
}

struct editing {
	struct arena *arena;
	int64_t viewer, id;
	const struct knowledge_change *change; /* NULL: delete it */
};

/* `changed` of the viewer's own rows; 0 when there is none, or it belongs to another user. */
static int must_be_mine(struct store *store, const struct editing *e, int changed,
			struct problem *why)
{
	if (changed != 0)
		return changed;
	int seen = q_knowledge_for_share(NULL, store, e->viewer, e->id, NULL, why);
	if (seen > 0)
		return problem_say(why, PROBLEM_FORBIDDEN, "Only its creator can change it");
	return seen < 0 ? -1 : problem_set(why, PROBLEM_KNOWLEDGE_NOT_FOUND);
}

static int update(struct store *store, void *context, struct problem *why)
{
	const struct editing *e = context;
	const struct knowledge_change *c = e->change;
	struct texts tags;
	int64_t before = 0;
	TRY(q_quota_text(store, e->viewer, &before, why));
	TRY(normalise(e->arena, &c->tags, &tags, why));
	int changed = q_knowledge_update(store, e->viewer, e->id, c->given, c->title, c->content,
					 c->knowledge_type, tags_json(e->arena, &tags),
					 c->visibility, c->meta_data, clock_now(), why);
	TRY(must_be_mine(store, e, changed, why));
	TRY(quota_check_grown(store, e->viewer, before, why));
	TRY(account_tell(store, e->viewer, ACCOUNT_KNOWLEDGE, e->id, false, why));
	if (!(c->given & TAGS_GIVEN))
		return 0;
	TRY(q_knowledge_untag(store, e->id, why));
	return put_tags(store, e->id, &tags, why);
}

int knowledge_update(struct arena *arena, struct store *store, int64_t viewer, int64_t id,
		     const struct knowledge_change *change, struct problem *why)
{
	struct editing e = {.arena = arena, .viewer = viewer, .id = id, .change = change};
	return store_write(store, update, &e, why);
}

static int delete (struct store *store, void *context, struct problem *why)
{
	const struct editing *e = context;
	int deleted = q_knowledge_delete(store, e->viewer, e->id, why);
	TRY(must_be_mine(store, e, deleted, why));
	return account_tell(store, e->viewer, ACCOUNT_KNOWLEDGE, e->id, true, why);
}

int knowledge_delete(struct arena *arena, struct store *store, int64_t viewer, int64_t id,
		     struct problem *why)
{
	struct editing e = {.arena = arena, .viewer = viewer, .id = id};
	return store_write(store, delete, &e, why);
}

/* --- sharing ---------------------------------------------------------------------------------- */

struct sharing {
	struct arena *arena;
	int64_t viewer, id;
	const struct knowledge_share *input;
};

/* The row that counts it. Returns 0 when it is there already. */
static int note_share(struct store *store, const struct sharing *s, const char *target,
		      struct problem *why)
{
	return q_knowledge_share(store, s->id, s->viewer, target, clock_now(), why);
}

/* A message that was deleted is posted again, and the share counts once. */
static int share_with_room(struct store *store, const struct sharing *s, const char *visibility,
			   struct problem *why)
{
	const char *room_id = s->input->room_id;
	TRY(room_check_inside(store, s->viewer, room_id, why));
	TRY(room_check_open(store, room_id, why));
	if (strcmp(visibility, "public") != 0)
		return problem_say(why, PROBLEM_FORBIDDEN,
				   "Only public knowledge can be shared with a room");
	int said = q_knowledge_share_said(store, s->id, room_id, s->viewer, why);
	if (said != 0)
		return said;
	TRY(note_share(store, s, room_id, why));
	return message_share(store, s->viewer, room_id, s->id, why);
}

static int share_with_user(struct store *store, const struct sharing *s, struct problem *why)
{
	int64_t user_id = s->input->user_id;
	TRY(user_check_contact(store, s->viewer, user_id, why));
	int seen = q_knowledge_for_share(NULL, store, user_id, s->id, NULL, why);
	if (seen <= 0)
		return seen < 0 ? -1
				: problem_say(why, PROBLEM_FORBIDDEN, "This user cannot see it");
	int fresh = note_share(store, s, arena_printf(s->arena, "%lld", (long long)user_id), why);
	if (fresh <= 0)
		return fresh;
	struct buf *data = buf_in(s->arena);
	TRY(q_knowledge_shared(store, s->viewer, s->id, data, why));
	struct event event = {.kind = EVENT_KNOWLEDGE_SHARED,
			      .user_id = user_id,
			      .other_id = s->viewer,
			      .data = data->data};
	return event_append(store, &event, why);
}

static int share(struct store *store, void *context, struct problem *why)
{
	const struct sharing *s = context;
	struct q_knowledge_for_share shared;
	int found = q_knowledge_for_share(s->arena, store, s->viewer, s->id, &shared, why);
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_KNOWLEDGE_NOT_FOUND);
	return s->input->room_id ? share_with_room(store, s, shared.visibility, why)
				 : share_with_user(store, s, why);
}

int knowledge_share(struct arena *arena, struct store *store, int64_t viewer, int64_t id,
		    const struct knowledge_share *input, struct problem *why)
{
	struct sharing s = {.arena = arena, .viewer = viewer, .id = id, .input = input};
	if (!input->room_id == !input->user_id)
		return problem_field(arena, why, "body", NULL,
				     "Value error, give either room_id or user_id");
	return store_write(store, share, &s, why);
}
